// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-sightings.h"

#include <stdio.h>
#include <string.h>

#include "coxad/drivers/driver-claim.h"
#include "daemon/bluez/bluez-properties.h"
#include "daemon/bluez/bus-message.h"

#define RSSI_LEAST_DBM (-127)
#define RSSI_MOST_DBM  20 /* HCI's range; 127 says "not available" */

/* ".../dev_C0_A5_00_00_03_01": what is known of a device of which only a change is told. */
static bool address_of(const char *path, char ret[static ADDRESS_SIZE])
{
	const char *at = strstr(path, "/dev_");
	char text[ADDRESS_SIZE];

	if (!at || strlen(at + 5) != ADDRESS_SIZE - 1)
		return false;
	for (size_t i = 0; i < ADDRESS_SIZE; i++)
		text[i] = at[5 + i] == '_' ? ':' : at[5 + i];
	return address_from_string(text, ret) == 0;
}

static void read_services(struct bluez_sighting *one, const DBusMessageIter *value)
{
	DBusMessageIter array = *value, item;
	const char *text;

	if (dbus_message_iter_get_arg_type(&array) != DBUS_TYPE_ARRAY)
		return;
	one->n_services = 0;
	dbus_message_iter_recurse(&array, &item);
	for (; bus_message_get_text(&item, &text) && one->n_services < BLUEZ_SIGHTINGS_SERVICES;
		dbus_message_iter_next(&item))
		if (uuid_from_string(text, &one->service[one->n_services]) == 0)
			one->n_services++;
}

static void read_property(
	struct bluez_sighting *one, const char *key, const DBusMessageIter *value, int64_t now_us)
{
	struct source_bluez_scan_found *seen = &one->seen;
	const char *text;
	int rssi_dbm;

	if (strcmp(key, "Name") == 0 && bus_message_get_text(value, &text)) {
		snprintf(seen->name, sizeof(seen->name), "%s", text);
	} else if (strcmp(key, "UUIDs") == 0) {
		read_services(one, value);
	} else if (strcmp(key, "ManufacturerData") == 0) {
		bus_message_get_maker_data(value, one->maker, sizeof(one->maker), &one->n_maker);
	} else if (strcmp(key, "Connected") == 0) {
		bus_message_get_bool(value, &seen->is_connected);
		seen->heard_us = seen->is_connected ? now_us : seen->heard_us;
	} else if (strcmp(key, "Paired") == 0) {
		bus_message_get_bool(value, &seen->is_bonded);
	} else if (strcmp(key, "RSSI") == 0 && bus_message_get_int(value, &rssi_dbm) &&
		   rssi_dbm >= RSSI_LEAST_DBM && rssi_dbm <= RSSI_MOST_DBM) {
		seen->rssi_dbm = rssi_dbm;
		seen->heard_us = now_us;
	}
}

static void claim(struct bluez_sighting *one)
{
	struct driver_sighting sighting = {.name = one->seen.name[0] ? one->seen.name : NULL,
		.services = one->service,
		.n_services = one->n_services,
		.maker = one->n_maker ? one->maker : NULL,
		.n_maker = one->n_maker};

	one->seen.driver = driver_claim_find(&sighting, &one->seen.claim);
}

static struct bluez_sighting *find(struct bluez_sightings *s, const char *address)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->one[i].seen.address, address) == 0)
			return &s->one[i];
	return NULL;
}

static struct bluez_sighting *find_room(struct bluez_sightings *s)
{
	struct bluez_sighting *oldest = s->one;

	if (s->n < SOURCE_BLUEZ_SCAN_MAX)
		return &s->one[s->n++];
	for (size_t i = 1; i < s->n; i++)
		if (s->one[i].seen.heard_us < oldest->seen.heard_us)
			oldest = &s->one[i];
	return oldest;
}

static void read_properties(
	struct bluez_sighting *one, const DBusMessageIter *properties, int64_t now_us)
{
	struct bus_message_dict dict;
	DBusMessageIter value;
	const char *key;

	if (!bus_message_dict_init(&dict, properties))
		return;
	while (bus_message_dict_next(&dict, &key, &value))
		read_property(one, key, &value, now_us);
	claim(one);
}

void bluez_sightings_take(struct bluez_sightings *s, const char *adapter, const char *path,
	const DBusMessageIter *properties, int64_t now_us)
{
	char address[ADDRESS_SIZE];
	struct bluez_sighting fresh = {.seen = {.rssi_dbm = SOURCE_BLUEZ_SCAN_RSSI_UNKNOWN}},
			      *known;

	if (!address_of(path, address))
		return;
	known = find(s, address);
	if (known)
		fresh = *known;
	read_properties(&fresh, properties, now_us);
	if (!fresh.seen.driver)
		return;
	/* Two adapters may hear it: the nearer one counts. */
	snprintf(fresh.seen.adapter, sizeof(fresh.seen.adapter), "%s", adapter);
	snprintf(fresh.seen.address, sizeof(fresh.seen.address), "%s", address);
	*(known ? known : find_room(s)) = fresh;
}
