// SPDX-License-Identifier: MIT
#pragma once
/* How often something may happen: a token bucket for each source, so that one that floods uses up its own
 * share and nobody else's. Time is the caller's, on any clock that does not go back; a step back is no
 * time. Pure values.
 */
#include <stdbool.h>
#include <stdint.h>

struct rate_limit {
	int64_t interval_us; /* in the long run one in this time */
	unsigned burst;      /* at once, after a quiet time of burst times the interval */
};

/* Full when zero. */
struct rate {
	bool is_begun;
	int64_t last_us; /* the latest instant seen */
	int64_t full_us; /* when it will be full again */
};

/* False if it comes too soon; that costs nothing. */
bool rate_take(struct rate *rate, const struct rate_limit *limit, int64_t t_us);
