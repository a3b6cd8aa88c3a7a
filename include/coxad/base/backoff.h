// SPDX-License-Identifier: MIT
#pragma once
/* Waits between attempts: doubling from a first wait up to a cap, each spread by a quarter either way,
 * so that wearables that lost the same radio do not all return at once. The same seed gives the same
 * waits. Pure values.
 */
#include <stdint.h>

struct backoff {
	uint64_t random; /* never 0 */
	unsigned tries;  /* since the last reset */
};

void backoff_init(struct backoff *backoff, uint64_t seed);
/* The next wait: first_us for the first try, then doubling to cap_us, times 0.75 to 1.25. */
int64_t backoff_next(struct backoff *backoff, int64_t first_us, int64_t cap_us);
void backoff_reset(struct backoff *backoff);
