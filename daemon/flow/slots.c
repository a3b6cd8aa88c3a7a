// SPDX-License-Identifier: MIT
#include "coxad/flow/slots.h"

#include <string.h>

#include "coxad/base/units.h"

#define LEARNED_FOR_US (10 * 60 * (int64_t)US_PER_S)
#define WAIT_BONUS_MAX 120 /* dB: outweighs strength, failures and load together */
#define FAILURE_MALUS  6   /* dB for each failure, */
#define FAILURES_MAX   8   /* up to this many */
#define LOAD_MALUS     3   /* dB for each connection of the adapter, to spread them */

void slots_init(struct slots *slots, unsigned capacity)
{
	*slots = (struct slots){.capacity = capacity};
}

void slots_refused(struct slots *slots, int64_t now_us, unsigned adapter, unsigned in_use)
{
	if (adapter >= SLOTS_ADAPTERS_MAX || !in_use)
		return;
	slots->learned[adapter].limit = in_use;
	slots->learned[adapter].until_us = now_us + LEARNED_FOR_US;
}

void slots_reset(struct slots *slots, unsigned adapter)
{
	if (adapter < SLOTS_ADAPTERS_MAX)
		slots->learned[adapter].limit = 0;
}

unsigned slots_limit(const struct slots *slots, int64_t now_us, unsigned adapter)
{
	unsigned limit = slots->learned[adapter].limit;

	if (limit && now_us < slots->learned[adapter].until_us && limit < slots->capacity)
		return limit;
	return slots->capacity;
}

static int64_t score(int64_t now_us, const struct slots_adapter *adapter,
	const struct slots_candidate *candidate)
{
	int64_t waited = (now_us - candidate->waits_since_us) / US_PER_S;
	unsigned failures = candidate->failures < FAILURES_MAX ? candidate->failures : FAILURES_MAX;

	if (waited > WAIT_BONUS_MAX)
		waited = WAIT_BONUS_MAX;
	return candidate->rssi_dbm + waited - (int64_t)failures * FAILURE_MALUS -
	       (int64_t)adapter->in_use * LOAD_MALUS;
}

int slots_pick(const struct slots *slots, int64_t now_us, int64_t seen_within_us,
	const struct slots_adapter adapters[static SLOTS_ADAPTERS_MAX],
	const struct slots_candidate *candidates, size_t n)
{
	int64_t best_score = 0;
	int best = -1;

	for (size_t i = 0; i < n; i++) {
		const struct slots_candidate *candidate = &candidates[i];
		const struct slots_adapter *adapter;
		int64_t s;

		if (candidate->adapter >= SLOTS_ADAPTERS_MAX)
			continue;
		adapter = &adapters[candidate->adapter];
		if (!adapter->is_usable || adapter->is_connecting ||
			adapter->in_use >= slots_limit(slots, now_us, candidate->adapter) ||
			now_us - candidate->seen_us > seen_within_us)
			continue;
		s = score(now_us, adapter, candidate);
		if (best < 0 || s > best_score) {
			best = (int)i;
			best_score = s;
		}
	}
	return best;
}
