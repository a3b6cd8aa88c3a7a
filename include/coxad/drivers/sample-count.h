// SPDX-License-Identifier: MIT
#pragma once
/* For wearables without a clock: the count of their samples, as microseconds at the rate that the
 * first seconds of arrivals show. clock-sync makes the rest of it (DRIVER_CLOCK_COUNT). Embedded
 * value, a few operations a packet.
 */
#include <stdbool.h>
#include <stdint.h>

#define SAMPLE_COUNT_SPAN_US 3000000 /* arrivals of 3 s tell the rate to some percent */

struct sample_count {
	int64_t begin_us;   /* arrival of the first packet of the search, 0 none */
	unsigned n;         /* samples since then, those of that packet left out */
	double interval_us; /* 0: not known yet */
	double ticks_us;    /* of the next sample */
};

/* At a new link. Keeps a rate that is known. */
void sample_count_restart(struct sample_count *count);
/* n more samples came. True where they have a tick: *ret_tick is the first one's. */
bool sample_count_push(
	struct sample_count *count, unsigned n, int64_t arrival_us, uint64_t *ret_tick);
