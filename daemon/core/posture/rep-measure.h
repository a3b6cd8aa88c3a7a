// SPDX-License-Identifier: MIT
#pragma once
/* A repetition measured on the frames that are kept: what its verdict, its record and the decision
 * whether it counts are made of. Pure value.
 */
#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/posture/repetition.h"
#include "daemon/core/posture/smoothness.h"

/* Half of a repetition, by elevation. */
struct rep_curve_sum {
	float tilt_deg[TILT_CURVE_MAX];
	uint16_t n[TILT_CURVE_MAX];
};

struct rep_measure {
	enum side side;
	bool follows_none;                /* the movement before it did not count, */
	bool follows_stride;              /* but only since it may be a stride */
	const struct repetition_leg *leg; /* borrowed */
	struct rep_curve_sum raising, lowering;
	double leg_low_deg[LEGS];
	double low_deg, high_deg, tilt_sum, asymmetry_deg, loss_deg;
	unsigned tilts;
	int64_t loss_since_us;
	double loss_candidate_deg;
	uint64_t quality;
	size_t n;
	float speed[SMOOTHNESS_MAX]; /* while lowering */
	/* Correlation of the legs' elevations; speed would be masked by tremor. */
	double sx, sy, sxx, syy, sxy;
	unsigned pairs;
};

/* Adds the frames of its time and just before. */
void rep_measure_take(struct rep_measure *measure, const struct repetition_context *context);
/* Of the legs' elevations; NAN: unknown. */
double rep_measure_correlation(const struct rep_measure *measure);
/* The mean tilt at each elevation; NAN where it was not. */
void rep_measure_curve(const struct rep_curve_sum *sum, float ret[static TILT_CURVE_MAX]);
