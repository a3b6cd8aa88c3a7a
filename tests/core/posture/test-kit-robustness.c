// SPDX-License-Identifier: MIT
/* Whatever the mounting, the rate, the radio and the kit: the same angles and repetitions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/core/posture/scene.h"

/* Any mounting, the angles are the same (decision-model.md 9). */
static void mounting_does_not_matter(void **state)
{
	struct scene scene[3];

	for (unsigned i = 0; i < 3; i++) {
		scene_open(&scene[i], EXERCISE_SUPINE_STRAIGHT, 104, scene_seed() + 77 * i);
		for (unsigned j = 0; j < 3; j++) {
			body_move(&scene[i].body.tilt_deg, scene[i].t_s + 2, 1, 6);
			scene_raise_legs(&scene[i], 3, 2, 0.5, 3, 0, 75);
			body_move(&scene[i].body.tilt_deg, scene[i].t_s, 0.8, 0);
			scene[i].t_s += 1;
		}
		scene_play(&scene[i]);
		assert_int_equal(scene[i].watch.n_reps, 3);
		for (double t_s = 63; t_s < scene[i].t_s; t_s += 0.25) {
			const struct posture_frame *a = watch_at(&scene[0].watch, t_s);
			const struct posture_frame *b = watch_at(&scene[i].watch, t_s);

			assert_true(fabs(a->tilt_deg - b->tilt_deg) < 1);
			assert_true(
				fabs(a->elevation_deg[LEG_LEFT] - b->elevation_deg[LEG_LEFT]) < 1);
			assert_true(fabs(a->elevation_deg[LEG_RIGHT] -
					    b->elevation_deg[LEG_RIGHT]) < 1);
		}
		scene_check_angles(&scene[i], 63);
	}
	for (unsigned i = 0; i < 3; i++)
		scene_close(&scene[i]);
}

static void any_rate_will_do(void **state)
{
	static const double rate_hz[] = {20.8, 52, 104, 200, 416, 1000};

	for (unsigned i = 0; i < 6; i++) {
		struct scene scene;
		double start_s;

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, rate_hz[i], scene_seed() + i);
		start_s = scene.t_s;
		scene_raise_legs(&scene, 3, 1.5, 0.5, 3, 0, 70);
		scene.t_s += 1;
		scene_play(&scene);
		if (scene.watch.n_reps != 1)
			fail_msg("%u repetitions at %.1f Hz", scene.watch.n_reps, rate_hz[i]);
		scene_check_boundaries(
			&scene.watch.rep[0], &scene.body.elevation_deg[LEG_LEFT], start_s);
		scene_check_angles(&scene, 63);
		scene_close(&scene);
	}
}

static void lost_packets_and_outages(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed() + 2);
	for (unsigned i = 0; i < 3; i++)
		scene.play.worn[i].loss = 0.05;
	for (unsigned i = 0; i < 6; i++) {
		scene_raise_legs(&scene, 3, 1.5, 0.5, 3, 0, 75);
		scene.t_s += 1;
	}
	scene.play.worn[1].silent_from_s = 72;
	scene.play.worn[1].silent_to_s = 72.9;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 6);
	scene_check_angles(&scene, 63);
	scene_close(&scene);
}

static void a_silent_wearable_stalls_nobody(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	scene.play.worn[0].silent_from_s = 64;
	scene.play.worn[0].silent_to_s = 1000;
	for (unsigned i = 0; i < 3; i++) {
		scene_raise_legs(&scene, 3, 1.5, 0.5, 3, 0, 75);
		scene.t_s += 1;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 3);
	assert_true(scene.watch.frame_age_us <= POSTURE_WAIT_US + POSTURE_FRAME_US);
	assert_true(watch_at(&scene.watch, 70)->quality & CODE_BIT(PELVIS_SENSOR_MISSING));
	assert_true(isnan(watch_at(&scene.watch, 70)->tilt_deg));
	assert_int_equal(scene.watch.frame[scene.watch.n_frames - 1].phase_kit, PHASE_OFFLINE);
	scene_close(&scene);
}

static void left_and_right_are_symmetric(void **state)
{
	struct scene scene[2];

	for (unsigned i = 0; i < 2; i++) {
		scene_open(&scene[i], EXERCISE_SINGLE, 104, scene_seed());
		scene_raise_legs(&scene[i], i ? 2 : 1, 1.5, 0.4, 2, 0, 60);
		scene[i].t_s += 1;
		scene_raise_legs(&scene[i], i ? 1 : 2, 1.5, 0.4, 2, 0, 45);
		scene_play(&scene[i]);
		assert_int_equal(scene[i].watch.n_reps, 2);
	}
	for (unsigned i = 0; i < 2; i++) {
		const struct rep_result *a = &scene[0].watch.rep[i].result;
		const struct rep_result *b = &scene[1].watch.rep[i].result;

		assert_true(a->side != b->side);
		assert_true(fabs(a->range_deg - b->range_deg) < 1);
		assert_true(llabs(a->t_start_us - b->t_start_us) < 50000);
		assert_true(llabs(a->t_end_us - b->t_end_us) < 50000);
	}
	for (unsigned i = 0; i < 2; i++)
		scene_close(&scene[i]);
}

/* The result does not depend on which wearable's packet came first. */
static void order_of_arrival_does_not_matter(void **state)
{
	struct scene scene[2];

	for (unsigned i = 0; i < 2; i++) {
		scene_open(&scene[i], EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
		for (unsigned j = 0; j < 3; j++) {
			scene[i].play.worn[j].jitter_us = 0;
			scene[i].play.worn[j].latency_us =
				i ? 150000 - 60000 * j : 10000 + 40000 * j;
		}
		scene_raise_legs(&scene[i], 3, 1.5, 0.5, 3, 0, 75);
		scene_play(&scene[i]);
	}
	for (double t_s = 1; t_s < scene[0].t_s; t_s += 0.1) {
		const struct posture_frame *a = watch_at(&scene[0].watch, t_s);
		const struct posture_frame *b = watch_at(&scene[1].watch, t_s);

		assert_int_equal(a->t_us, b->t_us);
		/* Steps begin by command, which cuts the streams elsewhere: not to the bit. */
		assert_int_equal(a->phase_kit, b->phase_kit);
		if (!isnan(a->tilt_deg))
			assert_true(fabs(a->tilt_deg - b->tilt_deg) < 1e-3);
	}
	assert_int_equal(
		scene[0].watch.rep[0].result.t_start_us, scene[1].watch.rep[0].result.t_start_us);
	for (unsigned i = 0; i < 2; i++)
		scene_close(&scene[i]);
}

/* Below the rest test's 2 deg/s for over a second: learnt as bias, the angles would run away. */
static void slow_lowering_is_no_bias(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	for (unsigned i = 0; i < 6; i++) {
		scene_raise_legs(&scene, 3, 4, 1.5, 12, 0, 80);
		scene.t_s += 0.5;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 6);
	scene_check_angles(&scene, 63);
	assert_true(
		watch_compare(&scene.watch, &scene.body, 63, scene.t_s).elevation_deg[LEG_LEFT] <
		0.7);
	scene_close(&scene);
}

/* Legs that shake by 3 degrees, five times a second, far faster than they sink. */
static void tremor_is_no_movement(void **state)
{
	struct scene scene;
	double start_s[3];

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	scene.body.tremor_deg = 3;
	scene.body.tremor_hz = 5;
	for (unsigned i = 0; i < 3; i++) {
		start_s[i] = scene.t_s;
		scene_raise_legs(&scene, 3, 2, 0.8, 4, 0, 70);
		scene.t_s += 1;
	}
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(fabs(watch_seconds(scene.watch.rep[i].result.t_start_us) - start_s[i]) <
			    0.5);
		assert_true(fabs(watch_seconds(scene.watch.rep[i].result.t_end_us) - start_s[i] -
				    6.8) < 0.6);
	}
	scene_close(&scene);
}

static void a_lone_leg_counts(void **state)
{
	for (unsigned i = 0; i < 3; i++) {
		struct scene scene;
		unsigned wanted = 5;

		scene_open(&scene, EXERCISE_NONE, i ? 20.8 : 104, scene_seed() + i);
		kit_posture_free(scene.posture);
		scene.posture = kit_posture_new(&(struct kit_posture_settings){"1", &scene.conf,
							EXERCISE_NONE, 1u << PLACEMENT_THIGH_LEFT},
			&watch_ops, &scene.watch);
		scene.play.n_worn = 1;
		scene.play.worn[0] = scene.play.worn[1];
		scene.play.n_commands = 0;
		scene.body.elevation_deg[LEG_LEFT].n = 0;
		scene.t_s = 4;
		for (unsigned j = 0; j < 5; j++) {
			scene_raise_legs(&scene, 1, 1.2, 0.3, 1.5, 0, 50 + 5 * j);
			scene.t_s += i == 2 ? 0 : 0.7;
		}
		/* Walking is no repetition. */
		scene.t_s += 20;
		body_move(&scene.body.elevation_deg[LEG_LEFT], scene.t_s, 2, -90);
		for (unsigned j = 0; j < 15; j++) {
			body_move(&scene.body.elevation_deg[LEG_LEFT], scene.t_s + 10 + 1.1 * j,
				0.5, -65);
			body_move(&scene.body.elevation_deg[LEG_LEFT], scene.t_s + 10.5 + 1.1 * j,
				0.6, -105);
		}
		scene.t_s += 30;
		scene_play(&scene);
		if (scene.watch.n_reps != wanted)
			fail_msg("%u repetitions in round %u", scene.watch.n_reps, i);
		assert_int_equal(watch_at(&scene.watch, 8)->phase_kit, PHASE_UNCAL);
		assert_true(scene.watch.rep[0].result.quality & CODE_BIT(UNCALIBRATED));
		scene_close(&scene);
	}
}

static void generic_core_tells_the_tilt_alone(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_GENERIC_CORE, 104, scene_seed());
	scene_raise_legs(&scene, 3, 1.5, 0.5, 3, 0, 75);
	body_move(&scene.body.tilt_deg, scene.t_s, 1, 5);
	scene.t_s += 2;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 0);
	assert_int_equal(watch_at(&scene.watch, 65)->phase_kit, PHASE_READY);
	assert_true(fabs(watch_at(&scene.watch, scene.t_s)->tilt_deg - 5) < 0.5);
	scene_close(&scene);
}

static void a_session_that_goes_on_counts_on(void **state)
{
	static const double loss_deg[] = {50, 30, 34};
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	assert_true(kit_posture_control_angle_deg(scene.posture) == 40);
	kit_posture_resume(scene.posture, 7, loss_deg, 3);
	assert_true(kit_posture_control_angle_deg(scene.posture) == 34);
	scene_raise_legs(&scene, 3, 2, 0.5, 4, 0, 70);
	scene.t_s += 1;
	scene_play(&scene);
	assert_int_equal(scene.watch.n_reps, 1);
	assert_int_equal(scene.watch.rep[0].result.rep, 8);
	assert_true(scene.watch.rep[0].result.control_angle_deg == 34);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_that_goes_on_counts_on),
		cmocka_unit_test(mounting_does_not_matter),
		cmocka_unit_test(any_rate_will_do),
		cmocka_unit_test(lost_packets_and_outages),
		cmocka_unit_test(a_silent_wearable_stalls_nobody),
		cmocka_unit_test(left_and_right_are_symmetric),
		cmocka_unit_test(order_of_arrival_does_not_matter),
		cmocka_unit_test(slow_lowering_is_no_bias),
		cmocka_unit_test(tremor_is_no_movement),
		cmocka_unit_test(a_lone_leg_counts),
		cmocka_unit_test(generic_core_tells_the_tilt_alone),
	};
	printf("seed %llu (COXAD_TEST_SEED)\n", (unsigned long long)scene_seed());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
