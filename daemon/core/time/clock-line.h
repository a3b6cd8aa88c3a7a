// SPDX-License-Identifier: MIT
#pragma once
/* The robust line of clock-sync: least squares with Huber weights over the earliest arrivals of
 * the bins, the skew regularised towards the prior of the crystal. Pure function.
 */
#include "coxad/core/time/clock-sync.h"

/* Prior of the crystal: its expected skew, the standard deviation, and a bound. */
struct clock_line_crystal {
	double skew, skew_sd, max_skew;
};

/* n >= 1 bins. `spread_us`: range of one packet's delay (connection interval). */
void clock_line_fit(const struct clock_sync_bin *bins, unsigned n, double spread_us,
	const struct clock_line_crystal *crystal, struct clock_sync_line *ret);

static inline double clock_line_at(const struct clock_sync_line *line, double x_us)
{
	return x_us + line->offset_us + line->skew * (x_us - line->x0_us);
}
