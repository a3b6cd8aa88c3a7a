// SPDX-License-Identifier: MIT
#pragma once
/* Tells the many clicks of a joint that creaks from a pop (decision-model.md 7.4), and counts them
 * for the summary. They are apart from the rate, the loudness and the baseline of pops, so that
 * the sound alone is asked about at most (A6).
 */
#include "daemon/core/judge/judge-private.h"

/* pop: its origin is known. */
bool pop_crepitus_is(const struct judge *judge, const struct athlete *a, const struct pop *pop);
/* Brings the session's count to what the pop is now. */
void pop_crepitus_count(struct session_tally *tally, struct pop *pop);
