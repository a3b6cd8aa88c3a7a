// SPDX-License-Identifier: MIT
#pragma once
/* A leg sensor without a calibration and without a pelvis sensor: elevation and speed from its own
 * motion, relative to where it last lay still, in the plane of the latest excursion. Good enough to
 * count repetitions, not to publish angles. Pure value.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/time/timeline.h"

struct lone_leg {
	bool has_zero, has_axis;
	struct vec3 zero; /* up at rest */
	struct vec3 axis; /* turns positive as the leg leaves the zero */
	struct vec3 sum;  /* over the current rest */
	unsigned still_rows;
	struct vec3 mean_gyr; /* smoothed */
	struct vec3 rest_gyr; /* at the zero: an offset not learnt yet, not movement */
	double peak_deg;      /* of the excursion under way */
	double fastest_deg_s; /* recent maximum, decays over seconds */
	double shake_g;       /* mean high-passed acceleration */
};

void lone_leg_init(struct lone_leg *leg);
/* False while nothing is known yet. */
bool lone_leg_row(struct lone_leg *leg, const struct timeline_cell *cell, double *ret_elevation_deg,
	double *ret_speed_deg_s);
/* Shakes more than the leg of someone who lies or hangs: walking. */
bool lone_leg_is_shaken(const struct lone_leg *leg);
