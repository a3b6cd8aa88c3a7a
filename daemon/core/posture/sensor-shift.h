// SPDX-License-Identifier: MIT
#pragma once
/* Detects that a sensor has moved on the body (decision-model.md, ruling 6): gravity stepped
 * without a turn of the gyroscope, or left the plane of the segment while all other sensors of the
 * kit were at rest; or it moves as another segment does. Pure value, constant time per row.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/posture/kit-posture.h"
#include "coxad/core/time/timeline.h"

struct sensor_shift_cell {
	int64_t others_rest_us; /* since when the others rest; T_NEVER: they do not */
	struct vec3 turned;     /* since then, rad */
	double along, across;   /* turning of late about the axis, and about others; rad */
	double lean_then_deg;   /* out of the plane at that instant */
	int64_t shifted_us;     /* the last one; INT64_MIN: none */
};

struct sensor_shift {
	struct sensor_shift_cell cell[PLACEMENT_COUNT];
	double leg_like; /* turning of the pelvis of late with one thigh alone, rad */
};

void sensor_shift_init(struct sensor_shift *shift);
/* Mask of the placements that shifted in this row. */
uint32_t sensor_shift_row(struct sensor_shift *shift, const struct analysis_conf *conf,
	const struct kit_calibration *model, const struct timeline_row *row);
