// SPDX-License-Identifier: MIT
#pragma once
/* Host time to UTC: the wall time of an instant is that of the wall clock as last set before it
 * (decision-model.md, ruling 9). Remembers the last settings, so an instant before a setting keeps
 * its old time. Pure value, no allocation.
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
/* Before the first setting counts the first; 0 where it was never set. */
int64_t wall_clock_at(const struct wall_clock *clock, int64_t t_us);
