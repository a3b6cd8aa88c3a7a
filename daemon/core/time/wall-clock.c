// SPDX-License-Identifier: MIT
#include "coxad/core/time/wall-clock.h"

#include <string.h>

#include "coxad/base/list.h"

static int64_t offset_of(const struct wall_clock *clock, unsigned i)
{
	return clock->setting[i].wall_us - clock->setting[i].t_us;
}

static int64_t step_at(const struct wall_clock *clock, unsigned i)
{
	int64_t step_us = offset_of(clock, i) - offset_of(clock, i - 1);

	return step_us < 0 ? -step_us : step_us;
}

/* Forgets the setting that changed least. */
static void make_room(struct wall_clock *clock)
{
	unsigned least = 1;

	for (unsigned i = 2; i < clock->n; i++)
		if (step_at(clock, i) < step_at(clock, least))
			least = i;
	list_drop(clock->setting, clock->n, least);
}

void wall_clock_set(struct wall_clock *clock, int64_t t_us, int64_t wall_us)
{
	if (clock->n == WALL_CLOCK_SETTINGS_MAX)
		make_room(clock);
	clock->setting[clock->n].t_us = t_us;
	clock->setting[clock->n].wall_us = wall_us;
	clock->n++;
}

void wall_clock_set_past(struct wall_clock *clock, int64_t end_us, int64_t latest_us)
{
	int64_t offset_us = clock->n ? offset_of(clock, clock->n - 1) : 0;
	int64_t least_us = latest_us - end_us + 1;

	clock->has_past = true;
	clock->past_end_us = end_us;
	clock->past_offset_us = offset_us > least_us ? offset_us : least_us;
}

int64_t wall_clock_at(const struct wall_clock *clock, int64_t t_us)
{
	unsigned i = clock->n;

	if (clock->has_past && t_us < clock->past_end_us)
		return t_us + clock->past_offset_us;
	if (i == 0)
		return 0;
	while (i > 1 && clock->setting[i - 1].t_us > t_us)
		i--;
	return clock->setting[i - 1].wall_us + (t_us - clock->setting[i - 1].t_us);
}

int64_t wall_clock_past_at(const struct wall_clock *clock, int64_t wall_us)
{
	if (clock->has_past)
		return wall_us - clock->past_offset_us;
	return wall_us - (clock->n ? offset_of(clock, clock->n - 1) : 0);
}
