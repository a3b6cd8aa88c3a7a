// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-aside.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-measure.h"
#include "daemon/core/posture/kit-movement.h"
#include "daemon/core/posture/segment-angles.h"

/* The trunk's long axis is so near to the floor's plane, by the sine: 30 degrees. */
#define LYING_SINE 0.5
/* Turning over and sitting up pass through sooner. */
#define HOLD_US 1000000
/* A lone leg that lies on its side has gravity so far out of the plane it was calibrated in. */
#define LEG_LEAN_DEG 55.0

static bool trunk_lies_aside(
	const struct kit_posture *k, const struct calibration_segment *pelvis, struct vec3 up)
{
	struct vec3 head = vec3_cross(pelvis->up_supine, pelvis->axis);

	return fabs(vec3_dot(head, up)) < LYING_SINE &&
	       DEG_PER_RAD * vec3_angle(pelvis->up_supine, up) > k->conf->other_limit_deg;
}

static bool leg_lies_aside(
	const struct kit_posture *k, unsigned side, const struct timeline_row *row)
{
	const struct calibration_segment *pelvis = kit_measure_segment(k, PLACEMENT_PELVIS);
	const struct calibration_segment *segment = kit_measure_segment(k, k->leg[side].thigh);
	const struct timeline_cell *cell = &row->cell[k->leg[side].thigh];

	if (!segment || k->exercise == EXERCISE_HANG)
		return false;
	if (pelvis && row->cell[PLACEMENT_PELVIS].has)
		return trunk_lies_aside(k, pelvis, row->cell[PLACEMENT_PELVIS].up);
	return !kit_posture_has_placement(k, PLACEMENT_PELVIS) && cell->has &&
	       DEG_PER_RAD * fabs(segment_angles_lean(segment->axis, segment->zero, cell->up)) >
		       LEG_LEAN_DEG;
}

static void follow(struct kit_posture *k, unsigned side, const struct timeline_row *row)
{
	struct leg *leg = &k->leg[side];
	bool is_aside = leg_lies_aside(k, side, row);

	if (is_aside == leg->is_aside) {
		leg->turned_us = T_NEVER;
		return;
	}
	if (leg->turned_us == T_NEVER)
		leg->turned_us = row->t_us;
	if (row->t_us - leg->turned_us < HOLD_US)
		return;
	leg->is_aside = is_aside;
	leg->turned_us = T_NEVER;
	/* It has turned over: this is where the trunk is now. */
	k->trunk.has_up = false;
	kit_movement_begin_anew(k, side);
}

void kit_aside_row(struct kit_posture *k, const struct timeline_row *row)
{
	for (unsigned side = 0; side < LEGS; side++)
		if (k->leg[side].is_placed)
			follow(k, side, row);
}
