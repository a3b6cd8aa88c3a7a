// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tests/gym/door-private.h"

#define OM    "org.freedesktop.DBus.ObjectManager"
#define PROPS "org.freedesktop.DBus.Properties"

static void put_variant(DBusMessageIter *dict, const char *name, int type, const char *signature,
	const void *value)
{
	DBusMessageIter entry, variant;

	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, signature, &variant);
	dbus_message_iter_append_basic(&variant, type, value);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(dict, &entry);
}

static void put_text(DBusMessageIter *dict, const char *name, const char *text)
{
	put_variant(dict, name, DBUS_TYPE_STRING, "s", &text);
}

static void put_path(DBusMessageIter *dict, const char *name, const char *path)
{
	put_variant(dict, name, DBUS_TYPE_OBJECT_PATH, "o", &path);
}

/* {company: bytes} of the adverts, where there are any. */
static void put_manufacturer(DBusMessageIter *dict, const struct gym_device *gym)
{
	DBusMessageIter entry, variant, companies, company, bytes_variant, array;
	const char *name = "ManufacturerData";

	for (unsigned part = 0; part < 2; part++) {
		uint8_t ad[31];
		size_t n = part ? gym_device_scan_response(gym, ad) : gym_device_advert(gym, ad);

		for (size_t at = 0; at + 3 < n && at + ad[at] < n; at += ad[at] + 1u) {
			dbus_uint16_t id = (dbus_uint16_t)(ad[at + 2] | ad[at + 3] << 8);
			const uint8_t *data = ad + at + 4;

			if (ad[at + 1] != 0xff || ad[at] < 3)
				continue;
			dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
			dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
			dbus_message_iter_open_container(
				&entry, DBUS_TYPE_VARIANT, "a{qv}", &variant);
			dbus_message_iter_open_container(
				&variant, DBUS_TYPE_ARRAY, "{qv}", &companies);
			dbus_message_iter_open_container(
				&companies, DBUS_TYPE_DICT_ENTRY, NULL, &company);
			dbus_message_iter_append_basic(&company, DBUS_TYPE_UINT16, &id);
			dbus_message_iter_open_container(
				&company, DBUS_TYPE_VARIANT, "ay", &bytes_variant);
			dbus_message_iter_open_container(
				&bytes_variant, DBUS_TYPE_ARRAY, "y", &array);
			dbus_message_iter_append_fixed_array(
				&array, DBUS_TYPE_BYTE, &data, ad[at] - 3);
			dbus_message_iter_close_container(&bytes_variant, &array);
			dbus_message_iter_close_container(&company, &bytes_variant);
			dbus_message_iter_close_container(&companies, &company);
			dbus_message_iter_close_container(&variant, &companies);
			dbus_message_iter_close_container(&entry, &variant);
			dbus_message_iter_close_container(dict, &entry);
			return;
		}
	}
}

static void put_bool(DBusMessageIter *dict, const char *name, bool value)
{
	dbus_bool_t b = value;

	put_variant(dict, name, DBUS_TYPE_BOOLEAN, "b", &b);
}

static void put_texts(DBusMessageIter *dict, const char *name, const char *const *texts, size_t n)
{
	DBusMessageIter entry, variant, array;

	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "as", &variant);
	dbus_message_iter_open_container(&variant, DBUS_TYPE_ARRAY, "s", &array);
	for (size_t i = 0; i < n; i++)
		dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &texts[i]);
	dbus_message_iter_close_container(&variant, &array);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(dict, &entry);
}

static void open_array(DBusMessageIter *at, const char *signature, DBusMessageIter *ret)
{
	dbus_message_iter_open_container(at, DBUS_TYPE_ARRAY, signature, ret);
}

static void put_adapter(struct door *door, DBusMessageIter *dict, const struct door_adapter *adapter)
{
	const char *modalias =
		door->options->modalias ? door->options->modalias : "usb:v1D6Bp0246d0554";

	put_text(dict, "Address", adapter->address);
	put_text(dict, "AddressType", "public");
	put_text(dict, "Name", "gym");
	put_text(dict, "Alias", "gym");
	put_bool(dict, "Powered", adapter->is_powered);
	put_text(dict, "PowerState", adapter->is_blocked ? "off-blocked"
				     : adapter->is_powered ? "on"
							   : "off");
	put_bool(dict, "Discovering", adapter->is_discovering);
	put_text(dict, "Modalias", modalias);
}

static void put_device(struct door *door, DBusMessageIter *dict, const struct door_device *device)
{
	char services[DOOR_CHARS_MAX][UUID_TEXT_SIZE];
	const char *texts[DOOR_CHARS_MAX];
	dbus_int16_t rssi = (dbus_int16_t)gym_device_rssi_dbm(device->gym, door_now(door));
	size_t n = 0;

	for (size_t i = 0; i < device->n_chars; i++) {
		if (i && uuid_is_equal(&device->chars[i].gym->service,
				 &device->chars[i - 1].gym->service))
			continue;
		uuid_to_string(&device->chars[i].gym->service, services[n]);
		texts[n] = services[n];
		n++;
	}
	put_text(dict, "Address", device->address);
	put_text(dict, "AddressType", device->is_random ? "random" : "public");
	put_text(dict, "Name", gym_device_name(device->gym));
	put_text(dict, "Alias", gym_device_name(device->gym));
	put_bool(dict, "Paired", device->is_bonded);
	put_bool(dict, "Bonded", device->is_bonded);
	put_bool(dict, "Trusted", false);
	put_bool(dict, "Blocked", false);
	put_bool(dict, "LegacyPairing", false);
	put_bool(dict, "Connected", device->is_connected);
	put_bool(dict, "ServicesResolved", device->is_resolved);
	put_texts(dict, "UUIDs", texts, n);
	put_path(dict, "Adapter", door->adapter[device->adapter].path);
	put_manufacturer(dict, device->gym);
	if (!device->is_connected)
		put_variant(dict, "RSSI", DBUS_TYPE_INT16, "n", &rssi);
}

static void put_char(struct door *door, DBusMessageIter *dict, const struct door_char *c)
{
	static const struct {
		unsigned bit;
		const char *text;
	} flags[] = {{GYM_READ, "read"}, {GYM_WRITE_COMMAND, "write-without-response"},
		{GYM_WRITE, "write"}, {GYM_NOTIFY, "notify"}, {GYM_INDICATE, "indicate"}};
	dbus_uint16_t mtu = (dbus_uint16_t)(door->options->mtu ? door->options->mtu : 247);
	char uuid[UUID_TEXT_SIZE];
	const char *texts[5];
	size_t n = 0;

	uuid_to_string(&c->gym->uuid, uuid);
	for (size_t i = 0; i < 5; i++)
		if (c->gym->properties & flags[i].bit)
			texts[n++] = flags[i].text;
	put_text(dict, "UUID", uuid);
	put_path(dict, "Service", c->service);
	put_texts(dict, "Flags", texts, n);
	put_bool(dict, "Notifying", c->is_notifying);
	put_variant(dict, "MTU", DBUS_TYPE_UINT16, "q", &mtu);
}

/* {interface: {properties}} */
static void open_interface(DBusMessageIter *interfaces, const char *name, DBusMessageIter *entry,
	DBusMessageIter *dict)
{
	dbus_message_iter_open_container(interfaces, DBUS_TYPE_DICT_ENTRY, NULL, entry);
	dbus_message_iter_append_basic(entry, DBUS_TYPE_STRING, &name);
	open_array(entry, "{sv}", dict);
}

static void close_interface(DBusMessageIter *interfaces, DBusMessageIter *entry,
	DBusMessageIter *dict)
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
	uint8_t value[GYM_VALUE_MAX];

	for (size_t i = 0; i < device->n_chars; i++)
		if (device->chars[i].is_claimed && uuid_is_equal(&device->chars[i].gym->uuid, &level) &&
			gym_device_read(device->gym, door_now(door), (unsigned)i, value) >= 1) {
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
		put_adapter(door, &dict, object);
		break;
	case OBJECT_DEVICE:
		put_device(door, &dict, device);
		break;
	case OBJECT_SERVICE: {
		const struct door_char *c = object;
		char uuid[UUID_TEXT_SIZE];

		uuid_to_string(&c->gym->service, uuid);
		put_text(&dict, "UUID", uuid);
		put_path(&dict, "Device", device->path);
		put_bool(&dict, "Primary", true);
		break;
	}
	case OBJECT_CHAR:
		put_char(door, &dict, object);
		break;
	case OBJECT_BATTERY:
		put_variant(&dict, "Percentage", DBUS_TYPE_BYTE, "y", object);
		break;
	case OBJECT_STRANGER: {
		char address[18];
		dbus_int16_t rssi = -80;
		unsigned n = *(unsigned *)object;

		snprintf(address, sizeof(address), "5E:00:00:00:%02X:%02X", n >> 8 & 255, n & 255);
		put_text(&dict, "Address", address);
		put_text(&dict, "AddressType", "random");
		put_text(&dict, "Alias", "stranger");
		put_bool(&dict, "Connected", false);
		put_bool(&dict, "ServicesResolved", false);
		put_path(&dict, "Adapter", door->adapter[0].path);
		put_variant(&dict, "RSSI", DBUS_TYPE_INT16, "n", &rssi);
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
	open_array(&entry, "{sa{sv}}", &interfaces);
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
	snprintf(ret, 64, "/org/bluez/hci0/dev_5E_00_00_00_%02X_%02X", index >> 8 & 255, index & 255);
}

void door_put_objects(struct door *door, DBusMessageIter *args)
{
	DBusMessageIter objects, entry, interfaces, dict;
	const char *root = "/org/bluez";

	open_array(args, "{oa{sa{sv}}}", &objects);
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
	open_array(&entry, "{sa{sv}}", &interfaces);
	for (int i = 0; i < 2; i++) {
		DBusMessageIter one;

		open_interface(&interfaces, i ? "org.bluez.ProfileManager1" : "org.bluez.AgentManager1",
			&one, &dict);
		close_interface(&interfaces, &one, &dict);
	}
	dbus_message_iter_close_container(&entry, &interfaces);
	dbus_message_iter_close_container(&objects, &entry);
	dbus_message_iter_close_container(args, &objects);
}

bool door_put_properties(struct door *door, DBusMessageIter *args, const char *path,
	const char *interface)
{
	struct door_adapter *adapter = door_find_adapter(door, path);
	struct door_device *device = door_find_device(door, path), *owner;
	struct door_char *c = door_find_char(door, path, &owner);
	DBusMessageIter dict;

	if (!adapter && !device && !c)
		return false;
	open_array(args, "{sv}", &dict);
	if (adapter && strcmp(interface, "org.bluez.Adapter1") == 0)
		put_adapter(door, &dict, adapter);
	else if (device && strcmp(interface, "org.bluez.Device1") == 0)
		put_device(door, &dict, device);
	else if (c && strcmp(interface, "org.bluez.GattCharacteristic1") == 0)
		put_char(door, &dict, c);
	dbus_message_iter_close_container(args, &dict);
	return true;
}

static void say_added(struct door *door, const char *path, enum object kind,
	struct door_device *device, void *object)
{
	DBusMessage *signal = dbus_message_new_signal("/", OM, "InterfacesAdded");
	DBusMessageIter args, interfaces;

	dbus_message_iter_init_append(signal, &args);
	dbus_message_iter_append_basic(&args, DBUS_TYPE_OBJECT_PATH, &path);
	open_array(&args, "{sa{sv}}", &interfaces);
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
	snprintf(device->path, sizeof(device->path), "%s/dev_%s", door->adapter[device->adapter].path,
		device->address);
	for (char *p = device->path; *p; p++)
		if (*p == ':')
			*p = '_';
	for (size_t i = 0; i < device->n_chars; i++) {
		struct door_char *c = &device->chars[i];
		size_t first = i;

		while (first && uuid_is_equal(&device->chars[first - 1].gym->service, &c->gym->service))
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

static DBusMessage *changed(const char *path, const char *interface, DBusMessageIter *args,
	DBusMessageIter *dict)
{
	DBusMessage *signal = dbus_message_new_signal(path, PROPS, "PropertiesChanged");

	dbus_message_iter_init_append(signal, args);
	dbus_message_iter_append_basic(args, DBUS_TYPE_STRING, &interface);
	open_array(args, "{sv}", dict);
	return signal;
}

static void send_changed(struct door *door, DBusMessage *signal, DBusMessageIter *args,
	DBusMessageIter *dict)
{
	DBusMessageIter gone;

	dbus_message_iter_close_container(args, dict);
	open_array(args, "s", &gone);
	dbus_message_iter_close_container(args, &gone);
	door_send(door, signal, 0);
}

void door_say_bool(struct door *door, const char *path, const char *interface, const char *name,
	bool value)
{
	DBusMessageIter args, dict;
	DBusMessage *signal = changed(path, interface, &args, &dict);

	put_bool(&dict, name, value);
	send_changed(door, signal, &args, &dict);
}

void door_say_text(struct door *door, const char *path, const char *interface, const char *name,
	const char *value)
{
	DBusMessageIter args, dict;
	DBusMessage *signal = changed(path, interface, &args, &dict);

	put_text(&dict, name, value);
	send_changed(door, signal, &args, &dict);
}

void door_say_rssi(struct door *door, const char *path, int rssi_dbm)
{
	DBusMessageIter args, dict;
	DBusMessage *signal = changed(path, "org.bluez.Device1", &args, &dict);
	dbus_int16_t rssi = (dbus_int16_t)rssi_dbm;

	put_variant(&dict, "RSSI", DBUS_TYPE_INT16, "n", &rssi);
	send_changed(door, signal, &args, &dict);
}

void door_say_value(struct door *door, const char *path, const uint8_t *value, size_t size)
{
	DBusMessageIter args, dict, entry, variant, array;
	DBusMessage *signal = changed(path, "org.bluez.GattCharacteristic1", &args, &dict);
	const char *name = "Value";

	dbus_message_iter_open_container(&dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "ay", &variant);
	open_array(&variant, "y", &array);
	dbus_message_iter_append_fixed_array(&array, DBUS_TYPE_BYTE, &value, (int)size);
	dbus_message_iter_close_container(&variant, &array);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(&dict, &entry);
	send_changed(door, signal, &args, &dict);
}
