// SPDX-License-Identifier: MIT
/* How sensors are worn, from the movement and from last time: without a guided calibration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/units.h"
#include "tests/core/posture/axes-scene.h"

#define LACKS(x) (1u << CALIBRATION_LACK_##x)

static void elevation_is_known_after_three_repetitions(void **state)
{
	for (unsigned i = 0; i < 6; i++) {
		struct scene scene;
		double learnt_s;

		axes_scene_open_uncalibrated(
			&scene, i & 1 ? 25 : 104, scene_seed() + i, QUAT_IDENTITY);
		axes_scene_raise(&scene, i < 4 ? 3 : 1, 3);
		if (i >= 4)
			axes_scene_raise(&scene, 2, 3);
		learnt_s = scene.t_s;
		axes_scene_raise(&scene, 3, 3);
		scene_play(&scene);
		axes_scene_check_elevation(&scene, learnt_s);
		assert_int_equal(scene.watch.n_reps, i < 4 ? 6 : 9);
		/* Nothing of form is known, and it says so. */
		assert_true(isnan(watch_at(&scene.watch, scene.t_s)->tilt_deg));
		assert_int_equal(watch_at(&scene.watch, scene.t_s)->phase_kit, PHASE_UNCAL);
		assert_true(watch_at(&scene.watch, scene.t_s)->quality & CODE_BIT(UNCALIBRATED));
		assert_false(scene.watch.calibration.is_calibrated);
		assert_int_equal(scene.watch.calibration.lacks, LACKS(ZERO));
		scene_close(&scene);
	}
}

static void nothing_is_known_before(void **state)
{
	struct scene scene;
	unsigned n;

	axes_scene_open_uncalibrated(&scene, 104, scene_seed(), QUAT_IDENTITY);
	axes_scene_raise(&scene, 3, 2);
	scene_play(&scene);
	axes_scene_worst_deg(&scene, LEG_LEFT, 0, &n);
	assert_int_equal(n, 0);
	assert_int_equal(kit_posture_calibration(scene.posture)->lacks,
		LACKS(ZERO) | LACKS(LEFT_LEG_AXIS) | LACKS(RIGHT_LEG_AXIS));
	scene_close(&scene);
}

/* Repetitions first, flat-back then: form is judged, of both legs, to three degrees. */
static void flat_back_alone_calibrates_what_was_learnt(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;
		double from_s;
		unsigned before;

		axes_scene_open_uncalibrated(
			&scene, i & 1 ? 50 : 104, scene_seed() + i, axes_scene_as_expected());
		axes_scene_raise(&scene, 3, 3);
		axes_scene_lie_for_flat_back(&scene);
		from_s = scene.t_s;
		axes_scene_raise(&scene, 3, 4);
		scene_play(&scene);
		assert_int_equal(axes_scene_last_word(&scene)->state, CALIBRATION_STATE_ACCEPTED);
		assert_int_equal(axes_scene_last_word(&scene)->code, CALIBRATION_CODE_NONE);
		assert_true(scene.watch.calibration.is_calibrated);
		assert_int_equal(scene.watch.calibration.lacks, 0);
		axes_scene_check_elevation(&scene, from_s);
		assert_true(fabs(watch_at(&scene.watch, scene.t_s)->tilt_deg) < 1.5);
		before = scene.watch.n_reps - 4;
		for (unsigned r = 0; r < scene.watch.n_reps; r++)
			assert_int_equal(
				!(scene.watch.rep[r].result.quality & CODE_BIT(UNCALIBRATED)),
				r >= before);
		scene_close(&scene);
	}
}

/* Flat-back first: the legs come in with their third repetition, and none is lost meanwhile. */
static void legs_join_a_calibrated_kit(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;
		double from_s;

		axes_scene_open_uncalibrated(
			&scene, 104, scene_seed() + 40 + i, axes_scene_as_expected());
		/* Worn so that the default axes do not fit. */
		for (unsigned leg = 0; leg < LEGS; leg++)
			scene.play.worn[1 + leg].mount =
				quat_from_axis_angle((struct vec3){0, 0, 1}, 0.6 * i);
		axes_scene_lie_for_flat_back(&scene);
		axes_scene_raise(&scene, 3, 3);
		from_s = scene.t_s;
		axes_scene_raise(&scene, 3, 5);
		scene_play(&scene);
		assert_int_equal(scene_over(&scene, 0)->state, CALIBRATION_STATE_ACCEPTED);
		assert_int_equal(
			scene_over(&scene, 0)->lacks, LACKS(LEFT_LEG_AXIS) | LACKS(RIGHT_LEG_AXIS));
		assert_int_equal(axes_scene_last_word(&scene)->lacks, 0);
		assert_int_equal(axes_scene_last_word(&scene)->step, CALIBRATION_STEP_FLAT_BACK);
		axes_scene_check_elevation(&scene, from_s);
		assert_int_equal(scene.watch.n_reps, 8);
		for (unsigned r = 4; r < 8; r++)
			assert_false(scene.watch.rep[r].result.quality & CODE_BIT(UNCALIBRATED));
		scene_close(&scene);
	}
}

/* Worn by the default axes, but not quite: the movement shows by how much. */
static void default_axes_are_refined(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;
		double from_s;
		struct quat askew = quat_mul(
			quat_from_axis_angle((struct vec3){0, 1, 0}, i & 1 ? 0.25 : -0.25),
			quat_mul(axes_scene_as_expected(),
				quat_from_axis_angle((struct vec3){0, 0, 1}, i & 2 ? 0.2 : -0.2)));

		axes_scene_open_uncalibrated(
			&scene, 104, scene_seed() + 60 + i, axes_scene_as_expected());
		scene.play.worn[1].mount = scene.play.worn[2].mount = askew;
		axes_scene_lie_for_flat_back(&scene);
		axes_scene_raise(&scene, 3, 3);
		from_s = scene.t_s;
		axes_scene_raise(&scene, 3, 5);
		scene_play(&scene);
		assert_int_equal(scene_over(&scene, 0)->lacks, 0);
		axes_scene_check_elevation(&scene, from_s);
		assert_int_equal(scene.watch.n_reps, 8);
		assert_true(scene.watch.calibration.segment[PLACEMENT_THIGH_LEFT].has_axis);
		scene_close(&scene);
	}
}

/* What a calibration of another day says of these sensors. */
static struct kit_calibration another_day(uint64_t seed)
{
	struct kit_calibration known;
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, seed);
	scene_play(&scene);
	known = scene.watch.calibration;
	assert_true(known.is_calibrated);
	scene_close(&scene);
	return known;
}

/* The same sensors in the same mounting, but for a little. */
static void open_again(struct scene *scene, uint64_t seed, double off_rad)
{
	struct kit_calibration known = another_day(seed);

	scene_open(scene, EXERCISE_SUPINE_STRAIGHT, 104, seed);
	scene->body = (struct body){0};
	scene->play.n_commands = 0;
	scene->t_s = 4;
	for (unsigned i = 0; i < 3; i++) {
		enum placement placement = scene->play.worn[i].placement;

		kit_posture_worn(scene->posture, placement, &known.segment[placement]);
		scene->play.worn[i].mount = quat_mul(scene->play.worn[i].mount,
			quat_from_axis_angle(
				vec3_unit((struct vec3){1, i, 0.5}), i & 1 ? off_rad : -off_rad));
	}
}

static void worn_as_last_time_needs_flat_back_and_a_raise(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;
		const struct calibration_result *flat;
		double from_s;

		open_again(&scene, scene_seed() + 80 + i, i * 0.03);
		axes_scene_lie_for_flat_back(&scene);
		axes_scene_raise(&scene, 3, 1);
		from_s = scene.t_s;
		axes_scene_raise(&scene, 3, 4);
		scene_play(&scene);
		flat = scene_over(&scene, 0);
		assert_int_equal(flat->state, CALIBRATION_STATE_ACCEPTED);
		assert_int_equal(flat->code, CALIBRATION_CODE_RAISE_TO_CONFIRM);
		assert_int_equal(flat->lacks, LACKS(FIRST_RAISE));
		assert_false(flat->is_calibrated);
		assert_int_equal(scene.watch.n_reps, 5);
		assert_true(scene.watch.rep[0].result.quality & CODE_BIT(UNCALIBRATED));
		assert_true(axes_scene_last_word(&scene)->is_calibrated);
		assert_int_equal(axes_scene_last_word(&scene)->code, CALIBRATION_CODE_NONE);
		assert_int_equal(axes_scene_last_word(&scene)->lacks, 0);
		for (unsigned r = 2; r < 5; r++)
			assert_false(scene.watch.rep[r].result.quality & CODE_BIT(UNCALIBRATED));
		axes_scene_check_elevation(&scene, from_s + 3);
		assert_true(fabs(watch_at(&scene.watch, scene.t_s)->tilt_deg) < 1.5);
		scene_close(&scene);
	}
}

/* Turned half round about gravity in the pose: gravity cannot show it, the first raise does. */
static void turned_about_gravity_is_refuted(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		open_again(&scene, scene_seed() + 90 + i, 0);
		for (unsigned leg = 0; leg < LEGS; leg++)
			scene.play.worn[1 + leg].mount =
				quat_mul(axes_scene_turned_in_pose(i & 1 ? M_PI : M_PI / 2),
					scene.play.worn[1 + leg].mount);
		axes_scene_lie_for_flat_back(&scene);
		axes_scene_raise(&scene, 3, 4);
		scene_play(&scene);
		assert_int_equal(
			scene_over(&scene, 0)->lacks & LACKS(FIRST_RAISE), LACKS(FIRST_RAISE));
		assert_false(axes_scene_last_word(&scene)->is_calibrated);
		assert_int_equal(axes_scene_last_word(&scene)->state, CALIBRATION_STATE_REJECTED);
		assert_int_equal(
			axes_scene_last_word(&scene)->code, CALIBRATION_CODE_NOT_WORN_AS_BEFORE);
		for (unsigned f = 0; f < scene.watch.n_frames; f++)
			assert_true(isnan(scene.watch.frame[f].tilt_deg));
		scene_close(&scene);
	}
}

/* Turned by 40 degrees about an axis that is level while the trunk lies, as gravity shows, and away from
 * the nearer of z and -z: the default axes do not fit either. */
static struct quat turned_off_default(struct quat mount)
{
	struct vec3 up = quat_rotate(quat_conj(mount), (struct vec3){1, 0, 0});
	struct vec3 nearer = {0, 0, up.z > 0 ? 1 : -1};

	return quat_mul(
		mount, quat_from_axis_angle(vec3_unit(vec3_cross(up, nearer)), 40 * RAD_PER_DEG));
}

/* Gravity shows that it is worn otherwise: as if nothing were remembered. */
static void worn_otherwise_is_not_taken_for_last_time(void **state)
{
	struct scene scene;

	open_again(&scene, scene_seed() + 99, 0);
	scene.play.worn[0].mount = turned_off_default(scene.play.worn[0].mount);
	axes_scene_lie_for_flat_back(&scene);
	scene_play(&scene);
	assert_int_equal(scene_over(&scene, 0)->state, CALIBRATION_STATE_REJECTED);
	assert_int_equal(scene_over(&scene, 0)->code, CALIBRATION_CODE_PELVIS_MOUNTING);
	assert_false(scene_over(&scene, 0)->is_calibrated);
	assert_int_equal(scene_over(&scene, 0)->lacks,
		LACKS(PELVIS_AXIS) | LACKS(LEFT_LEG_AXIS) | LACKS(RIGHT_LEG_AXIS));
	scene_close(&scene);
}

/* One leg is calibrated, of the other only its movement is known: what goes far below where that one
 * rested is no repetition of both. */
static void a_pair_has_the_floor_of_its_own_leg(void **state)
{
	static const double low_deg[] = {0, -24};

	for (unsigned i = 0; i < 2; i++) {
		struct scene scene;

		axes_scene_open_uncalibrated(
			&scene, 104, scene_seed() + 260 + i, axes_scene_as_expected());
		scene.play.worn[2].mount = QUAT_IDENTITY;
		axes_scene_ask_for_flat_back(&scene, 3);
		scene.play.command[scene.play.n_commands++] =
			(struct body_command){9, CALIBRATION_STEP_LEG_RAISE_LEFT};
		scene.t_s = 11;
		axes_scene_raise(&scene, 1, 2);
		scene.t_s += 4;
		scene_raise_legs(&scene, 3, 1.5, 0.5, 2, low_deg[i], 40);
		scene.t_s += 2;
		scene_play(&scene);
		assert_int_equal(scene_over(&scene, 1)->state, CALIBRATION_STATE_ACCEPTED);
		assert_int_equal(scene.watch.calibration.lacks, LACKS(RIGHT_LEG_AXIS));
		assert_int_equal(scene.watch.n_reps, 1);
		assert_int_equal(scene.watch.rep[0].result.side, i ? SIDE_LEFT : SIDE_BOTH);
		scene_close(&scene);
	}
}

/* Laid down after flat-back from hook-lying: of one leg the axes are assumed, so that it lies at zero, and the
 * other, of which nothing is known, went up for all it knows. */
static void legs_with_different_zeros_are_a_pair(void **state)
{
	struct scene scene;

	axes_scene_open_uncalibrated(&scene, 104, scene_seed() + 280, axes_scene_as_expected());
	scene.play.worn[1].mount = axes_scene_as_expected();
	scene.play.worn[2].mount = QUAT_IDENTITY;
	axes_scene_begin_drawn_up(&scene);
	axes_scene_move_legs(&scene, scene.t_s, 1.5, 0);
	scene.t_s += 45;
	axes_scene_raise(&scene, 3, 3);
	scene_play(&scene);
	assert_int_equal(scene_over(&scene, 0)->lacks, LACKS(RIGHT_LEG_AXIS));
	assert_int_equal(scene.watch.n_reps, 3);
	for (unsigned r = 0; r < 3; r++)
		assert_int_equal(scene.watch.rep[r].result.side, SIDE_BOTH);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elevation_is_known_after_three_repetitions),
		cmocka_unit_test(nothing_is_known_before),
		cmocka_unit_test(flat_back_alone_calibrates_what_was_learnt),
		cmocka_unit_test(legs_join_a_calibrated_kit),
		cmocka_unit_test(default_axes_are_refined),
		cmocka_unit_test(worn_as_last_time_needs_flat_back_and_a_raise),
		cmocka_unit_test(turned_about_gravity_is_refuted),
		cmocka_unit_test(worn_otherwise_is_not_taken_for_last_time),
		cmocka_unit_test(a_pair_has_the_floor_of_its_own_leg),
		cmocka_unit_test(legs_with_different_zeros_are_a_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
