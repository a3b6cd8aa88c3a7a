// SPDX-License-Identifier: MIT
#pragma once
/* Holds an accelerometer and a gyroscope against each other. Of a working sensor the gyroscope
 * explains how gravity turns, and gravity is 9.8 m/s^2. Compares means over half a second in which
 * it hardly moves, so that neither movement nor a knock is taken for a defect; counts those that
 * contradict each other. A sensor that has just slipped contradicts itself once, a defective one at
 * each turn. Pure value, a few additions per sample.
 */
#include <stdbool.h>

#include "coxad/base/vec.h"
#include "coxad/core/record.h"

/* How long a sensor may have been defective when the first contradiction shows. */
#define GRAVITY_CHECK_S 2.5

struct gravity_block {
	struct vec3 acc, level; /* mean, m/s^2: in the sensor's frame, in the gyroscope's */
	struct quat strapdown;  /* at its end */
	double acc_spread, level_spread; /* mean square about these means, (m/s^2)^2 */
	double age_s;                    /* since its end */
};

struct gravity_check {
	/* Of the block being gathered. */
	unsigned n;
	double gathered_s;
	struct vec3 acc, level;
	double acc_square, rate_square;
	uint8_t flags;
	bool is_doubtful; /* the filter is learning an offset */

	bool has_last;
	struct gravity_block last; /* the last in which it hardly moved */
	double turns_wrong;        /* turns on which the two disagree, fewer as time passes */
	double lengths_wrong;      /* blocks in which gravity is too long or short */
	unsigned turns_right, lengths_right; /* since the last wrong one */
	double wrong_s;                      /* since the first of those that count */
	bool is_defective, by_turns;
};

struct gravity_sample {
	struct vec3 acc;      /* m/s^2, sensor's frame */
	struct vec3 level;    /* the same, in the gyroscope's inertial frame */
	double rate_square;   /* (rad/s)^2 */
	double gap_s, step_s; /* since the sample before; nominal */
	uint8_t flags;        /* enum sample_flag */
	bool is_doubtful;
};

void gravity_check_init(struct gravity_check *check);
/* strapdown: from the sensor's frame to the gyroscope's. */
void gravity_check_push(struct gravity_check *check, const struct gravity_sample *sample,
	const struct quat *strapdown);
/* Without a gyroscope only the length of gravity can be held against it. */
void gravity_check_push_bare(struct gravity_check *check, const struct gravity_sample *sample);
