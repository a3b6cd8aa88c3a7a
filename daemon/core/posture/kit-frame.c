// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-frame.h"

#include <math.h>
#include <stdio.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-measure.h"

/* Packets lost in a row hide a movement for so long that its ends still tell what it was. */
#define HIDDEN_US 1000000
/* A leg that was raised does not swing further below where it rested: a walking thigh goes back by
 * a third of its swing (Winter). */
#define LONE_FLOOR_DEG   -6.0
#define LONE_FLOOR_SHARE 0.2

static struct repetition_context context_of(struct kit_posture *k)
{
	return (struct repetition_context){.conf = k->conf,
		.ring = &k->ring,
		.kit = k->kit,

		.tilt_limit_deg = kit_measure_tilt_limit_deg(k),
		.floor_deg = kit_measure_is_lone(k) ? LONE_FLOOR_DEG : -INFINITY,
		.floor_share = LONE_FLOOR_SHARE,
		.emit = k->ops->rep,
		.user = k->user};
}

void kit_frame_forget_movement(struct kit_posture *k)
{
	struct repetition_context context = context_of(k);

	for (unsigned side = 0; side < SIDES; side++) {
		repetition_cancel(&k->repetition, &context, side);
		posture_init(&k->leg[side].machine);
		k->leg[side].number = 0;
		k->leg[side].known_us = 0;
	}
}

/* Repetitions. */

static void redate(
	struct kit_posture *k, unsigned side, int64_t onset_us, enum phase phase, unsigned rep)
{
	frame_ring_redate(&k->ring, side, onset_us, phase, rep);
}

static void begin_repetition(struct kit_posture *k, unsigned side, int64_t now_us)
{
	struct repetition_context context = context_of(k);
	struct leg *leg = &k->leg[side];

	leg->number =
		repetition_begin(&k->repetition, &context, side, leg->machine.onset_us, now_us);
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
		begin_repetition(k, side, in->t_us);
		break;
	case POSTURE_EVENT_END:
		if (kit_measure_is_lone(k) && lone_leg_is_shaken(&leg->lone))
			cancel_repetition(k, side);
		else
			end_repetition(k, side, &leg->machine, leg->machine.onset_us);
		break;
	case POSTURE_EVENT_RESTART:
		if (kit_measure_is_lone(k) && lone_leg_is_shaken(&leg->lone))
			cancel_repetition(k, side);
		else
			end_repetition(k, side, &before, leg->machine.bottom_us);
		begin_repetition(k, side, in->t_us);
		break;
	case POSTURE_EVENT_CANCEL:
		cancel_repetition(k, side);
		break;
	}
}

/* What lost packets hid, by the cubic that meets both ends in place and speed: the phases go
 * through it, the frames that were told stay as they are. */
static void step_hidden(struct kit_posture *k, unsigned side, const struct posture_input *now)
{
	struct leg *leg = &k->leg[side];
	struct posture_input in = *now;
	double gap_s = (double)(now->t_us - leg->known_us) / US_PER_S;
	double travel = now->elevation_deg - leg->known_deg;
	double a = leg->known_deg_s * gap_s - travel, b = travel - now->speed_deg_s * gap_s;

	for (in.t_us = leg->known_us + POSTURE_FRAME_US; in.t_us < now->t_us;
		in.t_us += POSTURE_FRAME_US) {
		double u = (double)(in.t_us - leg->known_us) / US_PER_S / gap_s, v = 1 - u;

		in.elevation_deg = leg->known_deg + travel * u + u * v * (a * v + b * u);
		in.speed_deg_s = (travel + (v - u) * (a * v + b * u) + u * v * (b - a)) / gap_s;
		frame_ring_fill(&k->ring, side, in.t_us, in.elevation_deg, in.speed_deg_s);
		step_leg(k, side, &in);
	}
}

static void step_row(struct kit_posture *k, unsigned side, const struct posture_input *in)
{
	struct leg *leg = &k->leg[side];

	if (isnan(in->elevation_deg) || isnan(in->speed_deg_s))
		return;
	if (leg->known_us && in->t_us - leg->known_us > POSTURE_FRAME_US &&
		in->t_us - leg->known_us <= HIDDEN_US)
		step_hidden(k, side, in);
	step_leg(k, side, in);
	leg->known_us = in->t_us;
	leg->known_deg = in->elevation_deg;
	leg->known_deg_s = in->speed_deg_s;
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
	return (k->model.is_calibrated || k->has_shifted || kit_measure_is_lone(k)) &&
	       !k->is_calibrating && k->exercise != EXERCISE_GENERIC_CORE;
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
		/* It may lie elsewhere when it is back. */
		lone_leg_init(&leg->lone);
		return PHASE_OFFLINE;
	}
	if (counts(k) && (kit_measure_is_lone(k) || kit_measure_segment(k, leg->thigh))) {
		in = kit_measure_input(k, side, row, frame);
		step_row(k, side, &in);
	}
	if (!k->calibration.kit.is_calibrated || !kit_measure_segment(k, leg->thigh))
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
	in = kit_measure_input(k, LEFT, row, &none);
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

	if (!(frame->tilt_deg > kit_measure_tilt_limit_deg(k)))
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

void kit_frame_tell_calibration(struct kit_posture *k, int64_t t_us, int state)
{
	struct calibration_result result;

	k->told = (enum calibration_state)state;
	result = (struct calibration_result){.t_us = t_us,
		.step = k->calibration.step,
		.state = (enum calibration_state)state,
		.quality = k->calibration.quality,
		.is_calibrated = k->calibration.kit.is_calibrated};

	snprintf(result.kit, sizeof(result.kit), "%s", k->kit);
	snprintf(result.why, sizeof(result.why), "%s", k->calibration.why);
	k->ops->calibration(k->user, &result);
}

void kit_frame_end_calibration(struct kit_posture *k, int64_t t_us, const char *why)
{
	bool is_running = k->calibration.is_running;

	snprintf(k->calibration.why, sizeof(k->calibration.why), "%s", why);
	k->calibration.is_running = k->is_calibrating = false;
	kit_frame_tell_calibration(k, t_us, is_running ? CALIBRATION_STATE_REJECTED : k->told);
	k->ops->calibrated(k->user, &k->calibration.kit);
}

void kit_frame_end_step(struct kit_posture *k, int64_t t_us, int state)
{
	k->is_calibrating = false;
	/* Claps move nothing: a repetition goes on through them. */
	if (k->calibration.step != CALIBRATION_STEP_CLAP) {
		k->model = k->calibration.kit;
		k->has_shifted = k->is_off = false;
		sensor_shift_init(&k->shift);
		kit_frame_forget_movement(k);
	}
	kit_frame_tell_calibration(k, t_us, state);
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
	if (k->calibration.is_running) /* it will say so itself */
		k->ops->calibrated(k->user, &k->calibration.kit);
	else
		kit_frame_end_calibration(k, row->t_us, "a sensor has shifted: calibrate again");
}

static bool lies_flat(const struct kit_posture *k, double elevation_deg)
{
	return (k->exercise == EXERCISE_SUPINE_STRAIGHT || k->exercise == EXERCISE_SINGLE ||
		       k->exercise == EXERCISE_FLUTTER) &&
	       fabs(elevation_deg) < k->conf->ready_elevation;
}

/* Of the legs that lie flat the one furthest off its zero, and how far; SIDES: none lies. */
static unsigned furthest_off(
	const struct kit_posture *k, const struct posture_frame *frame, double *ret_deg)
{
	unsigned furthest = SIDES;

	*ret_deg = 0;
	for (unsigned side = 0; side < SIDES; side++) {
		double off_deg = fabs(frame->elevation_deg[side]);

		if (!k->model.segment[k->leg[side].thigh].has_axis || !lies_flat(k, off_deg) ||
			off_deg < *ret_deg)
			continue;
		furthest = side;
		*ret_deg = off_deg;
	}
	return furthest;
}

/* Legs that rest on the floor do so at the zero of their calibration (decision-model.md 4.2). Where
 * they do again, they lay otherwise for once. */
static void watch_repeat(
	struct kit_posture *k, const struct timeline_row *row, const struct posture_frame *frame)
{
	char why[TEXT_SIZE] = "";
	double off_deg, limit_deg = k->conf->repeat_limit;
	unsigned side;

	if (!k->is_resting || k->calibration.is_running || !k->calibration.kit.is_calibrated)
		return;
	side = furthest_off(k, frame, &off_deg);
	if (k->is_off)
		limit_deg *= 2.0 / 3; /* against going to and fro */
	if (side == SIDES || k->is_off == (off_deg > limit_deg))
		return;
	k->is_off = !k->is_off;
	if (k->is_off) {
		k->sound_confidence = k->calibration.kit.confidence;
		k->calibration.kit.confidence = 0;
		snprintf(why, sizeof(why),
			"the %s leg rests %.0f degrees off its zero: calibrate again",
			side == LEFT ? "left" : "right", off_deg);
	} else {
		k->calibration.kit.confidence = k->sound_confidence;
	}
	kit_frame_end_calibration(k, row->t_us, why);
}

void kit_frame_make(struct kit_posture *k, const struct timeline_row *row)
{
	struct posture_frame frame = {.t_us = row->t_us};
	struct frame_motion motion;
	int state = calibration_row(&k->calibration, row);
	struct repetition_context context;

	if (state)
		kit_frame_end_step(k, row->t_us, state);
	else if (k->calibration.is_running && k->calibration.has_news)
		kit_frame_tell_calibration(k, row->t_us, CALIBRATION_STATE_RUNNING);
	k->calibration.has_news = false;
	if (!k->is_calibrating && k->calibration.is_running &&
		k->calibration.step != CALIBRATION_STEP_CLAP &&
		row->t_us >= k->calibration.start_us) {
		k->is_calibrating = true;
		kit_frame_forget_movement(k);
	}
	watch_shift(k, row);
	follow_rest(k, row);
	kit_measure_pelvis(k, row, &frame);
	for (unsigned side = 0; side < SIDES; side++) {
		kit_measure_leg(k, side, row, &frame);
		if (kit_measure_is_lone(k) && k->leg[side].is_placed)
			kit_measure_lone(k, side, row, &frame);
	}
	watch_repeat(k, row, &frame);
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
