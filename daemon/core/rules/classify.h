// SPDX-License-Identifier: MIT
#pragma once
/* Classifies a sound or symptom from everything known about it (decision-model.md 7.6, 7.7):
 * RED_FLAG > FORM_FAULT > REVIEW > BENIGN, with a code for what is missing. A pure function of
 * facts; the latch that keeps a red flag is in core/judge.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/terms.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/form-score.h"
#include "daemon/core/rules/kinematic.h"
#include "daemon/core/rules/red-flag.h"

/* Codes that a red flag keeps once given. */
#define CLASSIFY_RED_REASONS                                                                       \
	(CODE_BIT(PAIN_SHARP) | CODE_BIT(PAIN_RADIATING) | CODE_BIT(SLR_RANGE) |                   \
		CODE_BIT(DISCOMFORT_NEW) | CODE_BIT(DISCOMFORT_INCREASING) |                       \
		CODE_BIT(MECH_CATCHING) | CODE_BIT(MECH_LOCKING) | CODE_BIT(MECH_GIVING_WAY) |     \
		CODE_BIT(PAIN_BEFORE_POP) | CODE_BIT(PAIN_AFTER_POP) | CODE_BIT(SYMPTOM_OPEN) |    \
		CODE_BIT(KIN_CATCH_REPEAT) | CODE_BIT(KIN_GIVING_WAY_REPEAT) | KINEMATIC_SIGNS |   \
		BASELINE_TRENDS)

struct classify_facts {
	int origin;             /* ORIGIN_POP, or the code of what it was */
	bool has_sound;         /* false: a symptom by itself */
	bool takes_symptom;     /* a rejected sound that represents a symptom (ruling 12) */
	struct red_verdict red; /* R1 to R4 over all symptoms; without a sound, of the symptom */
	bool is_symptom_open;   /* R5 */
	bool other_region;      /* a symptom elsewhere in the window */
	uint64_t kinematic;     /* KIN_CATCH, KIN_LOCK, KIN_GIVING_WAY */
	bool catch_repeats, surge_repeats; /* R6 over several pops */
	bool any_symptom;                  /* of the session, near the pop: R6 once */
	uint64_t trends;                   /* R7 */
	const struct form_score *form;
	bool is_exercising;
	bool may_exercise;   /* no thigh sensor shows it: a fault is asked about */
	bool is_crepitus;    /* many clicks in one swing: asked about at most */
	bool is_form_recent; /* a form fault in one of the last repetitions */
	bool is_form_persistent;
	bool answered_no_pain;
	uint64_t quality; /* doubts about posture, clock, sensors */
	uint64_t notes;   /* PATTERN_*, CONSISTENT, FIRST_SEEN, ... of a real pop */
};

struct classified {
	enum pop_class class;
	unsigned severity;
	uint64_t reasons; /* CODE_BIT mask */
	bool is_red_by_symptom;
};

void classify(const struct analysis_conf *analysis, const struct classify_facts *facts,
	struct classified *ret);
