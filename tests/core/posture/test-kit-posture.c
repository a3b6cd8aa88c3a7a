// SPDX-License-Identifier: MIT
/* The whole posture of a kit against synthetic bodies: repetitions found and none invented, phases
 * dated within 100 ms, angles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "tests/core/posture/scene.h"

static void double_raises_from_slow_to_fast(void **state)
{
	/* 9 deg/s is a clinical lowering of 10 s. */
	static const double down_s[] = {10, 6, 4, 2.5, 1.5, 1};
	struct scene scene;

	for (unsigned round = 0; round < 6; round++) {
		double start_s[6];

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, round % 2 ? 104 : 52,
			scene_seed() + round);
		for (unsigned i = 0; i < 6; i++) {
			start_s[i] = scene.t_s;
			scene_raise_legs(
				&scene, 3, i < 3 ? 2 : 1, i == 1 ? 0 : 0.8, down_s[i], 0, 75);
			scene.t_s += i == 5 ? 3 : 0.5 + 0.3 * i;
		}
		scene_play(&scene);
		assert_int_equal(scene.watch.n_reps, 6);
		for (unsigned i = 0; i < 6; i++) {
			assert_int_equal(scene.watch.rep[i].result.side, SIDE_BOTH);
			assert_int_equal(scene.watch.rep[i].result.rep, i + 1);
			assert_true(fabs(scene.watch.rep[i].result.range_deg - 75) < 3);
			scene_check_boundaries(&scene.watch.rep[i],
				&scene.body.elevation_deg[LEG_LEFT], start_s[i]);
		}
		scene_check_angles(&scene, 63);
		scene_close(&scene);
	}
}

static void single_legs_are_told_apart(void **state)
{
	struct scene scene;
	double start_s[4];

	scene_open(&scene, EXERCISE_SINGLE, 104, scene_seed());
	for (unsigned i = 0; i < 4; i++) {
		start_s[i] = scene.t_s;
		scene_raise_legs(&scene, i % 2 ? 2 : 1, 1.5, 0.4, 2, 0, 60);
		scene.t_s += 0.6;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 4);
	for (unsigned i = 0; i < 4; i++) {
		assert_int_equal(scene.watch.rep[i].result.side, i % 2 ? SIDE_RIGHT : SIDE_LEFT);
		assert_int_equal(scene.watch.rep[i].result.rep, i + 1);
		scene_check_boundaries(
			&scene.watch.rep[i], &scene.body.elevation_deg[i % 2], start_s[i]);
	}
	scene_close(&scene);
}

static void bent_knees(void **state)
{
	struct scene scene;
	double start_s[3];

	scene_open(&scene, EXERCISE_SUPINE_BENT, 104, scene_seed() + 3);
	for (unsigned side = 0; side < LEGS; side++)
		body_move(&scene.body.elevation_deg[side], scene.t_s, 1.5, 50);
	/* Setting up the feet is a movement without a way back. */
	scene.t_s += 25;
	for (unsigned i = 0; i < 3; i++) {
		start_s[i] = scene.t_s;
		scene_raise_legs(&scene, 3, 1.2, 0.5, 1.8, 50, 92);
		scene.t_s += 1;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 3);
	for (unsigned i = 0; i < 3; i++)
		scene_check_boundaries(
			&scene.watch.rep[i], &scene.body.elevation_deg[LEG_RIGHT], start_s[i]);
	scene_close(&scene);
}

/* Alternating kicks without a pause, phase by side. */
static void fast_flutter(void **state)
{
	for (unsigned round = 0; round < 2; round++) {
		double half_s = round ? 0.45 : 0.7;
		struct scene scene;
		unsigned count[LEGS] = {0};

		scene_open(&scene, EXERCISE_FLUTTER, 104, scene_seed() + 5);
		for (unsigned side = 0; side < LEGS; side++) {
			double t_s = scene.t_s + side * half_s;

			for (unsigned i = 0; i < 10; i++, t_s += 2 * half_s) {
				body_move(&scene.body.elevation_deg[side], t_s, half_s, 38);
				body_move(&scene.body.elevation_deg[side], t_s + half_s, half_s, 8);
			}
			body_move(&scene.body.elevation_deg[side], t_s, 1, 0);
		}
		scene.t_s += 22 * half_s + 1;
		scene_play(&scene);
		for (unsigned i = 0; i < scene.watch.n_reps; i++) {
			assert_true(scene.watch.rep[i].result.side != SIDE_BOTH);
			count[scene.watch.rep[i].result.side == SIDE_RIGHT]++;
		}
		if (count[LEG_LEFT] != 10 || count[LEG_RIGHT] != 10)
			fail_msg("%u left, %u right at %.2f s", count[LEG_LEFT], count[LEG_RIGHT],
				half_s);
		scene_close(&scene);
	}
}

static void hanging_raises(void **state)
{
	struct scene scene;
	double start_s[3];

	/* Calibrated hanging: upright, the legs' zero is hanging down. */
	scene_open(&scene, EXERCISE_HANG, 104, scene_seed() + 9);
	scene.body.trunk_deg.n = 0;
	body_move(&scene.body.trunk_deg, -1, 0.5, 90);
	for (unsigned side = 0; side < LEGS; side++) {
		scene.body.elevation_deg[side].n = 0;
		body_move(&scene.body.elevation_deg[side], -1, 0.5, -90);
		for (unsigned i = 0; i < 2; i++) {
			double t_s = 34 + 16 * side + 6 * i;

			body_move(&scene.body.elevation_deg[side], t_s, 2, -40);
			body_move(&scene.body.elevation_deg[side], t_s + 2.6, 2, -90);
		}
	}
	for (unsigned i = 0; i < 3; i++) {
		start_s[i] = scene.t_s;
		/* The pelvis goes along, backward (Dewberry 2003). */
		body_move(&scene.body.tilt_deg, scene.t_s, 1.2, -30);
		body_move(&scene.body.tilt_deg, scene.t_s + 1.5, 1.8, 0);
		scene_raise_legs(&scene, 3, 1.2, 0.3, 1.8, -90, 5);
		scene.t_s += 1.2;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 3);
	for (unsigned i = 0; i < 3; i++) {
		scene_check_boundaries(
			&scene.watch.rep[i], &scene.body.elevation_deg[LEG_LEFT], start_s[i]);
		assert_true(fabs(scene.watch.rep[i].result.range_deg - 95) < 3);
	}
	scene_close(&scene);
}

static bool has_phase(void *user, const struct posture_frame *frame)
{
	unsigned *count = user;

	count[frame->phase[LEG_LEFT]]++;
	return true;
}

/* Down a little and up again: one repetition, marked (A18 obeyed). */
static void early_reversal(void **state)
{
	struct scene scene;
	struct body_track *track;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	for (unsigned side = 0; side < LEGS; side++) {
		track = &scene.body.elevation_deg[side];
		body_move(track, scene.t_s, 2, 75);
		body_move(track, scene.t_s + 2.5, 1.2, 60);
		body_move(track, scene.t_s + 3.7, 1.2, 75);
		body_move(track, scene.t_s + 5.4, 3, 0);
	}
	scene.t_s += 8.4;
	scene_raise_legs(&scene, 3, 2, 0.5, 3, 0, 75);
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 2);
	assert_true(scene.watch.rep[0].is_early_reversal);
	assert_true(scene.watch.rep[0].result.quality & CODE_BIT(EARLY_REVERSAL));
	assert_false(scene.watch.rep[1].is_early_reversal);
	scene_close(&scene);
}

/* A halt on the way down is still LOWER, also in what pops are judged by. */
static void halt_while_lowering(void **state)
{
	struct scene scene;
	unsigned count[PHASE_COUNT] = {0};
	double start_s;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	start_s = scene.t_s;
	for (unsigned side = 0; side < LEGS; side++) {
		struct body_track *track = &scene.body.elevation_deg[side];

		body_move(track, start_s, 2, 75);
		body_move(track, start_s + 2.5, 1.5, 38);
		body_move(track, start_s + 4.6, 1.5, 0);
	}
	scene.t_s += 7;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 1);
	assert_true(fabs(watch_seconds(scene.watch.rep[0].result.t_end_us) - start_s - 6.1) < 0.3);
	kit_posture_frames(scene.posture, BODY_START_US + (int64_t)((start_s + 3) * US_PER_S),
		BODY_START_US + (int64_t)((start_s + 5.5) * US_PER_S), has_phase, count);
	assert_int_equal(count[PHASE_LOWER], 251);
	scene_close(&scene);
}

/* To an angle and back up, again and again: each is a repetition of its own. */
static void reduced_range(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	for (unsigned side = 0; side < LEGS; side++) {
		struct body_track *track = &scene.body.elevation_deg[side];
		double t_s = scene.t_s;

		body_move(track, t_s, 2, 80);
		for (unsigned i = 0; i < 4; i++) {
			body_move(track, t_s + 2.5, 1.5, i < 3 ? 40 : 0);
			if (i < 3)
				body_move(track, t_s + 4.3, 1.5, 80);
			t_s += 3.3;
		}
	}
	scene.t_s += 16;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 4);
	scene_close(&scene);
}

static void standing_and_walking_count_none(void **state)
{
	struct scene scene;
	double t_s;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	t_s = scene.t_s;
	body_move(&scene.body.trunk_deg, t_s, 2, 90);
	for (unsigned side = 0; side < LEGS; side++)
		body_move(&scene.body.elevation_deg[side], t_s, 2, -90);
	t_s += 5;
	for (unsigned i = 0; i < 20; i++, t_s += 1.1)
		for (unsigned side = 0; side < LEGS; side++) {
			double at_s = t_s + 0.55 * side;

			body_move(&scene.body.elevation_deg[side], at_s, 0.5, -65);
			body_move(&scene.body.elevation_deg[side], at_s + 0.5, 0.55, -105);
		}
	t_s += 2;
	body_move(&scene.body.trunk_deg, t_s, 2, 0);
	for (unsigned side = 0; side < LEGS; side++)
		body_move(&scene.body.elevation_deg[side], t_s, 2, 0);
	scene.t_s = t_s + 10;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 0);
	assert_int_equal(watch_at(&scene.watch, 80)->phase_kit, PHASE_OTHER);
	scene_close(&scene);
}

static void the_limit_is_told_once_and_soon(void **state)
{
	struct scene scene;
	double loss_s, at_s;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	for (unsigned i = 0; i < 2; i++) {
		body_move(&scene.body.tilt_deg, scene.t_s + 3.5, 1, 9);
		body_move(&scene.body.tilt_deg, scene.t_s + 6, 0.8, 0);
		scene_raise_legs(&scene, 3, 2, 0.5, 4, 0, 75);
		scene.t_s += 1.5;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 2);
	assert_int_equal(scene.watch.n_limits, 2);
	loss_s = scene_crossing(&scene.body.tilt_deg, 63, 0, 1);
	for (loss_s = 66; body_at(&scene.body.tilt_deg, loss_s) < 0.45 * 8.7;)
		loss_s += 0.001;
	at_s = watch_seconds(scene.watch.limit[0].t_us);
	assert_true(fabs(at_s - loss_s) < 0.06);
	/* Packets of 8 take 77 ms to fill and up to 42 ms to come. */
	assert_true(scene.watch.limit_now_us[0] - scene.watch.limit[0].t_us < 150000);
	/* The elevation where the flat back was lost, and the control angle made of it. */
	at_s = body_at(&scene.body.elevation_deg[LEG_LEFT], loss_s);
	assert_true(fabs(scene.watch.rep[0].result.theta_loss_deg - at_s) < 3);
	assert_true(fabs(kit_posture_control_angle_deg(scene.posture) - at_s) < 3);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(double_raises_from_slow_to_fast),
		cmocka_unit_test(single_legs_are_told_apart),
		cmocka_unit_test(bent_knees),
		cmocka_unit_test(fast_flutter),
		cmocka_unit_test(hanging_raises),
		cmocka_unit_test(early_reversal),
		cmocka_unit_test(halt_while_lowering),
		cmocka_unit_test(reduced_range),
		cmocka_unit_test(standing_and_walking_count_none),
		cmocka_unit_test(the_limit_is_told_once_and_soon),
	};
	printf("seed %llu (COXAD_TEST_SEED)\n", (unsigned long long)scene_seed());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
