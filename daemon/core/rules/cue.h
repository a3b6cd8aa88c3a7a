// SPDX-License-Identifier: MIT
#pragma once
/* What to do about a form fault (decision-model.md 7.10): the primary cue by the largest
 * contributor, and the ladder, one step for each consecutive faulty repetition. Pure; the ladder is
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
/* Faults persist, the running repetition being a faulty one. */
bool cue_ladder_is_persistent(
	const struct analysis_conf *analysis, const struct memory_ladder *ladder);
/* The step for a fault in the running repetition. */
enum cue_step cue_ladder_step(
	const struct analysis_conf *analysis, const struct memory_ladder *ladder);
/* The range advice X in degrees from the elevations at which the flat back was lost and at which
 * pops came (NAN: none). NAN where neither is known. */
double cue_range_deg(const struct analysis_conf *analysis, double loss_deg, double pop_deg);
/* The hint for a benign pop that repeats while lowering (7.10): another rotation of the leg where it
 * comes like a tendon's, else a smaller range. Returns how many. */
unsigned cue_for_repeat(const struct analysis_conf *analysis, enum pattern pattern,
	enum placement site, double range_deg, struct cue ret[static POP_CUES_MAX]);
struct cue_facts {
	enum exercise exercise;
	const struct form_score *score;
	enum cue_step step;
	double range_deg; /* NAN: no advice */
};

/* Cues for a form fault, the one to give first. Returns how many, at least 1. */
unsigned cue_for_form(const struct analysis_conf *analysis, const struct cue_facts *facts,
	struct cue ret[static POP_CUES_MAX]);
