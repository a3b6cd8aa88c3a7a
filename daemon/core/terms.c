// SPDX-License-Identifier: MIT
#include "coxad/core/terms.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

TERM_TABLE(PLACEMENT, placement, PLACEMENT_LIST)
TERM_TABLE(EXERCISE, exercise, EXERCISE_LIST)
TERM_TABLE(PHASE, phase, PHASE_LIST)
TERM_TABLE(REP_KIND, rep_kind, REP_KIND_LIST)
TERM_TABLE(SIDE, side, SIDE_LIST)
TERM_TABLE(SYMPTOM, symptom_code, SYMPTOM_LIST)
TERM_TABLE(BODY_SITE, body_site, BODY_SITE_LIST)
TERM_TABLE(POP_CLASS, pop_class, POP_CLASS_LIST)
TERM_TABLE(POP_STATE, pop_state, POP_STATE_LIST)
TERM_TABLE(PATTERN, pattern, PATTERN_LIST)
TERM_TABLE(CUE, cue_code, CUE_LIST)
TERM_TABLE(CALIBRATION_STEP, calibration_step, CALIBRATION_STEP_LIST)
TERM_TABLE(CALIBRATION_STATE, calibration_state, CALIBRATION_STATE_LIST)
TERM_TABLE(CALIBRATION_CODE, calibration_code, CALIBRATION_CODE_LIST)
TERM_TABLE(CALIBRATION_LACK, calibration_lack, CALIBRATION_LACK_LIST)
TERM_TABLE(ALERT_STATE, alert_state, ALERT_STATE_LIST)
TERM_TABLE(DECISION, decision, DECISION_LIST)
TERM_TABLE(WEARABLE_STATE, wearable_state, WEARABLE_STATE_LIST)
TERM_TABLE(WEARABLE_PROBLEM, wearable_problem, WEARABLE_PROBLEM_LIST)

const char *code_to_string(enum code code)
{
	static const char *const text[CODE_COUNT] = {
#define CODE_TEXT_(id) #id,
		CODE_LIST(CODE_TEXT_)};

	return (unsigned)code < CODE_COUNT ? text[code] : "UNKNOWN";
}
