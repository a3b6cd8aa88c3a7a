// SPDX-License-Identifier: MIT
#include "gym/radio.h"

#include <math.h>

#define SPIKE_MIN_US 5000
#define SPIKE_MAX_US 40000

void radio_init(struct radio *radio, int64_t interval_us, double loss, int64_t jitter_mean_us,
	double spike_share, struct random random)
{
	*radio = (struct radio){.interval_us = interval_us,
		.loss = loss,
		.jitter_mean_us = (double)jitter_mean_us,
		.spike_share = spike_share,
		.last_us = INT64_MIN,
		.random = random};
}

void radio_link(struct radio *radio, int64_t t_us)
{
	radio->anchor_us =
		(double)t_us + random_between(&radio->random, 0, (double)radio->interval_us);
}

int64_t radio_event(const struct radio *radio, int64_t t_us)
{
	double events = ceil(((double)t_us - radio->anchor_us) / (double)radio->interval_us);

	return llrint(radio->anchor_us + events * (double)radio->interval_us);
}

int64_t radio_arrival(struct radio *radio, int64_t ready_us)
{
	int64_t at = radio_event(radio, ready_us);

	while (random_unit(&radio->random) < radio->loss)
		at += radio->interval_us;
	/* Gamma of shape 2. */
	at += llrint(random_exponential(&radio->random, radio->jitter_mean_us / 2) +
		     random_exponential(&radio->random, radio->jitter_mean_us / 2));
	if (random_unit(&radio->random) < radio->spike_share)
		at += llrint(random_between(&radio->random, SPIKE_MIN_US, SPIKE_MAX_US));
	if (at < radio->last_us)
		at = radio->last_us;
	radio->last_us = at;
	return at;
}
