// SPDX-License-Identifier: MIT
#include "daemon/core/posture/sensor-shift.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/motion-sensor.h"
#include "daemon/core/posture/segment-angles.h"

/* While all else rests a leg rolls outward by 45 degrees, a pelvis tilts and rolls by less (AAOS
 * 1965); more, about another axis than the calibrated one, is a hand that turns the sensor. */
#define TURNED_DEG   75.0
#define TURNED_TAU_S 10.0
/* A thigh that swings so much about other axes only is no longer the thigh that was calibrated. */
#define ACROSS_DEG  240.0
#define ALONG_SHARE 0.2
#define SWING_DPS   20.0
/* A pelvis that turns so much with one thigh, while the other one is quiet, is a leg: it tilts by 20
 * degrees in all (S28), and who rolls over turns it by 90. */
#define LEG_LIKE_DEG 180.0
#define ROW_S        (TIMELINE_STEP_US / (double)US_PER_S)

void sensor_shift_init(struct sensor_shift *shift)
{
	shift->leg_like = 0;
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		shift->cell[i] = (struct sensor_shift_cell){
			.others_rest_us = T_NEVER, .shifted_us = INT64_MIN};
}

static bool rests(const struct timeline_cell *cell)
{
	return cell->has && (cell->flags_all & MOTION_REST);
}

static bool is_segment(const struct calibration_segment *segment)
{
	return segment->has_zero && segment->has_axis;
}

static bool is_supine(const struct analysis_conf *conf, const struct kit_calibration *model,
	const struct timeline_row *row)
{
	const struct calibration_segment *pelvis = &model->segment[PLACEMENT_PELVIS];
	const struct timeline_cell *cell = &row->cell[PLACEMENT_PELVIS];

	return pelvis->has_zero && cell->has &&
	       DEG_PER_RAD * vec3_angle(pelvis->up_supine, cell->up) < conf->supine_limit_deg;
}

/* Its turning that is not about the vertical, rad/s. */
static struct vec3 swing_of(const struct timeline_cell *cell)
{
	return vec3_sub(cell->gyr, vec3_scale(cell->up, vec3_dot(cell->gyr, cell->up)));
}

static bool swings(const struct timeline_cell *cell)
{
	return vec3_norm(swing_of(cell)) > SWING_DPS * RAD_PER_DEG;
}

/* The sensors of the pelvis and of a thigh are exchanged, and both legs are raised. */
static bool is_leg(struct sensor_shift *shift, const struct timeline_row *row)
{
	const struct timeline_cell *pelvis = &row->cell[PLACEMENT_PELVIS];
	const struct timeline_cell *left = &row->cell[PLACEMENT_THIGH_LEFT];
	const struct timeline_cell *right = &row->cell[PLACEMENT_THIGH_RIGHT];

	shift->leg_like -= shift->leg_like * ROW_S / TURNED_TAU_S;
	if (pelvis->has && left->has && right->has && swings(pelvis) &&
		swings(left) != swings(right))
		shift->leg_like += vec3_norm(swing_of(pelvis)) * ROW_S;
	return shift->leg_like > LEG_LIKE_DEG * RAD_PER_DEG;
}

/* Raises of a lying athlete, all about the wrong axis. */
static bool swings_across(struct sensor_shift_cell *own, const struct calibration_segment *segment,
	const struct timeline_cell *cell)
{
	struct vec3 swing = swing_of(cell);
	double along = vec3_dot(swing, segment->axis);
	double across = vec3_norm(vec3_sub(swing, vec3_scale(segment->axis, along)));

	own->along -= own->along * ROW_S / TURNED_TAU_S;
	own->across -= own->across * ROW_S / TURNED_TAU_S;
	if (vec3_norm(swing) > SWING_DPS * RAD_PER_DEG) {
		own->along += fabs(along) * ROW_S;
		own->across += across * ROW_S;
	}
	return own->across > ACROSS_DEG * RAD_PER_DEG && own->along < ALONG_SHARE * own->across;
}

/* All other sensors rest: so far out of its plane, or turned by hand. */
static bool moves_alone(struct sensor_shift_cell *own, const struct analysis_conf *conf,
	const struct calibration_segment *segment, const struct timeline_cell *cell, int64_t t_us)
{
	bool begins = own->others_rest_us == T_NEVER;
	struct vec3 across;
	double lean_deg;

	own->turned = begins ? (struct vec3){0, 0, 0}
			     : vec3_scale(vec3_add(own->turned, vec3_scale(cell->gyr, ROW_S)),
				       1 - ROW_S / TURNED_TAU_S);
	across = vec3_sub(
		own->turned, vec3_scale(segment->axis, vec3_dot(own->turned, segment->axis)));
	if (vec3_norm(across) > TURNED_DEG * RAD_PER_DEG)
		return true;
	if (!begins && !rests(cell))
		return false;
	lean_deg = DEG_PER_RAD * fabs(segment_angles_lean(segment->axis, segment->zero, cell->up));
	if (begins) {
		own->others_rest_us = t_us;
		own->lean_then_deg = lean_deg;
		return false;
	}
	return lean_deg > conf->shift_limit_deg && own->lean_then_deg < conf->shift_limit_deg / 2 &&
	       (double)(t_us - own->others_rest_us) > conf->shift_hold_s * US_PER_S;
}

uint32_t sensor_shift_row(struct sensor_shift *shift, const struct analysis_conf *conf,
	const struct kit_calibration *model, const struct timeline_row *row)
{
	bool lies = is_supine(conf, model, row);
	unsigned others = 0, resting = 0;
	uint32_t shifted = is_leg(shift, row) ? 1u << PLACEMENT_PELVIS : 0;

	for (unsigned i = 0; i < PLACEMENT_ROOM; i++) {
		if (row->cell[i].has && (row->cell[i].flags_any & MOTION_STEPPED))
			shifted |= 1u << i;
		others += row->cell[i].is_online;
		resting += rests(&row->cell[i]);
	}
	for (unsigned i = 0; i < PLACEMENT_ROOM; i++) {
		const struct calibration_segment *segment = &model->segment[i];
		const struct timeline_cell *cell = &row->cell[i];
		struct sensor_shift_cell *own = &shift->cell[i];
		bool all_others = others >= 2 && resting - rests(cell) == others - cell->is_online;
		bool is_thigh = i == PLACEMENT_THIGH_LEFT || i == PLACEMENT_THIGH_RIGHT;

		if (!is_segment(segment) || !cell->has) {
			own->others_rest_us = T_NEVER;
			continue;
		}
		if (is_thigh && lies && swings_across(own, segment, cell))
			shifted |= 1u << i;
		if (!all_others)
			own->others_rest_us = T_NEVER;
		else if (moves_alone(own, conf, segment, cell, row->t_us))
			shifted |= 1u << i;
	}
	for (unsigned i = 0; i < PLACEMENT_ROOM; i++)
		if (shifted >> i & 1)
			shift->cell[i].shifted_us = row->t_us;
	return shifted;
}
