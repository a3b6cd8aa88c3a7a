// SPDX-License-Identifier: MIT
#pragma once
/* What timeline.c (what happens, and when) and timeline-move.c (how a body does it) share: one
 * athlete's place in the script.
 */
#include "gym/timeline.h"

enum pose { POSE_LYING, POSE_HOOK, POSE_UPRIGHT };

struct player {
	struct timeline *timeline;
	const struct script *script;
	size_t athlete; /* index of the body; the room's is the last */
	struct body *body;
	double now_s;
	enum pose pose;
	double elevation_deg; /* where the legs rest */
	double tilt_deg;
	bool is_bent;    /* the exercise begins hook-lying */
	bool is_hanging; /* from a bar: upright, legs down */
	const char *kit;
	double last_sound_s, last_symptom_s;
	size_t first_rep; /* of the last set */
	size_t last_sound, last_symptom;
};

/* One more, zeroed, at the end of an array. */
void *timeline_grow(void *array, size_t *n, size_t size);
/* Takes the payload. */
void timeline_send(struct player *p, double t_s, const char *verb, char *payload);
void timeline_add_sound(struct player *p, double t_s, const struct script_item *item, size_t rep);

/* Each leaves the athlete's clock where the movement ends. */
void timeline_pose(struct player *p, enum pose pose, double seconds);
void timeline_tilt(struct player *p, double tilt_deg, double seconds);
void timeline_walk(struct player *p, double seconds);
void timeline_calibrate(struct player *p, const struct script_item *item);
void timeline_set(struct player *p, const struct script_item *item);
void timeline_flutter(struct player *p, const struct script_item *item);
