// SPDX-License-Identifier: MIT
#include "gym/beat.h"

#include <math.h>

#include "coxad/base/units.h"

void beat_start(struct beat *beat, double first_us, double interval_us)
{
	*beat = (struct beat){first_us, interval_us, 0};
}

void beat_stop(struct beat *beat)
{
	beat->first_us = INFINITY;
}

bool beat_is_running(const struct beat *beat)
{
	return beat->first_us < INFINITY;
}

double beat_due_us(const struct beat *beat, const struct device *device)
{
	return beat->first_us + (double)beat->n * beat->interval_us / device_clock_rate(device);
}

int64_t beat_instant_us(double t_us)
{
	return t_us < 9e18 ? (int64_t)ceil(t_us) : T_NEVER;
}
