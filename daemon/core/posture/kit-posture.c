// SPDX-License-Identifier: MIT
#include "coxad/core/posture/kit-posture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/core/posture/kit-calibration.h"
#include "daemon/core/posture/kit-frame.h"
#include "daemon/core/posture/kit-movement.h"
#include "daemon/core/posture/kit-posture-private.h"

/* A fault is found so much later than its samples came, packets and radio included. */
#define FAULT_LAG_US TIMELINE_OFFLINE_US

_Static_assert(POSTURE_FRAME_US == TIMELINE_STEP_US && POSTURE_WAIT_US == TIMELINE_WAIT_US,
	"frames are the rows of the timeline");

struct kit_posture *kit_posture_new(
	const struct kit_posture_settings *settings, const struct kit_posture_ops *ops, void *user)
{
	struct kit_posture *k = new0(struct kit_posture);

	snprintf(k->kit, sizeof(k->kit), "%s", settings->kit);
	k->conf = settings->analysis;
	k->exercise = settings->exercise;
	k->placements = settings->placements;
	k->ops = ops;
	k->user = user;
	k->now_us = INT64_MIN;
	k->rest_us = k->impossible_us = T_NEVER;
	k->linked = UINT32_MAX;
	timeline_init(&k->timeline, k->placements);
	calibration_init(&k->calibration, k->conf, k->placements);
	sensor_shift_init(&k->shift);
	repetition_init(&k->repetition);
	frame_ring_init(&k->ring);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		motion_sensor_init(&k->sensor[i]);
	for (unsigned leg = 0; leg < LEGS; leg++) {
		k->leg[leg].thigh = calibration_run_thigh(leg);
		k->leg[leg].is_placed = kit_posture_has_placement(k, calibration_run_thigh(leg));
		posture_init(&k->leg[leg].machine);
		leg_motion_init(&k->leg[leg].motion);
	}
	return k;
}

void kit_posture_set_tracer(struct kit_posture *k, const struct tracer *tracer)
{
	k->trace = (struct trace){tracer, k->kit};
}

struct kit_posture *kit_posture_free(struct kit_posture *k)
{
	if (!k)
		return NULL;
	frame_ring_done(&k->ring);
	free(k);
	return NULL;
}

void kit_posture_restore(struct kit_posture *k, const struct kit_calibration *calibration)
{
	calibration_restore(&k->calibration, calibration);
}

static void run(struct kit_posture *k)
{
	struct timeline_row row;

	while (timeline_next(&k->timeline, &row))
		kit_frame_make(k, &row);
}

/* Input. */

static void on_sample(const struct timeline_sample *sample, void *user)
{
	struct kit_posture *k = user;

	timeline_push(&k->timeline, k->pushing, sample);
}

/* What is not used is not waited for. */
static void settle_link(struct kit_posture *k, enum placement placement)
{
	uint32_t used = k->linked & ~k->faulty;

	timeline_link(&k->timeline, placement, used >> placement & 1);
}

static void follow_problem(struct kit_posture *k, enum placement placement)
{
	enum wearable_problem problem = k->sensor[placement].problem;
	uint32_t bit = 1u << placement;

	if ((k->faulty & bit) == (problem ? bit : 0))
		return;
	k->faulty ^= bit;
	settle_link(k, placement);
	if (problem)
		frame_ring_mark(&k->ring,
			k->now_us - FAULT_LAG_US -
				(int64_t)(motion_sensor_doubt_s(&k->sensor[placement]) * US_PER_S),
			CODE_BIT(SENSOR_FAULTY));
	if (k->ops->problem)
		k->ops->problem(k->user, placement, problem);
}

static void set_now(struct kit_posture *k, int64_t now_us)
{
	if (now_us > k->now_us)
		k->now_us = now_us;
	timeline_advance(&k->timeline, k->now_us);
}

void kit_posture_push(struct kit_posture *k, enum placement placement, const struct record *record)
{
	int state;

	if ((unsigned)placement >= PLACEMENT_COUNT || !kit_posture_has_placement(k, placement))
		return;
	set_now(k, record->arrival_us);
	if (record->kind == RECORD_POP) {
		state = calibration_clap(&k->calibration, placement, record->t_us,
			record->pop.features.contact_air_db);
		if (state)
			kit_calibration_end_step(k, record->t_us, state);
		return;
	}
	if (record->kind != RECORD_MOTION && record->kind != RECORD_ORIENTATION)
		return;
	k->pushing = placement;
	motion_sensor_push(&k->sensor[placement], record, k->conf->shift_limit_deg, on_sample, k);
	follow_problem(k, placement);
	run(k);
}

void kit_posture_link(struct kit_posture *k, enum placement placement, int64_t t_us, bool is_up)
{
	if ((unsigned)placement >= PLACEMENT_COUNT)
		return;
	set_now(k, t_us);
	k->linked = is_up ? k->linked | 1u << placement : k->linked & ~(1u << placement);
	if (!is_up) {
		motion_sensor_forget(&k->sensor[placement]);
		follow_problem(k, placement);
	}
	settle_link(k, placement);
	run(k);
}

void kit_posture_session(struct kit_posture *k, int64_t t_us, enum exercise exercise)
{
	set_now(k, t_us);
	run(k);
	if (k->has_session)
		kit_calibration_end(k, t_us);
	k->has_session = true;
	k->exercise = exercise;
	kit_movement_forget(k);
	repetition_init(&k->repetition);
}

void kit_posture_resume(
	struct kit_posture *k, unsigned repetitions, const double *loss_deg, unsigned n_losses)
{
	repetition_resume(&k->repetition, repetitions, loss_deg, n_losses);
}

void kit_posture_session_end(struct kit_posture *k, int64_t t_us)
{
	set_now(k, t_us);
	run(k);
	kit_calibration_end(k, t_us);
	k->has_session = false;
	kit_movement_forget(k);
}

void kit_posture_calibrate(struct kit_posture *k, int64_t t_us, enum calibration_step step)
{
	set_now(k, t_us);
	run(k);
	kit_calibration_begin_step(k, t_us, step);
}

/* Time. */

bool kit_posture_is_pending(const struct kit_posture *k)
{
	return k->timeline.is_running && repetition_is_pending(&k->repetition);
}

int64_t kit_posture_deadline(const struct kit_posture *k)
{
	int64_t rows = timeline_deadline(&k->timeline);
	/* A step times out only after all rows of its time are made. */
	int64_t step = calibration_deadline(&k->calibration);

	if (step != T_NEVER)
		step += POSTURE_WAIT_US;
	return rows < step ? rows : step;
}

void kit_posture_advance(struct kit_posture *k, int64_t now_us)
{
	int state;

	set_now(k, now_us);
	run(k);
	state = calibration_advance(&k->calibration, now_us - POSTURE_WAIT_US);
	if (state)
		kit_calibration_end_step(k, now_us, state);
}

/* Query. */

int64_t kit_posture_watermark(const struct kit_posture *k)
{
	return timeline_watermark(&k->timeline);
}

unsigned kit_posture_frames(const struct kit_posture *k, int64_t from_us, int64_t to_us,
	bool (*visit)(void *user, const struct posture_frame *frame), void *user)
{
	unsigned n = 0;

	for (unsigned i = frame_ring_find(&k->ring, from_us); i < k->ring.n; i++) {
		const struct posture_frame *frame = frame_ring_at(&k->ring, i);

		if (frame->t_us > to_us)
			break;
		n++;
		if (!visit(user, frame))
			break;
	}
	return n;
}

double kit_posture_knock_g(
	const struct kit_posture *k, enum placement placement, int64_t t_us, int64_t within_us)
{
	return frame_ring_knock_g(&k->ring, placement, t_us - within_us, t_us + within_us);
}

double kit_posture_span_deg(const struct kit_posture *k)
{
	return k->calibration.model.span_deg;
}

double kit_posture_control_angle_deg(const struct kit_posture *k)
{
	double angle_deg = repetition_control_angle_deg(&k->repetition);

	return isnan(angle_deg) ? k->conf->control_angle_default_deg : angle_deg;
}

const struct kit_calibration *kit_posture_calibration(const struct kit_posture *k)
{
	return &k->calibration.kit;
}
