// SPDX-License-Identifier: MIT
#pragma once
/* Sets: repetitions without a long pause between them (decision-model.md 7.9, 7.10). */
#include "daemon/core/judge/judge-private.h"

/* A repetition of the running session is over. */
void set_rep(
	struct judge *judge, struct athlete *athlete, int64_t now_us, const struct rep_note *rep);
/* The set is over: its pause has passed or the session ends. */
void set_end(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* The range advice X was given to the athlete. */
void set_advise(struct athlete *athlete, double range_deg);
