// SPDX-License-Identifier: MIT
#pragma once
/* What the Coxa driver asks of a wearable: at the start, at each poll, before disconnecting, and to
 * identify itself or give a cue. */
#include "coxad/drivers/driver.h"

/* driver.plan */
int drv_coxa_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
/* driver.order */
int drv_coxa_plan_order(const void *state, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret);
