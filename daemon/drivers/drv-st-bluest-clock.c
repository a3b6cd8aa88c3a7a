// SPDX-License-Identifier: MIT
#include "daemon/drivers/drv-st-bluest-clock.h"

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define UNIT_SPAN_US (3 * US_PER_S)
#define UNIT_PACKETS 10
/* 8 and 10 ms are 25 % apart. */
#define UNIT_TOLERANCE 0.1

/* Host time against ticks, over the first seconds of a link. */
static void find_unit(struct bluest_state *s, int64_t arrival_us)
{
	static const unsigned units_us[] = {8000, 10000, 1000};
	int64_t elapsed_us = arrival_us - s->span_us;
	int64_t ticks = s->ticks - s->span_ticks;

	s->span_packets++;
	if (elapsed_us < UNIT_SPAN_US || s->span_packets < UNIT_PACKETS || ticks <= 0)
		return;
	for (unsigned i = 0; i < ARRAY_LEN(units_us); i++) {
		double ratio = (double)elapsed_us / ((double)ticks * units_us[i]);

		if (fabs(ratio - 1) < UNIT_TOLERANCE)
			s->unit_us = units_us[i];
	}
	s->span_us = arrival_us;
	s->span_ticks = s->ticks;
	s->span_packets = 0;
}

/* Of the values that fit, take the one nearest to what the arrival suggests. */
void drv_st_bluest_clock_take(struct bluest_state *s, uint16_t raw, int64_t arrival_us)
{
	int64_t ahead = (uint16_t)(raw - s->raw);

	if (!s->has_time) {
		s->ticks = raw;
		s->span_us = arrival_us;
		s->span_ticks = raw;
		s->span_packets = 0;
		s->has_time = true;
	} else if (s->unit_us) {
		double expected = (double)(arrival_us - s->arrival_us) / s->unit_us;

		s->ticks += ahead + llrint((expected - (double)ahead) / 65536) * 65536;
	} else {
		s->ticks += (int16_t)ahead;
	}
	s->raw = raw;
	s->arrival_us = arrival_us;
	if (!s->unit_us)
		find_unit(s, arrival_us);
}

void drv_st_bluest_clock_stamp(const struct bluest_state *s, struct record *r)
{
	r->has_tick = s->unit_us != 0;
	r->tick = (uint64_t)(s->ticks * (int64_t)s->unit_us);
}

bool drv_st_bluest_clock_is_new(struct bluest_state *s, uint32_t mask)
{
	int64_t ahead = s->ticks - s->last_ticks;

	if (s->last_mask == mask && ahead == 0)
		return false;
	if (s->last_mask == mask && ahead > 0 && s->unit_us) {
		double interval_us = (double)ahead * s->unit_us;

		/* A gap is not an interval. */
		if (s->interval_us == 0)
			s->interval_us = interval_us;
		else if (interval_us < 1.8 * s->interval_us)
			s->interval_us += (interval_us - s->interval_us) / 16;
	}
	s->last_mask = mask;
	s->last_ticks = s->ticks;
	return true;
}
