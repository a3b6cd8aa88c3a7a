// SPDX-License-Identifier: MIT
#pragma once
/* Chance in the virtual controller: one stream per controller, so that a seed always gives the same
 * run.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/generator.h"

/* 0 if limit is. */
static inline int64_t hci_random_below(uint64_t *state, int64_t limit)
{
	return limit > 0 ? (int64_t)(generator_xorshift(state) >> 16) % limit : 0;
}

static inline bool hci_random_chance(uint64_t *state, double share)
{
	return share > 0 && generator_unit(generator_xorshift(state)) < share;
}
