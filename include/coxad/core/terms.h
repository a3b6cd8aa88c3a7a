// SPDX-License-Identifier: MIT
#pragma once
/* The enumerations that core, configuration and messages share. Each list makes an enum x and a
 * table of its names, with x_to_string() and x_from_string(): the only functions not named after
 * the file. The names are those in messages and in the configuration.
 */

#include <stdbool.h>

/* X(id, text) */
#define PLACEMENT_LIST(X)                                                                          \
	X(PELVIS, "pelvis")                                                                        \
	X(LUMBAR, "lumbar")                                                                        \
	X(THIGH_LEFT, "thigh-left")                                                                \
	X(THIGH_RIGHT, "thigh-right")                                                              \
	X(HIP_LEFT, "hip-left")                                                                    \
	X(HIP_RIGHT, "hip-right")                                                                  \
	X(LOW_BACK, "low-back")                                                                    \
	X(ROOM, "room")
#define EXERCISE_LIST(X)                                                                           \
	X(NONE, "none")                                                                            \
	X(SUPINE_STRAIGHT, "supine-straight")                                                      \
	X(SUPINE_BENT, "supine-bent")                                                              \
	X(SINGLE, "single")                                                                        \
	X(HANG, "hang")                                                                            \
	X(FLUTTER, "flutter")                                                                      \
	X(GENERIC_CORE, "generic-core")
/* decision-model.md 7.1 */
#define PHASE_LIST(X)                                                                              \
	X(OFFLINE, "offline")                                                                      \
	X(UNCAL, "uncal")                                                                          \
	X(OTHER, "other")                                                                          \
	X(REST, "rest")                                                                            \
	X(READY, "ready")                                                                          \
	X(RAISE, "raise")                                                                          \
	X(TOP, "top")                                                                              \
	X(LOWER, "lower")                                                                          \
	X(BOTTOM, "bottom")
/* decision-model.md 7.1 */
#define REP_KIND_LIST(X)                                                                           \
	X(LOW_AMPLITUDE, "low_amplitude")                                                          \
	X(FAST, "fast")
#define SIDE_LIST(X)                                                                               \
	X(UNKNOWN, "unknown")                                                                      \
	X(LEFT, "left")                                                                            \
	X(RIGHT, "right")                                                                          \
	X(BOTH, "both")
#define SYMPTOM_LIST(X)                                                                            \
	X(UNKNOWN, "unknown")                                                                      \
	X(DISCOMFORT, "discomfort")                                                                \
	X(SHARP, "sharp")                                                                          \
	X(SHOOTING, "shooting")                                                                    \
	X(STINGING, "stinging")                                                                    \
	X(RADIATING, "radiating")                                                                  \
	X(NUMB, "numb")                                                                            \
	X(CATCHING, "catching")                                                                    \
	X(LOCKING, "locking")                                                                      \
	X(GIVING_WAY, "giving_way")                                                                \
	X(NONE, "none")                                                                            \
	X(CALL_TRAINER, "call_trainer")
#define BODY_SITE_LIST(X)                                                                          \
	X(UNKNOWN, "unknown")                                                                      \
	X(LOW_BACK, "low_back")                                                                    \
	X(HIP, "hip")                                                                              \
	X(GROIN, "groin")                                                                          \
	X(BUTTOCK, "buttock")                                                                      \
	X(THIGH, "thigh")                                                                          \
	X(LEG, "leg")                                                                              \
	X(OTHER, "other")
#define POP_CLASS_LIST(X)                                                                          \
	X(BENIGN, "benign")                                                                        \
	X(FORM_FAULT, "form_fault")                                                                \
	X(RED_FLAG, "red_flag")                                                                    \
	X(REVIEW, "review")                                                                        \
	X(NOT_A_POP, "not_a_pop")                                                                  \
	X(SYMPTOM_ONLY, "symptom_only")
#define POP_STATE_LIST(X)                                                                          \
	X(PROVISIONAL, "provisional")                                                              \
	X(FINAL, "final")                                                                          \
	X(REVISED, "revised")
#define PATTERN_LIST(X)                                                                            \
	X(UNSPECIFIED, "UNSPECIFIED")                                                              \
	X(TENDON_SNAP_LIKE, "TENDON_SNAP_LIKE")                                                    \
	X(CAVITATION_LIKE, "CAVITATION_LIKE")                                                      \
	X(CREPITUS, "CREPITUS")
/* decision-model.md 7.10 */
#define CUE_LIST(X)                                                                                \
	X(NONE, "NONE")                                                                            \
	X(POSTERIOR_TILT, "POSTERIOR_TILT")                                                        \
	X(BRACE, "BRACE")                                                                          \
	X(REDUCE_RANGE, "REDUCE_RANGE")                                                            \
	X(SLOW_LOWERING, "SLOW_LOWERING")                                                          \
	X(BENT_KNEE, "BENT_KNEE")                                                                  \
	X(SINGLE_LEG, "SINGLE_LEG")                                                                \
	X(BENT_SINGLE, "BENT_SINGLE")                                                              \
	X(END_EXERCISE, "END_EXERCISE")                                                            \
	X(END_SET, "END_SET")                                                                      \
	X(LEG_ROTATION, "LEG_ROTATION")                                                            \
	X(REVERSE, "REVERSE")                                                                      \
	X(STOP, "STOP")                                                                            \
	X(ASK_SYMPTOM, "ASK_SYMPTOM")                                                              \
	X(FIX_SENSOR, "FIX_SENSOR")                                                                \
	X(RECALIBRATE, "RECALIBRATE")
#define CALIBRATION_STEP_LIST(X)                                                                   \
	X(NEUTRAL, "neutral")                                                                      \
	X(FLAT_BACK, "flat-back")                                                                  \
	X(PELVIC_TILTS, "pelvic-tilts")                                                            \
	X(LEG_RAISE_LEFT, "leg-raise-left")                                                        \
	X(LEG_RAISE_RIGHT, "leg-raise-right")                                                      \
	X(CLAP, "clap")
#define CALIBRATION_STATE_LIST(X)                                                                  \
	X(RUNNING, "running")                                                                      \
	X(ACCEPTED, "accepted")                                                                    \
	X(REJECTED, "rejected")
/* What a calibration's guidance says, for programs that word it themselves. */
#define CALIBRATION_CODE_LIST(X)                                                                   \
	X(NONE, "none")                                                                            \
	/* running: what to do, and how far it has come */                                         \
	X(LIE_RELAXED, "lie_relaxed")                                                              \
	X(PRESS_LOW_BACK, "press_low_back")                                                        \
	X(TILT_PELVIS, "tilt_pelvis")                                                              \
	X(RAISE_LEFT_LEG, "raise_left_leg")                                                        \
	X(RAISE_RIGHT_LEG, "raise_right_leg")                                                      \
	X(CLAP_HANDS, "clap_hands")                                                                \
	X(HOLD_STILL, "hold_still")                                                                \
	X(TILTS_SO_FAR, "tilts_so_far")                                                            \
	X(RAISES_SO_FAR, "raises_so_far")                                                          \
	X(WRONG_LEG, "wrong_leg") /* or rejected */                                                \
	/* rejected: what was wrong */                                                             \
	X(NO_SENSOR, "no_sensor")                                                                  \
	X(FLAT_BACK_FIRST, "flat_back_first")                                                      \
	X(NO_DATA, "no_data")                                                                      \
	X(NOT_STILL, "not_still")                                                                  \
	X(TILTS_MISSING, "tilts_missing")                                                          \
	X(RAISES_MISSING, "raises_missing")                                                        \
	X(CLAPS_MISSING, "claps_missing")                                                          \
	X(TILTS_OFF_AXIS, "tilts_off_axis")                                                        \
	X(RAISES_OFF_AXIS, "raises_off_axis")                                                      \
	X(PELVIS_MOUNTING, "pelvis_mounting")                                                      \
	X(THIGH_MOUNTING, "thigh_mounting")                                                        \
	X(NOT_RELAXED, "not_relaxed")                                                              \
	X(NEXT_STEP_BEGAN, "next_step_began")                                                      \
	/* accepted, with a remark */                                                              \
	X(DEFAULT_SPAN, "default_span")                                                            \
	X(LEG_RAISE_NEEDED, "leg_raise_needed")                                                    \
	X(RAISE_TO_CONFIRM, "raise_to_confirm")                                                    \
	/* afterwards: it no longer holds */                                                       \
	X(SESSION_ENDED, "session_ended")                                                          \
	X(SENSOR_SHIFTED, "sensor_shifted")                                                        \
	X(LEG_OFF_ZERO, "leg_off_zero")                                                            \
	X(NOT_WORN_AS_BEFORE, "not_worn_as_before")                                                \
	X(SENSOR_CHANGED, "sensor_changed")
/* What a calibration lacks; a set of them is a mask of 1 << CALIBRATION_LACK. */
#define CALIBRATION_LACK_LIST(X)                                                                   \
	X(ZERO, "zero")                   /* the flat back */                                      \
	X(PELVIS_AXIS, "pelvis_axis")     /* how the pelvis sensor is worn */                      \
	X(LEFT_LEG_AXIS, "left_leg_axis") /* how that leg's sensor is worn */                      \
	X(RIGHT_LEG_AXIS, "right_leg_axis")                                                        \
	X(FIRST_RAISE, "first_raise") /* worn as last time, if a raise shows it */
#define ALERT_STATE_LIST(X)                                                                        \
	X(RAISED, "raised")                                                                        \
	X(UPDATED, "updated")                                                                      \
	X(ACKNOWLEDGED, "acknowledged")                                                            \
	X(CLEARED, "cleared")
/* What a person does about a verdict; named as the commands. */
#define DECISION_LIST(X)                                                                           \
	X(ACKNOWLEDGE, "acknowledge")                                                              \
	X(OVERRIDE, "override")                                                                    \
	X(CLEAR_SYMPTOMS, "clear-symptoms")
/* What a person did, as the logbook keeps it. */
#define ACT_LIST(X)                                                                                \
	X(ACKNOWLEDGE, "acknowledge")                                                              \
	X(OVERRIDE, "override")                                                                    \
	X(CLEAR_SYMPTOMS, "clear-symptoms")                                                        \
	X(SESSION_START, "session-start")                                                          \
	X(SESSION_END, "session-end")                                                              \
	X(SYMPTOM, "symptom")
/* What a wearable is not used for, or in part. */
#define WEARABLE_PROBLEM_LIST(X)                                                                   \
	X(NONE, "none")                                                                            \
	X(SENSOR_STUCK, "sensor_stuck")         /* it says the very same again and again */        \
	X(SENSOR_DEFECTIVE, "sensor_defective") /* its two chips contradict each other */          \
	X(BOND_LOST, "bond_lost")               /* it no longer has its half of the bond */        \
	X(NEEDS_PAIRING, "needs_pairing")       /* it wants encryption, and coxad must not pair */ \
	X(SERVICE_MISSING, "service_missing")   /* it lacks what its driver needs */

#define WEARABLE_STATE_LIST(X)                                                                     \
	X(ABSENT, "absent")                                                                        \
	X(CONNECTING, "connecting")                                                                \
	X(STREAMING, "streaming")                                                                  \
	X(SILENT, "silent")                                                                        \
	X(QUARANTINED, "quarantined")

/* decision-model.md 7.11: class reasons, quality marks, and the eight reject codes of 7.3. A set of
 * them is a uint64_t mask of CODE_BIT(); messages list the names in the order of this list. */
#define CODE_LIST(X)                                                                               \
	X(PAIN_SHARP)                                                                              \
	X(PAIN_RADIATING)                                                                          \
	X(SLR_RANGE)                                                                               \
	X(DISCOMFORT_NEW)                                                                          \
	X(DISCOMFORT_INCREASING)                                                                   \
	X(MECH_CATCHING)                                                                           \
	X(MECH_LOCKING)                                                                            \
	X(MECH_GIVING_WAY)                                                                         \
	X(PAIN_BEFORE_POP)                                                                         \
	X(PAIN_AFTER_POP)                                                                          \
	X(SYMPTOM_OPEN)                                                                            \
	X(SYMPTOM_OTHER_REGION)                                                                    \
	X(KIN_CATCH)                                                                               \
	X(KIN_LOCK)                                                                                \
	X(KIN_CATCH_REPEAT)                                                                        \
	X(KIN_GIVING_WAY)                                                                          \
	X(KIN_GIVING_WAY_REPEAT)                                                                   \
	X(TREND_RATE)                                                                              \
	X(TREND_LOUDNESS)                                                                          \
	X(BASELINE_ANGLE_SHIFT)                                                                    \
	X(BASELINE_LOUDER)                                                                         \
	X(BASELINE_NEW_SITE)                                                                       \
	X(BASELINE_NEW_PHASE)                                                                      \
	X(ANTERIOR_TILT)                                                                           \
	X(ARCHING_NOW)                                                                             \
	X(RANGE_BEYOND_CONTROL)                                                                    \
	X(LOWERING_TOO_FAST)                                                                       \
	X(NOT_SMOOTH)                                                                              \
	X(ASYMMETRY)                                                                               \
	X(NO_PRESET_TILT)                                                                          \
	X(FORM_PERSISTENT)                                                                         \
	X(CONSISTENT)                                                                              \
	X(FIRST_SEEN)                                                                              \
	X(NOT_EXERCISING)                                                                          \
	X(EARLY_REVERSAL)                                                                          \
	X(PATTERN_TENDON_SNAP_LIKE)                                                                \
	X(PATTERN_CAVITATION_LIKE)                                                                 \
	X(PATTERN_UNSPECIFIED)                                                                     \
	X(PATTERN_CREPITUS)                                                                        \
	X(PELVIS_SENSOR_MISSING)                                                                   \
	X(THIGH_SENSOR_MISSING)                                                                    \
	X(LUMBAR_PROXY_USED)                                                                       \
	X(UNCALIBRATED)                                                                            \
	X(SENSOR_SHIFT)                                                                            \
	X(SENSOR_LOOSE)                                                                            \
	X(CLOCK_UNSYNC)                                                                            \
	X(CLOCK_STEP)                                                                              \
	X(LATE_DATA)                                                                               \
	X(NO_AMBIENT_MIC)                                                                          \
	X(SITE_AMBIGUOUS)                                                                          \
	X(ATHLETE_AMBIGUOUS)                                                                       \
	X(SYMPTOM_CHANNEL_DOWN)                                                                    \
	X(ENVIRONMENT_IMPACT)                                                                      \
	X(FOOT_CONTACT)                                                                            \
	X(SENSOR_TAP)                                                                              \
	X(SPEECH_MUSIC)                                                                            \
	X(AIRBORNE)                                                                                \
	X(FRICTION_RUB)                                                                            \
	X(LOW_EVIDENCE)                                                                            \
	X(FATIGUE)                                                                                 \
	X(RANGE_CLIPPED)                                                                           \
	X(SENSOR_FAULTY)

#define TERM_ENUM(NAME, name, LIST)                                                                \
	enum name { LIST(NAME##_ENUM_) NAME##_COUNT };                                             \
	const char *name##_to_string(enum name value);                                             \
	/* -EINVAL if the text is none of them; *ret is unchanged then. */                         \
	int name##_from_string(const char *text, enum name *ret)

/* The definitions behind a TERM_ENUM, for one .c that includes errno.h and string.h. */
#define TERM_TEXT_(id, text) text,
#define TERM_TABLE(NAME, name, LIST)                                                               \
	static const char *const name##_text[NAME##_COUNT] = {LIST(TERM_TEXT_)};                   \
	const char *name##_to_string(enum name value)                                              \
	{                                                                                          \
		return (unsigned)value < NAME##_COUNT ? name##_text[value] : "unknown";            \
	}                                                                                          \
	int name##_from_string(const char *text, enum name *ret)                                   \
	{                                                                                          \
		for (unsigned i = 0; i < NAME##_COUNT; i++)                                        \
			if (strcmp(text, name##_text[i]) == 0) {                                   \
				*ret = (enum name)i;                                               \
				return 0;                                                          \
			}                                                                          \
		return -EINVAL;                                                                    \
	}

#define PLACEMENT_ENUM_(id, text) PLACEMENT_##id,
TERM_ENUM(PLACEMENT, placement, PLACEMENT_LIST);
/* Contact microphones on the skin near joints. */
static inline bool placement_is_pad(enum placement placement)
{
	return placement == PLACEMENT_HIP_LEFT || placement == PLACEMENT_HIP_RIGHT ||
	       placement == PLACEMENT_LOW_BACK;
}
#define EXERCISE_ENUM_(id, text) EXERCISE_##id,
TERM_ENUM(EXERCISE, exercise, EXERCISE_LIST);
#define PHASE_ENUM_(id, text) PHASE_##id,
TERM_ENUM(PHASE, phase, PHASE_LIST);
#define REP_KIND_ENUM_(id, text) REP_KIND_##id,
TERM_ENUM(REP_KIND, rep_kind, REP_KIND_LIST);
#define REP_KIND_BIT(kind)   (1u << (kind))
#define SIDE_ENUM_(id, text) SIDE_##id,
TERM_ENUM(SIDE, side, SIDE_LIST);
#define SYMPTOM_ENUM_(id, text) SYMPTOM_##id,
TERM_ENUM(SYMPTOM, symptom_code, SYMPTOM_LIST);
#define BODY_SITE_ENUM_(id, text) BODY_SITE_##id,
TERM_ENUM(BODY_SITE, body_site, BODY_SITE_LIST);
#define POP_CLASS_ENUM_(id, text) POP_CLASS_##id,
TERM_ENUM(POP_CLASS, pop_class, POP_CLASS_LIST);
#define POP_STATE_ENUM_(id, text) POP_STATE_##id,
TERM_ENUM(POP_STATE, pop_state, POP_STATE_LIST);
#define PATTERN_ENUM_(id, text) PATTERN_##id,
TERM_ENUM(PATTERN, pattern, PATTERN_LIST);
#define CUE_ENUM_(id, text) CUE_##id,
TERM_ENUM(CUE, cue_code, CUE_LIST);
#define CALIBRATION_STEP_ENUM_(id, text) CALIBRATION_STEP_##id,
TERM_ENUM(CALIBRATION_STEP, calibration_step, CALIBRATION_STEP_LIST);
#define CALIBRATION_STATE_ENUM_(id, text) CALIBRATION_STATE_##id,
TERM_ENUM(CALIBRATION_STATE, calibration_state, CALIBRATION_STATE_LIST);
#define CALIBRATION_CODE_ENUM_(id, text) CALIBRATION_CODE_##id,
TERM_ENUM(CALIBRATION_CODE, calibration_code, CALIBRATION_CODE_LIST);
#define CALIBRATION_LACK_ENUM_(id, text) CALIBRATION_LACK_##id,
TERM_ENUM(CALIBRATION_LACK, calibration_lack, CALIBRATION_LACK_LIST);
#define ALERT_STATE_ENUM_(id, text) ALERT_STATE_##id,
TERM_ENUM(ALERT_STATE, alert_state, ALERT_STATE_LIST);
#define DECISION_ENUM_(id, text) DECISION_##id,
TERM_ENUM(DECISION, decision, DECISION_LIST);
#define ACT_ENUM_(id, text) ACT_##id,
TERM_ENUM(ACT, act, ACT_LIST);
#define WEARABLE_STATE_ENUM_(id, text) WEARABLE_STATE_##id,
TERM_ENUM(WEARABLE_STATE, wearable_state, WEARABLE_STATE_LIST);
#define WEARABLE_PROBLEM_ENUM_(id, text) WEARABLE_PROBLEM_##id,
TERM_ENUM(WEARABLE_PROBLEM, wearable_problem, WEARABLE_PROBLEM_LIST);
/* Whether the host keeps a bond with it. */
enum wearable_bond { WEARABLE_BOND_UNKNOWN, WEARABLE_BOND_NONE, WEARABLE_BOND_KEPT };

enum code {
#define CODE_ENUM_(id) CODE_##id,
	CODE_LIST(CODE_ENUM_)
#undef CODE_ENUM_
		CODE_COUNT
};
_Static_assert(CODE_COUNT <= 64, "a set of codes is a 64-bit mask");
#define CODE_BIT(id) (UINT64_C(1) << CODE_##id)
const char *code_to_string(enum code code);
