// SPDX-License-Identifier: MIT
#pragma once
/* What source-bluez lends to the files below it. They read it; source-bluez alone writes. */
#include <stdbool.h>
#include <systemd/sd-event.h>

#include "coxad/bluez/source-bluez.h"
#include "coxad/flow/link-timing.h"

#define BLUEZ_VERSION_SAFE_ACQUIRE 584 /* commit 476ae809a: a failed one is answered */

struct bluez_bus;
struct bluez_pairing;
struct bluez_objects;

struct bluez_context {
	sd_event *loop;
	const struct conf *conf;
	struct link_timing timing;
	const struct tracer *tracer;
	const struct source_bluez_ops *ops;
	void *user; /* of ops */
	struct bluez_bus *bus;
	struct bluez_objects *objects;
	struct bluez_pairing *pairing; /* NULL: no person pairs a wearable */
	unsigned version;              /* of BlueZ: 584 is 5.84; 0: unknown */
	bool is_agent_default;         /* bluetoothd was told so, see bluez_agent_register */
	bool is_stopping;
};
