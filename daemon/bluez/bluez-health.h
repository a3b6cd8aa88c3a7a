// SPDX-License-Identifier: MIT
#pragma once
/* What is wrong with adapters and BlueZ, for gateway/<name>/health: looks now and then, and tells of each
 * whether it is so. */
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/flow/slots.h"

struct source_bluez;

/* Empty when zero. */
struct bluez_health {
	sd_event_source *timer;
	int64_t missing_us
		[SLOTS_ADAPTERS_MAX]; /* since when the adapter is to find someone; 0: it is not */
	unsigned scanned
		[SLOTS_ADAPTERS_MAX]; /* looks in a row at which it scanned, and not for coxad */
};

/* -errno */
int bluez_health_start(struct source_bluez *source);
void bluez_health_stop(struct source_bluez *source);
