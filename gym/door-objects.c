// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "gym/door-private.h"

#define OM "org.freedesktop.DBus.ObjectManager"

/* {interface: {properties}} */
static void open_interface(DBusMessageIter *interfaces, const char *name, DBusMessageIter *entry,
	DBusMessageIter *dict)
{
	dbus_message_iter_open_container(interfaces, DBUS_TYPE_DICT_ENTRY, NULL, entry);
	dbus_message_iter_append_basic(entry, DBUS_TYPE_STRING, &name);
	door_open_array(entry, "{sv}", dict);
}

static void close_interface(
	DBusMessageIter *interfaces, DBusMessageIter *entry, DBusMessageIter *dict)
{
	dbus_message_iter_close_container(entry, dict);
	dbus_message_iter_close_container(interfaces, entry);
}

enum object {
	OBJECT_ADAPTER,
	OBJECT_DEVICE,
	OBJECT_SERVICE,
	OBJECT_CHAR,
	OBJECT_BATTERY,
	OBJECT_STRANGER
};

static const char *const interface_of[] = {"org.bluez.Adapter1", "org.bluez.Device1",
	"org.bluez.GattService1", "org.bluez.GattCharacteristic1", "org.bluez.Battery1",
	"org.bluez.Device1"};

static bool battery_of(struct door *door, struct door_device *device, uint8_t *ret)
{
	static const struct uuid level = UUID_SIG(0x2a19);
	uint8_t value[DEVICE_VALUE_MAX];

	for (size_t i = 0; i < device->n_chars; i++)
		if (device->chars[i].is_claimed &&
			uuid_is_equal(&device->chars[i].gym->uuid, &level) &&
			device_read(device->gym, door_now(door), (unsigned)i, value) >= 1) {
			*ret = value[0];
			return true;
		}
	return false;
}

static void put_object(struct door *door, DBusMessageIter *interfaces, enum object kind,
	struct door_device *device, void *object)
{
	DBusMessageIter entry, dict;

	open_interface(interfaces, interface_of[kind], &entry, &dict);
	switch (kind) {
	case OBJECT_ADAPTER:
		door_put_adapter(door, &dict, object);
		break;
	case OBJECT_DEVICE:
		door_put_device(door, &dict, device);
		break;
	case OBJECT_SERVICE: {
		const struct door_char *c = object;
		char uuid[UUID_TEXT_SIZE];

		uuid_to_string(&c->gym->service, uuid);
		door_put_text(&dict, "UUID", uuid);
		door_put_path(&dict, "Device", device->path);
		door_put_bool(&dict, "Primary", true);
		break;
	}
	case OBJECT_CHAR:
		door_put_char(door, &dict, object);
		break;
	case OBJECT_BATTERY:
		door_put_variant(&dict, "Percentage", DBUS_TYPE_BYTE, "y", object);
		break;
	case OBJECT_STRANGER: {
		char address[18];
		dbus_int16_t rssi = -80;
		unsigned n = *(unsigned *)object;

		snprintf(address, sizeof(address), "5E:00:00:00:%02X:%02X", n >> 8 & 255, n & 255);
		door_put_text(&dict, "Address", address);
		door_put_text(&dict, "AddressType", "random");
		door_put_text(&dict, "Alias", "stranger");
		door_put_bool(&dict, "Connected", false);
		door_put_bool(&dict, "ServicesResolved", false);
		door_put_path(&dict, "Adapter", door->adapter[0].path);
		door_put_variant(&dict, "RSSI", DBUS_TYPE_INT16, "n", &rssi);
		break;
	}
	}
	close_interface(interfaces, &entry, &dict);
}

/* path: {interfaces}, as an entry of GetManagedObjects. */
static void put_managed(struct door *door, DBusMessageIter *objects, const char *path,
	enum object kind, struct door_device *device, void *object)
{
	DBusMessageIter entry, interfaces;
	uint8_t battery;

	dbus_message_iter_open_container(objects, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_OBJECT_PATH, &path);
	door_open_array(&entry, "{sa{sv}}", &interfaces);
	put_object(door, &interfaces, kind, device, object);
	if (kind == OBJECT_DEVICE && device->is_resolved && battery_of(door, device, &battery))
		put_object(door, &interfaces, OBJECT_BATTERY, device, &battery);
	dbus_message_iter_close_container(&entry, &interfaces);
	dbus_message_iter_close_container(objects, &entry);
}

static bool begins_service(const struct door_device *device, size_t i)
{
	return i == 0 || strcmp(device->chars[i].service, device->chars[i - 1].service) != 0;
}

static void stranger_path(unsigned index, char ret[static 64])
{
	snprintf(ret, 64, "/org/bluez/hci0/dev_5E_00_00_00_%02X_%02X", index >> 8 & 255,
		index & 255);
}

void door_put_objects(struct door *door, DBusMessageIter *args)
{
	DBusMessageIter objects, entry, interfaces, dict;
	const char *root = "/org/bluez";

	door_open_array(args, "{oa{sa{sv}}}", &objects);
	/* Children first: nobody may rely on the order. */
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];

		if (!device->is_exported)
			continue;
		for (size_t k = 0; k < device->n_chars; k++) {
			struct door_char *c = &device->chars[k];

			if (!c->is_exported)
				continue;
			put_managed(door, &objects, c->path, OBJECT_CHAR, device, c);
			if (begins_service(device, k))
				put_managed(door, &objects, c->service, OBJECT_SERVICE, device, c);
		}
		put_managed(door, &objects, device->path, OBJECT_DEVICE, device, device);
	}
	for (unsigned i = 0; i < door->shown_strangers; i++) {
		char path[64];

		stranger_path(i, path);
		put_managed(door, &objects, path, OBJECT_STRANGER, NULL, &i);
	}
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		if (door->adapter[i].is_there)
			put_managed(door, &objects, door->adapter[i].path, OBJECT_ADAPTER, NULL,
				&door->adapter[i]);
	dbus_message_iter_open_container(&objects, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_OBJECT_PATH, &root);
	door_open_array(&entry, "{sa{sv}}", &interfaces);
	for (int i = 0; i < 2; i++) {
		DBusMessageIter one;

		open_interface(&interfaces,
			i ? "org.bluez.ProfileManager1" : "org.bluez.AgentManager1", &one, &dict);
		close_interface(&interfaces, &one, &dict);
	}
	dbus_message_iter_close_container(&entry, &interfaces);
	dbus_message_iter_close_container(&objects, &entry);
	dbus_message_iter_close_container(args, &objects);
}

static void say_added(struct door *door, const char *path, enum object kind,
	struct door_device *device, void *object)
{
	DBusMessage *signal = dbus_message_new_signal("/", OM, "InterfacesAdded");
	DBusMessageIter args, interfaces;

	dbus_message_iter_init_append(signal, &args);
	dbus_message_iter_append_basic(&args, DBUS_TYPE_OBJECT_PATH, &path);
	door_open_array(&args, "{sa{sv}}", &interfaces);
	put_object(door, &interfaces, kind, device, object);
	dbus_message_iter_close_container(&args, &interfaces);
	door_send(door, signal, 0);
}

static void say_removed(struct door *door, const char *path, const char *interface)
{
	DBusMessage *signal = dbus_message_new_signal("/", OM, "InterfacesRemoved");
	const char *names[] = {"org.freedesktop.DBus.Properties", interface}, **p = names;

	dbus_message_append_args(signal, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_ARRAY,
		DBUS_TYPE_STRING, &p, 2, DBUS_TYPE_INVALID);
	door_send(door, signal, 0);
}

void door_export_device(struct door *door, struct door_device *device)
{
	if (device->is_exported)
		return;
	device->is_exported = true;
	snprintf(device->path, sizeof(device->path), "%s/dev_%s",
		door->adapter[device->adapter].path, device->address);
	for (char *p = device->path; *p; p++)
		if (*p == ':')
			*p = '_';
	for (size_t i = 0; i < device->n_chars; i++) {
		struct door_char *c = &device->chars[i];
		size_t first = i;

		while (first &&
			uuid_is_equal(&device->chars[first - 1].gym->service, &c->gym->service))
			first--;
		snprintf(c->service, sizeof(c->service), "%s/service%04zx", device->path,
			first * 4 + 1);
		snprintf(c->path, sizeof(c->path), "%s/char%04zx", c->service, i * 4 + 2);
	}
	say_added(door, device->path, OBJECT_DEVICE, device, device);
}

void door_export_chars(struct door *door, struct door_device *device)
{
	uint8_t battery;

	for (size_t i = 0; i < device->n_chars; i++) {
		struct door_char *c = &device->chars[i];

		if (c->is_claimed || c->is_exported)
			continue;
		c->is_exported = true;
		if (begins_service(device, i))
			say_added(door, c->service, OBJECT_SERVICE, device, c);
		say_added(door, c->path, OBJECT_CHAR, device, c);
	}
	if (battery_of(door, device, &battery))
		say_added(door, device->path, OBJECT_BATTERY, device, &battery);
}

void door_unexport_chars(struct door *door, struct door_device *device)
{
	for (size_t i = device->n_chars; i-- > 0;) {
		struct door_char *c = &device->chars[i];

		if (!c->is_exported)
			continue;
		c->is_exported = false;
		say_removed(door, c->path, "org.bluez.GattCharacteristic1");
		if (begins_service(device, i))
			say_removed(door, c->service, "org.bluez.GattService1");
	}
}

void door_unexport_device(struct door *door, struct door_device *device)
{
	if (!device->is_exported)
		return;
	door_unexport_chars(door, device);
	device->is_exported = false;
	device->is_bonded = false;
	device->advert_us = door_now(door);
	say_removed(door, device->path, "org.bluez.Device1");
}

void door_export_adapter(struct door *door, struct door_adapter *adapter)
{
	adapter->is_there = true;
	say_added(door, adapter->path, OBJECT_ADAPTER, NULL, adapter);
}

void door_unexport_adapter(struct door *door, struct door_adapter *adapter)
{
	for (size_t i = 0; i < door->n_devices; i++)
		if (&door->adapter[door->devices[i].adapter] == adapter)
			door_unexport_device(door, &door->devices[i]);
	adapter->is_there = false;
	say_removed(door, adapter->path, "org.bluez.Adapter1");
}

void door_export_stranger(struct door *door, unsigned index)
{
	char path[64];

	stranger_path(index, path);
	say_added(door, path, OBJECT_STRANGER, NULL, &index);
}
