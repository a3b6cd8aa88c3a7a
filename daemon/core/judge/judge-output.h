// SPDX-License-Identifier: MIT
#pragma once
/* Cues and haptics for an athlete, and the ids of everything published. Calls no
 * other file of core/judge but kit-state.c.
 */
#include "daemon/core/judge/judge-private.h"

/* Haptic patterns of the wearable profile, 0003 opcode 08. */
#define HAPTIC_FLATTEN 1
#define HAPTIC_REVERSE 2
#define HAPTIC_STOP    3

struct cue_output {
	const struct athlete *athlete;
	unsigned kit; /* or JUDGE_NO_KIT, in all of these */
	struct cue cue;
	bool is_live;
	const char *pop; /* id of the pop it answers, NULL: none */
};

/* The next id, unique within the run. */
void judge_output_id(struct judge *judge, char ret[static ID_SIZE]);
void judge_output_cue(struct judge *judge, int64_t now_us, const struct cue_output *output);
/* Cue and haptic, unless the last STOP was given within cue_hold_s. */
void judge_output_stop(struct judge *judge, struct athlete *athlete, int64_t now_us, unsigned kit,
	const char *pop);
void judge_output_haptic(struct judge *judge, int64_t now_us, unsigned kit, unsigned pattern);
/* What a person did; fills in the athlete and the time. */
void judge_output_act(
	struct judge *judge, const struct athlete *athlete, int64_t now_us, struct act_result *act);
