// SPDX-License-Identifier: MIT
/* Axes that flat-back assumes of a thigh, since gravity fits: what confirms, refuses and outlives them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/units.h"
#include "tests/core/posture/axes-scene.h"

/* Gravity fits default axes about which the leg does not turn: the first raise shows it, counts, and
 * takes the axes away; then they are learnt. */
static void a_raise_refuses_what_is_assumed(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;
		struct quat turned = axes_scene_turned_in_pose(i & 1 ? M_PI / 2 : -M_PI / 2);
		double from_s;
		unsigned asked = 0;

		axes_scene_open_uncalibrated(
			&scene, i & 2 ? 25 : 104, scene_seed() + 120 + i, axes_scene_as_expected());
		scene.play.worn[1].mount = scene.play.worn[2].mount =
			quat_mul(turned, axes_scene_as_expected());
		axes_scene_lie_for_flat_back(&scene);
		axes_scene_raise(&scene, 3, 3);
		from_s = scene.t_s;
		axes_scene_raise(&scene, 3, 4);
		scene_play(&scene);
		assert_int_equal(scene_over(&scene, 0)->lacks, 0);
		for (unsigned r = 0; r < scene.watch.n_results; r++)
			asked += scene.watch.result[r].code == CALIBRATION_CODE_LEG_RAISE_NEEDED;
		assert_true(asked > 0);
		assert_int_equal(axes_scene_last_word(&scene)->code, CALIBRATION_CODE_NONE);
		assert_int_equal(axes_scene_last_word(&scene)->lacks, 0);
		axes_scene_check_elevation(&scene, from_s);
		assert_int_equal(scene.watch.n_reps, 7);
		assert_true(scene.watch.rep[0].result.quality & CODE_BIT(UNCALIBRATED));
		for (unsigned r = 4; r < 7; r++)
			assert_false(scene.watch.rep[r].result.quality & CODE_BIT(UNCALIBRATED));
		scene_close(&scene);
	}
}

/* The legs are laid down after flat-back, which is no raise, and from then on the sense is right; the
 * axes of one leg may fit and those of the other not. Where gravity makes the assumed axis the reverse of
 * the true one (-90, -150), it looks as if the legs of a sensor worn as expected went on up. */
static void laying_the_legs_down_is_no_raise(void **state)
{
	static const double turned_deg[] = {0, -30, 60, 120};

	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		axes_scene_open_uncalibrated(
			&scene, 104, scene_seed() + 140 + i, axes_scene_as_expected());
		scene.play.worn[1].mount =
			quat_mul(axes_scene_turned_in_pose(turned_deg[i] * RAD_PER_DEG),
				axes_scene_as_expected());
		scene.play.worn[2].mount =
			i & 1 ? axes_scene_as_expected() : scene.play.worn[1].mount;
		axes_scene_begin_drawn_up(&scene);
		axes_scene_move_legs(&scene, scene.t_s, 1.5, 0);
		scene.t_s += 4;
		axes_scene_raise(&scene, 3, 2);
		scene_play(&scene);
		assert_int_equal(scene.watch.n_reps, 2);
		for (unsigned r = 0; r < 2; r++)
			assert_true(fabs(scene.watch.rep[r].result.range_deg - 40 - 10 * r) < 5);
		scene_close(&scene);
	}
}

/* As before leg lowers. */
static void legs_may_go_up_first(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		axes_scene_open_uncalibrated(
			&scene, i & 1 ? 25 : 104, scene_seed() + 180 + i, axes_scene_as_expected());
		scene.play.worn[1].mount = scene.play.worn[2].mount = axes_scene_as_expected();
		axes_scene_begin_drawn_up(&scene);
		axes_scene_move_legs(&scene, scene.t_s, 1.5, 85);
		scene.t_s += i & 2 ? 3 : 5;
		for (unsigned lower = 0; lower < 4; lower++) {
			axes_scene_move_legs(&scene, scene.t_s, 2, 0);
			axes_scene_move_legs(&scene, scene.t_s + 2.5, 1.5, 85);
			scene.t_s += 5;
		}
		scene_play(&scene);
		for (unsigned r = 0; r < scene.watch.n_results; r++)
			assert_int_not_equal(
				scene.watch.result[r].code, CALIBRATION_CODE_LEG_RAISE_NEEDED);
		for (unsigned r = 0; r < scene.watch.n_reps; r++)
			assert_true(fabs(scene.watch.rep[r].result.range_deg - 85) < 5);
		assert_true(scene.watch.n_reps >= 2);
		axes_scene_check_elevation(&scene, 8);
		scene_close(&scene);
	}
}

/* Another step ends while the legs lie flat: the next excursion is a raise again. */
static void a_step_after_laying_them_down_is_none_of_it(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		axes_scene_open_uncalibrated(
			&scene, 104, scene_seed() + 160 + i, axes_scene_as_expected());
		scene.play.worn[1].mount = scene.play.worn[2].mount = axes_scene_as_expected();
		axes_scene_begin_drawn_up(&scene);
		axes_scene_move_legs(&scene, scene.t_s, 1.5, 0);
		scene.t_s += 4;
		scene.play.command[scene.play.n_commands++] =
			(struct body_command){scene.t_s, CALIBRATION_STEP_LEG_RAISE_LEFT};
		scene.t_s += 4;
		axes_scene_raise(&scene, 1, 2);
		scene.t_s += 2;
		axes_scene_raise(&scene, 2, 2);
		scene_play(&scene);
		assert_int_equal(scene_over(&scene, 1)->state, CALIBRATION_STATE_ACCEPTED);
		assert_int_equal(scene.watch.n_reps, 2);
		scene_close(&scene);
	}
}

static const double turned_deg[] = {0, -30, 60, 120};

static void open_turned(struct scene *scene, unsigned i)
{
	axes_scene_open_uncalibrated(scene, 104, scene_seed() + 200 + i, axes_scene_as_expected());
	scene->play.worn[1].mount = scene->play.worn[2].mount =
		quat_mul(axes_scene_turned_in_pose(turned_deg[i % 4] * RAD_PER_DEG),
			axes_scene_as_expected());
}

/* Three raises of 40, 50 and 60 degrees, seen as such and in time. */
static void check_raises(struct scene *scene)
{
	double from_s = scene->t_s;

	axes_scene_raise(scene, 3, 3);
	scene_play(scene);
	assert_int_equal(scene->watch.n_reps, 3);
	for (unsigned r = 0; r < 3; r++) {
		const struct rep_result *rep = &scene->watch.rep[r].result;

		assert_true(fabs(rep->range_deg - 40 - 10 * r) < 7);
		assert_true(fabs(watch_seconds(rep->t_start_us) - from_s - 5.2 * r) < 0.3);
	}
}

/* What was laid down bit by bit, or from not much, and has rested, is raised next. */
static void small_steps_lay_the_legs_down_too(void **state)
{
	for (unsigned i = 0; i < 8; i++) {
		struct scene scene;
		double deg = i < 4 ? 50 : 23, step_deg = i < 4 ? 12.5 : 20;

		open_turned(&scene, i);
		axes_scene_move_legs(&scene, -1, 0.5, deg);
		axes_scene_ask_for_flat_back(&scene, 3);
		scene.t_s = 8;
		for (deg -= step_deg; deg >= 0; deg -= step_deg) {
			axes_scene_move_legs(&scene, scene.t_s, 1, deg);
			scene.t_s += 3;
		}
		scene.t_s += 12;
		check_raises(&scene);
		scene_close(&scene);
	}
}

/* Nor does a silence before they are laid down make a raise of it, or turn the raises upside down. */
static void a_silence_lays_no_leg_down(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		open_turned(&scene, i);
		axes_scene_begin_drawn_up(&scene);
		for (unsigned worn = 1; worn <= 2; worn++) {
			scene.play.worn[worn].silent_from_s = scene.t_s + 1;
			scene.play.worn[worn].silent_to_s = scene.t_s + 7;
		}
		scene.t_s += 10;
		axes_scene_move_legs(&scene, scene.t_s, 1.5, 0);
		scene.t_s += 4;
		check_raises(&scene);
		scene_close(&scene);
	}
}

static unsigned asked_for_raises(const struct scene *scene)
{
	unsigned n = 0;

	for (unsigned r = 0; r < scene->watch.n_results; r++)
		n += scene->watch.result[r].code == CALIBRATION_CODE_LEG_RAISE_NEEDED;
	return n;
}

/* Where the pelvis' axis is lost the kit is not calibrated, and what a leg lacks is told all the same. */
static void what_is_refused_is_lacking(void **state)
{
	struct scene scene;

	open_turned(&scene, 3);
	axes_scene_begin_drawn_up(&scene);
	scene.play.worn[0].turned_at_s = scene.t_s;
	scene.play.worn[0].turn_axis = (struct vec3){1, 0, 0};
	scene.play.worn[0].turn_deg = 60;
	axes_scene_ask_for_flat_back(&scene, scene.t_s + 3);
	axes_scene_move_legs(&scene, scene.t_s + 8, 1.5, 0);
	scene.t_s += 12;
	axes_scene_raise(&scene, 3, 1);
	scene_play(&scene);
	assert_int_equal(scene_over(&scene, 1)->code, CALIBRATION_CODE_PELVIS_MOUNTING);
	assert_int_equal(scene_over(&scene, 1)->lacks, 1u << CALIBRATION_LACK_PELVIS_AXIS);
	assert_int_equal(scene.watch.calibration.lacks,
		1u << CALIBRATION_LACK_PELVIS_AXIS | 1u << CALIBRATION_LACK_LEFT_LEG_AXIS |
			1u << CALIBRATION_LACK_RIGHT_LEG_AXIS);
	assert_false(scene.watch.calibration.segment[PLACEMENT_THIGH_LEFT].has_zero);
	scene_close(&scene);
}

/* Raises go on during the step, and refuse the axes, then teach them. */
static void a_raise_does_not_end_the_claps(void **state)
{
	struct scene scene;
	double clap_s;

	open_turned(&scene, 3);
	axes_scene_lie_for_flat_back(&scene);
	clap_s = scene.t_s;
	scene.play.command[scene.play.n_commands++] =
		(struct body_command){clap_s, CALIBRATION_STEP_CLAP};
	axes_scene_raise(&scene, 3, 3);
	scene.t_s = clap_s + 22;
	scene_play(&scene);
	assert_int_equal(scene_over(&scene, 1)->step, CALIBRATION_STEP_CLAP);
	assert_int_equal(scene_over(&scene, 1)->code, CALIBRATION_CODE_CLAPS_MISSING);
	assert_int_equal(scene_over(&scene, 1)->lacks, 0);
	assert_int_equal(asked_for_raises(&scene), 0);
	assert_int_equal(scene.watch.n_reps, 3);
	scene_close(&scene);
}

/* Lowered first from where flat-back was done, which is the reverse of a raise; turned crosswise they do
 * contradict. */
static void bent_legs_may_go_down_first(void **state)
{
	for (unsigned i = 0; i < 2; i++) {
		struct scene scene;

		scene_open(&scene, EXERCISE_SUPINE_BENT, 104, scene_seed() + 240 + i);
		scene.body = (struct body){0};
		scene.play.n_commands = 0;
		scene.play.worn[0].mount = axes_scene_as_expected();
		for (unsigned worn = 1; worn < 3; worn++)
			scene.play.worn[worn].mount = quat_mul(
				axes_scene_turned_in_pose(i * M_PI / 2), axes_scene_as_expected());
		axes_scene_move_legs(&scene, -1, 0.5, 70);
		axes_scene_ask_for_flat_back(&scene, 3);
		scene.t_s = 8;
		for (unsigned lower = 0; lower < 4; lower++) {
			axes_scene_move_legs(&scene, scene.t_s, 2, 25);
			axes_scene_move_legs(&scene, scene.t_s + 2.5, 1.5, 70);
			scene.t_s += 6;
		}
		scene_play(&scene);
		assert_int_equal(asked_for_raises(&scene), 2 * i);
		assert_int_equal(scene.watch.n_reps, 4);
		if (!i)
			axes_scene_check_elevation(&scene, 8);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_raise_refuses_what_is_assumed),
		cmocka_unit_test(laying_the_legs_down_is_no_raise),
		cmocka_unit_test(legs_may_go_up_first),
		cmocka_unit_test(a_step_after_laying_them_down_is_none_of_it),
		cmocka_unit_test(small_steps_lay_the_legs_down_too),
		cmocka_unit_test(a_silence_lays_no_leg_down),
		cmocka_unit_test(what_is_refused_is_lacking),
		cmocka_unit_test(a_raise_does_not_end_the_claps),
		cmocka_unit_test(bent_legs_may_go_down_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
