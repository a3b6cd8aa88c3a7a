// SPDX-License-Identifier: MIT
#pragma once
/* Sets: repetitions without a long pause between them (decision-model.md 7.9, 7.10). */
#include "daemon/core/judge/judge-private.h"

/* A repetition of the running session is over. */
void set_rep(
	struct judge *judge, struct athlete *athlete, int64_t now_us, const struct rep_note *rep);
/* The set is over, by its pause or with its session. */
void set_end(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* The range advice X was given. */
void set_advise(struct athlete *athlete, double range_deg);
