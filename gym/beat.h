// SPDX-License-Identifier: MIT
#pragma once
/* Regular instants on a wearable's own crystal: first_us + n x interval, the interval counted by
 * that crystal, the result in gym time.
 */
#include "gym/device-private.h"

struct beat {
	double first_us, interval_us; /* first_us INFINITY: stopped */
	uint64_t n;                   /* number of the next instant */
};

void beat_start(struct beat *beat, double first_us, double interval_us);
void beat_stop(struct beat *beat);
bool beat_is_running(const struct beat *beat);
double beat_due_us(const struct beat *beat, const struct device *device);
/* The first whole microsecond at or after t; T_NEVER for INFINITY. */
int64_t beat_instant_us(double t_us);
