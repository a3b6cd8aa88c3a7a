// SPDX-License-Identifier: MIT
#pragma once
/* What to do about a form fault (decision-model.md 7.10): the primary cue follows the largest part
 * of the score, the ladder goes up one step per consecutive faulty repetition. Pure; the ladder is
 * a small value, remembered with the session.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/athlete-memory.h"
#include "coxad/core/result.h"
#include "daemon/core/rules/form-score.h"

enum cue_step {
	CUE_STEP_TILT,
	CUE_STEP_RANGE,
	CUE_STEP_BENT,
	CUE_STEP_SINGLE,
	CUE_STEP_BENT_SINGLE,
	CUE_STEP_END,
	CUE_STEP_COUNT
};

/* A repetition is over. */
void cue_ladder_rep(
	const struct analysis_conf *analysis, struct memory_ladder *ladder, bool is_faulty);
/* Faults persist, counting the running repetition as faulty. */
bool cue_ladder_is_persistent(
	const struct analysis_conf *analysis, const struct memory_ladder *ladder);
/* The step for a fault in the running repetition. */
enum cue_step cue_ladder_step(
	const struct analysis_conf *analysis, const struct memory_ladder *ladder);
/* Range advice X in degrees, from the elevations at which the flat back was lost and pops occurred
 * (NAN: none). NAN if neither is known. */
double cue_range_deg(const struct analysis_conf *analysis, double loss_deg, double pop_deg);
/* Hint for a benign pop that repeats while lowering (7.10): rotate the leg if the pattern is like a
 * tendon's, else a smaller range. Returns the number of cues. */
unsigned cue_for_repeat(const struct analysis_conf *analysis, enum pattern pattern,
	enum placement site, double range_deg, struct cue ret[static POP_CUES_MAX]);
struct cue_facts {
	enum exercise exercise;
	const struct form_score *score;
	enum cue_step step;
	double range_deg; /* NAN: no advice */
};

/* Cues for a form fault, the most important first. Returns the number of cues, at least 1. */
unsigned cue_for_form(const struct analysis_conf *analysis, const struct cue_facts *facts,
	struct cue ret[static POP_CUES_MAX]);
