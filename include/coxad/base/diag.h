// SPDX-License-Identifier: MIT
#pragma once
/* Counts of what was refused, by reason. Pure code counts here instead of logging; the counters are
 * published in gateway stats and wearable status. One for each instance, no locks.
 */
#include <stdint.h>

#include "coxad/base/reason.h"

struct diag {
	uint64_t count[REASON_COUNT];
	enum reason last;
	int64_t last_us; /* host time of the last refusal, 0 before the first */
};

void diag_add(struct diag *diag, enum reason reason, int64_t t_us);
/* Sum over all reasons. */
uint64_t diag_total(const struct diag *diag);
