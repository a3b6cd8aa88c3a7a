// SPDX-License-Identifier: MIT
#pragma once
/* Learns how a leg's sensor is worn from the leg's own repetitions (decision-model.md 4.2): the axis
 * is that of all turning in them, in the sense in which gravity turned away from the rest before;
 * the zero is the lowest such rest. One that contradicts what was learnt begins anew: the sensor is
 * worn in another way. Pure value, constant time per row and repetition.
 */
#include <stdbool.h>

#include "coxad/base/vec.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/time/timeline.h"

#define AXIS_LEARNER_REPS 3

struct axis_learner_swing {
	bool is_on;
	unsigned number; /* of the repetition */
	double covariance[6];
	struct vec3 zero, top; /* up at the rest before; furthest from there */
	double reach;          /* 1 - cos of that */
};

struct axis_learner {
	struct axis_learner_swing run, done; /* under way; over, may count yet */
	unsigned n;                          /* that count, up to AXIS_LEARNER_REPS */
	bool is_news;                        /* one more counts: whoever looks clears it */
	struct vec3 last_axis;               /* of that one */
	double covariance[6];
	struct calibration_segment segment; /* its zero is the floor */
};

void axis_learner_init(struct axis_learner *learner);
/* A repetition begins; zero is up at the rest before it. */
void axis_learner_begin(struct axis_learner *learner, unsigned number, struct vec3 zero);
void axis_learner_row(struct axis_learner *learner, const struct timeline_cell *cell);
void axis_learner_end(struct axis_learner *learner);
/* The axis of the one that has just ended, once; false where there is none. */
bool axis_learner_take_ended(struct axis_learner *learner, struct vec3 *ret_axis);
/* The repetition counts. */
void axis_learner_count(struct axis_learner *learner, unsigned number);
static inline bool axis_learner_knows(const struct axis_learner *learner)
{
	return learner->n >= AXIS_LEARNER_REPS;
}
