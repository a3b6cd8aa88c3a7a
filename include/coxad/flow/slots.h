// SPDX-License-Identifier: MIT
#pragma once
/* Who may connect now, and through which adapter: a controller bears few links (about seven), makes
 * one at a time, and wastes its whole time on a wearable that is not there. Pure: the caller gives
 * the adapters as they are and the wearables that wait, each as often as adapters hear it. Learns
 * a controller's true limit from its refusals. O(candidates).
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
	int64_t heard_us, waits_since_us;
	unsigned failures;
};

struct slots {
	unsigned capacity; /* of each adapter, as configured */
	struct {
		unsigned limit;   /* learned; 0: none */
		int64_t until_us; /* then it is tried again */
	} learned[SLOTS_ADAPTERS_MAX];
};

void slots_init(struct slots *slots, unsigned capacity);
/* The controller refused a further link beside the in_use that it has. */
void slots_refused(struct slots *slots, int64_t now_us, unsigned adapter, unsigned in_use);
/* The adapter is another one now, or started anew. */
void slots_reset(struct slots *slots, unsigned adapter);
unsigned slots_limit(const struct slots *slots, int64_t now_us, unsigned adapter);
/* Index of the candidate that should connect now, or -1. The strongest first; waiting makes up for a
 * weak signal, a dB for each second; failures count against it, so that a hopeless one holds nobody
 * up. Six parameters: what is, as the caller finds it at this moment, and nobody keeps together. */
int slots_pick(const struct slots *slots, int64_t now_us, int64_t heard_within_us,
	const struct slots_adapter adapters[static SLOTS_ADAPTERS_MAX],
	const struct slots_candidate *candidates, size_t n);
