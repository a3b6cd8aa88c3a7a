// SPDX-License-Identifier: MIT
#include "coxad/base/backoff.h"

int64_t backoff_next_us(struct backoff *backoff, uint32_t random)
{
	int64_t wait_us = backoff->min_us;

	for (unsigned i = 0; i < backoff->failures && wait_us < backoff->max_us; i++)
		wait_us *= 2;
	if (wait_us > backoff->max_us)
		wait_us = backoff->max_us;
	backoff->failures++;
	return wait_us - (int64_t)((double)random / UINT32_MAX * 0.5 * (double)wait_us);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->failures = 0;
}
