// SPDX-License-Identifier: MIT
#include "coxad/drivers/sample-count.h"

/* A longer pause says nothing about the rate. */
#define PAUSE_US 2000000

void sample_count_restart(struct sample_count *count)
{
	count->begin_us = 0;
	count->n = 0;
	count->ticks_us = 0;
}

static void find_interval(struct sample_count *count, unsigned n, int64_t arrival_us)
{
	int64_t span_us = arrival_us - count->begin_us;

	if (count->begin_us == 0 || span_us < 0 || span_us > SAMPLE_COUNT_SPAN_US + PAUSE_US) {
		count->begin_us = arrival_us;
		count->n = 0;
		return;
	}
	count->n += n;
	if (span_us >= SAMPLE_COUNT_SPAN_US && count->n > 0)
		count->interval_us = (double)span_us / count->n;
}

bool sample_count_push(
	struct sample_count *count, unsigned n, int64_t arrival_us, uint64_t *ret_tick)
{
	if (count->interval_us <= 0) {
		find_interval(count, n, arrival_us);
		return false;
	}
	*ret_tick = (uint64_t)count->ticks_us;
	count->ticks_us += n * count->interval_us;
	return true;
}
