// SPDX-License-Identifier: MIT
#include "daemon/core/posture/sensor-shift.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/motion-sensor.h"
#include "daemon/core/posture/segment-angles.h"

void sensor_shift_init(struct sensor_shift *shift)
{
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		shift->cell[i] = (struct sensor_shift_cell){T_NEVER, 0, INT64_MIN};
}

static bool rests(const struct timeline_cell *cell)
{
	return cell->has && (cell->flags_all & MOTION_REST);
}

static bool is_segment(const struct calibration_segment *segment)
{
	return segment->has_zero && segment->has_axis;
}

uint32_t sensor_shift_row(struct sensor_shift *shift, const struct analysis_conf *conf,
	const struct kit_calibration *model, const struct timeline_row *row)
{
	unsigned others = 0, resting = 0;
	uint32_t shifted = 0;

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
		double lean_deg;

		if (!all_others || !is_segment(segment) || !cell->has) {
			own->others_rest_us = T_NEVER;
			continue;
		}
		if (own->others_rest_us != T_NEVER && !rests(cell))
			continue;
		lean_deg = DEG_PER_RAD *
			   fabs(segment_angles_lean(segment->axis, segment->zero, cell->up));
		if (own->others_rest_us == T_NEVER) {
			own->others_rest_us = row->t_us;
			own->lean_then_deg = lean_deg;
		} else if (lean_deg > conf->shift_limit_deg &&
			   own->lean_then_deg < conf->shift_limit_deg / 2 &&
			   (double)(row->t_us - own->others_rest_us) >
				   conf->shift_hold_s * US_PER_S) {
			shifted |= 1u << i;
		}
	}
	for (unsigned i = 0; i < PLACEMENT_ROOM; i++)
		if (shifted >> i & 1)
			shift->cell[i].shifted_us = row->t_us;
	return shifted;
}
