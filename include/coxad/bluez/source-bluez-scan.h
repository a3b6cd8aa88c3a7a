// SPDX-License-Identifier: MIT
#pragma once
/* Looking for wearables that nobody has configured, with the scan that finds configured ones: it goes on
 * while somebody asks, and ends by itself.
 */
#include "coxad/base/address.h"
#include "coxad/bluez/source-bluez.h"

#define SOURCE_BLUEZ_SCAN_MAX          512 /* as many as a gym has */
#define SOURCE_BLUEZ_SCAN_NAME_SIZE    64
#define SOURCE_BLUEZ_SCAN_RSSI_UNKNOWN (-128)

struct source_bluez_scan_found {
	char address[ADDRESS_SIZE], adapter[ADDRESS_SIZE];
	char name[SOURCE_BLUEZ_SCAN_NAME_SIZE]; /* as advertised: may be anything */
	const struct driver *driver;
	enum driver_claim claim;
	int rssi_dbm;
	int64_t heard_us;
	bool is_connected; /* to this machine, by whoever */
	bool is_bonded;
};

/* From now for so long. What was found before is kept only if a scan is under way. */
void source_bluez_scan_start(struct source_bluez *source, int64_t for_us);
/* Those that a driver claims, heard since the scan began. Returns how many. */
size_t source_bluez_scan_found(
	const struct source_bluez *source, struct source_bluez_scan_found *ret, size_t capacity);
