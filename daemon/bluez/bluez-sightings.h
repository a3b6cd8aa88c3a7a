// SPDX-License-Identifier: MIT
#pragma once
/* While somebody looks for new wearables: devices that are not configured and that a driver claims by
 * what they advertise, heard already or only known to bluetoothd. Others leave no trace, and of too many the one heard longest ago gives way. Fed with
 * properties of org.bluez.Device1; owns nothing but its table.
 */
#include <dbus/dbus.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/bluez/source-bluez-scan.h"
#include "daemon/bluez/bluez-objects.h"

#define BLUEZ_SIGHTINGS_SERVICES 16

struct bluez_sightings {
	size_t n;
	struct bluez_sighting {
		struct source_bluez_scan_found seen;
		struct uuid service[BLUEZ_SIGHTINGS_SERVICES];
		size_t n_services;
		uint8_t maker[BLUEZ_ADVERT_MAX];
		size_t n_maker;
	} one[SOURCE_BLUEZ_SCAN_MAX];
};

/* Properties of a device that is not configured, all or those that changed. path: its object. */
void bluez_sightings_take(struct bluez_sightings *sightings, const char *adapter, const char *path,
	const DBusMessageIter *properties, int64_t now_us);
