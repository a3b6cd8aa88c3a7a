// SPDX-License-Identifier: MIT
#include "gym/radio.h"

#include <math.h>

#define SPIKE_MIN_US 5000
#define SPIKE_MAX_US 40000

void radio_init(struct radio *radio, const struct radio_options *options, struct random random)
{
	*radio = (struct radio){.options = *options, .last_us = INT64_MIN, .random = random};
}

void radio_link(struct radio *radio, int64_t t_us)
{
	radio->anchor_us = (double)t_us +
			   random_between(&radio->random, 0, (double)radio->options.interval_us);
}

int64_t radio_event_us(const struct radio *radio, int64_t t_us)
{
	double events =
		ceil(((double)t_us - radio->anchor_us) / (double)radio->options.interval_us);

	return llrint(radio->anchor_us + events * (double)radio->options.interval_us);
}

int64_t radio_arrival_us(struct radio *radio, int64_t ready_us)
{
	int64_t at = radio_event_us(radio, ready_us);

	while (random_unit(&radio->random) < radio->options.loss)
		at += radio->options.interval_us;
	/* Gamma of shape 2. */
	at += llrint(random_exponential(&radio->random, radio->options.jitter_mean_us / 2) +
		     random_exponential(&radio->random, radio->options.jitter_mean_us / 2));
	if (random_unit(&radio->random) < radio->options.spike_share)
		at += llrint(random_between(&radio->random, SPIKE_MIN_US, SPIKE_MAX_US));
	if (at < radio->last_us)
		at = radio->last_us;
	radio->last_us = at;
	return at;
}
