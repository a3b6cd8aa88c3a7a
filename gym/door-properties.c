// SPDX-License-Identifier: MIT
#include <string.h>

#include "gym/door-private.h"

#define PROPS "org.freedesktop.DBus.Properties"

void door_put_variant(
	DBusMessageIter *dict, const char *name, int type, const char *signature, const void *value)
{
	DBusMessageIter entry, variant;

	dbus_message_iter_open_container(dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
	dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &name);
	dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, signature, &variant);
	dbus_message_iter_append_basic(&variant, type, value);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(dict, &entry);
}

void door_put_text(DBusMessageIter *dict, const char *name, const char *text)
{
	door_put_variant(dict, name, DBUS_TYPE_STRING, "s", &text);
}

void door_put_path(DBusMessageIter *dict, const char *name, const char *path)
{
	door_put_variant(dict, name, DBUS_TYPE_OBJECT_PATH, "o", &path);
}

void door_put_bool(DBusMessageIter *dict, const char *name, bool value)
{
	dbus_bool_t b = value;

	door_put_variant(dict, name, DBUS_TYPE_BOOLEAN, "b", &b);
}

/* {company: bytes} of the adverts, where there are any. */
static void put_manufacturer(DBusMessageIter *dict, const struct device *gym)
{
	DBusMessageIter entry, variant, companies, company, bytes_variant, array;
	const char *name = "ManufacturerData";

	for (unsigned part = 0; part < 2; part++) {
		uint8_t ad[31];
		size_t n = part ? device_scan_response(gym, ad) : device_advert(gym, ad);

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

void door_open_array(DBusMessageIter *at, const char *signature, DBusMessageIter *ret)
{
	dbus_message_iter_open_container(at, DBUS_TYPE_ARRAY, signature, ret);
}

void door_put_adapter(struct door *door, DBusMessageIter *dict, const struct door_adapter *adapter)
{
	const char *modalias =
		door->options->modalias ? door->options->modalias : "usb:v1D6Bp0246d0554";

	door_put_text(dict, "Address", adapter->address);
	door_put_text(dict, "AddressType", "public");
	door_put_text(dict, "Name", "gym");
	door_put_text(dict, "Alias", "gym");
	door_put_bool(dict, "Powered", adapter->is_powered);
	door_put_text(dict, "PowerState",
		adapter->is_blocked   ? "off-blocked"
		: adapter->is_powered ? "on"
				      : "off");
	door_put_bool(dict, "Discovering", adapter->is_discovering);
	door_put_text(dict, "Modalias", modalias);
}

void door_put_device(struct door *door, DBusMessageIter *dict, const struct door_device *device)
{
	char services[DOOR_CHARS_MAX][UUID_TEXT_SIZE];
	const char *texts[DOOR_CHARS_MAX];
	dbus_int16_t rssi = (dbus_int16_t)device_rssi_dbm(device->gym, door_now(door));
	size_t n = 0;

	for (size_t i = 0; i < device->n_chars; i++) {
		if (i && uuid_is_equal(&device->chars[i].gym->service,
				 &device->chars[i - 1].gym->service))
			continue;
		uuid_to_string(&device->chars[i].gym->service, services[n]);
		texts[n] = services[n];
		n++;
	}
	door_put_text(dict, "Address", device->address);
	door_put_text(dict, "AddressType", device->is_random ? "random" : "public");
	door_put_text(dict, "Name", device_name(device->gym));
	door_put_text(dict, "Alias", device_name(device->gym));
	door_put_bool(dict, "Paired", device->is_bonded);
	door_put_bool(dict, "Bonded", device->is_bonded);
	door_put_bool(dict, "Trusted", false);
	door_put_bool(dict, "Blocked", false);
	door_put_bool(dict, "LegacyPairing", false);
	door_put_bool(dict, "Connected", device->is_connected);
	door_put_bool(dict, "ServicesResolved", device->is_resolved);
	put_texts(dict, "UUIDs", texts, n);
	door_put_path(dict, "Adapter", door->adapter[device->adapter].path);
	put_manufacturer(dict, device->gym);
	if (!device->is_connected)
		door_put_variant(dict, "RSSI", DBUS_TYPE_INT16, "n", &rssi);
}

void door_put_char(struct door *door, DBusMessageIter *dict, const struct door_char *c)
{
	static const struct {
		unsigned bit;
		const char *text;
	} flags[] = {{DEVICE_READ, "read"}, {DEVICE_WRITE_COMMAND, "write-without-response"},
		{DEVICE_WRITE, "write"}, {DEVICE_NOTIFY, "notify"}, {DEVICE_INDICATE, "indicate"}};
	dbus_uint16_t mtu = (dbus_uint16_t)(door->options->mtu ? door->options->mtu : 247);
	char uuid[UUID_TEXT_SIZE];
	const char *texts[5];
	size_t n = 0;

	uuid_to_string(&c->gym->uuid, uuid);
	for (size_t i = 0; i < 5; i++)
		if (c->gym->properties & flags[i].bit)
			texts[n++] = flags[i].text;
	door_put_text(dict, "UUID", uuid);
	door_put_path(dict, "Service", c->service);
	put_texts(dict, "Flags", texts, n);
	door_put_bool(dict, "Notifying", c->is_notifying);
	door_put_variant(dict, "MTU", DBUS_TYPE_UINT16, "q", &mtu);
}

bool door_put_properties(
	struct door *door, DBusMessageIter *args, const char *path, const char *interface)
{
	struct door_adapter *adapter = door_find_adapter(door, path);
	struct door_device *device = door_find_device(door, path), *owner;
	struct door_char *c = door_find_char(door, path, &owner);
	DBusMessageIter dict;

	if (!adapter && !device && !c)
		return false;
	door_open_array(args, "{sv}", &dict);
	if (adapter && strcmp(interface, "org.bluez.Adapter1") == 0)
		door_put_adapter(door, &dict, adapter);
	else if (device && strcmp(interface, "org.bluez.Device1") == 0)
		door_put_device(door, &dict, device);
	else if (c && strcmp(interface, "org.bluez.GattCharacteristic1") == 0)
		door_put_char(door, &dict, c);
	dbus_message_iter_close_container(args, &dict);
	return true;
}

static DBusMessage *changed(
	const char *path, const char *interface, DBusMessageIter *args, DBusMessageIter *dict)
{
	DBusMessage *signal = dbus_message_new_signal(path, PROPS, "PropertiesChanged");

	dbus_message_iter_init_append(signal, args);
	dbus_message_iter_append_basic(args, DBUS_TYPE_STRING, &interface);
	door_open_array(args, "{sv}", dict);
	return signal;
}

static void send_changed(
	struct door *door, DBusMessage *signal, DBusMessageIter *args, DBusMessageIter *dict)
{
	DBusMessageIter gone;

	dbus_message_iter_close_container(args, dict);
	door_open_array(args, "s", &gone);
	dbus_message_iter_close_container(args, &gone);
	door_send(door, signal, 0);
}

void door_say_bool(
	struct door *door, const char *path, const char *interface, const char *name, bool value)
{
	DBusMessageIter args, dict;
	DBusMessage *signal = changed(path, interface, &args, &dict);

	door_put_bool(&dict, name, value);
	send_changed(door, signal, &args, &dict);
}

void door_say_text(struct door *door, const char *path, const char *interface, const char *name,
	const char *value)
{
	DBusMessageIter args, dict;
	DBusMessage *signal = changed(path, interface, &args, &dict);

	door_put_text(&dict, name, value);
	send_changed(door, signal, &args, &dict);
}

void door_say_rssi(struct door *door, const char *path, int rssi_dbm)
{
	DBusMessageIter args, dict;
	DBusMessage *signal = changed(path, "org.bluez.Device1", &args, &dict);
	dbus_int16_t rssi = (dbus_int16_t)rssi_dbm;

	door_put_variant(&dict, "RSSI", DBUS_TYPE_INT16, "n", &rssi);
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
	door_open_array(&variant, "y", &array);
	dbus_message_iter_append_fixed_array(&array, DBUS_TYPE_BYTE, &value, (int)size);
	dbus_message_iter_close_container(&variant, &array);
	dbus_message_iter_close_container(&entry, &variant);
	dbus_message_iter_close_container(&dict, &entry);
	send_changed(door, signal, &args, &dict);
}
