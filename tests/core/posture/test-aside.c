// SPDX-License-Identifier: MIT
/* Calibrated on the back, exercising on the side or prone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "tests/core/posture/scene.h"

static void roll(struct scene *scene, double to_deg)
{
	body_move(&scene->body.roll_deg, scene->t_s, 2, to_deg);
	scene->t_s += 5;
}

static void raise_aside(struct scene *scene, unsigned leg, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		body_move(&scene->body.abduction_deg[leg], scene->t_s, 1.2, 25 + 3 * (i % 4));
		body_move(&scene->body.abduction_deg[leg], scene->t_s + 1.6, 1.6, 0);
		scene->t_s += 4.5;
	}
}

static unsigned marked(const struct scene *scene, unsigned from)
{
	unsigned n = 0;

	for (unsigned r = from; r < scene->watch.n_reps; r++)
		n += !!(scene->watch.rep[r].result.quality & CODE_BIT(UNCALIBRATED));
	return n;
}

/* On the right side, the left leg, and the other way round; then on the back again. */
static void raises_on_the_side_count(void **state)
{
	for (unsigned i = 0; i < 6; i++) {
		enum { ASIDE = 8 };
		unsigned leg = i & 1;
		struct scene scene;
		double aside_s;

		scene_open(&scene, EXERCISE_SINGLE, i < 4 ? 104 : 25, scene_seed() + i);
		roll(&scene, leg == LEG_LEFT ? -85 : 85);
		aside_s = scene.t_s;
		raise_aside(&scene, leg, ASIDE);
		roll(&scene, 0);
		for (unsigned r = 0; r < 3; r++) {
			scene_raise_legs(&scene, 1u << leg, 1.4, 0.3, 2, 0, 60);
			scene.t_s += 1;
		}
		scene_play(&scene);
		assert_int_equal(scene.watch.n_reps, ASIDE + 3);
		assert_int_equal(marked(&scene, 0), ASIDE);
		assert_int_equal(marked(&scene, ASIDE), 0);
		for (unsigned r = 0; r < ASIDE; r++)
			assert_int_equal(scene.watch.rep[r].result.side,
				leg == LEG_LEFT ? SIDE_LEFT : SIDE_RIGHT);
		/* Of form nothing is said. */
		assert_int_equal(watch_at(&scene.watch, aside_s + 2)->phase_kit, PHASE_OTHER);
		assert_true(isnan(watch_at(&scene.watch, aside_s + 2)->elevation_deg[leg]));
		assert_true(scene.watch.calibration.is_calibrated);
		assert_false(watch_at(&scene.watch, scene.t_s)->quality & CODE_BIT(SENSOR_SHIFT));
		scene_close(&scene);
	}
}

/* A straight leg goes up by 10 to 20 degrees behind the body, then the athlete is on the back again. */
static void raises_prone_count(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		enum { PRONE = 6 };
		unsigned leg = i & 1;
		struct scene scene;

		scene_open(&scene, EXERCISE_SINGLE, i < 2 ? 104 : 25, scene_seed() + 20 + i);
		roll(&scene, 90);
		roll(&scene, 180);
		scene.t_s += 5; /* until the body has settled */
		for (unsigned r = 0; r < PRONE; r++) {
			scene_raise_legs(&scene, 1u << leg, 1.2, 0.5, 1.5, 0, 10 + 2 * r);
			scene.t_s += 1;
		}
		roll(&scene, 90);
		roll(&scene, 0);
		for (unsigned r = 0; r < 3; r++) {
			scene_raise_legs(&scene, 1u << leg, 1.4, 0.3, 2, 0, 60);
			scene.t_s += 1;
		}
		scene_play(&scene);
		assert_int_equal(scene.watch.n_reps, PRONE + 3);
		assert_int_equal(marked(&scene, 0), PRONE);
		assert_int_equal(marked(&scene, PRONE), 0);
		assert_true(scene.watch.calibration.is_calibrated);
		scene_close(&scene);
	}
}

/* Turning over, sitting up and lying down again are no repetitions. */
static void turning_over_counts_nothing(void **state)
{
	for (unsigned i = 0; i < 4; i++) {
		struct scene scene;

		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, 104, scene_seed() + 10 + i);
		for (unsigned n = 0; n < 3; n++) {
			roll(&scene, i & 1 ? 90 : -90);
			roll(&scene, i & 1 ? 180 : -180);
			roll(&scene, 0);
			body_move(&scene.body.trunk_deg, scene.t_s, 1.5, 80);
			body_move(&scene.body.trunk_deg, scene.t_s + 5, 1.5, 0);
			scene.t_s += 9;
		}
		scene_play(&scene);
		assert_int_equal(scene.watch.n_reps, 0);
		/* A trunk that sits or lies on the side has no tilt, and no sensor is at fault. */
		for (unsigned f = 0; f < scene.watch.n_frames; f++) {
			assert_false(fabsf(scene.watch.frame[f].tilt_deg) > 45);
			assert_false(scene.watch.frame[f].quality & CODE_BIT(SENSOR_FAULTY));
		}
		assert_true(watch_at(&scene.watch, 60)->tilt_deg < 45);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raises_on_the_side_count),
		cmocka_unit_test(raises_prone_count),
		cmocka_unit_test(turning_over_counts_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
