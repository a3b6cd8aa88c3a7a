// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/units.h"
#include "gym/sensor.h"

static void assert_near(double a, double b, double within)
{
	if (!(fabs(a - b) <= within))
		fail_msg("%g is not %g within %g", a, b, within);
}

/* All joints move at once, with a heading, a roll, and a catch in one move. */
static struct body *busy_body(void)
{
	struct body *body = body_new(37, 0.12, 4.2, 1);
	struct body_move leg = {.start_s = 1, .duration_s = 2, .to = 75};

	leg.warp[0] = (struct body_warp){0.9, 0.05, 0.12, 0.15, 0.1};
	leg.n_warps = 1;
	body_start(body, BODY_TILT, 8.7);
	body_add(body, BODY_ELEVATION_LEFT, leg);
	body_add(body, BODY_TILT, (struct body_move){.start_s = 1, .duration_s = 2, .to = -3});
	body_add(
		body, BODY_ROLL, (struct body_move){.start_s = 1, .duration_s = 2, .bulge_deg = 8});
	body_add(body, BODY_TRUNK, (struct body_move){.start_s = 3.5, .duration_s = 2, .to = 90});
	body_add(body, BODY_ELEVATION_RIGHT,
		(struct body_move){.shape = BODY_SHAPE_SWING,
			.start_s = 1,
			.duration_s = 5,
			.to = 25,
			.hz = 0.9});
	return body;
}

static struct sensor sensor_on(const struct body *body, enum placement placement, struct quat mount)
{
	return (struct sensor){.body = body,
		.segment = body_segment_of(placement),
		.mount = mount,
		.lever_m = sensor_lever(placement),
		.acc_range_mps2 = 8 * GRAVITY_MPS2,
		.gyr_range_rps = 1000 * RAD_PER_DEG};
}

static void the_gyroscope_integrates_to_the_orientation(void **state)
{
	static const enum placement placement[] = {
		PLACEMENT_PELVIS, PLACEMENT_LUMBAR, PLACEMENT_THIGH_LEFT, PLACEMENT_THIGH_RIGHT};
	struct quat mount = quat_from_axis_angle(vec3_unit((struct vec3){1, -2, 0.5}), 1.1);
	struct body *body = busy_body();
	const double step_s = 0.001;

	for (unsigned i = 0; i < 4; i++) {
		struct sensor sensor = sensor_on(body, placement[i], mount);
		struct quat q = quat_mul(body_orientation(body, sensor.segment, 0), mount), end;
		struct quat off;

		for (double t = 0; t < 6; t += step_s) {
			double v[6], angle;
			struct vec3 w;

			sensor_ideal(&sensor, t + step_s / 2, v);
			w = (struct vec3){v[3], v[4], v[5]};
			angle = vec3_norm(w) * step_s;
			q = quat_mul(q, quat_from_axis_angle(vec3_unit(w), angle));
		}
		end = quat_mul(body_orientation(body, sensor.segment, 6), mount);
		off = quat_mul(quat_conj(q), end);
		assert_near(2 * asin(fmin(1, vec3_norm((struct vec3){off.x, off.y, off.z}))), 0,
			0.02 * RAD_PER_DEG);
	}
	body_free(body);
}

static void at_rest_the_accelerometer_measures_one_g_upwards(void **state)
{
	struct body *body = body_new(200, 0, 1, 1);
	struct sensor sensor = sensor_on(body, PLACEMENT_THIGH_LEFT, QUAT_IDENTITY);
	double v[6];

	body_start(body, BODY_ELEVATION_LEFT, 30);
	sensor_ideal(&sensor, 5, v);
	assert_near(v[0], -GRAVITY_MPS2 * sin(30 * RAD_PER_DEG), 1e-6);
	assert_near(v[1], 0, 1e-6);
	assert_near(v[2], GRAVITY_MPS2 * cos(30 * RAD_PER_DEG), 1e-6);
	for (unsigned i = 3; i < 6; i++)
		assert_near(v[i], 0, 1e-9);
	body_free(body);
}

/* An accelerometer away from the pivot measures w x (w x r) + dw/dt x r + g. */
static void a_lever_adds_the_acceleration_of_a_rigid_body(void **state)
{
	struct body *body = busy_body();
	struct sensor sensor = sensor_on(body, PLACEMENT_THIGH_LEFT, QUAT_IDENTITY);

	for (double t = 1.05; t < 3; t += 0.17) {
		struct vec3 w = body_rate(body, sensor.segment, t);
		struct vec3 dw = vec3_scale(vec3_sub(body_rate(body, sensor.segment, t + 1e-3),
						    body_rate(body, sensor.segment, t - 1e-3)),
			500);
		struct quat q = body_orientation(body, sensor.segment, t);
		struct vec3 want = vec3_add(vec3_cross(w, vec3_cross(w, sensor.lever_m)),
			vec3_cross(dw, sensor.lever_m));
		double v[6];

		want = vec3_add(want, quat_rotate(quat_conj(q), (struct vec3){0, 0, GRAVITY_MPS2}));
		sensor_ideal(&sensor, t, v);
		assert_near(v[0], want.x, 0.15);
		assert_near(v[1], want.y, 0.15);
		assert_near(v[2], want.z, 0.15);
	}
	body_free(body);
}

static void a_raised_leg_turns_about_plus_y(void **state)
{
	struct body *body = body_new(0, 0, 1, 1);

	body_add(body, BODY_ELEVATION_LEFT,
		(struct body_move){.start_s = 0, .duration_s = 2, .to = 75});
	assert_true(body_rate(body, BODY_SEGMENT_THIGH_LEFT, 1).y > 1);
	assert_near(body_speed(body, BODY_ELEVATION_LEFT, 1), 75 * 1.875 / 2, 0.01);
	body_free(body);
}

static void a_catch_holds_the_leg_and_lets_it_go(void **state)
{
	struct body *body = body_new(0, 0, 1, 1);
	struct body_move move = {.duration_s = 4, .to = 75};
	double end, at;

	move.warp[0] = (struct body_warp){2, 0.05, 0.12, 0.15, 0.1};
	move.n_warps = 1;
	end = body_add(body, BODY_ELEVATION_RIGHT, move);
	assert_near(end, 4 + 0.9 * (0.025 + 0.12 + 0.075), 1e-9);
	at = body_when(body, BODY_ELEVATION_RIGHT, 37.5, 0, end);
	assert_near(at, 2, 1e-3);
	assert_near(body_speed(body, BODY_ELEVATION_RIGHT, at + 0.1) /
			    body_speed(body, BODY_ELEVATION_RIGHT, at - 0.01),
		0.1, 0.01);
	assert_near(body_angle(body, BODY_ELEVATION_RIGHT, end), 75, 1e-9);
	body_free(body);
}

static void a_sensor_clips_at_its_range(void **state)
{
	struct body *body = body_new(0, 0, 1, 1);
	struct sensor sensor = sensor_on(body, PLACEMENT_PELVIS, QUAT_IDENTITY);
	int16_t sample[6];

	sensor.acc_range_mps2 = 0.5 * GRAVITY_MPS2;
	sensor_sample(&sensor, 1, sample);
	assert_int_equal(sample[2], 32767);
	sensor.acc_range_mps2 = 2 * GRAVITY_MPS2;
	sensor_sample(&sensor, 1, sample);
	assert_int_equal(sample[2], 16384);
	body_free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_gyroscope_integrates_to_the_orientation),
		cmocka_unit_test(at_rest_the_accelerometer_measures_one_g_upwards),
		cmocka_unit_test(a_lever_adds_the_acceleration_of_a_rigid_body),
		cmocka_unit_test(a_raised_leg_turns_about_plus_y),
		cmocka_unit_test(a_catch_holds_the_leg_and_lets_it_go),
		cmocka_unit_test(a_sensor_clips_at_its_range),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
