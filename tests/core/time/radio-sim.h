// SPDX-License-Identifier: MIT
#pragma once
/* A wearable's clock and its radio, for the tests of clock-sync: packets are built at the device's
 * pace, leave at the next connection event, may be sent again, and are stamped after the host's
 * own delay. The figures of decision-model.md 5: gamma delay of mean 2 ms, spikes of 5 to 40 ms.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/generator.h"

struct radio_sim {
	uint64_t random;
	double skew_ppm;    /* positive: the device's clock runs fast */
	double offset_us;   /* of the device's clock at host time 0 */
	double interval_us; /* connection interval; 0: none, sent at once */
	double event_us;    /* host time of the first connection event */
	double loss;        /* sent again one interval later */
	double spikes;      /* share of packets with a spike of the host */
	double host_us;     /* mean of the host's gamma delay, shape 2 */
	double sample_us;   /* device time between samples */
	double next_us;     /* device time of the next packet's last sample */
	double last_arrival_us;
	unsigned packet;
	const unsigned *sizes; /* samples in a packet, in turn */
	unsigned n_sizes;
};

struct radio_packet {
	double true_us;   /* host time when it was built */
	double device_us; /* the device's clock then, not wrapped */
	double arrival_us;
};

static inline double radio_random(struct radio_sim *sim)
{
	return generator_unit(generator_xorshift(&sim->random));
}

static inline double radio_device_of(const struct radio_sim *sim, double host_us)
{
	return sim->offset_us + host_us * (1 + sim->skew_ppm * 1e-6);
}

static inline double radio_host_of(const struct radio_sim *sim, double device_us)
{
	return (device_us - sim->offset_us) / (1 + sim->skew_ppm * 1e-6);
}

static inline struct radio_packet radio_next(struct radio_sim *sim)
{
	struct radio_packet p;
	double event;

	sim->next_us += sim->sample_us * sim->sizes[sim->packet++ % sim->n_sizes];
	p.device_us = sim->next_us;
	p.true_us = radio_host_of(sim, p.device_us);
	event = p.true_us;
	if (sim->interval_us > 0) {
		event = sim->event_us +
			ceil((p.true_us - sim->event_us) / sim->interval_us) * sim->interval_us;
		while (radio_random(sim) < sim->loss)
			event += sim->interval_us;
	}
	event -= sim->host_us / 2 * (log(1 - radio_random(sim)) + log(1 - radio_random(sim)));
	if (radio_random(sim) < sim->spikes)
		event += 5000 + 35000 * radio_random(sim);
	/* One link delivers in order. */
	p.arrival_us = fmax(event, sim->last_arrival_us);
	sim->last_arrival_us = p.arrival_us;
	return p;
}
