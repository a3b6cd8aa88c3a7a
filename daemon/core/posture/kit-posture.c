// SPDX-License-Identifier: MIT
#include "coxad/core/posture/kit-posture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/core/posture/kit-calibration.h"
#include "daemon/core/posture/kit-frame.h"
#include "daemon/core/posture/kit-learn.h"
#include "daemon/core/posture/kit-movement.h"
#include "daemon/core/posture/kit-posture-private.h"

/* A fault is found so much later than its samples came, packets and radio included. */
#define FAULT_LAG_US TIMELINE_OFFLINE_US

_Static_assert(POSTURE_FRAME_US == TIMELINE_STEP_US && POSTURE_WAIT_US == TIMELINE_WAIT_US &&
		       POSTURE_LATE_US == TIMELINE_LATE_US,
	"frames are the rows of the timeline");

/* The live view overwrites the oldest frames of the ring. */
#define LIVE_FRAMES_MAX ((POSTURE_LATE_US + TIMELINE_AHEAD_US) / POSTURE_FRAME_US + 1)

static void ignore_frame(void *user, const struct posture_frame *frame)
{
}

static void ignore_rep(void *user, const struct posture_rep *rep)
{
}

static void ignore_calibration(void *user, const struct calibration_result *result)
{
}

static void ignore_calibrated(void *user, const struct kit_calibration *calibration)
{
}

struct kit_posture *kit_posture_new(
	const struct kit_posture_settings *settings, const struct kit_posture_ops *ops, void *user)
{
	struct kit_posture *k = new0(struct kit_posture);

	snprintf(k->kit, sizeof(k->kit), "%s", settings->kit);
	k->conf = settings->analysis;
	k->exercise = settings->exercise;
	k->placements = settings->placements;
	k->ops = k->user_ops = ops;
	k->user = user;
	k->now_us = INT64_MIN;
	k->rest_us = k->impossible_us = k->next_step_us = T_NEVER;
	k->linked = UINT32_MAX;
	k->live = new0(struct kit_posture);
	k->live_ops = (struct kit_posture_ops){.frame = ignore_frame,
		.live = ops->live,
		.rep = ignore_rep,
		.calibration = ignore_calibration,
		.calibrated = ignore_calibrated,
		.limit = ops->limit};
	k->whole_ops = *ops;
	k->whole_ops.live = NULL;
	k->whole_ops.limit = ignore_frame;
	k->timeline = new0(struct timeline);
	k->sensor = alloc_zero(PLACEMENT_COUNT, sizeof(*k->sensor));
	timeline_init(k->timeline, k->placements);
	calibration_init(&k->calibration, k->conf, k->placements);
	sensor_shift_init(&k->shift);
	repetition_init(&k->repetition);
	frame_ring_init(&k->ring);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		motion_sensor_init(&k->sensor[i]);
	for (unsigned leg = 0; leg < LEGS; leg++) {
		k->leg[leg].thigh = calibration_run_thigh(leg);
		k->leg[leg].is_placed = kit_posture_has_placement(k, calibration_run_thigh(leg));
		k->leg[leg].turned_us = T_NEVER;
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
	timeline_done(k->timeline);
	free(k->timeline);
	free(k->sensor);
	free(k->live);
	free(k);
	return NULL;
}

void kit_posture_restore(struct kit_posture *k, const struct kit_calibration *calibration)
{
	calibration_restore(&k->calibration, calibration);
}

static void split(struct kit_posture *k)
{
	struct kit_posture *live = k->live;

	frame_ring_keep(&k->ring, FRAME_RING_SIZE - LIVE_FRAMES_MAX);
	k->is_split = true;
	*live = *k;
	live->is_live = true;
	live->ops = &k->live_ops;
	live->trace.tracer = NULL;
	frame_ring_keep(&live->ring, 0);
	k->ops = &k->whole_ops;
}

static void join(struct kit_posture *k)
{
	k->is_split = false;
	k->ops = k->user_ops;
	k->was_online = k->live->was_online;
}

static void run_live(struct kit_posture *k)
{
	struct kit_posture *live = k->live;
	struct timeline_row row;

	live->linked = k->linked;
	live->faulty = k->faulty;
	while (timeline_next(k->timeline, TIMELINE_LIVE, &row))
		kit_frame_make(live, &row);
}

static void run(struct kit_posture *k)
{
	struct timeline_row row;

	while (timeline_next(k->timeline, TIMELINE_WHOLE, &row)) {
		kit_frame_make(k, &row);
		if (timeline_join(k->timeline))
			join(k);
	}
	if (timeline_split(k->timeline))
		split(k);
	if (k->is_split)
		run_live(k);
}

/* What is late is not waited for: what comes now belongs to something else. */
static void run_out(struct kit_posture *k)
{
	run(k);
	timeline_hurry(k->timeline);
	run(k);
}

/* Input. */

static void on_sample(const struct timeline_sample *sample, void *user)
{
	struct kit_posture *k = user;

	timeline_push(k->timeline, k->pushing, sample);
}

/* What is not used is not waited for. */
static void settle_link(struct kit_posture *k, enum placement placement)
{
	uint32_t used = k->linked & ~k->faulty;

	timeline_link(k->timeline, placement, used >> placement & 1);
}

static void mark(struct kit_posture *k, int64_t from_us, uint64_t quality)
{
	frame_ring_mark(&k->ring, from_us, quality);
	if (k->is_split)
		frame_ring_mark(&k->live->ring, from_us, quality);
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
		mark(k,
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
	timeline_advance(k->timeline, k->now_us);
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

/* Whoever comes next wears the sensors in another way. */
static void end_session(struct kit_posture *k, int64_t t_us)
{
	kit_calibration_end(k, t_us);
	for (unsigned leg = 0; leg < LEGS; leg++)
		gait_init(&k->leg[leg].gait);
}

void kit_posture_session(struct kit_posture *k, int64_t t_us, enum exercise exercise)
{
	set_now(k, t_us);
	run_out(k);
	if (k->has_session)
		end_session(k, t_us);
	kit_learn_forget(k);
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
	run_out(k);
	end_session(k, t_us);
	kit_learn_forget(k);
	k->has_session = false;
	kit_movement_forget(k);
}

void kit_posture_worn(
	struct kit_posture *k, enum placement placement, const struct calibration_segment *segment)
{
	k->calibration.remembered[placement] = *segment;
}

void kit_posture_calibrate(struct kit_posture *k, int64_t t_us, enum calibration_step step)
{
	set_now(k, t_us);
	run(k);
	kit_calibration_ask(k, t_us, step);
}

static void change_sensor(struct kit_posture *k, unsigned placement)
{
	motion_sensor_init(&k->sensor[placement]);
	k->linked |= 1u << placement;
	k->faulty &= ~(1u << placement);
}

static void change_leg(struct kit_posture *k, unsigned leg, uint32_t changed)
{
	enum placement thigh = calibration_run_thigh(leg);

	k->leg[leg].is_placed = kit_posture_has_placement(k, thigh);
	if (!(changed >> thigh & 1))
		return;
	k->leg[leg].rate = (struct rate_filter){0};
	k->leg[leg].bustle = (struct bustle){0};
	leg_motion_init(&k->leg[leg].motion);
	axis_learner_init(&k->leg[leg].learner);
	gait_init(&k->leg[leg].gait);
}

void kit_posture_change(struct kit_posture *k, int64_t t_us,
	const struct kit_posture_settings *settings, uint32_t changed)
{
	set_now(k, t_us);
	run_out(k);
	kit_movement_forget(k);
	k->exercise = settings->exercise;
	k->placements = settings->placements;
	timeline_change(k->timeline, k->placements, changed);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		if (changed >> i & 1)
			change_sensor(k, i);
	for (unsigned leg = 0; leg < LEGS; leg++)
		change_leg(k, leg, changed);
	if (changed >> PLACEMENT_PELVIS & 1) {
		k->tilt_rate = (struct rate_filter){0};
		k->trunk = (struct bustle){0};
	}
	sensor_shift_init(&k->shift);
	k->rest_us = k->impossible_us = T_NEVER;
	k->is_resting = false;
	kit_calibration_change(k, t_us, changed);
}

/* Time. */

bool kit_posture_is_pending(const struct kit_posture *k)
{
	return k->timeline->cursor[TIMELINE_WHOLE].is_running &&
	       (k->is_split || repetition_is_pending(&k->repetition));
}

/* A step times out only after all rows of its time are made. */
static int64_t wait_us(const struct kit_posture *k)
{
	return k->is_split ? POSTURE_LATE_US : POSTURE_WAIT_US;
}

int64_t kit_posture_deadline(const struct kit_posture *k)
{
	int64_t rows = timeline_deadline(k->timeline);
	int64_t step = calibration_deadline(&k->calibration);

	if (step != T_NEVER)
		step += wait_us(k);
	if (k->next_step_us != T_NEVER && k->next_step_us + POSTURE_LATE_US < step)
		step = k->next_step_us + POSTURE_LATE_US;
	return rows < step ? rows : step;
}

void kit_posture_advance(struct kit_posture *k, int64_t now_us)
{
	int state;

	set_now(k, now_us);
	run(k);
	kit_calibration_advance(k, now_us);
	state = calibration_advance(&k->calibration, now_us - wait_us(k));
	if (state)
		kit_calibration_end_step(k, now_us, state);
}

/* Query. */

int64_t kit_posture_watermark(const struct kit_posture *k)
{
	return timeline_watermark(k->timeline);
}

bool kit_posture_has_counted(const struct kit_posture *k, int64_t t_us)
{
	const struct timeline_cursor *whole = &k->timeline->cursor[TIMELINE_WHOLE];

	return !repetition_waits(&k->repetition) && (!whole->is_running || whole->next_us > t_us);
}

struct visitor {
	bool (*visit)(void *user, const struct posture_frame *frame);
	void *user;
};

/* False: the visitor has had enough. */
static bool visit_ring(const struct frame_ring *ring, int64_t from_us, int64_t to_us,
	const struct visitor *visitor, unsigned *n)
{
	for (unsigned i = frame_ring_find(ring, from_us); i < ring->n; i++) {
		const struct posture_frame *frame = frame_ring_at(ring, i);

		if (frame->t_us > to_us)
			return true;
		(*n)++;
		if (!visitor->visit(visitor->user, frame))
			return false;
	}
	return true;
}

/* From where on only the live view has frames. */
static int64_t live_from_us(const struct kit_posture *k, int64_t from_us)
{
	int64_t whole_us = k->timeline->cursor[TIMELINE_WHOLE].next_us;

	return from_us > whole_us ? from_us : whole_us;
}

unsigned kit_posture_frames(const struct kit_posture *k, int64_t from_us, int64_t to_us,
	bool (*visit)(void *user, const struct posture_frame *frame), void *user)
{
	struct visitor visitor = {visit, user};
	unsigned n = 0;

	if (visit_ring(&k->ring, from_us, to_us, &visitor, &n) && k->is_split)
		visit_ring(&k->live->ring, live_from_us(k, from_us), to_us, &visitor, &n);
	return n;
}

double kit_posture_knock_g(
	const struct kit_posture *k, enum placement placement, int64_t t_us, int64_t within_us)
{
	int64_t from_us = t_us - within_us, to_us = t_us + within_us;
	double knock_g = frame_ring_knock_g(&k->ring, placement, from_us, to_us);

	return k->is_split ? fmax(knock_g, frame_ring_knock_g(&k->live->ring, placement,
						   live_from_us(k, from_us), to_us))
			   : knock_g;
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
