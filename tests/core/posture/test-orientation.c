// SPDX-License-Identifier: MIT
/* The orientation filter on known turns: bias learnt at rest and in motion, any rate, gaps and
 * saturation survived, and nothing but finite numbers from nonsense.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/orientation.h"

/* A sensor that rocks about a tilted axis, with a constant gyroscope bias. */
struct rocker {
	struct vec3 axis;
	double swing_rad, period_s;
	double bias_rps[3];
};

static struct quat rocker_at(const struct rocker *r, double t_s)
{
	return quat_from_axis_angle(r->axis, r->swing_rad * sin(2 * M_PI * t_s / r->period_s));
}

static struct motion_sample rocker_sample(const struct rocker *r, double t_s)
{
	struct quat q = rocker_at(r, t_s);
	struct vec3 acc = quat_rotate(quat_conj(q), (struct vec3){0, 0, GRAVITY_MPS2});
	double rate = r->swing_rad * 2 * M_PI / r->period_s * cos(2 * M_PI * t_s / r->period_s);

	return (struct motion_sample){.acc_mps2 = {(float)acc.x, (float)acc.y, (float)acc.z},
		.gyr_rps = {(float)(r->axis.x * rate + r->bias_rps[0]),
			(float)(r->axis.y * rate + r->bias_rps[1]),
			(float)(r->axis.z * rate + r->bias_rps[2])}};
}

static double error_deg(const struct rocker *r, double t_s, const struct orientation_output *out)
{
	return DEG_PER_RAD * vec3_angle(out->up, quat_rotate(quat_conj(rocker_at(r, t_s)),
							 (struct vec3){0, 0, 1}));
}

static const struct rocker rocker = {
	.axis = {0.6, 0, 0.8}, .swing_rad = 0.9, .period_s = 4, .bias_rps = {0.012, -0.009, 0.006}};

static void any_rate(void **state)
{
	static const double rate_hz[] = {20, 52, 104, 285.7, 1000};

	for (unsigned i = 0; i < 5; i++) {
		struct orientation o;
		struct orientation_output out;
		double worst = 0, step_s = 1 / rate_hz[i];

		orientation_init(&o);
		for (double t_s = 0; t_s < 60; t_s += step_s) {
			struct motion_sample sample = rocker_sample(&rocker, t_s);

			orientation_update(&o, &sample, step_s, step_s, &out);
			if (t_s > 40)
				worst = fmax(worst, error_deg(&rocker, t_s, &out));
		}
		/* Rate held over a step: what the sampling itself costs at 20 Hz. */
		if (!(worst < (rate_hz[i] < 50 ? 3 : 1)))
			fail_msg("%.2f degrees at %.0f Hz", worst, rate_hz[i]);
	}
}

static void bias_is_learnt_at_rest(void **state)
{
	struct rocker still = rocker;
	struct orientation o;
	struct orientation_output out;

	still.swing_rad = 0;
	orientation_init(&o);
	for (unsigned i = 0; i < 1500; i++) {
		struct motion_sample sample = rocker_sample(&still, i * 0.01);

		orientation_update(&o, &sample, 0.01, 0.01, &out);
	}
	assert_true(out.is_rest);
	for (unsigned i = 0; i < 3; i++)
		assert_true(fabs(o.bias[i] - still.bias_rps[i]) < 0.02 * RAD_PER_DEG);
}

/* The axis goes round while it turns, at the rate of 100 Hz: means of the rate alone lose 10
 * degrees in that time, and gravity gives back a fifth of a degree too little. */
static void a_turning_axis_is_followed(void **state)
{
	const double step_s = 0.01, spin_rps = 6, rate_rps = 5;
	struct quat q = QUAT_IDENTITY;
	struct orientation o;
	struct orientation_output out;
	double worst = 0;

	orientation_init(&o);
	for (unsigned i = 0; i < 6000; i++) {
		struct vec3 sum = {0, 0, 0}, acc;
		struct motion_sample sample = {.flags = 0};

		for (unsigned j = 0; j < 50 && i > 500; j++) {
			double t_s = (i + (j + 0.5) / 50) * step_s;
			struct vec3 rate = {rate_rps * cos(spin_rps * t_s),
				rate_rps * sin(spin_rps * t_s) * sin(0.3 * t_s),
				rate_rps * sin(0.7 * spin_rps * t_s)};

			sum = vec3_add(sum, vec3_scale(rate, 1.0 / 50));
			q = quat_unit(quat_mul(q, quat_from_axis_angle(vec3_unit(rate),
							  vec3_norm(rate) * step_s / 50)));
		}
		acc = quat_rotate(quat_conj(q), (struct vec3){0, 0, GRAVITY_MPS2});
		sample.acc_mps2[0] = (float)acc.x;
		sample.acc_mps2[1] = (float)acc.y;
		sample.acc_mps2[2] = (float)acc.z;
		sample.gyr_rps[0] = (float)sum.x;
		sample.gyr_rps[1] = (float)sum.y;
		sample.gyr_rps[2] = (float)sum.z;
		orientation_update(&o, &sample, step_s, step_s, &out);
		acc = vec3_unit(acc);
		worst = fmax(worst, DEG_PER_RAD * vec3_angle(out.up, acc));
	}
	if (!(worst < 0.05))
		fail_msg("%.3f degrees", worst);
}

/* Beyond the 2 deg/s that the filter takes for a bias. */
static void an_offset_is_learnt_at_rest(void **state)
{
	static const double offset_dps[] = {-2.5, 4, -12};

	for (unsigned i = 0; i < 3; i++) {
		struct rocker moved = rocker, still = rocker;
		struct orientation o;
		struct orientation_output out;
		double worst = 0;

		moved.bias_rps[1] = still.bias_rps[1] = offset_dps[i] * RAD_PER_DEG;
		still.swing_rad = 0;
		orientation_init(&o);
		for (double t_s = 0; t_s < 40; t_s += 0.01) {
			const struct rocker *r = t_s < 8 ? &still : &moved;
			struct motion_sample sample = rocker_sample(r, t_s);

			orientation_update(&o, &sample, 0.01, 0.01, &out);
			if (t_s > 8)
				worst = fmax(worst, error_deg(r, t_s, &out));
			assert_true(t_s < 7.5 || t_s > 8 || out.is_rest);
		}
		if (!(worst < 1))
			fail_msg("%.2f degrees with %.1f deg/s", worst, offset_dps[i]);
	}
}

/* A leg that sinks evenly turns at a constant rate too. */
static void an_even_turn_is_no_offset(void **state)
{
	for (double rate_dps = 2.5; rate_dps < 20; rate_dps += 2.5) {
		struct orientation o;
		struct orientation_output out;

		orientation_init(&o);
		for (double t_s = 0; t_s < 90 / rate_dps; t_s += 0.01) {
			struct quat q = quat_from_axis_angle(
				(struct vec3){0, 1, 0}, rate_dps * t_s * RAD_PER_DEG);
			struct vec3 acc =
				quat_rotate(quat_conj(q), (struct vec3){0, 0, GRAVITY_MPS2});
			struct motion_sample sample = {
				.acc_mps2 = {(float)acc.x, (float)acc.y, (float)acc.z},
				.gyr_rps = {0, (float)(rate_dps * RAD_PER_DEG), 0}};

			orientation_update(&o, &sample, 0.01, 0.01, &out);
		}
		assert_true(vec3_norm(o.offset) < 0.01 * RAD_PER_DEG);
	}
}

static void gaps_and_rate_changes(void **state)
{
	struct orientation o;
	struct orientation_output out;
	double last_s = 0, worst = 0;

	orientation_init(&o);
	for (double t_s = 0; t_s < 60; t_s += t_s < 30 ? 0.01 : 0.02) {
		bool is_short = fmod(t_s, 3)<0.15, is_long = t_s> 45 && t_s < 47;
		struct motion_sample sample = rocker_sample(&rocker, t_s);
		double step_s = t_s < 30 ? 0.01 : 0.02;

		if (t_s > 5 && (is_short || is_long))
			continue;
		orientation_update(&o, &sample, step_s, t_s - last_s, &out);
		last_s = t_s;
		if (t_s > 20 && !out.is_unsettled)
			worst = fmax(worst, error_deg(&rocker, t_s, &out));
		/* Gravity alone is right at once here: nothing accelerates. */
		if (t_s > 47 && t_s < 47.1)
			assert_true(error_deg(&rocker, t_s, &out) < 3);
	}
	assert_true(worst < 3);
}

static void saturation_is_survived(void **state)
{
	struct rocker fast = rocker;
	struct orientation o;
	struct orientation_output out = {0};
	bool was_marked = false;

	fast.swing_rad = 1.5;
	fast.period_s = 2;
	orientation_init(&o);
	for (double t_s = 0; t_s < 30; t_s += 0.01) {
		struct motion_sample sample = rocker_sample(t_s < 16 ? &fast : &rocker, t_s);

		for (unsigned i = 0; i < 3; i++)
			if (fabsf(sample.gyr_rps[i]) > 2.5f) {
				sample.gyr_rps[i] = copysignf(2.5f, sample.gyr_rps[i]);
				sample.flags = SAMPLE_GYR_CLIPPED;
			}
		orientation_update(&o, &sample, 0.01, 0.01, &out);
		was_marked |= out.is_unsettled;
		assert_true(t_s < 25 || error_deg(&rocker, t_s, &out) < 2);
	}
	assert_true(was_marked);
	assert_false(out.is_unsettled);
}

static void nonsense_stays_finite(void **state)
{
	struct orientation o;
	struct orientation_output out;
	unsigned seed = 3;

	orientation_init(&o);
	for (unsigned i = 0; i < 20000; i++) {
		struct motion_sample sample = {.flags = (uint8_t)(i % 4)};

		for (unsigned j = 0; j < 3; j++) {
			seed = seed * 1664525 + 1013904223;
			sample.acc_mps2[j] = i % 7 ? (float)(int)seed * 1e-7f : 0;
			sample.gyr_rps[j] = (float)(int)(seed << 7) * 1e-7f;
		}
		orientation_update(&o, &sample, 0.01, i % 50 ? 0.01 : 5, &out);
		assert_true(isfinite(out.up.x + out.up.y + out.up.z + out.gyr.x + out.gyr.y));
		assert_true(fabs(vec3_norm(out.up) - 1) < 1e-6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_rate),
		cmocka_unit_test(bias_is_learnt_at_rest),
		cmocka_unit_test(a_turning_axis_is_followed),
		cmocka_unit_test(an_offset_is_learnt_at_rest),
		cmocka_unit_test(an_even_turn_is_no_offset),
		cmocka_unit_test(gaps_and_rate_changes),
		cmocka_unit_test(saturation_is_survived),
		cmocka_unit_test(nonsense_stays_finite),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
