// SPDX-License-Identifier: MIT
#include "daemon/core/posture/axis-learner.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/segment-angles.h"

/* As in the guided leg raises: slower turning is mostly noise. */
#define MOVES_DEG_S 4.0
/* Of raises that nobody guides 0.67 and more is about one axis; between two of them it differs by up
 * to 30 degrees (people of S72). */
#define AXIS_SHARE    0.6
#define SAME_AXIS_DEG 45.0
/* Between two rests a leg rolls by up to 20 degrees (the same). */
#define SAME_ROLL_DEG 35.0
/* What earlier repetitions count for beside the latest. */
#define EARLIER_SHARE 0.8
/* A rest so much lower is nearer to the floor. */
#define LOWER_DEG 1.0

void axis_learner_init(struct axis_learner *l)
{
	memset(l, 0, sizeof(*l));
}

void axis_learner_begin(struct axis_learner *l, unsigned number, struct vec3 zero)
{
	l->run = (struct axis_learner_swing){
		.is_on = true, .number = number, .zero = zero, .top = zero};
}

void axis_learner_row(struct axis_learner *l, const struct timeline_cell *cell)
{
	struct axis_learner_swing *s = &l->run;
	struct vec3 gyr;
	double away;

	if (!s->is_on || !cell->has)
		return;
	/* A turn about the vertical raises nothing. */
	gyr = vec3_sub(cell->gyr, vec3_scale(cell->up, vec3_dot(cell->gyr, cell->up)));
	away = 1 - vec3_dot(cell->up, s->zero);
	if (away > s->reach) {
		s->reach = away;
		s->top = cell->up;
	}
	if (vec3_norm(gyr) < MOVES_DEG_S * RAD_PER_DEG)
		return;
	s->covariance[0] += gyr.x * gyr.x;
	s->covariance[1] += gyr.x * gyr.y;
	s->covariance[2] += gyr.x * gyr.z;
	s->covariance[3] += gyr.y * gyr.y;
	s->covariance[4] += gyr.y * gyr.z;
	s->covariance[5] += gyr.z * gyr.z;
}

void axis_learner_end(struct axis_learner *l)
{
	l->done = l->run;
	l->run.is_on = false;
}

/* A rising thigh turns negative. */
static struct vec3 in_sense_of(struct vec3 axis, const struct axis_learner_swing *s)
{
	return vec3_dot(axis, vec3_cross(s->zero, s->top)) < 0 ? vec3_scale(axis, -1) : axis;
}

bool axis_learner_take_ended(struct axis_learner *l, struct vec3 *ret_axis)
{
	bool has = l->done.is_on &&
		   segment_angles_principal(l->done.covariance, ret_axis) >= AXIS_SHARE;

	l->done.is_on = false;
	if (has)
		*ret_axis = in_sense_of(*ret_axis, &l->done);
	return has;
}

static bool contradicts(const struct axis_learner *l, struct vec3 axis, struct vec3 zero)
{
	const struct calibration_segment *known = &l->segment;

	return vec3_angle(axis, known->axis) > SAME_AXIS_DEG * RAD_PER_DEG ||
	       fabs(segment_angles_lean(known->axis, known->zero, zero)) >
		       SAME_ROLL_DEG * RAD_PER_DEG;
}

static void add(struct axis_learner *l, const struct axis_learner_swing *s)
{
	struct calibration_segment *known = &l->segment;

	for (unsigned i = 0; i < 6; i++)
		l->covariance[i] = EARLIER_SHARE * l->covariance[i] + s->covariance[i];
	segment_angles_principal(l->covariance, &known->axis);
	known->axis = in_sense_of(known->axis, s);
	/* Turning down from the zero is positive. */
	if (l->n == 0 ||
		segment_angles_turn(known->axis, known->zero, s->zero) > LOWER_DEG * RAD_PER_DEG)
		known->zero = s->zero;
	known->up_supine = known->zero;
	known->has_zero = known->has_axis = true;
	if (l->n < AXIS_LEARNER_REPS)
		l->n++;
}

void axis_learner_count(struct axis_learner *l, unsigned number)
{
	const struct axis_learner_swing *s = l->done.number == number ? &l->done : &l->run;
	struct vec3 axis;

	if (s->number != number || segment_angles_principal(s->covariance, &axis) < AXIS_SHARE)
		return;
	axis = in_sense_of(axis, s);
	if (l->n && contradicts(l, axis, s->zero)) {
		l->n = 0;
		memset(l->covariance, 0, sizeof(l->covariance));
	}
	l->last_axis = axis;
	l->is_news = true;
	add(l, s);
}
