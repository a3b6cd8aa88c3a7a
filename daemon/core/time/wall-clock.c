// SPDX-License-Identifier: MIT
#include "coxad/core/time/wall-clock.h"

#include <string.h>

#include "coxad/base/list.h"

void wall_clock_set(struct wall_clock *clock, int64_t t_us, int64_t wall_us)
{
	if (clock->n == WALL_CLOCK_SETTINGS_MAX)
		list_drop(clock->setting, clock->n, 0);
	clock->setting[clock->n].t_us = t_us;
	clock->setting[clock->n].wall_us = wall_us;
	clock->n++;
}

int64_t wall_clock_at(const struct wall_clock *clock, int64_t t_us)
{
	unsigned i = clock->n;

	if (i == 0)
		return 0;
	while (i > 1 && clock->setting[i - 1].t_us > t_us)
		i--;
	return clock->setting[i - 1].wall_us + (t_us - clock->setting[i - 1].t_us);
}
