// SPDX-License-Identifier: MIT
#include "coxad/base/backoff.h"
#include "coxad/base/generator.h"

void backoff_init(struct backoff *backoff, uint64_t seed)
{
	*backoff = (struct backoff){.random = (seed ^ UINT64_C(0x9e3779b97f4a7c15)) | 1};
	generator_xorshift(&backoff->random); /* the first value after a small seed is poor */
}

int64_t backoff_next(struct backoff *backoff, int64_t first_us, int64_t cap_us)
{
	int64_t wait = first_us;

	for (unsigned i = 0; i < backoff->tries && wait < cap_us; i++)
		wait *= 2;
	if (wait > cap_us)
		wait = cap_us;
	if (backoff->tries < 62)
		backoff->tries++;
	return wait - wait / 4 +
	       (int64_t)(generator_xorshift(&backoff->random) % (uint64_t)(wait / 2 + 1));
}

void backoff_reset(struct backoff *backoff)
{
	backoff->tries = 0;
}
