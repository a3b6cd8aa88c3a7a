// SPDX-License-Identifier: MIT
#include "daemon/core/posture/leg-motion.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/segment-angles.h"

/* Two periods of the fastest tremor that moves a leg, one of the slowest. */
#define MEAN_ROWS 20
/* Two means apart by less: the leg rests. */
#define REST_DEG 0.6
/* After a rest this long, in means, the next movement may be of any kind. */
#define FORGET_MEANS 50
/* After one this long, this is where it may rest between movements. */
#define FLOOR_MEANS 4
/* The axis of an excursion is known once it is this large. */
#define AXIS_DEG 3.0
/* One in another plane replaces it from here on. */
#define OTHER_PLANE_DEG 5.5
/* For small angles; and of 150 degrees, near which an axis is no longer defined. */
#define ONE_LESS_COS(deg) ((deg)*RAD_PER_DEG * (deg)*RAD_PER_DEG / 2)
#define ONE_LESS_COS_MOST 1.87
/* Smaller excursions, by 1 - cos, are no raises. */
#define RAISE_SHARE 0.1
/* An excursion about an axis less than 60 degrees from the known one is in the same plane. */
#define SAME_PLANE 0.5
/* From hook-lying a thigh goes down by more, and rolls by less (estimate); from less, by most of it. */
#define LAID_DEG   20.0
#define LAID_SHARE 0.75
/* Less than 45 degrees from the assumed axis: gravity alone cannot tell going on up from laying down a
 * sensor that is worn the other way round, and most are worn as they should be. */
#define AS_ASSUMED 0.7071
#define STEP_S     (TIMELINE_STEP_US * 1e-6)

void leg_motion_init(struct leg_motion *leg)
{
	memset(leg, 0, sizeof(*leg));
}

void leg_motion_forget(struct leg_motion *leg)
{
	struct leg_motion before = *leg;

	leg_motion_init(leg);
	leg->is_lowered_next = before.is_lowered_next;
	leg->assumed = before.assumed;
	leg->held = before.held;
	leg->laid = before.laid;
}

void leg_motion_turn_over(struct leg_motion *leg)
{
	leg->peak = leg->raise_peak = 0;
	leg->has_axis = false;
}

void leg_motion_hold_up(struct leg_motion *leg, struct vec3 assumed, double deg)
{
	leg->is_lowered_next = true;
	leg->assumed = assumed;
	leg->held = leg->last_up;
	leg->laid = ONE_LESS_COS(fmin(LAID_DEG, LAID_SHARE * deg));
}

void leg_motion_look_if_laid(struct leg_motion *leg)
{
	if (leg->has_zero && 1 - vec3_dot(leg->zero, leg->held) > leg->laid)
		leg->is_lowered_next = false;
}

static double elevation_deg(const struct leg_motion *leg, struct vec3 up)
{
	double turn = leg->has_axis ? segment_angles_turn(leg->axis, leg->zero, up)
				    : vec3_angle(leg->zero, up);

	return leg->zero_deg + DEG_PER_RAD * turn;
}

/* Only while no repetition is under way, so that the way back ends where the way out began. */
static void take_zero(struct leg_motion *leg, enum leg_freedom freedom)
{
	/* Without an axis an elevation has no sign, and noise would add up. */
	if (leg->has_axis)
		leg->zero_deg = elevation_deg(leg, leg->mean);
	leg->zero = leg->mean;
	if (leg->peak > RAISE_SHARE * leg->raise_peak) {
		leg->raise_axis = leg->axis;
		leg->raise_peak = leg->peak;
	}
	leg->peak = 0;
	leg->is_other_plane = false;
	if (freedom == LEG_FREE && leg->alike >= FORGET_MEANS) {
		leg->floor_deg = leg->zero_deg;
		leg->raise_peak = 0;
		leg->has_axis = false;
	}
	if (freedom == LEG_FREE && leg->alike >= FLOOR_MEANS)
		leg->floor_deg = fmin(leg->floor_deg, leg->zero_deg);
}

static void follow_rest(struct leg_motion *leg, struct vec3 up, enum leg_freedom freedom)
{
	struct vec3 before = leg->mean;

	leg->sum = vec3_add(leg->sum, up);
	if (++leg->summed < MEAN_ROWS)
		return;
	leg->mean = vec3_unit(leg->sum);
	leg->sum = (struct vec3){0, 0, 0};
	leg->summed = 0;
	if (vec3_norm(vec3_sub(leg->mean, before)) > REST_DEG * RAD_PER_DEG) {
		leg->alike = 0;
		return;
	}
	leg->alike++;
	if (freedom != LEG_BUSY)
		take_zero(leg, freedom);
}

/* The axis of the furthest point so far, in the sense in which the leg was raised before: below the
 * zero it is no raise. */
static void follow_axis(struct leg_motion *leg, struct vec3 up, enum leg_freedom freedom)
{
	double away = 1 - vec3_dot(up, leg->zero), same;
	struct vec3 axis;

	if (away <= leg->peak || away < ONE_LESS_COS(AXIS_DEG) || away > ONE_LESS_COS_MOST)
		return;
	axis = vec3_unit(vec3_cross(up, leg->zero));
	/* A rising thigh turns negative. */
	if (leg->is_lowered_next && vec3_dot(axis, leg->assumed) > -AS_ASSUMED)
		axis = vec3_scale(axis, -1);
	same = leg->raise_peak > 0 ? vec3_dot(axis, leg->raise_axis) : 1;
	if (same < -SAME_PLANE)
		axis = vec3_scale(axis, -1);
	if (fabs(same) >= SAME_PLANE)
		leg->is_other_plane = false;
	else if (!leg->is_other_plane &&
		 (freedom == LEG_BUSY || away < ONE_LESS_COS(OTHER_PLANE_DEG)))
		return;
	else
		leg->is_other_plane = true;
	leg->peak = away;
	leg->axis = axis;
	leg->has_axis = true;
}

static double speed_deg_s(const struct leg_motion *leg, struct vec3 up)
{
	struct vec3 turn = vec3_cross(up, leg->last_up);
	struct vec3 axis = leg->has_axis ? leg->axis : vec3_cross(up, leg->zero);
	double along = vec3_dot(axis, up), length = vec3_norm(axis);

	if (length < 1e-6)
		return 0;
	return DEG_PER_RAD * vec3_dot(turn, axis) / length / fmax(1 - along * along, 0.1) / STEP_S;
}

bool leg_motion_row(struct leg_motion *leg, const struct timeline_cell *cell,
	enum leg_freedom freedom, double *ret_elevation_deg, double *ret_speed_deg_s)
{
	if (!cell->has) {
		leg->has_last = false;
		leg->sum = (struct vec3){0, 0, 0};
		leg->summed = leg->alike = 0;
		leg->mean = (struct vec3){0, 0, 0};
		return false;
	}
	if (!leg->has_zero)
		leg->zero = cell->up;
	leg->has_zero = true;
	follow_rest(leg, cell->up, freedom);
	follow_axis(leg, cell->up, freedom);
	*ret_elevation_deg = elevation_deg(leg, cell->up);
	*ret_speed_deg_s = leg->has_last ? speed_deg_s(leg, cell->up) : 0;
	leg->last_up = cell->up;
	leg->has_last = true;
	return true;
}
