// SPDX-License-Identifier: MIT
/* Guided calibration that goes wrong: what the trainer reads, and when; and the tilt curve of a
 * repetition, which only a calibrated pelvis has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/core/posture/scene.h"

/* How often a step was said to be in this state with this text. */
static unsigned said(const struct scene *scene, enum calibration_step step,
	enum calibration_state state, const char *text)
{
	unsigned n = 0;

	for (unsigned i = 0; i < scene->watch.n_results; i++) {
		const struct calibration_result *r = &scene->watch.result[i];

		n += r->step == step && r->state == state && strcmp(r->why, text) == 0;
	}
	return n;
}

static void the_other_leg_is_named(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7);
	for (unsigned i = 0; i < scene.play.n_commands; i++) {
		struct body_command *c = &scene.play.command[i];

		if (c->step == CALIBRATION_STEP_LEG_RAISE_LEFT)
			c->step = CALIBRATION_STEP_LEG_RAISE_RIGHT;
		else if (c->step == CALIBRATION_STEP_LEG_RAISE_RIGHT)
			c->step = CALIBRATION_STEP_LEG_RAISE_LEFT;
	}
	scene.t_s = 100;
	scene_play(&scene);
	/* While it goes on, and where it is given up; the next step ends the first one. */
	assert_int_equal(
		said(&scene, CALIBRATION_STEP_LEG_RAISE_RIGHT, CALIBRATION_STATE_RUNNING,
			"The left leg is moving, not the right. Use the other leg, or swap the two sensors."),
		1);
	assert_int_equal(
		said(&scene, CALIBRATION_STEP_LEG_RAISE_LEFT, CALIBRATION_STATE_RUNNING,
			"The right leg is moving, not the left. Use the other leg, or swap the two sensors."),
		1);
	assert_int_equal(
		said(&scene, CALIBRATION_STEP_LEG_RAISE_LEFT, CALIBRATION_STATE_REJECTED,
			"The right leg moved, not the left. Use the other leg, or swap the two sensors."),
		1);
	scene_close(&scene);
}

static void a_right_leg_is_not_called_wrong(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7);
	scene_play(&scene);
	for (unsigned i = 0; i < scene.watch.n_results; i++)
		assert_int_not_equal(scene.watch.result[i].code, CALIBRATION_CODE_WRONG_LEG);
	assert_int_equal(
		said(&scene, CALIBRATION_STEP_FLAT_BACK, CALIBRATION_STATE_ACCEPTED, ""), 1);
	scene_close(&scene);
}

static void a_wearable_that_says_nothing_is_named(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7);
	scene.play.worn[1].silent_from_s = 30;
	scene.play.worn[1].silent_to_s = 200;
	/* The left leg alone, so that its step has its whole time. */
	scene.play.n_commands--;
	scene.t_s = 90;
	scene_play(&scene);
	assert_int_equal(
		said(&scene, CALIBRATION_STEP_LEG_RAISE_LEFT, CALIBRATION_STATE_REJECTED,
			"No data from the left thigh sensor. Check that it is on and connected."),
		1);
	scene_close(&scene);
}

static void a_back_that_was_flat_already_is_said(void **state)
{
	const struct calibration_result *tilts = NULL;
	double apart_deg = NAN;
	struct scene scene;

	scene_open_with_span(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7, 3);
	scene_play(&scene);
	for (unsigned i = 0; i < scene.watch.n_results; i++)
		if (scene.watch.result[i].step == CALIBRATION_STEP_PELVIC_TILTS &&
			scene.watch.result[i].state == CALIBRATION_STATE_ACCEPTED)
			tilts = &scene.watch.result[i];
	assert_non_null(tilts);
	assert_int_equal(tilts->code, CALIBRATION_CODE_DEFAULT_SPAN);
	assert_int_equal(
		sscanf(tilts->why, "Neutral and flat-back differ by %lf degrees", &apart_deg), 1);
	assert_true(fabs(apart_deg - 3) < 0.5);
	assert_non_null(strstr(tilts->why, "Using the usual 8.7."));
	assert_false(scene.watch.calibration.has_span);
	scene_close(&scene);
}

static void the_span_is_judged_by_the_settings(void **state)
{
	struct scene scene;

	scene_open_with_span(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7, 3);
	scene.conf.span_min_deg = 2;
	scene_play(&scene);
	assert_true(scene.watch.calibration.has_span);
	assert_true(fabs(scene.watch.calibration.span_deg - 3) < 0.5);
	scene_close(&scene);

	scene_open_with_span(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7, 3);
	scene.conf.span_default_deg = 9.5;
	scene_play(&scene);
	assert_false(scene.watch.calibration.has_span);
	assert_true(scene.watch.calibration.span_deg == 9.5);
	scene_close(&scene);
}

/* In the lowering the back gives way from 40 degrees down. */
static void tilt_is_kept_by_elevation(void **state)
{
	const struct tilt_curve *curve;
	struct scene scene;
	unsigned n = 0;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7);
	for (unsigned side = 0; side < LEGS; side++) {
		body_move(&scene.body.elevation_deg[side], scene.t_s, 3, 75);
		body_move(&scene.body.elevation_deg[side], scene.t_s + 4, 5, 0);
	}
	for (double t_s = scene.t_s + 4; t_s < scene.t_s + 9; t_s += 0.1) {
		double elevation = body_at(&scene.body.elevation_deg[LEG_LEFT], t_s);

		if (elevation < 40)
			body_move(&scene.body.tilt_deg, t_s, 0.1, (40 - elevation) / 5);
	}
	scene.t_s += 11;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 1);
	curve = &scene.watch.rep[0].result.tilt_curve;
	for (unsigned i = 0; i < TILT_CURVE_MAX; i++) {
		int elevation = TILT_CURVE_LOW_DEG + TILT_CURVE_STEP_DEG * (int)i;
		double wanted = elevation < 40 ? (40 - elevation) / 5.0 : 0;

		if (elevation < 0 || elevation > 75) {
			assert_true(
				isnan(curve->raising_deg[i]) || elevation == 80 || elevation == -5);
			continue;
		}
		if (elevation < 10 || elevation > 70)
			continue;
		n++;
		if (!(fabs((double)curve->raising_deg[i]) < 1))
			fail_msg("raising at %d: %.2f", elevation, (double)curve->raising_deg[i]);
		if (!(fabs((double)curve->lowering_deg[i] - wanted) < 1))
			fail_msg("lowering at %d: %.2f, not %.2f", elevation,
				(double)curve->lowering_deg[i], wanted);
	}
	assert_int_equal(n, 13);
	scene_close(&scene);
}

/* The step runs for 20 s where nobody claps; the athlete need not wait for its end. */
static void claps_do_not_stop_the_exercise(void **state)
{
	struct scene scene;
	double clap_s;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, 7);
	clap_s = scene.t_s;
	scene.play.command[scene.play.n_commands++] =
		(struct body_command){clap_s, CALIBRATION_STEP_CLAP};
	/* The first well within the step, the second while it is given up. */
	for (unsigned i = 0; i < 2; i++)
		for (unsigned side = 0; side < LEGS; side++) {
			double from_s = clap_s + (i ? 17 : 3);

			body_move(&scene.body.elevation_deg[side], from_s, 2, 75);
			body_move(&scene.body.elevation_deg[side], from_s + 3, 4, 0);
		}
	scene.t_s += 27;
	scene_play(&scene);
	assert_int_equal(said(&scene, CALIBRATION_STEP_CLAP, CALIBRATION_STATE_REJECTED,
				 "Fewer than three claps detected. Try again, louder."),
		1);
	assert_int_equal(scene.watch.n_reps, 2);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_other_leg_is_named),
		cmocka_unit_test(a_right_leg_is_not_called_wrong),
		cmocka_unit_test(a_wearable_that_says_nothing_is_named),
		cmocka_unit_test(a_back_that_was_flat_already_is_said),
		cmocka_unit_test(the_span_is_judged_by_the_settings),
		cmocka_unit_test(tilt_is_kept_by_elevation),
		cmocka_unit_test(claps_do_not_stop_the_exercise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
