// SPDX-License-Identifier: MIT
#include "tests/core/posture/axes-scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/units.h"

struct quat axes_scene_as_expected(void)
{
	return quat_mul(quat_from_axis_angle((struct vec3){0, 0, 1}, M_PI),
		quat_from_axis_angle((struct vec3){0, 1, 0}, -M_PI / 2));
}

void axes_scene_move_legs(struct scene *scene, double t_s, double move_s, double deg)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		body_move(&scene->body.elevation_deg[leg], t_s, move_s, deg);
}

void axes_scene_ask_for_flat_back(struct scene *scene, double t_s)
{
	scene->play.command[scene->play.n_commands++] =
		(struct body_command){t_s, CALIBRATION_STEP_FLAT_BACK};
}

void axes_scene_lie_for_flat_back(struct scene *scene)
{
	axes_scene_move_legs(scene, scene->t_s, 1.5, 50);
	axes_scene_ask_for_flat_back(scene, scene->t_s + 3);
	axes_scene_move_legs(scene, scene->t_s + 8, 1.5, 0);
	scene->t_s += 11;
}

void axes_scene_begin_drawn_up(struct scene *scene)
{
	axes_scene_move_legs(scene, -1, 0.5, 50);
	axes_scene_ask_for_flat_back(scene, 3);
	scene->t_s = 8;
}

void axes_scene_raise(struct scene *scene, unsigned sides, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		scene_raise_legs(scene, sides, 1.4, 0.3, 2, 0, 40 + 10 * (i % 4));
		scene->t_s += 1.5;
	}
}

void axes_scene_open_uncalibrated(
	struct scene *scene, double rate_hz, uint64_t seed, struct quat pelvis)
{
	scene_open(scene, EXERCISE_SUPINE_STRAIGHT, rate_hz, seed);
	scene->body = (struct body){0};
	scene->play.n_commands = 0;
	scene->play.worn[0].mount = pelvis;
	scene->t_s = 4;
}

double axes_scene_worst_deg(const struct scene *scene, unsigned leg, double from_s, unsigned *ret_n)
{
	double worst = 0;

	*ret_n = 0;
	for (unsigned i = 0; i < scene->watch.n_frames; i++) {
		const struct posture_frame *f = &scene->watch.frame[i];
		double t_s = watch_seconds(f->t_us);

		if (t_s < from_s || t_s > scene->t_s || isnan(f->elevation_deg[leg]))
			continue;
		worst = fmax(worst, fabs(f->elevation_deg[leg] -
					    body_at(&scene->body.elevation_deg[leg], t_s)));
		(*ret_n)++;
	}
	return worst;
}

void axes_scene_check_elevation(const struct scene *scene, double from_s)
{
	for (unsigned leg = 0; leg < LEGS; leg++) {
		unsigned n;
		double worst = axes_scene_worst_deg(scene, leg, from_s, &n);

		if (n < 300 || worst > 3)
			fail_msg("leg %u: %.1f degrees off, %u frames", leg, worst, n);
	}
}

const struct calibration_result *axes_scene_last_word(const struct scene *scene)
{
	assert_true(scene->watch.n_results > 0);
	return &scene->watch.result[scene->watch.n_results - 1];
}

struct quat axes_scene_turned_in_pose(double turn_rad)
{
	struct quat pose = quat_from_axis_angle((struct vec3){0, 1, 0}, (-90 - 50) * RAD_PER_DEG);
	struct vec3 up = quat_rotate(quat_conj(pose), (struct vec3){0, 0, 1});

	return quat_from_axis_angle(up, turn_rad);
}
