// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-properties.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"

#define HEX_DIGITS "0123456789abcdefABCDEF"
#define MINOR_MOST 99
/* Core Vol 4 Part E 7.7.65.2; 127 says "not available". */
#define RSSI_LEAST_DBM (-127)
#define RSSI_MOST_DBM  127

static const struct {
	const char *flag;
	unsigned property;
} flags[] = {{"read", 0x02}, {"write-without-response", 0x04}, {"write", 0x08}, {"notify", 0x10},
	{"indicate", 0x20}};

bool bluez_properties_read_address(const DBusMessageIter *value, char ret[static ADDRESS_SIZE])
{
	const char *text;

	if (!bus_message_get_text(value, &text) || strlen(text) != ADDRESS_SIZE - 1)
		return false;
	for (size_t i = 0; i < ADDRESS_SIZE; i++)
		ret[i] = (char)toupper((unsigned char)text[i]);
	return true;
}

/* "usb:v1D6Bp0246d0542": the end is BlueZ's major and minor version in hexadecimal. 0: it is not. */
static unsigned version_of(const char *modalias)
{
	const char *d = strrchr(modalias, 'd');
	unsigned major, minor;
	int n = 0;

	/* By itself %x takes a sign. */
	if (!d || strncmp(modalias, "usb:v1D6B", 9) != 0 || strspn(d + 1, HEX_DIGITS) != 4 ||
		sscanf(d, "d%2x%2x%n", &major, &minor, &n) != 2 || d[n] || minor > MINOR_MOST)
		return 0;
	return major * 100 + minor;
}

static void read_rssi(struct bluez_device *device, const DBusMessageIter *value, unsigned *odd)
{
	int rssi_dbm;

	device->has_rssi = bus_message_get_int(value, &rssi_dbm) && rssi_dbm >= RSSI_LEAST_DBM &&
			   rssi_dbm <= RSSI_MOST_DBM;
	if (device->has_rssi)
		device->rssi_dbm = rssi_dbm;
	else
		++*odd;
}

void bluez_properties_read_adapter(
	struct bluez_adapter *adapter, const DBusMessageIter *properties, unsigned *odd)
{
	struct bus_message_dict dict;
	DBusMessageIter value;
	const char *key, *text;

	if (!bus_message_dict_init(&dict, properties))
		return;
	while (bus_message_dict_next(&dict, &key, &value)) {
		bool is_good = true;

		if (strcmp(key, "Address") == 0)
			is_good = bluez_properties_read_address(&value, adapter->address);
		else if (strcmp(key, "Powered") == 0)
			is_good = bus_message_get_bool(&value, &adapter->is_powered);
		else if (strcmp(key, "Discovering") == 0)
			is_good = bus_message_get_bool(&value, &adapter->is_discovering);
		else if (strcmp(key, "PowerState") == 0 &&
			 (is_good = bus_message_get_text(&value, &text)))
			snprintf(adapter->power_state, sizeof(adapter->power_state), "%s", text);
		else if (strcmp(key, "Modalias") == 0 &&
			 (is_good = bus_message_get_text(&value, &text)))
			is_good = (adapter->version = version_of(text)) > 0;
		*odd += !is_good;
	}
}

unsigned bluez_properties_read_device(
	struct bluez_device *device, const DBusMessageIter *properties, unsigned *odd)
{
	bool was_connected = device->is_connected, was_resolved = device->is_resolved;
	bool is_bonded = false;
	unsigned changes = 0;
	struct bus_message_dict dict;
	DBusMessageIter value;
	const char *key;

	if (!bus_message_dict_init(&dict, properties))
		return 0;
	while (bus_message_dict_next(&dict, &key, &value)) {
		bool is_good = true;

		if (strcmp(key, "RSSI") == 0) {
			read_rssi(device, &value, odd);
			changes |= BLUEZ_CHANGE_ADVERT;
		} else if (strcmp(key, "ManufacturerData") == 0) {
			is_good = bus_message_get_maker_data(
				&value, device->advert, sizeof(device->advert), &device->n_advert);
			changes |= BLUEZ_CHANGE_ADVERT;
		} else if (strcmp(key, "ServiceData") == 0 || strcmp(key, "AdvertisingData") == 0) {
			changes |= BLUEZ_CHANGE_ADVERT;
		} else if (strcmp(key, "Connected") == 0) {
			is_good = bus_message_get_bool(&value, &device->is_connected);
		} else if (strcmp(key, "ServicesResolved") == 0) {
			is_good = bus_message_get_bool(&value, &device->is_resolved);
		} else if (strcmp(key, "Bonded") == 0 || strcmp(key, "Paired") == 0) {
			is_good = bus_message_get_bool(&value, &device->is_bonded);
			is_bonded |= is_good && device->is_bonded;
			changes |= BLUEZ_CHANGE_STATE;
		} else if (strcmp(key, "Address") == 0) {
			is_good = bluez_properties_read_address(&value, device->address);
			changes |= BLUEZ_CHANGE_STATE;
		}
		*odd += !is_good;
	}
	if (is_bonded) /* one of the two is enough, in any order */
		device->is_bonded = true;
	if (device->is_connected != was_connected)
		changes |= BLUEZ_CHANGE_CONNECTED;
	if (!device->is_connected)
		device->is_resolved = false;
	if (device->is_resolved != was_resolved)
		changes |= BLUEZ_CHANGE_RESOLVED;
	/* A connected device does not advertise: what is shown is old. */
	if (device->is_connected)
		changes &= ~(unsigned)BLUEZ_CHANGE_ADVERT;
	return changes;
}

unsigned bluez_properties_read_battery(
	struct bluez_device *device, const DBusMessageIter *properties, unsigned *odd)
{
	struct bus_message_dict dict;
	DBusMessageIter value;
	const char *key;
	int percentage;

	if (!bus_message_dict_init(&dict, properties))
		return 0;
	while (bus_message_dict_next(&dict, &key, &value)) {
		if (strcmp(key, "Percentage") != 0)
			continue;
		if (bus_message_get_int(&value, &percentage) && percentage >= 0 &&
			percentage <= 100) {
			device->battery_percent = percentage;
			return BLUEZ_CHANGE_BATTERY;
		}
		++*odd;
	}
	return 0;
}

static unsigned read_flags(const DBusMessageIter *value)
{
	DBusMessageIter array = *value, item;
	unsigned mask = 0;
	const char *text;

	if (dbus_message_iter_get_arg_type(&array) != DBUS_TYPE_ARRAY)
		return 0;
	dbus_message_iter_recurse(&array, &item);
	for (; bus_message_get_text(&item, &text); dbus_message_iter_next(&item))
		for (size_t i = 0; i < ARRAY_LEN(flags); i++)
			if (strcmp(text, flags[i].flag) == 0)
				mask |= flags[i].property;
	return mask;
}

bool bluez_properties_read_characteristic(struct bluez_characteristic *characteristic,
	const DBusMessageIter *properties, struct bluez_value *ret, unsigned *odd)
{
	struct bus_message_dict dict;
	DBusMessageIter value;
	const char *key, *text;
	bool has_uuid = false;
	int mtu;

	if (!bus_message_dict_init(&dict, properties))
		return false;
	while (bus_message_dict_next(&dict, &key, &value)) {
		bool is_good = true;

		if (strcmp(key, "Value") == 0 && ret) {
			is_good = bus_message_get_bytes(&value, &ret->bytes, &ret->size);
		} else if (strcmp(key, "UUID") == 0) {
			is_good = has_uuid = bus_message_get_text(&value, &text) &&
					     uuid_from_string(text, &characteristic->uuid) == 0;
		} else if (strcmp(key, "Flags") == 0) {
			characteristic->properties = read_flags(&value);
		} else if (strcmp(key, "Notifying") == 0) {
			is_good = bus_message_get_bool(&value, &characteristic->is_notifying);
		} else if (strcmp(key, "MTU") == 0 &&
			   (is_good = bus_message_get_int(&value, &mtu))) {
			/* BlueZ has been seen to say 0 and 65533; ATT allows 23 to 517. */
			characteristic->mtu = mtu >= 23 && mtu <= 517 ? (unsigned)mtu : 0;
		}
		*odd += !is_good;
	}
	return has_uuid;
}
