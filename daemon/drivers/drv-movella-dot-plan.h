// SPDX-License-Identifier: MIT
#pragma once
/* What is asked of a Movella DOT: synchronisation, start, stop. */
#include "coxad/drivers/driver.h"

/* driver.order */
int drv_movella_dot_plan_order(const void *state, enum driver_order_kind order, unsigned argument,
	unsigned index, struct driver_step *ret);
/* driver.plan */
int drv_movella_dot_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
