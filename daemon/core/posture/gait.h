// SPDX-License-Identifier: MIT
#pragma once
/* Where up is in a thigh's sensor when its wearer stands, learnt from walking, and what follows from
 * it: a movement that ends there, or that turns about the leg's own length, is one of the body
 * (decision-model.md 7.1). Knows nothing before the first strides. Pure value, constant time a row.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/time/timeline.h"

/* From one turning point to the next. */
struct gait_swing {
	struct vec3 from, far; /* up where it began, and furthest from there */
	double away;           /* 1 - cos between them */
	unsigned rows, far_rows;
};

/* What a leg did from rest to rest. */
struct gait_way {
	struct vec3 start, top; /* up where it rested, and furthest from there */
	double reach;           /* 1 - cos between them */
	int64_t held_us;        /* at the top */
};

/* Why it was none of the leg alone, with the angle that tells so; NULL: it may be a raise. */
struct gait_verdict {
	const char *why;
	double is_deg, limit_deg;
};

struct gait {
	bool has_swing, has_upright;
	struct gait_swing swing;
	/* Half strides one after the other: of the last one the axis, of all the sums. */
	unsigned swings;
	struct vec3 axis, sum;
	double knock_g;
	unsigned knocks;

	struct vec3 upright;
	struct gait_way run, done; /* under way; over */
	unsigned refused;          /* in a row */
};

void gait_init(struct gait *gait);
void gait_row(struct gait *gait, const struct timeline_cell *cell);
/* A movement begins; start is up where the leg rested. */
void gait_begin(struct gait *gait, struct vec3 start);
void gait_end(struct gait *gait, int64_t held_us);
/* Of the last one that is over, by what is known now. */
struct gait_verdict gait_judge(const struct gait *gait);
