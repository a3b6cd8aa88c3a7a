// SPDX-License-Identifier: MIT
#pragma once
/* What a link asks about its wearable: its driver's plans, its characteristics, its needs. Borrows
 * everything.
 */
#include "coxad/flow/link.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_context;

struct bluez_plan {
	const struct bluez_context *context;
	unsigned wearable;
	struct bluez_device *const *device; /* as it is when asked; NULL there: it left */
};

/* user: a struct bluez_plan. */
extern const struct link_ops bluez_plan_ops;
