// SPDX-License-Identifier: MIT
/* Sensors whose gyroscope and accelerometer contradict each other, and good ones in every kind of
 * movement, which are never taken for those.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/motion-sensor.h"
#include "tests/bench/trial.h"
#include "tests/core/posture/scene.h"

#define DEFECT_LIST(X)                                                                             \
	X(gyr_dead, s->gyr_rps[0] = s->gyr_rps[1] = s->gyr_rps[2] = 0)                             \
	X(gyr_offset, s->gyr_rps[1] += 1)                                                          \
	X(gyr_saturated, (s->gyr_rps[0] = 34.9F, s->flags |= SAMPLE_GYR_CLIPPED))                  \
	X(gyr_reversed, scale(s->gyr_rps, -1))                                                     \
	X(gyr_halved, scale(s->gyr_rps, 0.5F))                                                     \
	X(gyr_doubled, scale(s->gyr_rps, 2))                                                       \
	X(gyr_in_degrees, scale(s->gyr_rps, 57.3F))                                                \
	X(gyr_in_radians, scale(s->gyr_rps, 1 / 57.3F))                                            \
	X(acc_halved, scale(s->acc_mps2, 0.5F))                                                    \
	X(acc_doubled, scale(s->acc_mps2, 2))                                                      \
	X(acc_in_g, scale(s->acc_mps2, 1 / 9.81F))                                                 \
	X(acc_reversed_z, s->acc_mps2[2] *= -1)                                                    \
	X(acc_weak, (s->acc_mps2[0] *= 0.15F, s->acc_mps2[1] *= 0.15F))                            \
	X(acc_axis_at_full_scale, s->acc_mps2[0] = 19.6F)                                          \
	X(acc_clipped, clip(s->acc_mps2, 4))                                                       \
	X(acc_offset, (s->acc_mps2[0] += 4, s->acc_mps2[1] += 4, s->acc_mps2[2] += 4))

static void scale(float v[3], float by)
{
	for (unsigned i = 0; i < 3; i++)
		v[i] *= by;
}

static void clip(float v[3], float limit)
{
	for (unsigned i = 0; i < 3; i++)
		v[i] = fmaxf(fminf(v[i], limit), -limit);
}

#define DEFECT_FUNCTION(name, ...)                                                                 \
	static void name(struct motion_sample *s)                                                  \
	{                                                                                          \
		__VA_ARGS__;                                                                       \
	}
DEFECT_LIST(DEFECT_FUNCTION)

static const struct {
	const char *name;
	void (*alter)(struct motion_sample *sample);
} defects[] = {
#define DEFECT_ROW(name, ...) {#name, name},
	DEFECT_LIST(DEFECT_ROW)};
#define DEFECTS (sizeof(defects) / sizeof(defects[0]))

static void raise_legs(struct scene *scene, unsigned times)
{
	for (unsigned i = 0; i < times; i++) {
		scene_raise_legs(scene, 3, 1.5, 1, 2, 0, 70);
		scene->t_s += 1;
	}
}

/* Each is told within eight repetitions, marks what it said before, and is not used. A
 * mirrored axis shows only where the turn has a share of it: the mountings are drawn. */
static void a_defect_is_told(void **state)
{
	unsigned told = 0, all = 0;

	for (unsigned i = 0; i < 2 * DEFECTS; i++) {
		const struct posture_frame *frame;
		struct scene scene;
		struct body_worn *worn;

		scene_open(
			&scene, EXERCISE_SUPINE_STRAIGHT, i % 4 < 2 ? 104 : 26, scene_seed() + i);
		worn = &scene.play.worn[1 + i % 2];
		raise_legs(&scene, 1);
		worn->altered_at_s = scene.t_s - 0.5;
		worn->alter = defects[i / 2].alter;
		raise_legs(&scene, 8);
		scene_play(&scene);
		frame = watch_at(&scene.watch, scene.t_s);
		if (scene.watch.problem[worn->placement] != WEARABLE_PROBLEM_SENSOR_DEFECTIVE) {
			print_message(
				"%s at %.0f Hz: not told\n", defects[i / 2].name, worn->rate_hz);
		} else {
			told++;
			if (!(frame->quality & CODE_BIT(SENSOR_FAULTY)) ||
				!isnan(frame->elevation_deg[i % 2]))
				fail_msg("%s is used", defects[i / 2].name);
		}
		all++;
		scene_close(&scene);
	}
	print_message("%u of %u told\n", told, all);
	assert_true(told == all);
}

/* By 25 degrees at once. */
static void slip(struct motion_sample *s)
{
	static const struct vec3 axis = {0.48F, -0.6, 0.64};
	struct quat turn = quat_from_axis_angle(axis, 25 * RAD_PER_DEG);
	float *v[] = {s->acc_mps2, s->gyr_rps};

	for (unsigned i = 0; i < 2; i++) {
		struct vec3 turned = quat_rotate(turn, (struct vec3){v[i][0], v[i][1], v[i][2]});

		v[i][0] = (float)turned.x;
		v[i][1] = (float)turned.y;
		v[i][2] = (float)turned.z;
	}
}

/* Fast and slow raises, standing up, walking with strikes of the heel, a strap that slips. */
static void no_good_sensor_is_told_defective(void **state)
{
	static const double rates_hz[] = {10, 20, 26, 50, 104, 208};

	for (unsigned i = 0; i < 12; i++) {
		struct scene scene;

		scene_open(
			&scene, EXERCISE_SUPINE_STRAIGHT, rates_hz[i % 6], scene_seed() + 100 + i);
		raise_legs(&scene, 2);
		for (unsigned j = 0; j < 8; j++)
			scene_raise_legs(&scene, 1 + j % 3, 0.45, 0.1 * (j % 4), 0.45, 0, 85);
		scene.play.worn[1].altered_at_s = scene.t_s - 1;
		scene.play.worn[1].alter = slip;
		for (unsigned j = 0; j < 3; j++)
			scene_raise_legs(&scene, 3, 4, 2, 5, 0, 40);
		body_move(&scene.body.trunk_deg, scene.t_s, 1.2, 90);
		for (unsigned leg = 0; leg < LEGS; leg++)
			body_move(&scene.body.elevation_deg[leg], scene.t_s, 1.2, -90);
		scene.t_s += 3;
		scene.body.walk_from_s = scene.t_s;
		scene.body.step_s = 0.45;
		scene.body.bounce_mps2 = 4;
		scene.body.strike_mps2 = 30;
		for (unsigned j = 0; j < 20; j++, scene.t_s += 0.9)
			for (unsigned leg = 0; leg < LEGS; leg++) {
				body_move(&scene.body.elevation_deg[leg], scene.t_s + 0.45 * leg,
					0.4, -65);
				body_move(&scene.body.elevation_deg[leg],
					scene.t_s + 0.45 * leg + 0.45, 0.4, -105);
			}
		scene.body.walk_to_s = scene.t_s;
		scene_play(&scene);
		if (scene.watch.n_problems)
			fail_msg("%.0f Hz: told defective", rates_hz[i % 6]);
		scene_close(&scene);
	}
}

static uint64_t nonsense_seed;

static void spin(float v[3], double by_deg)
{
	struct vec3 axis = vec3_unit((struct vec3){body_random(&nonsense_seed) - 0.5,
		body_random(&nonsense_seed) - 0.5, body_random(&nonsense_seed) - 0.5});
	struct vec3 turned = quat_rotate(
		quat_from_axis_angle(axis, by_deg * RAD_PER_DEG), (struct vec3){v[0], v[1], v[2]});

	v[0] = (float)turned.x;
	v[1] = (float)turned.y;
	v[2] = (float)turned.z;
}

static void noise(struct motion_sample *s)
{
	for (unsigned i = 0; i < 3; i++) {
		s->acc_mps2[i] = (float)(300 * (body_random(&nonsense_seed) - 0.5));
		s->gyr_rps[i] = (float)(70 * (body_random(&nonsense_seed) - 0.5));
	}
}

static void tumble(struct motion_sample *s)
{
	spin(s->acc_mps2, 30);
	spin(s->gyr_rps, 180);
}

static void whirl(struct motion_sample *s)
{
	s->gyr_rps[0] = 34;
	s->gyr_rps[1] = -20;
}

static void leap(struct motion_sample *s)
{
	if (body_random(&nonsense_seed) < 0.02) {
		s->acc_mps2[0] *= -1;
		s->acc_mps2[2] *= -1;
		s->gyr_rps[1] = 30;
	}
}

static void fall(struct motion_sample *s)
{
	memset(s, 0, sizeof(*s));
	s->gyr_rps[2] = (float)body_random(&nonsense_seed);
}

static void check_limits(const struct scene *scene, const char *what)
{
	for (unsigned i = 0; i < scene->watch.n_frames; i++) {
		const struct posture_frame *f = &scene->watch.frame[i];

		for (unsigned leg = 0; leg < LEGS; leg++)
			if (f->elevation_deg[leg] > 150 || f->elevation_deg[leg] < -130 ||
				f->hip_flexion_deg[leg] > 150 || f->hip_flexion_deg[leg] < -45 ||
				fabsf(f->speed_deg_s[leg]) > POSTURE_SPEED_MOST_DEG_S)
				fail_msg("%s: leg %u at %.0f, hip %.0f, %.0f deg/s", what, leg,
					(double)f->elevation_deg[leg],
					(double)f->hip_flexion_deg[leg],
					(double)f->speed_deg_s[leg]);
	}
	for (unsigned i = 0; i < scene->watch.n_reps && i < WATCH_REPS; i++) {
		const struct rep_result *r = &scene->watch.rep[i].result;

		if (!(r->range_deg >= 0 && r->range_deg <= 190) || r->raise_ms < 0 ||
			r->lower_ms < 0 || r->t_end_us <= r->t_start_us)
			fail_msg("%s: repetition of %.0f degrees", what, r->range_deg);
	}
}

/* Whatever the sensors say, one of them or all: what is told is possible. */
static void nonsense_is_never_told(void **state)
{
	static const struct {
		const char *name;
		void (*alter)(struct motion_sample *sample);
	} kinds[] = {{"noise", noise}, {"tumble", tumble}, {"whirl", whirl}, {"leap", leap},
		{"fall", fall}, {"put on again", NULL}};

	for (unsigned i = 0; i < 12; i++) {
		struct scene scene;
		unsigned who = i / 6 ? 3 : i % 3;

		nonsense_seed = scene_seed() + i;
		scene_open(&scene, EXERCISE_SUPINE_STRAIGHT, i % 2 ? 52 : 104, scene_seed() + i);
		raise_legs(&scene, 1);
		for (unsigned k = 0; k < 3; k++) {
			struct body_worn *worn = &scene.play.worn[k];

			if (who != 3 && k != who)
				continue;
			worn->altered_at_s = scene.t_s - 0.7;
			worn->alter = kinds[i % 6].alter;
			if (!worn->alter && k > 0) {
				worn->turned_at_s = scene.t_s;
				worn->turn_deg = 180 * body_random(&nonsense_seed);
				worn->turn_axis = (struct vec3){0, 0, 1};
			}
		}
		raise_legs(&scene, 3);
		scene_play(&scene);
		check_limits(&scene, kinds[i % 6].name);
		scene_close(&scene);
	}
}

static void take_nothing(const struct timeline_sample *sample, void *user)
{
}

/* The instant at which it is told, seconds; NAN: never. */
static double play_recording(const struct trial *trial, unsigned step)
{
	struct motion_sensor sensor;
	double interval_us = US_PER_S * step / trial->rate_hz;

	motion_sensor_init(&sensor);
	for (size_t i = 0; i + step <= trial->n; i += step) {
		struct motion_sample sample;
		struct record record = {.kind = RECORD_MOTION,
			.t_us = (int64_t)((double)(i / step) * interval_us),
			.interval_host_us = interval_us,
			.motion = {.n = 1,
				.interval_us = interval_us,
				.has_gyr = true,
				.samples = &sample}};

		if (!trial_sample(&trial->line[i], step, &sample))
			continue;
		motion_sensor_push(&sensor, &record, 10, take_nothing, NULL);
		if (sensor.problem == WEARABLE_PROBLEM_SENSOR_DEFECTIVE)
			return (double)record.t_us / US_PER_S;
	}
	return NAN;
}

static void recordings_of_people(void **state)
{
	static const char *const folders[] = {"leg-raise-25hz", "broad", "full-body-100hz"};
	const char *data = getenv("COXAD_TEST_DATA");
	unsigned seen = 0;

	for (unsigned i = 0; data && i < 3; i++) {
		char pattern[512];
		glob_t found;

		snprintf(pattern, sizeof(pattern), "%s/%s/*.csv.gz", data, folders[i]);
		if (glob(pattern, 0, NULL, &found) != 0)
			continue;
		for (size_t j = 0; j < found.gl_pathc; j++, seen++) {
			bool is_defective = strstr(found.gl_pathv[j], "defective") != NULL;
			struct trial trial;
			double told_s;

			assert_int_equal(trial_read(found.gl_pathv[j], &trial), 0);
			told_s = play_recording(&trial, trial.rate_hz > 200 ? 3 : 1);
			print_message("%s: %s at %.1f s\n", found.gl_pathv[j],
				isnan(told_s) ? "good" : "told", told_s);
			assert_true(is_defective == !isnan(told_s));
			if (is_defective)
				assert_true(told_s < 60);
			free(trial.line);
		}
		globfree(&found);
	}
	if (!seen) {
		print_message("COXAD_TEST_DATA names no folder with recordings\n");
		skip();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_defect_is_told),
		cmocka_unit_test(no_good_sensor_is_told_defective),
		cmocka_unit_test(nonsense_is_never_told),
		cmocka_unit_test(recordings_of_people),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
