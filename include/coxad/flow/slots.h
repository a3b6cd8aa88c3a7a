// SPDX-License-Identifier: MIT
#pragma once
/* Which wearable may connect next, and through which adapter. A controller holds few connections
 * (about seven), makes one at a time, and wastes its time on a wearable that is not there. Pure:
 * the caller describes the adapters and the waiting wearables, one candidate for each adapter that
 * receives it. Learns a controller's real limit from its refusals. O(candidates).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOTS_ADAPTERS_MAX 8

struct slots_adapter {
	bool is_usable;
	bool is_connecting;
	unsigned in_use;
};

struct slots_candidate {
	unsigned wearable, adapter;
	int rssi_dbm; /* -127 unknown */
	int64_t seen_us, waits_since_us;
	unsigned failures;
};

struct slots {
	unsigned capacity; /* of each adapter, as configured */
	struct {
		unsigned limit;   /* 0: none */
		int64_t until_us; /* then the configured capacity is tried again */
	} learned[SLOTS_ADAPTERS_MAX];
};

void slots_init(struct slots *slots, unsigned capacity);
/* The controller refused another connection while it had in_use of them. */
void slots_refused(struct slots *slots, int64_t now_us, unsigned adapter, unsigned in_use);
/* The adapter was replaced or restarted. */
void slots_reset(struct slots *slots, unsigned adapter);
unsigned slots_limit(const struct slots *slots, int64_t now_us, unsigned adapter);
/* Index of the candidate that should connect now, or -1. The strongest first; waiting makes up for
 * a weak signal, a dB for each second; failures count against it, so that a hopeless one holds
 * nobody up. Six parameters: what is, as the caller finds it at this moment, and nobody keeps
 * together. */
int slots_pick(const struct slots *slots, int64_t now_us, int64_t seen_within_us,
	const struct slots_adapter adapters[static SLOTS_ADAPTERS_MAX],
	const struct slots_candidate *candidates, size_t n);
