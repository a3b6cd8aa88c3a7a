// SPDX-License-Identifier: MIT
#pragma once
/* The way of a packet from the wearable's hands to the gateway's process: it waits for the next
 * connection event, may be sent again one interval later, shares an event with others, and then
 * waits for the host. The order holds (decision-model.md 5 has the figures that this follows).
 */
#include <stdint.h>

#include "gym/random.h"

struct radio {
	int64_t interval_us;
	double anchor_us; /* a connection event */
	double loss;      /* share of packets that need another event */
	double jitter_mean_us, spike_share;
	int64_t last_us; /* arrival of the packet before */
	struct random random;
};

void radio_init(struct radio *radio, int64_t interval_us, double loss, int64_t jitter_mean_us,
	double spike_share, struct random random);
/* A new link at t: other connection events. */
void radio_link(struct radio *radio, int64_t t_us);
/* When a packet that was ready at `ready_us` reaches the gateway. Never before the one before. */
int64_t radio_arrival(struct radio *radio, int64_t ready_us);
/* The first connection event at or after t. */
int64_t radio_event(const struct radio *radio, int64_t t_us);
