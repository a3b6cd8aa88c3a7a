// SPDX-License-Identifier: MIT
/* Sensors that say what no working sensor says, or that were put on again the wrong way round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "tests/core/posture/scene.h"

static const struct posture_frame *last_frame(const struct scene *scene)
{
	return watch_at(&scene->watch, scene->t_s);
}

static bool is_faulty(const struct posture_frame *frame)
{
	return frame->quality & CODE_BIT(SENSOR_FAULTY);
}

static void raise_legs(struct scene *scene, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		scene_raise_legs(scene, 3, 1.5, 0.5, 3, 0, 75);
		scene->t_s += 1;
	}
}

/* Sticks at rest and in the middle of a raise; both chips, and each alone. */
static void a_stuck_sensor_is_not_used(void **state)
{
	for (unsigned i = 0; i < 18; i++) {
		struct scene scene;
		struct body_worn *worn;
		double at_s;

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed() + i);
		worn = &scene.play.worn[i % 3];
		raise_legs(&scene, 1);
		at_s = scene.t_s + (i / 3 % 2 ? 0.8 : -0.5);
		if (i / 6 != 1)
			worn->acc_stuck_s = at_s;
		if (i / 6 != 2)
			worn->gyr_stuck_s = at_s;
		raise_legs(&scene, 2);
		scene_play(&scene);
		/* A gyroscope that says zero while nothing turns is no fault yet. */
		if (i / 6 == 1 && (i / 3 % 2 == 0 || i % 3 == 0)) {
			scene_close(&scene);
			continue;
		}
		if (scene.watch.problem[worn->placement] != WEARABLE_PROBLEM_SENSOR_STUCK)
			fail_msg("case %u: not told", i);
		assert_int_equal(scene.watch.n_problems, 1);
		assert_true(is_faulty(last_frame(&scene)));
		if (worn->placement == PLACEMENT_PELVIS)
			assert_true(isnan(last_frame(&scene)->tilt_deg));
		else
			assert_true(isnan(
				last_frame(&scene)
					->elevation_deg[worn->placement == PLACEMENT_THIGH_RIGHT]));
		scene_close(&scene);
	}
}

static void take_frame(void *user, const struct posture_frame *frame)
{
	*(struct posture_frame *)user = *frame;
}

static void note_problem(void *user, enum placement placement, enum wearable_problem problem)
{
}

static void push_still(struct kit_posture *posture, double from_s, double to_s, float noise)
{
	uint64_t seed = 1;
	struct motion_sample samples[4];
	struct record record = {.kind = RECORD_MOTION, .interval_host_us = 10000};

	record.motion = (struct motion_block){
		.n = 4, .interval_us = 10000, .has_gyr = true, .samples = samples};
	for (double t_s = from_s; t_s < to_s; t_s += 0.04) {
		for (unsigned i = 0; i < 4; i++)
			samples[i] = (struct motion_sample){
				.acc_mps2 = {
					0.1F * (float)i, noise * (float)body_random(&seed), 9.8F}};
		record.t_us = BODY_START_US + (int64_t)(t_s * 1e6);
		record.arrival_us = record.t_us + 40000;
		kit_posture_push(posture, PLACEMENT_PELVIS, &record);
	}
}

/* The same block again, each of its samples another; well again as soon as they differ. */
static void a_block_again_and_again_is_stuck(void **state)
{
	struct posture_frame frame;
	struct analysis_conf conf;
	struct kit_posture *posture;

	analysis_conf_default(&conf);
	posture = kit_posture_new(&(struct kit_posture_settings){"1", &conf, EXERCISE_GENERIC_CORE,
					  1u << PLACEMENT_PELVIS},
		&(struct kit_posture_ops){.frame = take_frame, .problem = note_problem}, &frame);
	push_still(posture, 0, 2, 0.01F);
	assert_false(is_faulty(&frame));
	push_still(posture, 2, 2.9, 0);
	assert_false(is_faulty(&frame));
	push_still(posture, 2.9, 4, 0);
	kit_posture_advance(posture, BODY_START_US + 4500000);
	assert_true(is_faulty(&frame));
	push_still(posture, 5, 6, 0.01F);
	assert_false(is_faulty(&frame));
	kit_posture_free(posture);
}

/* Whatever is told, it is possible: angles and repetitions. */
static void check_possible(const struct scene *scene, double from_s)
{
	for (unsigned i = 0; i < scene->watch.n_frames; i++) {
		const struct posture_frame *f = &scene->watch.frame[i];

		if (watch_seconds(f->t_us) < from_s)
			continue;
		for (unsigned leg = 0; leg < LEGS; leg++)
			if (f->elevation_deg[leg] > 150 || f->elevation_deg[leg] < -130 ||
				f->hip_flexion_deg[leg] > 150 || f->hip_flexion_deg[leg] < -45)
				fail_msg("leg %u at %.0f, hip %.0f", leg, f->elevation_deg[leg],
					f->hip_flexion_deg[leg]);
	}
	for (unsigned i = 0; i < scene->watch.n_reps && i < WATCH_REPS; i++)
		assert_false(scene->watch.rep[i].result.range_deg > 190);
}

/* By 90 degrees about nearly the axis that the joint has, it looks like a bent leg or like sitting. */
static bool must_show(const struct body_worn *worn)
{
	struct vec3 joint = quat_rotate(quat_conj(worn->mount), (struct vec3){0, 1, 0});
	double across_deg = fabs(worn->turn_deg) * vec3_norm(vec3_cross(joint, worn->turn_axis));

	return fabs(worn->turn_deg) == 180 || across_deg > 80;
}

static void put_on_again(unsigned who, double turn_deg, struct vec3 axis, uint64_t seed)
{
	struct scene scene;
	struct body_worn *worn;
	double from_s;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, seed);
	worn = &scene.play.worn[who];
	raise_legs(&scene, 1);
	scene.t_s += 3;
	from_s = worn->turned_at_s = scene.t_s;
	worn->turn_deg = turn_deg;
	worn->turn_axis = axis;
	scene.t_s += 5;
	raise_legs(&scene, 3);
	scene_play(&scene);
	check_possible(&scene, from_s);
	if (must_show(worn) && !(last_frame(&scene)->quality & CODE_BIT(SENSOR_SHIFT)))
		fail_msg(
			"sensor %u turned by %.0f about (%.2f,%.2f,%.2f) in its frame: not noticed",
			who, turn_deg, axis.x, axis.y, axis.z);
	scene_close(&scene);
}

/* Between two sets, about any axis; one seed shares its mountings with all turns. */
static void a_sensor_put_on_again_turned_is_a_shift(void **state)
{
	for (unsigned who = 0; who < 2; who++)
		for (unsigned i = 0; i < 13; i++) {
			/* The axes of a cube through faces, edges and corners. */
			static const struct vec3 cube[13] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1},
				{1, 1, 0}, {1, -1, 0}, {1, 0, 1}, {1, 0, -1}, {0, 1, 1}, {0, 1, -1},
				{1, 1, 1}, {1, 1, -1}, {1, -1, 1}, {-1, 1, 1}};
			struct vec3 axis = vec3_unit(cube[i]);

			put_on_again(who, 180, axis, scene_seed());
			put_on_again(who, i % 2 ? 90 : -90, axis, scene_seed());
		}
}

/* The lumbar sensor, put on again bent forward or back beyond what a spine does. */
static void a_spine_that_bends_too_far_is_told_as_a_fault(void **state)
{
	for (unsigned i = 0; i < 2; i++) {
		struct scene scene;
		struct body_worn *lumbar;
		const struct posture_frame *before, *after;

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
		kit_posture_free(scene.posture);
		scene.posture = kit_posture_new(
			&(struct kit_posture_settings){"1", &scene.conf, EXERCISE_SUPINE_STRAIGHT,
				SCENE_KIT | 1u << PLACEMENT_LUMBAR},
			&watch_ops, &scene.watch);
		kit_posture_session(scene.posture, BODY_START_US, EXERCISE_SUPINE_STRAIGHT);
		lumbar = &scene.play.worn[scene.play.n_worn++];
		*lumbar = scene.play.worn[0];
		lumbar->placement = PLACEMENT_LUMBAR;
		/* Worn as expected: x to the head, z out of the front. */
		lumbar->mount = quat_mul(quat_from_axis_angle((struct vec3){0, 0, 1}, M_PI),
			quat_from_axis_angle((struct vec3){0, 1, 0}, -M_PI / 2));
		lumbar->turned_at_s = scene.t_s + 3;
		lumbar->turn_deg = i ? 120 : -120;
		lumbar->turn_axis = quat_rotate(quat_conj(lumbar->mount), (struct vec3){0, 1, 0});
		scene.t_s += 10;
		scene_play(&scene);
		before = watch_at(&scene.watch, lumbar->turned_at_s - 1);
		after = watch_at(&scene.watch, scene.t_s);
		assert_true(fabsf(before->lumbar_deg) < 3);
		assert_false(before->quality & CODE_BIT(SENSOR_FAULTY));
		assert_true(isnan(after->lumbar_deg) && isnan(after->tilt_deg));
		assert_true(after->quality & CODE_BIT(SENSOR_FAULTY));
		assert_false(after->has_pelvis);
		scene_close(&scene);
	}
}

/* Turned about the hip's own axis: a leg that rests far below the floor tells it. One that seems to
 * rest above may have the knee bent. */
static void a_leg_that_rests_below_the_floor_is_doubted(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;
		struct body_worn *thigh;

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed() + i);
		thigh = &scene.play.worn[1 + (i & 1)];
		thigh->turned_at_s = scene.t_s + 3;
		thigh->turn_deg = 18 + 5 * i;
		thigh->turn_axis = quat_rotate(quat_conj(thigh->mount), (struct vec3){0, 1, 0});
		scene.t_s += 30;
		scene_play(&scene);
		if (scene.watch.calibration.confidence != 0)
			fail_msg("turned by %.0f degrees, %s", thigh->turn_deg,
				i & 1 ? "right" : "left");
		scene_close(&scene);
	}
}

/* Two sensors of a kit, each put where the other was. */
static void exchange(struct scene *scene, unsigned a, unsigned b)
{
	struct body_worn *one = &scene->play.worn[a], *other = &scene->play.worn[b];

	one->moved_at_s = other->moved_at_s = scene->t_s;
	one->moved_to = other->placement;
	other->moved_to = one->placement;
	one->moved_mount = other->mount;
	other->moved_mount = one->mount;
}

/* Pelvis and thigh, between two sets of raises of both legs: told before the second set ends, and
 * no repetition counts. */
static void check_pelvis_exchanged(unsigned thigh, bool are_alike, uint64_t seed)
{
	struct scene scene;
	double from_s;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, seed);
	for (unsigned i = 1; are_alike && i < 3; i++)
		scene.play.worn[i].mount = scene.play.worn[0].mount;
	raise_legs(&scene, 1);
	scene.t_s += 3;
	from_s = scene.t_s;
	exchange(&scene, 0, thigh);
	scene.t_s += 5;
	raise_legs(&scene, 4);
	scene_play(&scene);
	check_possible(&scene, from_s);
	if (!(last_frame(&scene)->quality & CODE_BIT(SENSOR_SHIFT)) ||
		!isnan(last_frame(&scene)->tilt_deg))
		fail_msg("pelvis and thigh %u, seed %u: not noticed", thigh, (unsigned)seed);
	assert_int_equal(scene.watch.n_reps, 1);
	scene_close(&scene);
}

static void an_exchange_with_the_pelvis_is_a_shift(void **state)
{
	for (unsigned i = 0; i < 14; i++)
		check_pelvis_exchanged(1 + i % 2, i >= 12, scene_seed() + i / 2);
}

/* Worn alike, nobody can know it, and nothing is amiss: both legs move alike. */
static void thighs_exchanged_alike_count_all_the_same(void **state)
{
	struct scene scene;

	scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed());
	scene.play.worn[2].mount = scene.play.worn[1].mount;
	raise_legs(&scene, 1);
	scene.t_s += 3;
	exchange(&scene, 1, 2);
	scene.t_s += 5;
	raise_legs(&scene, 3);
	scene_play(&scene);
	assert_false(last_frame(&scene)->quality & CODE_BIT(SENSOR_SHIFT));
	assert_int_equal(scene.watch.n_reps, 4);
	scene_close(&scene);
}

/* Worn otherwise, the legs rest where no leg does. */
static void thighs_exchanged_otherwise_are_a_shift(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed() + i);
		raise_legs(&scene, 1);
		scene.t_s += 3;
		exchange(&scene, 1, 2);
		scene.t_s += 5;
		raise_legs(&scene, 4);
		scene_play(&scene);
		check_possible(&scene, 63);
		if (!(last_frame(&scene)->quality & CODE_BIT(SENSOR_SHIFT)))
			fail_msg("thighs, seed %u: not noticed", i);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stuck_sensor_is_not_used),
		cmocka_unit_test(a_block_again_and_again_is_stuck),
		cmocka_unit_test(a_sensor_put_on_again_turned_is_a_shift),
		cmocka_unit_test(an_exchange_with_the_pelvis_is_a_shift),
		cmocka_unit_test(thighs_exchanged_alike_count_all_the_same),
		cmocka_unit_test(thighs_exchanged_otherwise_are_a_shift),
		cmocka_unit_test(a_spine_that_bends_too_far_is_told_as_a_fault),
		cmocka_unit_test(a_leg_that_rests_below_the_floor_is_doubted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
