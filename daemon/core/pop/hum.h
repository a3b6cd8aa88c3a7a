// SPDX-License-Identifier: MIT
#pragma once
/* Takes the hum of the mains out of one stream, with all its harmonics: what repeats every tenth of
 * a second, which is five periods of 50 Hz and six of 60. It is learnt slowly, and not from anything
 * that is loud against the rest, so that a pop leaves no echo. Does nothing to a stream without
 * hum; looks for it once a second. Memory is allocated at init.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hum {
	bool is_on;
	size_t period_n, at; /* samples */
	float *wave;         /* a tenth of a second of it; owned */
	double most;         /* that the wave changes by in a tenth of a second */
	double last;         /* the newest sample, hum included, while it is on */

	size_t lag, past_at, n; /* in hops */
	float *past;            /* of the last tenth of a second, a sample a hop; owned */
	double power, change;   /* sums of the second so far */
	unsigned absent_s;
};

void hum_init(struct hum *hum, double rate_hz, size_t hop_n);
void hum_done(struct hum *hum);
void hum_restart(struct hum *hum);
/* Samples that were lost. */
void hum_skip(struct hum *hum, uint64_t n);
/* The sample without hum. */
static inline double hum_step(struct hum *hum, double x);
/* At the end of a hop; x: its last sample, hum included. */
void hum_hop(struct hum *hum, double x);

#define HUM_LEARN_ 0.2 /* of a difference in a tenth of a second */

static inline double hum_step(struct hum *h, double x)
{
	double y, by;

	if (!h->is_on)
		return x;
	h->last = x;
	y = x - (double)h->wave[h->at];
	by = fmax(-h->most, fmin(h->most, HUM_LEARN_ * y));
	h->wave[h->at] += (float)by;
	if (++h->at == h->period_n)
		h->at = 0;
	return y;
}
