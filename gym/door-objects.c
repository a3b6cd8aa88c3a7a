// SPDX-License-Identifier: MIT
#include "gym/door-objects.h"

#include <stdio.h>
#include <string.h>

#include "gym/door-clock.h"
#include "gym/door-dict.h"
#include "gym/door-properties.h"
#include "gym/door-send.h"

#define OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"

enum object_kind {
	OBJECT_ADAPTER,
	OBJECT_DEVICE,
	OBJECT_SERVICE,
	OBJECT_CHAR,
	OBJECT_BATTERY,
	OBJECT_STRANGER,
};

static const char *const interface_of[] = {DOOR_IFACE_ADAPTER, DOOR_IFACE_DEVICE,
	DOOR_IFACE_SERVICE, DOOR_IFACE_CHAR, DOOR_IFACE_BATTERY, DOOR_IFACE_DEVICE};

/* One object to be described; the members that its kind does not need are 0. */
struct object {
	enum object_kind kind;
	const char *path;
	struct door_device *device;
	struct door_char *c;
	struct door_adapter *adapter;
	uint8_t battery_percent;
	unsigned stranger;
};

/* {interface: {properties}} */
static void open_interface(DBusMessageIter *interfaces, const char *name, DBusMessageIter *entry,
	DBusMessageIter *dict)
{
	dbus_message_iter_open_container(interfaces, DBUS_TYPE_DICT_ENTRY, NULL, entry);
	dbus_message_iter_append_basic(entry, DBUS_TYPE_STRING, &name);
	door_dict_open_array(entry, "{sv}", dict);
}

static void close_interface(
	DBusMessageIter *interfaces, DBusMessageIter *entry, DBusMessageIter *dict)
{
	dbus_message_iter_close_container(entry, dict);
	dbus_message_iter_close_container(interfaces, entry);
}

static bool battery_of(struct door *door, struct door_device *device, uint8_t *ret_percent)
{
	static const struct uuid level = UUID_SIG(0x2a19);
	uint8_t value[DEVICE_VALUE_MAX];

	for (size_t i = 0; i < device->n_chars; i++)
		if (device->chars[i].is_hidden &&
			uuid_is_equal(&device->chars[i].gym->uuid, &level) &&
			device_read(device->gym, door_clock_now_us(door), (unsigned)i, value) >=
				1) {
			*ret_percent = value[0];
			return true;
		}
	return false;
}

static void put_service(DBusMessageIter *dict, const struct object *object)
{
	char uuid[UUID_TEXT_SIZE];

	uuid_to_string(&object->c->gym->service, uuid);
	door_dict_put_text(dict, "UUID", uuid);
	door_dict_put_path(dict, "Device", object->device->path);
	door_dict_put_bool(dict, "Primary", true);
}

static void put_stranger(struct door *door, DBusMessageIter *dict, unsigned n)
{
	char address[18];

	snprintf(address, sizeof(address), "5E:00:00:00:%02X:%02X", n >> 8 & 255, n & 255);
	door_dict_put_text(dict, "Address", address);
	door_dict_put_text(dict, "AddressType", "random");
	door_dict_put_text(dict, "Alias", "stranger");
	door_dict_put_bool(dict, "Connected", false);
	door_dict_put_bool(dict, "ServicesResolved", false);
	door_dict_put_path(dict, "Adapter", door->adapter[0].path);
	door_dict_put_i16(dict, "RSSI", -80);
}

static void put_object(struct door *door, DBusMessageIter *interfaces, const struct object *object)
{
	DBusMessageIter entry, dict;

	open_interface(interfaces, interface_of[object->kind], &entry, &dict);
	switch (object->kind) {
	case OBJECT_ADAPTER:
		door_properties_put_adapter(door, &dict, object->adapter);
		break;
	case OBJECT_DEVICE:
		door_properties_put_device(door, &dict, object->device);
		break;
	case OBJECT_SERVICE:
		put_service(&dict, object);
		break;
	case OBJECT_CHAR:
		door_properties_put_char(door, &dict, object->c);
		break;
	case OBJECT_BATTERY:
		door_dict_put_u8(&dict, "Percentage", object->battery_percent);
		break;
	case OBJECT_STRANGER:
		put_stranger(door, &dict, object->stranger);
		break;
	}
	close_interface(interfaces, &entry, &dict);
}

/* path: {interfaces}, as an entry of GetManagedObjects. */
static void put_managed(struct door *door, DBusMessageIter *objects, const struct object *object)
{
	DBusMessageIter entry, interfaces;
	struct object battery = {.kind = OBJECT_BATTERY};

	dbus_message_iter_open_container(objects, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_OBJECT_PATH, &object->path);
	door_dict_open_array(&entry, "{sa{sv}}", &interfaces);
	put_object(door, &interfaces, object);
	if (object->kind == OBJECT_DEVICE && object->device->is_resolved &&
		battery_of(door, object->device, &battery.battery_percent))
		put_object(door, &interfaces, &battery);
	dbus_message_iter_close_container(&entry, &interfaces);
	dbus_message_iter_close_container(objects, &entry);
}

static bool begins_service(const struct door_device *device, size_t i)
{
	return i == 0 || strcmp(device->chars[i].service, device->chars[i - 1].service) != 0;
}

void door_objects_stranger_path(unsigned index, char ret[static DOOR_PATH_SIZE])
{
	snprintf(ret, DOOR_PATH_SIZE, "/org/bluez/hci0/dev_5E_00_00_00_%02X_%02X", index >> 8 & 255,
		index & 255);
}

static struct object char_object(struct door_device *device, size_t i)
{
	return (struct object){.kind = OBJECT_CHAR,
		.path = device->chars[i].path,
		.device = device,
		.c = &device->chars[i]};
}

static struct object service_object(struct door_device *device, size_t i)
{
	return (struct object){.kind = OBJECT_SERVICE,
		.path = device->chars[i].service,
		.device = device,
		.c = &device->chars[i]};
}

static void put_managed_device(
	struct door *door, DBusMessageIter *objects, struct door_device *device)
{
	struct object object = {.kind = OBJECT_DEVICE, .path = device->path, .device = device};

	for (size_t i = 0; i < device->n_chars; i++) {
		struct object c = char_object(device, i), service = service_object(device, i);

		if (!device->chars[i].is_exported)
			continue;
		put_managed(door, objects, &c);
		if (begins_service(device, i))
			put_managed(door, objects, &service);
	}
	put_managed(door, objects, &object);
}

/* /org/bluez itself, with two interfaces that have no properties. */
static void put_root(DBusMessageIter *objects)
{
	static const char *const names[] = {"org.bluez.AgentManager1", "org.bluez.ProfileManager1"};
	DBusMessageIter entry, interfaces, interface, dict;
	const char *root = "/org/bluez";

	dbus_message_iter_open_container(objects, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_OBJECT_PATH, &root);
	door_dict_open_array(&entry, "{sa{sv}}", &interfaces);
	for (unsigned i = 0; i < 2; i++) {
		open_interface(&interfaces, names[i], &interface, &dict);
		close_interface(&interfaces, &interface, &dict);
	}
	dbus_message_iter_close_container(&entry, &interfaces);
	dbus_message_iter_close_container(objects, &entry);
}

/* Children first: no client may rely on the order. */
void door_objects_put_all(struct door *door, DBusMessageIter *args)
{
	DBusMessageIter objects;

	door_dict_open_array(args, "{oa{sa{sv}}}", &objects);
	for (size_t i = 0; i < door->n_devices; i++)
		if (door->devices[i].is_exported)
			put_managed_device(door, &objects, &door->devices[i]);
	for (unsigned i = 0; i < door->shown_strangers; i++) {
		char path[DOOR_PATH_SIZE];

		door_objects_stranger_path(i, path);
		put_managed(door, &objects,
			&(struct object){.kind = OBJECT_STRANGER, .path = path, .stranger = i});
	}
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		if (door->adapter[i].is_there)
			put_managed(door, &objects,
				&(struct object){.kind = OBJECT_ADAPTER,
					.path = door->adapter[i].path,
					.adapter = &door->adapter[i]});
	put_root(&objects);
	dbus_message_iter_close_container(args, &objects);
}

static void say_added(struct door *door, const struct object *object)
{
	DBusMessage *signal = dbus_message_new_signal("/", OBJECT_MANAGER, "InterfacesAdded");
	DBusMessageIter args, interfaces;

	dbus_message_iter_init_append(signal, &args);
	dbus_message_iter_append_basic(&args, DBUS_TYPE_OBJECT_PATH, &object->path);
	door_dict_open_array(&args, "{sa{sv}}", &interfaces);
	put_object(door, &interfaces, object);
	dbus_message_iter_close_container(&args, &interfaces);
	door_send_message(door, signal, 0);
}

static void say_removed(struct door *door, const char *path, const char *interface)
{
	DBusMessage *signal = dbus_message_new_signal("/", OBJECT_MANAGER, "InterfacesRemoved");
	const char *names[] = {"org.freedesktop.DBus.Properties", interface}, **p = names;

	dbus_message_append_args(signal, DBUS_TYPE_OBJECT_PATH, &path, DBUS_TYPE_ARRAY,
		DBUS_TYPE_STRING, &p, 2, DBUS_TYPE_INVALID);
	door_send_message(door, signal, 0);
}

/* Paths as bluetoothd makes them: of the device from its address, of the rest from handles. */
static void name_paths(struct door *door, struct door_device *device)
{
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
			device->first_handle + first * 4 + 1);
		snprintf(c->path, sizeof(c->path), "%s/char%04zx", c->service,
			device->first_handle + i * 4 + 2);
	}
}

void door_objects_add_device(struct door *door, struct door_device *device)
{
	if (device->is_exported)
		return;
	device->is_exported = true;
	name_paths(door, device);
	say_added(door,
		&(struct object){.kind = OBJECT_DEVICE, .path = device->path, .device = device});
}

void door_objects_add_chars(struct door *door, struct door_device *device)
{
	struct object battery = {.kind = OBJECT_BATTERY, .path = device->path, .device = device};

	for (size_t i = 0; i < device->n_chars; i++) {
		struct object c = char_object(device, i), service = service_object(device, i);

		if (device->chars[i].is_hidden || device->chars[i].is_exported)
			continue;
		device->chars[i].is_exported = true;
		if (begins_service(device, i))
			say_added(door, &service);
		say_added(door, &c);
	}
	if (battery_of(door, device, &battery.battery_percent))
		say_added(door, &battery);
}

void door_objects_remove_chars(struct door *door, struct door_device *device)
{
	for (size_t i = device->n_chars; i-- > 0;) {
		struct door_char *c = &device->chars[i];

		if (!c->is_exported)
			continue;
		c->is_exported = false;
		say_removed(door, c->path, DOOR_IFACE_CHAR);
		if (begins_service(device, i))
			say_removed(door, c->service, DOOR_IFACE_SERVICE);
	}
}

void door_objects_renumber(struct door *door, struct door_device *device)
{
	door_objects_remove_chars(door, device);
	device->first_handle = (device->first_handle + 0x100) & 0x7fff;
	name_paths(door, device);
	if (device->is_resolved)
		door_objects_add_chars(door, device);
}

void door_objects_remove_device(struct door *door, struct door_device *device)
{
	if (!device->is_exported)
		return;
	door_objects_remove_chars(door, device);
	device->is_exported = false;
	device->is_bonded = false;
	device->says[0] = '\0';
	device->advert_us = door_clock_now_us(door);
	say_removed(door, device->path, DOOR_IFACE_DEVICE);
}

void door_objects_add_adapter(struct door *door, struct door_adapter *adapter)
{
	adapter->is_there = true;
	say_added(door, &(struct object){
				.kind = OBJECT_ADAPTER, .path = adapter->path, .adapter = adapter});
}

void door_objects_remove_adapter(struct door *door, struct door_adapter *adapter)
{
	for (size_t i = 0; i < door->n_devices; i++)
		if (&door->adapter[door->devices[i].adapter] == adapter)
			door_objects_remove_device(door, &door->devices[i]);
	adapter->is_there = false;
	say_removed(door, adapter->path, DOOR_IFACE_ADAPTER);
}

void door_objects_add_stranger(struct door *door, unsigned index)
{
	char path[DOOR_PATH_SIZE];

	door_objects_stranger_path(index, path);
	say_added(door, &(struct object){.kind = OBJECT_STRANGER, .path = path, .stranger = index});
}
