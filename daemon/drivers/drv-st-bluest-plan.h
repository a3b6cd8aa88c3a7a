// SPDX-License-Identifier: MIT
#pragma once
/* Which of a BlueST node's characteristics are subscribed. */
#include "coxad/drivers/driver.h"

/* driver.plan */
int drv_st_bluest_plan(const void *state, const struct driver_peer *peer, enum driver_plan plan,
	unsigned index, struct driver_step *ret);
