// SPDX-License-Identifier: MIT
#pragma once
/* How the adapters are, and which wearables they hear, configured or not: what a radio tells its brain. */
#include "coxad/base/address.h"
#include "coxad/bluez/source-bluez-scan.h"
#include "coxad/bluez/source-bluez.h"

struct source_bluez_look_slots {
	char address[ADDRESS_SIZE];
	unsigned slots, used;
	unsigned limit; /* what its controller turned out to hold; 0: as many as slots */
};

struct source_bluez_look_signal {
	const struct driver *driver; /* by its advertisement; NULL: unknown, or configured */
	int rssi_dbm;                /* or SOURCE_BLUEZ_SCAN_RSSI_UNKNOWN */
	int64_t heard_us;
	bool is_bonded;
};

/* Of the adapters in use. Returns how many. */
size_t source_bluez_look_slots(
	const struct source_bluez *source, struct source_bluez_look_slots *ret, size_t capacity);
/* Of an address in upper case. False: not heard so far; one that is not configured, not by the scan that is
 * under way. */
bool source_bluez_look_signal(const struct source_bluez *source, const char *address,
	struct source_bluez_look_signal *ret);
