// SPDX-License-Identifier: MIT
#include "coxad/core/posture/kit-posture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/time/timeline.h"
#include "daemon/core/posture/calibration.h"
#include "daemon/core/posture/frame-ring.h"
#include "daemon/core/posture/lone-leg.h"
#include "daemon/core/posture/motion-sensor.h"
#include "daemon/core/posture/posture.h"
#include "daemon/core/posture/repetition.h"
#include "daemon/core/posture/segment-angles.h"
#include "daemon/core/posture/sensor-shift.h"

_Static_assert(POSTURE_FRAME_US == TIMELINE_STEP_US && POSTURE_WAIT_US == TIMELINE_WAIT_US,
	"frames are the rows of the timeline");

/* Butterworth, second order, 10 Hz at the frame rate of 100 Hz: body motion (domain.md 2.4). */
#define RATE_B0 0.0674552738890719
#define RATE_A1 -1.1429805025399011
#define RATE_A2 0.4128015980961886
/* Heading is not known; the turn about the vertical is followed against a leak. */
#define YAW_LEAK_S 10.0
/* A leg on the floor does not go further below where it lay. */
#define LONE_FLOOR_DEG -10.0

struct rate_filter {
	bool is_started;
	double s1, s2;
};

struct leg {
	enum placement thigh;
	bool is_placed;
	struct posture machine;
	struct rate_filter rate;
	struct lone_leg lone;
	unsigned number;  /* of the running repetition, 0 none */
	bool was_limited; /* the limit was told in this repetition */
};

struct kit_posture {
	char kit[NAME_SIZE];
	const struct analysis_conf *conf;
	enum exercise exercise;
	uint32_t placements;
	const struct kit_posture_ops *ops;
	void *user;

	int64_t now_us;
	bool has_session;
	bool is_calibrating; /* the rows of the running step have begun */
	struct timeline timeline;
	struct motion_sensor sensor[PLACEMENT_COUNT];
	struct calibration calibration;
	/* The segments that the phases are made with: those of the calibration, and after it ended
	 * by a shift the last ones, so that repetitions still count. */
	struct kit_calibration model;
	struct sensor_shift shift;
	bool has_shifted; /* until the next calibration */
	struct leg leg[SIDES];
	struct rate_filter tilt_rate;
	double yaw_deg;
	int64_t rest_us; /* all sensors rest since, T_NEVER: not */
	bool is_resting;
	uint64_t late_before;
	struct repetition repetition;
	struct frame_ring ring;
	struct posture_frame last;
	enum placement pushing;
};

static double rate_filter_step(struct rate_filter *f, double x)
{
	double y;

	if (!f->is_started) {
		f->is_started = true;
		f->s1 = x * (1 - RATE_B0);
		f->s2 = x * (RATE_B0 - RATE_A2);
	}
	y = RATE_B0 * x + f->s1;
	f->s1 = 2 * RATE_B0 * x - RATE_A1 * y + f->s2;
	f->s2 = RATE_B0 * x - RATE_A2 * y;
	return y;
}

static bool has_placement(const struct kit_posture *k, enum placement placement)
{
	return k->placements >> placement & 1;
}

static struct repetition_context context_of(struct kit_posture *k);

static void forget_movement(struct kit_posture *k)
{
	struct repetition_context context = context_of(k);

	for (unsigned side = 0; side < SIDES; side++) {
		repetition_cancel(&k->repetition, &context, side);
		posture_init(&k->leg[side].machine);
		k->leg[side].number = 0;
	}
}

struct kit_posture *kit_posture_new(const char *kit, const struct analysis_conf *analysis,
	enum exercise exercise, uint32_t placements, const struct kit_posture_ops *ops, void *user)
{
	struct kit_posture *k = new0(struct kit_posture);

	snprintf(k->kit, sizeof(k->kit), "%s", kit);
	k->conf = analysis;
	k->exercise = exercise;
	k->placements = placements;
	k->ops = ops;
	k->user = user;
	k->now_us = INT64_MIN;
	k->rest_us = T_NEVER;
	timeline_init(&k->timeline, placements);
	calibration_init(&k->calibration, placements);
	k->model = k->calibration.kit;
	sensor_shift_init(&k->shift);
	repetition_init(&k->repetition);
	frame_ring_init(&k->ring);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		motion_sensor_init(&k->sensor[i]);
	for (unsigned side = 0; side < SIDES; side++) {
		k->leg[side].thigh = calibration_thigh(side);
		k->leg[side].is_placed = has_placement(k, calibration_thigh(side));
		posture_init(&k->leg[side].machine);
		lone_leg_init(&k->leg[side].lone);
	}
	return k;
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
	k->calibration.kit = k->model = *calibration;
	/* Gravity at the zero is remembered; neutral is not, the span made of it is. */
	k->calibration.has_neutral = false;
}

/* What a row says of the body. */

static double tilt_limit_deg(const struct kit_posture *k)
{
	return k->exercise == EXERCISE_HANG ? k->conf->loss_tilt_hang
					    : k->conf->loss_tilt_share * k->model.span_deg;
}

/* Nothing but legs, and not calibrated: repetitions are counted from their own motion. */
static bool is_lone(const struct kit_posture *k)
{
	return !has_placement(k, PLACEMENT_PELVIS) && !k->model.is_calibrated && !k->has_shifted;
}

static struct repetition_context context_of(struct kit_posture *k)
{
	return (struct repetition_context){.conf = k->conf,
		.ring = &k->ring,
		.kit = k->kit,

		.tilt_limit_deg = tilt_limit_deg(k),
		.floor_deg = is_lone(k) ? LONE_FLOOR_DEG : -INFINITY,
		.emit = k->ops->rep,
		.user = k->user};
}

static const struct calibration_segment *segment_of(
	const struct kit_posture *k, enum placement placement)
{
	const struct calibration_segment *segment = &k->model.segment[placement];

	return segment->has_zero ? segment : NULL;
}

static double turn_deg(const struct calibration_segment *segment, const struct timeline_cell *cell)
{
	return segment && cell->has
		       ? DEG_PER_RAD * segment_angles_turn(segment->axis, segment->zero, cell->up)
		       : NAN;
}

static void measure_pelvis(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame)
{
	const struct timeline_cell *pelvis = &row->cell[PLACEMENT_PELVIS];
	const struct calibration_segment *segment = segment_of(k, PLACEMENT_PELVIS);
	double lumbar = turn_deg(segment_of(k, PLACEMENT_LUMBAR), &row->cell[PLACEMENT_LUMBAR]);

	frame->tilt_deg = (float)turn_deg(segment, pelvis);
	frame->tilt_rate_deg_s = frame->pelvis_roll_deg = frame->pelvis_yaw_deg = NAN;
	if (!segment || !pelvis->has) {
		k->tilt_rate.is_started = false;
		frame->lumbar_deg = NAN;
		return;
	}
	frame->tilt_rate_deg_s = (float)rate_filter_step(
		&k->tilt_rate, DEG_PER_RAD * vec3_dot(pelvis->gyr, segment->axis));
	frame->pelvis_roll_deg = (float)(DEG_PER_RAD * segment_angles_lean(segment->axis,
							       segment->zero, pelvis->up));
	k->yaw_deg += TIMELINE_STEP_US * 1e-6 *
		      (DEG_PER_RAD * vec3_dot(pelvis->gyr, pelvis->up) - k->yaw_deg / YAW_LEAK_S);
	frame->pelvis_yaw_deg = (float)k->yaw_deg;
	/* Rulings 4: pelvis against lumbar pitch, else the tilt stands in. */
	frame->lumbar_deg = isnan(lumbar) ? frame->tilt_deg : (float)(frame->tilt_deg - lumbar);
	if (isnan(lumbar))
		frame->quality |= CODE_BIT(LUMBAR_PROXY_USED);
}

static void measure_leg(struct kit_posture *k, unsigned side, const struct timeline_row *row,
	struct posture_frame *frame)
{
	struct leg *leg = &k->leg[side];
	const struct timeline_cell *cell = &row->cell[leg->thigh];
	const struct calibration_segment *segment =
		leg->is_placed ? segment_of(k, leg->thigh) : NULL;

	frame->elevation_deg[side] = (float)-turn_deg(segment, cell);
	frame->hip_flexion_deg[side] = frame->elevation_deg[side] + frame->tilt_deg;
	frame->speed_deg_s[side] = NAN;
	if (is_lone(k))
		return;
	if (segment && cell->has)
		frame->speed_deg_s[side] = (float)rate_filter_step(
			&leg->rate, -DEG_PER_RAD * vec3_dot(cell->gyr, segment->axis));
	else
		leg->rate.is_started = false;
}

/* The same for a leg on its own. */
static void measure_lone(struct kit_posture *k, unsigned side, const struct timeline_row *row,
	struct posture_frame *frame)
{
	struct leg *leg = &k->leg[side];
	double elevation_deg, speed_deg_s;

	if (!lone_leg_row(&leg->lone, &row->cell[leg->thigh], &elevation_deg, &speed_deg_s)) {
		leg->rate.is_started = false;
		return;
	}
	frame->elevation_deg[side] = (float)elevation_deg;
	frame->speed_deg_s[side] = (float)rate_filter_step(&leg->rate, speed_deg_s);
}

static bool is_bent(enum exercise exercise)
{
	return exercise == EXERCISE_SUPINE_BENT;
}

/* Degrees between the trunk's gravity and the calibrated one, NAN unknown. */
static double trunk_off_deg(const struct kit_posture *k, const struct timeline_row *row)
{
	const struct calibration_segment *pelvis = segment_of(k, PLACEMENT_PELVIS);
	const struct timeline_cell *cell = &row->cell[PLACEMENT_PELVIS];

	return pelvis && cell->has ? DEG_PER_RAD * vec3_angle(pelvis->up_supine, cell->up) : NAN;
}

static struct posture_input input_of(const struct kit_posture *k, unsigned side,
	const struct timeline_row *row, const struct posture_frame *frame)
{
	double off_deg = trunk_off_deg(k, row);
	double other_deg =
		k->exercise == EXERCISE_HANG ? k->conf->other_limit_hang : k->conf->other_limit;
	double elevation_deg = frame->elevation_deg[side];

	return (struct posture_input){.t_us = row->t_us,
		.elevation_deg = elevation_deg,
		.speed_deg_s = frame->speed_deg_s[side],
		.is_supine = !(off_deg >= k->conf->supine_limit),
		/* Without a pelvis a thigh that hangs far below the floor's plane stands. */
		.is_other = isnan(off_deg) ? elevation_deg < -other_deg : off_deg > other_deg,
		.ready_elevation_deg = is_bent(k->exercise) ? k->conf->ready_elevation_bent
							    : k->conf->ready_elevation};
}

/* Repetitions. */

static void redate(
	struct kit_posture *k, unsigned side, int64_t onset_us, enum phase phase, unsigned rep)
{
	frame_ring_redate(&k->ring, side, onset_us, phase, rep);
}

static void begin_repetition(struct kit_posture *k, unsigned side)
{
	struct repetition_context context = context_of(k);
	struct leg *leg = &k->leg[side];

	leg->number = repetition_begin(&k->repetition, &context, side, leg->machine.onset_us);
	leg->was_limited = false;
	redate(k, side, leg->machine.onset_us, PHASE_RAISE, leg->number);
}

static void end_repetition(
	struct kit_posture *k, unsigned side, const struct posture *machine, int64_t end_us)
{
	struct repetition_context context = context_of(k);

	redate(k, side, end_us, PHASE_BOTTOM, k->repetition.begun);
	repetition_end(&k->repetition, &context, side, machine, end_us);
	k->leg[side].number = 0;
}

static void cancel_repetition(struct kit_posture *k, unsigned side)
{
	struct repetition_context context = context_of(k);

	repetition_cancel(&k->repetition, &context, side);
	k->leg[side].number = 0;
}

static void step_leg(struct kit_posture *k, unsigned side, const struct posture_input *in)
{
	struct leg *leg = &k->leg[side];
	struct posture before = leg->machine;

	switch (posture_step(&leg->machine, k->conf, in)) {
	case POSTURE_EVENT_NONE:
		break;
	case POSTURE_EVENT_PHASE:
		redate(k, side, leg->machine.onset_us, leg->machine.phase, k->repetition.begun);
		break;
	case POSTURE_EVENT_BEGIN:
		begin_repetition(k, side);
		break;
	case POSTURE_EVENT_END:
		if (is_lone(k) && lone_leg_is_shaken(&leg->lone))
			cancel_repetition(k, side);
		else
			end_repetition(k, side, &leg->machine, leg->machine.onset_us);
		break;
	case POSTURE_EVENT_RESTART:
		if (is_lone(k) && lone_leg_is_shaken(&leg->lone))
			cancel_repetition(k, side);
		else
			end_repetition(k, side, &before, leg->machine.bottom_us);
		begin_repetition(k, side);
		break;
	case POSTURE_EVENT_CANCEL:
		cancel_repetition(k, side);
		break;
	}
}

/* Phases of a row. */

static void follow_rest(struct kit_posture *k, const struct timeline_row *row)
{
	bool all = row->is_online;

	for (unsigned i = 0; i < PLACEMENT_ROOM; i++)
		if (row->cell[i].is_online && row->cell[i].has)
			all &= (row->cell[i].flags_all & MOTION_REST) != 0;
	if (!all)
		k->rest_us = T_NEVER;
	else if (k->rest_us == T_NEVER)
		k->rest_us = row->t_us;
	k->is_resting = k->rest_us != T_NEVER &&
			(double)(row->t_us - k->rest_us) >= k->conf->rest_hold * US_PER_S;
	if (k->is_resting)
		k->yaw_deg = 0;
}

static bool counts(const struct kit_posture *k)
{
	return (k->model.is_calibrated || k->has_shifted || is_lone(k)) && !k->is_calibrating &&
	       k->exercise != EXERCISE_GENERIC_CORE;
}

static enum phase leg_phase(struct kit_posture *k, unsigned side, const struct timeline_row *row,
	const struct posture_frame *frame)
{
	struct leg *leg = &k->leg[side];
	struct posture_input in;

	if (!leg->is_placed || !row->cell[leg->thigh].is_online) {
		if (leg->machine.phase != PHASE_OTHER) {
			cancel_repetition(k, side);
			posture_init(&leg->machine);
		}
		return PHASE_OFFLINE;
	}
	if (counts(k) && (is_lone(k) || segment_of(k, leg->thigh))) {
		in = input_of(k, side, row, frame);
		step_leg(k, side, &in);
	}
	if (!k->calibration.kit.is_calibrated || !segment_of(k, leg->thigh))
		return PHASE_UNCAL;
	return k->is_resting ? PHASE_REST : leg->machine.phase;
}

/* The trunk alone: generic core, or a kit without thighs. */
static enum phase trunk_phase(const struct kit_posture *k, const struct timeline_row *row)
{
	struct posture_input in = {.is_supine = true};
	struct posture_frame none = {.elevation_deg = {NAN, NAN}, .speed_deg_s = {NAN, NAN}};

	if (!row->is_online)
		return PHASE_OFFLINE;
	if (!k->calibration.kit.is_calibrated)
		return PHASE_UNCAL;
	if (k->is_resting)
		return PHASE_REST;
	in = input_of(k, LEFT, row, &none);
	return in.is_other || !in.is_supine ? PHASE_OTHER : PHASE_READY;
}

static void mark_quality(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame)
{
	uint64_t late = 0;

	if (!row->cell[PLACEMENT_PELVIS].is_online || !row->cell[PLACEMENT_PELVIS].has)
		frame->quality |= CODE_BIT(PELVIS_SENSOR_MISSING);
	if (k->exercise != EXERCISE_GENERIC_CORE)
		for (unsigned side = 0; side < SIDES; side++)
			if (!row->cell[k->leg[side].thigh].is_online ||
				!row->cell[k->leg[side].thigh].has)
				frame->quality |= CODE_BIT(THIGH_SENSOR_MISSING);
	if (!k->calibration.kit.is_calibrated)
		frame->quality |= CODE_BIT(UNCALIBRATED);
	if (k->has_shifted)
		frame->quality |= CODE_BIT(SENSOR_SHIFT);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++) {
		if (row->cell[i].flags_any & (SAMPLE_ACC_CLIPPED | SAMPLE_GYR_CLIPPED))
			frame->quality |= CODE_BIT(RANGE_CLIPPED);
		late += k->timeline.channel[i].late;
	}
	if (late != k->late_before)
		frame->quality |= CODE_BIT(LATE_DATA);
	k->late_before = late;
}

static void hide_angles(struct posture_frame *frame)
{
	for (unsigned side = 0; side < SIDES; side++)
		frame->elevation_deg[side] = frame->hip_flexion_deg[side] =
			frame->speed_deg_s[side] = NAN;
	frame->tilt_deg = frame->tilt_rate_deg_s = frame->lumbar_deg = NAN;
	frame->pelvis_roll_deg = frame->pelvis_yaw_deg = NAN;
}

static bool goes_down(const struct kit_posture *k, const struct posture_frame *frame, unsigned side)
{
	return frame->phase[side] == PHASE_LOWER &&
	       frame->speed_deg_s[side] < -k->conf->still_speed;
}

/* The pelvis left its limit while a leg goes down: told once a repetition. */
static void watch_limit(struct kit_posture *k, const struct posture_frame *frame)
{
	bool goes = false, told = false;

	if (!(frame->tilt_deg > tilt_limit_deg(k)))
		return;
	for (unsigned side = 0; side < SIDES; side++)
		if (goes_down(k, frame, side)) {
			goes = true;
			told |= k->leg[side].was_limited;
		}
	if (!goes)
		return;
	for (unsigned side = 0; side < SIDES; side++)
		if (k->leg[side].number)
			k->leg[side].was_limited = true;
	if (!told)
		k->ops->limit(k->user, frame);
}

static void tell_calibration(struct kit_posture *k, int64_t t_us, int state)
{
	struct calibration_result result = {.t_us = t_us,
		.step = k->calibration.step,
		.state = (enum calibration_state)state,
		.quality = k->calibration.quality,
		.is_calibrated = k->calibration.kit.is_calibrated};

	snprintf(result.kit, sizeof(result.kit), "%s", k->kit);
	snprintf(result.why, sizeof(result.why), "%s", k->calibration.why);
	k->ops->calibration(k->user, &result);
}

static void end_step(struct kit_posture *k, int64_t t_us, int state)
{
	k->model = k->calibration.kit;
	k->has_shifted = false;
	k->is_calibrating = false;
	sensor_shift_init(&k->shift);
	forget_movement(k);
	tell_calibration(k, t_us, state);
	k->ops->calibrated(k->user, &k->calibration.kit);
}

static void watch_shift(struct kit_posture *k, const struct timeline_row *row)
{
	uint32_t shifted = sensor_shift_row(&k->shift, k->conf, &k->model, row);

	if (!shifted || k->is_calibrating || !k->calibration.kit.is_calibrated)
		return;
	k->has_shifted = true;
	frame_ring_mark(&k->ring, row->t_us - MOTION_STEP_LAG_US, CODE_BIT(SENSOR_SHIFT));
	calibration_forget(&k->calibration);
	k->ops->calibrated(k->user, &k->calibration.kit);
}

static void make_frame(struct kit_posture *k, const struct timeline_row *row)
{
	struct posture_frame frame = {.t_us = row->t_us};
	struct frame_motion motion;
	int state = calibration_row(&k->calibration, row);
	struct repetition_context context;

	if (state)
		end_step(k, row->t_us, state);
	else if (k->calibration.is_running && k->calibration.has_news)
		tell_calibration(k, row->t_us, CALIBRATION_STATE_RUNNING);
	k->calibration.has_news = false;
	if (!k->is_calibrating && k->calibration.is_running &&
		row->t_us >= k->calibration.start_us) {
		k->is_calibrating = true;
		forget_movement(k);
	}
	watch_shift(k, row);
	follow_rest(k, row);
	measure_pelvis(k, row, &frame);
	for (unsigned side = 0; side < SIDES; side++) {
		measure_leg(k, side, row, &frame);
		if (is_lone(k) && k->leg[side].is_placed)
			measure_lone(k, side, row, &frame);
	}
	mark_quality(k, row, &frame);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++) {
		motion.knock_g[i] = row->cell[i].has ? row->cell[i].knock_g : NAN;
		frame.knock_g = fmaxf(frame.knock_g, row->cell[i].knock_g);
	}
	for (unsigned side = 0; side < SIDES; side++) {
		frame.phase[side] = leg_phase(k, side, row, &frame);
		motion.elevation_deg[side] = frame.elevation_deg[side];
		motion.speed_deg_s[side] = frame.speed_deg_s[side];
	}
	motion.tilt_deg = frame.tilt_deg;
	frame.rep = k->repetition.begun;
	frame_ring_join_sides(&frame);
	if (k->exercise == EXERCISE_GENERIC_CORE ||
		!(k->leg[LEFT].is_placed || k->leg[RIGHT].is_placed))
		frame.phase[LEFT] = frame.phase[RIGHT] = frame.phase_kit = trunk_phase(k, row);
	if (!k->calibration.kit.is_calibrated)
		hide_angles(&frame);
	frame_ring_push(&k->ring, &frame, &motion);
	k->last = frame;
	k->ops->frame(k->user, &frame);
	watch_limit(k, &frame);
	context = context_of(k);
	repetition_advance(&k->repetition, &context, row->t_us);
}

static void run(struct kit_posture *k)
{
	struct timeline_row row;

	while (timeline_next(&k->timeline, &row))
		make_frame(k, &row);
}

/* Input. */

static void on_sample(const struct timeline_sample *sample, void *user)
{
	struct kit_posture *k = user;

	timeline_push(&k->timeline, k->pushing, sample);
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

	if ((unsigned)placement >= PLACEMENT_COUNT || !has_placement(k, placement))
		return;
	set_now(k, record->arrival_us);
	if (record->kind == RECORD_POP) {
		state = calibration_clap(&k->calibration, placement, record->t_us,
			record->pop.features.contact_air_db);
		if (state)
			end_step(k, record->t_us, state);
		return;
	}
	if (record->kind != RECORD_MOTION && record->kind != RECORD_ORIENTATION)
		return;
	k->pushing = placement;
	motion_sensor_push(&k->sensor[placement], record, k->conf->shift_limit, on_sample, k);
	run(k);
}

void kit_posture_link(struct kit_posture *k, enum placement placement, int64_t t_us, bool is_up)
{
	if ((unsigned)placement >= PLACEMENT_COUNT)
		return;
	set_now(k, t_us);
	timeline_link(&k->timeline, placement, is_up);
	run(k);
}

static void end_calibration(struct kit_posture *k)
{
	k->calibration.is_running = k->is_calibrating = false;
	calibration_forget(&k->calibration);
	k->model = k->calibration.kit;
	k->has_shifted = false;
	k->ops->calibrated(k->user, &k->calibration.kit);
}

void kit_posture_session(struct kit_posture *k, int64_t t_us, enum exercise exercise)
{
	set_now(k, t_us);
	run(k);
	if (k->has_session && (k->calibration.kit.is_calibrated || k->has_shifted))
		end_calibration(k);
	k->has_session = true;
	k->exercise = exercise;
	forget_movement(k);
	repetition_init(&k->repetition);
}

void kit_posture_session_end(struct kit_posture *k, int64_t t_us)
{
	set_now(k, t_us);
	run(k);
	if (k->calibration.kit.is_calibrated || k->has_shifted)
		end_calibration(k);
	k->has_session = false;
	forget_movement(k);
}

void kit_posture_calibrate(struct kit_posture *k, int64_t t_us, enum calibration_step step)
{
	set_now(k, t_us);
	run(k);
	if (k->calibration.is_running) {
		snprintf(k->calibration.why, sizeof(k->calibration.why),
			"the next step began before this one was done");
		k->calibration.is_running = false;
		k->calibration.quality = 0;
		tell_calibration(k, t_us, CALIBRATION_STATE_REJECTED);
	}
	if (calibration_begin(&k->calibration, t_us, step, k->exercise))
		tell_calibration(k, t_us, CALIBRATION_STATE_RUNNING);
	else
		tell_calibration(k, t_us, CALIBRATION_STATE_REJECTED);
}

/* Time. */

int64_t kit_posture_deadline(const struct kit_posture *k)
{
	int64_t rows = timeline_deadline(&k->timeline);
	/* A step is given up only after the rows of its time are made. */
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
		end_step(k, now_us, state);
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
	return k->model.span_deg;
}

double kit_posture_control_angle_deg(const struct kit_posture *k)
{
	double angle_deg = repetition_control_angle_deg(&k->repetition);

	return isnan(angle_deg) ? k->conf->control_angle_default : angle_deg;
}

const struct kit_calibration *kit_posture_calibration(const struct kit_posture *k)
{
	return &k->calibration.kit;
}
