// SPDX-License-Identifier: MIT
#include "daemon/core/posture/lone-leg.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/segment-angles.h"

/* Still: the rate is constant and gravity does not move. */
#define STILL_DEG_S  4.0
#define STILL_UP_DEG 1.5
#define MEAN_TAU_S   0.15
#define OFFSET_DEG_S 20.0
/* This many still rows make a new zero near the last one. Elsewhere it takes longer, because a leg
 * may be held up. */
#define ZERO_ROWS      50
#define ELSEWHERE_ROWS 600
#define NEAR_DEG       10.0
/* After a rest this long the next excursion may be in another plane. */
#define FREE_ROWS 200
/* The plane is known once the excursion is this large. */
#define AXIS_DEG    6.0
#define SHAKE_TAU_S 2.0
/* Estimate: walking thighs shake several times as much, raised legs less than half. */
#define SHAKE_LIMIT_G 0.08
/* Estimate: a leg raised in 0.6 s stays below; running reaches 400 and more. */
#define FAST_LIMIT_DEG_S 300.0

void lone_leg_init(struct lone_leg *leg)
{
	memset(leg, 0, sizeof(*leg));
}

static void follow_rest(struct lone_leg *leg, const struct timeline_cell *cell)
{
	bool is_near, is_still;

	leg->mean_gyr = vec3_add(leg->mean_gyr, vec3_scale(vec3_sub(cell->gyr, leg->mean_gyr),
							TIMELINE_STEP_US * 1e-6 / MEAN_TAU_S));
	is_still = vec3_norm(vec3_sub(cell->gyr, leg->mean_gyr)) < STILL_DEG_S * RAD_PER_DEG &&
		   vec3_norm(leg->mean_gyr) < OFFSET_DEG_S * RAD_PER_DEG &&
		   (leg->still_rows == 0 ||
			   vec3_angle(leg->sum, cell->up) < STILL_UP_DEG * RAD_PER_DEG);
	if (!is_still) {
		leg->still_rows = 0;
		leg->sum = (struct vec3){0, 0, 0};
		return;
	}
	leg->sum = vec3_add(leg->sum, cell->up);
	leg->still_rows++;
	is_near = leg->has_zero && vec3_angle(leg->zero, cell->up) < NEAR_DEG * RAD_PER_DEG;
	if (leg->still_rows < (is_near || !leg->has_zero ? ZERO_ROWS : ELSEWHERE_ROWS))
		return;
	leg->zero = vec3_unit(leg->sum);
	leg->rest_gyr = leg->mean_gyr;
	leg->has_axis &= is_near && leg->still_rows < FREE_ROWS;
	leg->has_zero = true;
	leg->peak_deg = 0;
}

bool lone_leg_row(struct lone_leg *leg, const struct timeline_cell *cell, double *ret_elevation_deg,
	double *ret_speed_deg_s)
{
	double away_deg, k = TIMELINE_STEP_US * 1e-6 / SHAKE_TAU_S;
	struct vec3 rate;

	if (!cell->has)
		return false;
	leg->shake_g += k * (cell->knock_g - leg->shake_g);
	leg->fastest_deg_s = fmax(leg->fastest_deg_s * (1 - k), DEG_PER_RAD * vec3_norm(cell->gyr));
	follow_rest(leg, cell);
	if (!leg->has_zero)
		return false;
	rate = vec3_sub(cell->gyr, leg->rest_gyr);
	away_deg = DEG_PER_RAD * vec3_angle(leg->zero, cell->up);
	if (away_deg > AXIS_DEG && away_deg > leg->peak_deg && away_deg < 150) {
		struct vec3 axis = vec3_unit(vec3_cross(cell->up, leg->zero));

		/* An excursion below the rest pose is not a raise and keeps the plane. */
		if (!leg->has_axis || vec3_dot(axis, leg->axis) > 0) {
			leg->axis = axis;
			leg->has_axis = true;
			leg->peak_deg = away_deg;
		}
	}
	if (!leg->has_axis) {
		*ret_elevation_deg = away_deg;
		*ret_speed_deg_s = DEG_PER_RAD * vec3_norm(rate);
		return true;
	}
	*ret_elevation_deg = DEG_PER_RAD * segment_angles_turn(leg->axis, leg->zero, cell->up);
	*ret_speed_deg_s = DEG_PER_RAD * vec3_dot(leg->axis, rate);
	return true;
}

bool lone_leg_is_shaken(const struct lone_leg *leg)
{
	return leg->shake_g > SHAKE_LIMIT_G || leg->fastest_deg_s > FAST_LIMIT_DEG_S;
}
