// SPDX-License-Identifier: MIT
#pragma once
/* What of a thigh's movements is one of the body (decision-model.md 7.1). Walking shows where up is in
 * its sensor when the wearer stands: a movement that ends there, or that turns about the leg's own
 * length, is none of the leg alone. Before the first strides, and of a sensor without another on the
 * pelvis, what is left is the way that it took. Pure value, constant time a row.
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
	struct vec3 last,
		arcs; /* up now; sum of the turns until there, which cancel on the same way back */
	double yaw_deg; /* turned about the vertical */
	unsigned rows;
	double quiet_g;   /* quietest second before it, 0: none */
	unsigned still_s; /* so many seconds in a row are as quiet now */
	unsigned lain_s;  /* and were at most */
};

/* The knock, second by second. */
struct gait_quiet {
	double sum_g, least_g; /* least: 0 none yet */
	unsigned knocks, rows;
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
	struct gait_quiet quiet;

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
/* The same where no other sensor shows what the trunk does. */
struct gait_verdict gait_judge_alone(const struct gait *gait);
