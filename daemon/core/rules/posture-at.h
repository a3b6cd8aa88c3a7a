// SPDX-License-Identifier: MIT
#pragma once
/* The athlete's posture at the instant of a pop, from the kit's last frames: means over a short
 * window, the phase, and what happened around it. Unknown values are NAN. Cost: one pass over at
 * most half a minute of frames.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/posture/kit-posture.h"

struct posture_at {
	bool is_known; /* false: no frame at that instant */
	enum phase phase;
	enum side side; /* moving leg(s) */
	unsigned rep;
	double elevation_deg;     /* mean of the moving legs */
	double elevation_low_deg; /* of the lower one */
	double hip_deg;
	double speed_deg_s;     /* positive while rising */
	double leg_speed_deg_s; /* of the faster leg, without sign */
	bool has_pelvis;        /* its sensor shows the trunk, though perhaps no tilt */
	double tilt_deg, tilt_rate_deg_s, lumbar_deg;
	double asymmetry_deg; /* left against right, both legs moving */
	double roll_deg, yaw_deg;
	double preset_tilt_deg; /* mean before the repetition */
	unsigned thighs;        /* with a known elevation */
	bool is_near_bottom;
	bool has_shifted; /* SENSOR_SHIFT began around it */
	uint64_t quality; /* CODE_BIT mask */
};

/* posture NULL: nothing is known. leg: which one, if each moves by itself; SIDE_UNKNOWN: the moving
 * leg(s). */
void posture_at(const struct kit_posture *posture, const struct analysis_conf *analysis,
	int64_t t_us, enum side leg, struct posture_at *ret);
