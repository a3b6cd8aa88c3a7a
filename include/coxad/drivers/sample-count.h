// SPDX-License-Identifier: MIT
#pragma once
/* For wearables without a clock: the count of their samples, in microseconds at the rate that the
 * first seconds of arrivals show. clock-sync does the rest (DRIVER_CLOCK_COUNT). Embedded value, a
 * few operations for each packet.
 */
#include <stdbool.h>
#include <stdint.h>

#define SAMPLE_COUNT_SPAN_US 3000000 /* 3 s of arrivals give the rate within a few percent */

struct sample_count {
	int64_t begin_us;   /* arrival of the first packet of the search, 0 none */
	unsigned n;         /* samples since then, without those of that packet */
	double interval_us; /* 0: not known yet */
	double ticks_us;    /* of the next sample */
};

/* At a new link. Keeps the rate if it is known. */
void sample_count_restart(struct sample_count *count);
/* n more samples came. True if they have a tick: *ret_tick is that of the first. */
bool sample_count_push(
	struct sample_count *count, unsigned n, int64_t arrival_us, uint64_t *ret_tick);
