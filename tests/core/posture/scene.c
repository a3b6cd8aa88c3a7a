// SPDX-License-Identifier: MIT
#include "tests/core/posture/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ANGLE_DEG  1.5
#define BOUNDARY_S 0.1

uint64_t scene_seed(void)
{
	const char *text = getenv("COXAD_TEST_SEED");

	return text ? strtoull(text, NULL, 0) : 1;
}

void scene_open_with_span(
	struct scene *scene, enum exercise exercise, double rate_hz, uint64_t s, double span_deg)
{
	struct quat mount[3];

	*scene = (struct scene){.play.seed = s};
	for (unsigned i = 0; i < 3; i++)
		mount[i] = body_random_quat(&s);
	analysis_conf_default(&scene->conf);
	body_wear(&scene->play, &scene->body, mount, rate_hz);
	scene->t_s = body_calibrate(&scene->body, &scene->play, span_deg);
	watch_init(&scene->watch, &scene->play);
	scene->posture = kit_posture_new(
		&(struct kit_posture_settings){"1", &scene->conf, exercise, SCENE_KIT}, &watch_ops,
		&scene->watch);
	kit_posture_session(scene->posture, BODY_START_US, exercise);
}

void scene_open(struct scene *scene, enum exercise exercise, double rate_hz, uint64_t s)
{
	scene_open_with_span(scene, exercise, rate_hz, s, 8.7);
}

void scene_play(struct scene *scene)
{
	scene->play.to_s = scene->t_s + 2;
	body_run(&scene->play, scene->posture);
}

/* Guidance has a code exactly where it has a text, and no text is cut. */
static void check_guidance(const struct watch *watch)
{
	for (unsigned i = 0; i < watch->n_results; i++) {
		const struct calibration_result *r = &watch->result[i];

		assert_int_equal(r->why[0] != 0, r->code != CALIBRATION_CODE_NONE);
		assert_true(!r->why[0] || r->why[strlen(r->why) - 1] == '.');
	}
}

void scene_close(struct scene *scene)
{
	check_guidance(&scene->watch);
	kit_posture_free(scene->posture);
	watch_done(&scene->watch);
}

void scene_raise_legs(struct scene *scene, unsigned sides, double up_s, double hold_s,
	double down_s, double from_deg, double to_deg)
{
	for (unsigned side = 0; side < LEGS; side++)
		if (sides >> side & 1) {
			body_move(&scene->body.elevation_deg[side], scene->t_s, up_s, to_deg);
			body_move(&scene->body.elevation_deg[side], scene->t_s + up_s + hold_s,
				down_s, from_deg);
		}
	scene->t_s += up_s + hold_s + down_s;
}

double scene_crossing(const struct body_track *track, double from_s, double level, int sign)
{
	double t_s = from_s;

	while (sign * (body_speed(track, t_s) - level) < 0 && t_s < from_s + 30)
		t_s += 0.002;
	return t_s;
}

/* The phases of decision-model.md 7.1 from the truth: onset of RAISE, TOP, LOWER, BOTTOM. */
static void true_onsets(const struct body_track *track, double start_s, double ret[4])
{
	ret[0] = scene_crossing(track, start_s, 5, 1);
	ret[1] = scene_crossing(track, ret[0] + 0.05, 2.5, -1);
	ret[2] = scene_crossing(track, ret[1], -5, -1);
	ret[3] = scene_crossing(track, ret[2] + 0.05, -2.5, 1);
}

void scene_check_boundaries(
	const struct posture_rep *rep, const struct body_track *track, double start_s)
{
	const struct rep_result *r = &rep->result;
	double onset[4], got[4] = {watch_seconds(r->t_start_us)};

	got[1] = got[0] + r->raise_ms / 1000;
	got[2] = got[1] + r->top_ms / 1000;
	got[3] = watch_seconds(r->t_end_us);
	true_onsets(track, start_s, onset);
	for (unsigned i = 0; i < 4; i++)
		if (!(fabs(got[i] - onset[i]) <= BOUNDARY_S))
			fail_msg("boundary %u at %.3f, truth %.3f", i, got[i], onset[i]);
}

void scene_check_angles(struct scene *scene, double from_s)
{
	struct watch_error e = watch_compare(&scene->watch, &scene->body, from_s, scene->t_s);

	if (!(e.n > 100 && e.tilt_deg < ANGLE_DEG && e.elevation_deg[LEG_LEFT] < ANGLE_DEG &&
		    e.elevation_deg[LEG_RIGHT] < ANGLE_DEG))
		fail_msg("n %u tilt %.2f left %.2f right %.2f", e.n, e.tilt_deg,
			e.elevation_deg[LEG_LEFT], e.elevation_deg[LEG_RIGHT]);
}

const struct calibration_result *scene_over(const struct scene *scene, unsigned n)
{
	for (unsigned i = 0; i < scene->watch.n_results; i++)
		if (scene->watch.result[i].state != CALIBRATION_STATE_RUNNING && n-- == 0)
			return &scene->watch.result[i];
	fail_msg("no such step");
	return NULL;
}
