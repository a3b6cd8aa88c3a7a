// SPDX-License-Identifier: MIT
#pragma once
/* How long a packet takes from the wearable to the gateway's process: it waits for the next
 * connection event, may be repeated one interval later, shares its event with others, and then
 * waits for the host. Packets stay in order. decision-model.md 5 has the figures behind this.
 */
#include <stdint.h>

#include "gym/random.h"

/* How a radio behaves. */
struct radio_options {
	int64_t interval_us;
	double loss; /* share of packets that need another event */
	double jitter_mean_us, spike_share;
};

struct radio {
	struct radio_options options;
	double anchor_us; /* a connection event */
	int64_t last_us;  /* arrival of the last packet */
	struct random random;
};

void radio_init(struct radio *radio, const struct radio_options *options, struct random random);
/* A new link at t, with connection events of its own. */
void radio_link(struct radio *radio, int64_t t_us);
/* When a packet that was ready at ready_us reaches the gateway; never before the previous one. */
int64_t radio_arrival_us(struct radio *radio, int64_t ready_us);
/* The first connection event at or after t. */
int64_t radio_event_us(const struct radio *radio, int64_t t_us);
