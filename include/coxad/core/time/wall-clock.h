// SPDX-License-Identifier: MIT
#pragma once
/* Host time to UTC: an instant has the time of the wall clock as last set before it
 * (decision-model.md, ruling 9). Keeps the last settings, so that an instant before one keeps its
 * old time, over restarts too. Instants of earlier boots, whose host time is over, stand before all
 * of this boot's and keep their UTC. Pure value, no allocation.
 */
#include <stdbool.h>
#include <stdint.h>

#define WALL_CLOCK_SETTINGS_MAX 16

struct wall_clock {
	int64_t boot; /* in which host time counts; 0: unknown */
	unsigned n;   /* 0: never set */
	struct {
		int64_t t_us, wall_us;
	} setting[WALL_CLOCK_SETTINGS_MAX]; /* oldest first */
	bool has_past;
	int64_t past_end_us;    /* host time before this is of an earlier boot */
	int64_t past_offset_us; /* that host time plus this is UTC */
};

void wall_clock_set(struct wall_clock *clock, int64_t t_us, int64_t wall_us);
/* Once, after the first setting of this run: what is left of earlier boots reaches up to latest_us
 * UTC. It is as long ago as the clock says, or just before end_us where the clock would have it
 * later. */
void wall_clock_set_past(struct wall_clock *clock, int64_t end_us, int64_t latest_us);
/* Before the first setting the first one counts; 0 if it was never set. */
int64_t wall_clock_at(const struct wall_clock *clock, int64_t t_us);
/* The host time of an instant of an earlier boot. Without a past, by the last setting. */
int64_t wall_clock_past_at(const struct wall_clock *clock, int64_t wall_us);
