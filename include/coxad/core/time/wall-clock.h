// SPDX-License-Identifier: MIT
#pragma once
/* Host time to UTC: an instant has the time of the wall clock as last set before it
 * (decision-model.md, ruling 9). Keeps the last settings, so that an instant before one keeps its
 * old time. Pure value, no allocation.
 */
#include <stdint.h>

#define WALL_CLOCK_SETTINGS_MAX 16

struct wall_clock {
	unsigned n; /* 0: never set */
	struct {
		int64_t t_us, wall_us;
	} setting[WALL_CLOCK_SETTINGS_MAX]; /* oldest first */
};

void wall_clock_set(struct wall_clock *clock, int64_t t_us, int64_t wall_us);
/* Before the first setting the first one counts; 0 if it was never set. */
int64_t wall_clock_at(const struct wall_clock *clock, int64_t t_us);
