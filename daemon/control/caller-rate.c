// SPDX-License-Identifier: MIT
#include "daemon/control/caller-rate.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"

/* Twenty a second for long: a screen that asks for everything again each second needs a few. */
static const struct rate_limit limit = {.interval_us = 50000, .burst = 200};

static struct caller_rate_one *find(struct caller_rate *rate, const char *name)
{
	struct caller_rate_one *oldest = &rate->caller[0];

	for (size_t i = 0; i < ARRAY_LEN(rate->caller); i++) {
		struct caller_rate_one *one = &rate->caller[i];

		if (strcmp(one->name, name) == 0)
			return one;
		if (one->rate.last_us < oldest->rate.last_us)
			oldest = one;
	}
	*oldest = (struct caller_rate_one){0};
	snprintf(oldest->name, sizeof(oldest->name), "%s", name);
	return oldest;
}

bool caller_rate_take(struct caller_rate *rate, const char *name, int64_t now_us)
{
	return rate_take(&find(rate, name)->rate, &limit, now_us);
}

void caller_rate_charge(struct caller_rate *rate, const char *name, int64_t now_us, size_t bytes)
{
	struct caller_rate_one *one = find(rate, name);

	for (size_t n = bytes / CALLER_RATE_BYTES; n > 0; n--)
		if (!rate_take(&one->rate, &limit, now_us))
			return;
}
