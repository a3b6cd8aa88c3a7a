// SPDX-License-Identifier: MIT
#include "gym/door-properties.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "gym/door-clock.h"
#include "gym/door-dict.h"
#include "gym/door-hall.h"
#include "gym/door-lookup.h"
#include "gym/door-send.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"

#define AD_MANUFACTURER 0xff /* Core Supplement Part A 1.4 */

void door_properties_put_adapter(
	struct door *door, DBusMessageIter *dict, const struct door_adapter *adapter)
{
	door_dict_put_text(dict, "Address", adapter->address);
	door_dict_put_text(dict, "AddressType", "public");
	door_dict_put_text(dict, "Name", "gym");
	door_dict_put_text(dict, "Alias", "gym");
	door_dict_put_bool(dict, "Powered", adapter->is_powered);
	door_dict_put_text(dict, "PowerState",
		adapter->is_blocked   ? "off-blocked"
		: adapter->is_powered ? "on"
				      : "off");
	door_dict_put_bool(dict, "Discovering", adapter->is_discovering);
	door_dict_put_text(dict, "Modalias", door->options.modalias);
}

/* The first manufacturer's data among some AD structures, if there is any. */
static bool put_manufacturer(DBusMessageIter *dict, const uint8_t *ad, size_t n)
{
	for (size_t at = 0; at + 3 < n && at + ad[at] < n; at += ad[at] + 1u) {
		if (ad[at + 1] != AD_MANUFACTURER || ad[at] < 3)
			continue;
		door_dict_put_numbered_bytes(dict, "ManufacturerData",
			ad[at + 2] | (unsigned)ad[at + 3] << 8, ad + at + 4, ad[at] - 3u);
		return true;
	}
	return false;
}

static void put_services(DBusMessageIter *dict, const struct door_device *device)
{
	char services[DOOR_CHARS_MAX][UUID_TEXT_SIZE];
	const char *texts[DOOR_CHARS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < device->n_chars; i++) {
		if (i && uuid_is_equal(&device->chars[i].gym->service,
				 &device->chars[i - 1].gym->service))
			continue;
		uuid_to_string(&device->chars[i].gym->service, services[n]);
		texts[n] = services[n];
		n++;
	}
	door_dict_put_texts(dict, "UUIDs", texts, n);
}

void door_properties_put_device(
	struct door *door, DBusMessageIter *dict, const struct door_device *device)
{
	int rssi_dbm = door_hall_rssi_dbm(device, door_clock_now_us(door));
	uint8_t ad[31];

	door_dict_put_text(dict, "Address", device->says[0] ? device->says : device->address);
	door_dict_put_text(dict, "AddressType", device->is_random ? "random" : "public");
	door_dict_put_text(dict, "Name", device_name(device->gym));
	door_dict_put_text(dict, "Alias", device_name(device->gym));
	door_dict_put_bool(dict, "Paired", device->is_bonded);
	door_dict_put_bool(dict, "Bonded", device->is_bonded);
	door_dict_put_bool(dict, "Trusted", false);
	door_dict_put_bool(dict, "Blocked", false);
	door_dict_put_bool(dict, "LegacyPairing", false);
	door_dict_put_bool(dict, "Connected", device->is_connected);
	door_dict_put_bool(dict, "ServicesResolved", device->is_resolved);
	put_services(dict, device);
	door_dict_put_path(dict, "Adapter", door->adapter[device->adapter].path);
	if (!put_manufacturer(dict, ad, device_advert(device->gym, ad)))
		put_manufacturer(dict, ad, device_scan_response(device->gym, ad));
	if (!device->is_connected)
		door_dict_put_i16(dict, "RSSI", rssi_dbm);
}

void door_properties_put_char(struct door *door, DBusMessageIter *dict, const struct door_char *c)
{
	static const struct {
		unsigned bit;
		const char *text;
	} flags[] = {{DEVICE_READ, "read"}, {DEVICE_WRITE_COMMAND, "write-without-response"},
		{DEVICE_WRITE, "write"}, {DEVICE_NOTIFY, "notify"}, {DEVICE_INDICATE, "indicate"}};
	const char *texts[ARRAY_LEN(flags)];
	char uuid[UUID_TEXT_SIZE];
	size_t n = 0;

	uuid_to_string(&c->gym->uuid, uuid);
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (c->gym->properties & flags[i].bit)
			texts[n++] = flags[i].text;
	door_dict_put_text(dict, "UUID", uuid);
	door_dict_put_path(dict, "Service", c->service);
	door_dict_put_texts(dict, "Flags", texts, n);
	door_dict_put_bool(dict, "Notifying", c->is_notifying);
	door_dict_put_u16(dict, "MTU", door->options.mtu);
}

bool door_properties_put_all(
	struct door *door, DBusMessageIter *args, const char *path, const char *interface)
{
	struct door_adapter *adapter = door_lookup_adapter(door, path);
	struct door_device *device = door_lookup_device(door, path), *owner;
	struct door_char *c = door_lookup_char(door, path, &owner);
	DBusMessageIter dict;

	if (!adapter && !device && !c)
		return false;
	door_dict_open_array(args, "{sv}", &dict);
	if (adapter && strcmp(interface, DOOR_IFACE_ADAPTER) == 0)
		door_properties_put_adapter(door, &dict, adapter);
	else if (device && strcmp(interface, DOOR_IFACE_DEVICE) == 0)
		door_properties_put_device(door, &dict, device);
	else if (c && strcmp(interface, DOOR_IFACE_CHAR) == 0)
		door_properties_put_char(door, &dict, c);
	dbus_message_iter_close_container(args, &dict);
	return true;
}

/* A PropertiesChanged signal; the changed property is put between open and send. */
struct change {
	DBusMessage *signal;
	DBusMessageIter args, dict;
};

static void open_change(struct change *change, const char *path, const char *interface)
{
	change->signal = dbus_message_new_signal(path, PROPERTIES, "PropertiesChanged");
	dbus_message_iter_init_append(change->signal, &change->args);
	dbus_message_iter_append_basic(&change->args, DBUS_TYPE_STRING, &interface);
	door_dict_open_array(&change->args, "{sv}", &change->dict);
}

static void send_change(struct door *door, struct change *change)
{
	DBusMessageIter invalidated;

	dbus_message_iter_close_container(&change->args, &change->dict);
	door_dict_open_array(&change->args, "s", &invalidated);
	dbus_message_iter_close_container(&change->args, &invalidated);
	door_send_message(door, change->signal, 0);
}

void door_properties_say_bool(
	struct door *door, const char *path, const char *interface, const char *name, bool value)
{
	struct change change;

	open_change(&change, path, interface);
	door_dict_put_bool(&change.dict, name, value);
	send_change(door, &change);
}

void door_properties_say_text(struct door *door, const char *path, const char *interface,
	const char *name, const char *value)
{
	struct change change;

	open_change(&change, path, interface);
	door_dict_put_text(&change.dict, name, value);
	send_change(door, &change);
}

void door_properties_say_rssi(struct door *door, const char *path, int rssi_dbm)
{
	struct change change;

	open_change(&change, path, DOOR_IFACE_DEVICE);
	door_dict_put_i16(&change.dict, "RSSI", rssi_dbm);
	send_change(door, &change);
}

void door_properties_say_battery(struct door *door, const char *path, uint8_t percent)
{
	struct change change;

	open_change(&change, path, DOOR_IFACE_BATTERY);
	door_dict_put_u8(&change.dict, "Percentage", percent);
	send_change(door, &change);
}

void door_properties_say_value(
	struct door *door, const char *path, const uint8_t *value, size_t size)
{
	struct change change;

	open_change(&change, path, DOOR_IFACE_CHAR);
	door_dict_put_bytes(&change.dict, "Value", value, size);
	send_change(door, &change);
}

/* Six parameters: they are the words of the order. */
void door_properties_say_any(struct door *door, const char *path, const char *interface,
	const char *name, const char *type, const char *value)
{
	DBusBasicValue basic = {.i64 = atoll(value)};
	struct door_dict_entry entry;
	struct change change;

	if (type[0] == DBUS_TYPE_DOUBLE)
		basic.dbl = atof(value);
	else if (type[0] == DBUS_TYPE_STRING || type[0] == DBUS_TYPE_OBJECT_PATH)
		basic.str = (char *)value;
	open_change(&change, path, interface);
	door_dict_open_entry(&change.dict, name, type, &entry);
	if (type[0] == DBUS_TYPE_ARRAY) {
		DBusMessageIter array;

		door_dict_open_array(&entry.value, type + 1, &array);
		dbus_message_iter_close_container(&entry.value, &array);
	} else {
		dbus_message_iter_append_basic(&entry.value, type[0], &basic);
	}
	door_dict_close_entry(&change.dict, &entry);
	send_change(door, &change);
}

void door_properties_set_bonded(struct door *door, struct door_device *device, bool is_bonded)
{
	device->is_bonded = is_bonded;
	if (!device->is_exported)
		return;
	door_properties_say_bool(door, device->path, DOOR_IFACE_DEVICE, "Bonded", is_bonded);
	door_properties_say_bool(door, device->path, DOOR_IFACE_DEVICE, "Paired", is_bonded);
}
