// SPDX-License-Identifier: MIT
#include "daemon/core/pop/hum.h"

#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"

#define PERIOD_S 0.1
#define LOOKS    10 /* of tenths of a second, for one decision */
/* Of the power: what repeats, where hum begins and where it has ended. */
#define ON_SHARE   0.5
#define OFF_SHARE  0.2
#define ABSENT_MAX 3 /* s; a loud pop hides it for one */

void hum_init(struct hum *h, double rate_hz, size_t hop_n)
{
	*h = (struct hum){.period_n = (size_t)lround(rate_hz * PERIOD_S)};
	h->lag = (size_t)lround(rate_hz * PERIOD_S / (double)hop_n);
	h->wave = alloc_zero(h->period_n, sizeof(*h->wave));
	h->past = alloc_zero(h->lag, sizeof(*h->past));
}

void hum_done(struct hum *h)
{
	free(h->past);
	free(h->wave);
	*h = (struct hum){0};
}

static void forget(struct hum *h)
{
	memset(h->wave, 0, h->period_n * sizeof(*h->wave));
	h->at = 0;
}

void hum_restart(struct hum *h)
{
	forget(h);
	memset(h->past, 0, h->lag * sizeof(*h->past));
	h->is_on = false;
	h->past_at = h->n = 0;
	h->power = h->change = 0;
}

void hum_skip(struct hum *h, uint64_t n)
{
	h->at = (size_t)((h->at + n) % h->period_n);
}

static void decide(struct hum *h)
{
	double share = h->power > 0 ? 1 - h->change / h->power : 0;
	double rest =
		sqrt(h->change / (2.0 * (double)h->n)); /* root mean square of what is no hum */

	h->absent_s = share < OFF_SHARE ? h->absent_s + 1 : 0;
	if (!h->is_on && share >= ON_SHARE) {
		h->is_on = true;
		h->most = rest;
	} else if (h->is_on && h->absent_s >= ABSENT_MAX) {
		h->is_on = false;
		forget(h);
	} else if (h->is_on) {
		h->most = fmin(rest, 2 * h->most);
	}
	h->power = h->change = 0;
	h->n = 0;
}

void hum_hop(struct hum *h, double x)
{
	double was = (double)h->past[h->past_at];

	h->power += x * x + was * was;
	h->change += (x - was) * (x - was);
	h->past[h->past_at] = (float)x;
	if (++h->past_at == h->lag)
		h->past_at = 0;
	if (++h->n == LOOKS * h->lag)
		decide(h);
}
