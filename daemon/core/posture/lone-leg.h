// SPDX-License-Identifier: MIT
#pragma once
/* A leg sensor without calibration and without a pelvis beside it: elevation and speed from its own
 * motion alone, counted from where it last lay still. The plane of the movement is that of the
 * latest excursion. Good for counting repetitions, not for angles that are published. Pure value.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/time/timeline.h"

struct lone_leg {
	bool has_zero, has_axis;
	struct vec3 zero; /* up at rest */
	struct vec3 axis; /* turns positive as the leg leaves the zero */
	struct vec3 sum;  /* of the rest under way */
	unsigned still_rows;
	struct vec3 mean_gyr; /* smoothed */
	struct vec3 rest_gyr; /* at the zero: an offset that is not learnt yet is no movement */
	double peak_deg;      /* of the running excursion */
	double fastest_dps;   /* of late, forgotten over seconds */
	double shake_g;       /* mean high-passed acceleration */
};

void lone_leg_init(struct lone_leg *leg);
/* False where nothing is known yet. In degrees and deg/s. */
bool lone_leg_row(struct lone_leg *leg, const struct timeline_cell *cell, double *ret_elevation_deg,
	double *ret_speed_deg_s);
/* Too much shaking for a leg that is raised by one who lies or hangs: walking. */
bool lone_leg_is_shaken(const struct lone_leg *leg);
