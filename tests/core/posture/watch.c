// SPDX-License-Identifier: MIT
#include "tests/core/posture/watch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

double watch_seconds(int64_t t_us)
{
	return (double)(t_us - BODY_START_US) / US_PER_S;
}

static void on_frame(void *user, const struct posture_frame *frame)
{
	struct watch *watch = user;

	if (watch->n_frames < WATCH_FRAMES)
		watch->frame[watch->n_frames++] = *frame;
}

static void on_live(void *user, const struct posture_frame *frame)
{
	struct watch *watch = user;

	if (watch->play && watch->play->now_us - frame->t_us > watch->frame_age_us)
		watch->frame_age_us = watch->play->now_us - frame->t_us;
}

static void on_rep(void *user, const struct posture_rep *rep)
{
	struct watch *watch = user;

	if (watch->n_reps < WATCH_REPS)
		watch->rep[watch->n_reps] = *rep;
	watch->n_reps++;
}

static void on_calibration(void *user, const struct calibration_result *result)
{
	struct watch *watch = user;

	if (watch->n_results < ARRAY_LEN(watch->result))
		watch->result[watch->n_results++] = *result;
}

static void on_calibrated(void *user, const struct kit_calibration *calibration)
{
	struct watch *watch = user;

	watch->calibration = *calibration;
	watch->n_forgotten += !calibration->is_calibrated;
}

static void on_limit(void *user, const struct posture_frame *frame)
{
	struct watch *watch = user;

	if (watch->n_limits < WATCH_REPS) {
		watch->limit[watch->n_limits] = *frame;
		watch->limit_now_us[watch->n_limits] = watch->play ? watch->play->now_us : 0;
	}
	watch->n_limits++;
}

static void on_problem(void *user, enum placement placement, enum wearable_problem problem)
{
	struct watch *watch = user;

	watch->problem[placement] = problem;
	watch->n_problems++;
}

const struct kit_posture_ops watch_ops = {.frame = on_frame,
	.live = on_live,
	.rep = on_rep,
	.calibration = on_calibration,
	.calibrated = on_calibrated,
	.problem = on_problem,
	.limit = on_limit};

void watch_init(struct watch *watch, const struct body_play *play)
{
	memset(watch, 0, sizeof(*watch));
	watch->play = play;
	watch->frame = alloc_zero(WATCH_FRAMES, sizeof(*watch->frame));
}

void watch_done(struct watch *watch)
{
	free(watch->frame);
}

struct watch_error watch_compare(
	const struct watch *watch, const struct body *body, double from_s, double to_s)
{
	struct watch_error e = {0};

	for (unsigned i = 0; i < watch->n_frames; i++) {
		const struct posture_frame *frame = &watch->frame[i];
		double t_s = watch_seconds(frame->t_us), off;

		if (t_s < from_s || t_s > to_s || isnan(frame->tilt_deg) ||
			isnan(frame->elevation_deg[LEG_LEFT]) ||
			isnan(frame->elevation_deg[LEG_RIGHT]))
			continue;
		off = frame->tilt_deg - body_at(&body->tilt_deg, t_s);
		e.tilt_deg += off * off;
		for (unsigned side = 0; side < LEGS; side++) {
			off = frame->elevation_deg[side] - body_at(&body->elevation_deg[side], t_s);
			e.elevation_deg[side] += off * off;
		}
		e.n++;
	}
	e.tilt_deg = sqrt(e.tilt_deg / e.n);
	for (unsigned side = 0; side < LEGS; side++)
		e.elevation_deg[side] = sqrt(e.elevation_deg[side] / e.n);
	return e;
}

const struct posture_frame *watch_at(const struct watch *watch, double t_s)
{
	for (unsigned i = 0; i < watch->n_frames; i++)
		if (watch_seconds(watch->frame[i].t_us) >= t_s)
			return &watch->frame[i];
	return NULL;
}
