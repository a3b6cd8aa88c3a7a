// SPDX-License-Identifier: MIT
#pragma once
/* How long to wait before the next try: doubles from min to max, and up to a half is taken off at
 * random, so that many clients of one server do not come back in step. Pure value.
 */
#include <stdint.h>

struct backoff {
	int64_t min_us, max_us;
	unsigned failures; /* in a row */
};

/* One more failure; returns the wait. random: any 32 random bits. */
int64_t backoff_next_us(struct backoff *backoff, uint32_t random);
void backoff_reset(struct backoff *backoff);
