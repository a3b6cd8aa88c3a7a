// SPDX-License-Identifier: MIT
#include "coxad/base/diag.h"

void diag_add(struct diag *diag, enum reason reason, int64_t t_us)
{
	diag->count[reason]++;
	diag->last = reason;
	diag->last_us = t_us;
}

uint64_t diag_total(const struct diag *diag)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < REASON_COUNT; i++)
		sum += diag->count[i];
	return sum;
}
