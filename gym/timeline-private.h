// SPDX-License-Identifier: MIT
#pragma once
/* One athlete's place in the script while it is played, for timeline.c (what happens, and when) and
 * timeline-move.c (how a body does it) alone.
 */
#include "gym/random.h"
#include "gym/timeline.h"

enum pose { POSE_LYING, POSE_HOOK, POSE_UPRIGHT };

struct player {
	struct timeline *timeline;
	const struct script *script;
	size_t athlete; /* index of the body; the last is the room's */
	struct body *body;
	double now_s;
	enum pose pose;
	double elevation_deg; /* of the resting legs */
	double tilt_deg;
	bool is_bent;    /* the exercise starts hook-lying */
	bool is_single;  /* one leg at a time */
	bool is_hanging; /* it starts hanging from a bar: upright, legs down */
	const char *kit;
	struct random random; /* for what people never do twice the same */
	double last_sound_s, last_symptom_s;
	size_t first_rep; /* of the latest set */
	size_t last_sound, last_symptom;
};
