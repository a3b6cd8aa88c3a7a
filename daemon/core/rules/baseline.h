// SPDX-License-Identifier: MIT
#pragma once
/* Is a pop unlike what this athlete's pops were (decision-model.md 7.9)? Trends within the session
 * against its beginning, and the baseline of ended sessions. Each criterion is a code; how many of
 * them are independent decides. Pure functions.
 */
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/athlete-memory.h"
#include "daemon/core/rules/pop-note.h"

/* What baseline_trends may say. */
#define BASELINE_TRENDS                                                                            \
	(CODE_BIT(TREND_RATE) | CODE_BIT(TREND_LOUDNESS) | CODE_BIT(BASELINE_ANGLE_SHIFT) |        \
		CODE_BIT(BASELINE_LOUDER) | CODE_BIT(BASELINE_NEW_SITE) |                          \
		CODE_BIT(BASELINE_NEW_PHASE))

/* CODE_BIT mask of TREND_* and BASELINE_* for the last of the notes, all of this session. */
uint64_t baseline_trends(const struct analysis_conf *analysis, const struct athlete_memory *memory,
	const struct pop_note *notes, unsigned n);
/* How many independent criteria a mask holds: both kinds of louder count once. */
unsigned baseline_count(uint64_t trends);
/* The Theil-Sen rise of loudness at one site over the notes, NAN where not known. */
double baseline_loudness_rise(const struct analysis_conf *analysis, const struct pop_note *notes,
	unsigned n, enum placement site, double *ret_p);
/* Learns a benign pop of the running session, or of one that ended before it was final; ends a
 * session. */
void baseline_learn(struct athlete_memory *memory, const struct memory_pop *pop);
void baseline_learn_sparc(struct athlete_memory *memory, double sparc);
/* Where a repetition of the running session lost the flat back; NAN: it did not. */
void baseline_note_loss(struct athlete_memory *memory, double loss_deg);
void baseline_end_session(struct athlete_memory *memory);
/* All sessions that ended; the running one is the next. */
uint32_t baseline_ended(const struct athlete_memory *memory);
/* Median of the known repetitions' smoothness, NAN below the needed number. */
double baseline_sparc(const struct analysis_conf *analysis, const struct athlete_memory *memory);
