// SPDX-License-Identifier: MIT
#pragma once
/* Whether a pop differs from the athlete's earlier pops (decision-model.md 7.9): trends since the
 * start of the session, and the baseline of ended sessions. Each criterion has a code; what counts
 * is how many independent ones apply. Pure functions.
 */
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/athlete-memory.h"
#include "daemon/core/rules/pop-note.h"

/* Every code baseline_trends can give. */
#define BASELINE_TRENDS                                                                            \
	(CODE_BIT(TREND_RATE) | CODE_BIT(TREND_LOUDNESS) | CODE_BIT(BASELINE_ANGLE_SHIFT) |        \
		CODE_BIT(BASELINE_LOUDER) | CODE_BIT(BASELINE_NEW_SITE) |                          \
		CODE_BIT(BASELINE_NEW_PHASE))

/* CODE_BIT mask of TREND_* and BASELINE_* for the last of the notes, all of this session. */
uint64_t baseline_trends(const struct analysis_conf *analysis, const struct athlete_memory *memory,
	const struct pop_note *notes, unsigned n);
/* Number of independent criteria in a mask: the two kinds of louder count once. */
unsigned baseline_count(uint64_t trends);
/* Theil-Sen rise of loudness at one site over the notes; NAN: unknown. */
double baseline_loudness_rise(const struct analysis_conf *analysis, const struct pop_note *notes,
	unsigned n, enum placement site, double *ret_p);
/* Learns from a benign pop of the running session, or of one that ended before the pop was final.
 */
void baseline_learn(struct athlete_memory *memory, const struct memory_pop *pop);
void baseline_learn_sparc(struct athlete_memory *memory, double sparc);
/* Records where a repetition of the running session lost the flat back; NAN: nowhere. */
void baseline_note_loss(struct athlete_memory *memory, double loss_deg);
void baseline_end_session(struct athlete_memory *memory);
/* Number of ended sessions; the running one comes next. */
uint32_t baseline_ended(const struct athlete_memory *memory);
/* Median smoothness of the known repetitions; NAN if there are too few. */
double baseline_sparc(const struct analysis_conf *analysis, const struct athlete_memory *memory);
