// SPDX-License-Identifier: MIT
#pragma once
/* Inclination of one wearable from gyroscope and accelerometer, heading left free: the 6-axis part
 * of VQF (Laidig & Seel 2023, Information Fusion 91:187) with the parameters published there.
 * Strapdown integration; the acceleration is low-passed in the almost inertial frame that it
 * gives, and a second quaternion turns that so that the mean points up; the gyroscope bias is a
 * three-state Kalman filter, fed by that correction in motion and by the gyroscope itself at rest.
 * Before that, an offset beyond the published limits, as cheap gyroscopes have, is learnt whenever
 * the rate is constant and gravity does not move.
 * Takes any sample rate, also a changing one; after a gap or saturation it relies on gravity again.
 * Pure value, constant time per sample.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/biquad.h"
#include "coxad/base/vec.h"
#include "coxad/core/record.h"

/* Second-order Butterworth low-pass; a running mean until one time constant is over. */
struct orientation_lowpass {
	struct biquad filter;
	double settle_s; /* length of the running mean */
};

/* Signals that start together: their running mean while the weight is below settle_s, then the
 * output of the filter. */
#define ORIENTATION_BANK_MAX 11
struct orientation_bank {
	double weight_s;
	double mean[ORIENTATION_BANK_MAX];
	struct biquad_state state[ORIENTATION_BANK_MAX];
};

struct orientation {
	bool is_started;
	double interval_s;       /* that the coefficients are for */
	struct quat strapdown;   /* sensor to the almost inertial frame */
	struct quat inclination; /* that frame to earth, z up */
	struct vec3 offset;      /* rad/s, subtracted first; may exceed a bias */
	double constant_s;       /* how long the rate has been constant */
	struct vec3 constant_up; /* in the sensor's frame, when that began */
	double bias[3];          /* rad/s */
	double covariance[6];    /* xx xy xz yy yz zz, (0.01 deg/s)^2 */
	struct vec3 last_gyr;    /* of the sample before, without bias */

	struct orientation_lowpass slow; /* acceleration and the bias's rotation */
	struct orientation_bank acc;     /* 3: acceleration in the almost inertial frame */
	struct orientation_bank turn; /* 11: rotation matrix, and its first two rows times bias */
	double motion_noise, vertical_noise, rest_noise, drift; /* W and V for this interval */

	struct orientation_lowpass quick; /* rest detection */
	struct orientation_bank rest;     /* 6: gyroscope, accelerometer */
	double rest_s;
	bool is_rest;
	double unsettled_s; /* how long the inclination may still be off */
	bool is_clipped;    /* from saturation: what the gyroscope missed is not a bias */
};

struct orientation_output {
	struct vec3 up;    /* unit, sensor frame */
	struct vec3 gyr;   /* rad/s, without bias */
	struct vec3 level; /* the acceleration, m/s^2, in the almost inertial frame */
	bool is_rest;
	bool is_unsettled;
	bool is_learning; /* whether a constant rate is an offset */
};

void orientation_init(struct orientation *orientation);
/* gap_s: time from the sample before to this one; interval_s: nominal, > 0. */
void orientation_update(struct orientation *orientation, const struct motion_sample *sample,
	double interval_s, double gap_s, struct orientation_output *ret);
/* The sensor lies differently from what the filter holds: gravity decides at once, the bias stays.
 */
void orientation_settle(struct orientation *orientation);
