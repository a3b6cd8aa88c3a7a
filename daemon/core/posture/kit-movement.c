// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-movement.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-measure.h"
#include "daemon/core/posture/segment-angles.h"

/* Lost packets are bridged up to here: the two ends still determine the movement between. */
#define HIDDEN_US 1000000
/* A stride takes 0.9 to 1.5 s (Winter). */
#define STRIDE_US 1600000
/* Default axes are assumed of a thigh at 20 degrees and more; less, for its noise. */
#define HELD_UP_DEG 17.0

static bool is_bustle(const struct kit_posture *k, unsigned leg)
{
	return kit_measure_is_learnt(k, leg) &&
	       (bustle_of_leg(&k->leg[leg].bustle) || bustle_of_trunk(&k->trunk));
}

/* Legs that beat are like those of a walk, and who hangs holds them up like on a seat. */
static struct gait_verdict body_of(const struct kit_posture *k, unsigned leg)
{
	if (k->exercise == EXERCISE_FLUTTER || k->exercise == EXERCISE_HANG)
		return (struct gait_verdict){0};
	return kit_posture_has_placement(k, PLACEMENT_PELVIS) ? gait_judge(&k->leg[leg].gait)
							      : gait_judge_alone(&k->leg[leg].gait);
}

static struct repetition_learnt learnt_of(const struct kit_posture *k, unsigned leg)
{
	return kit_measure_is_learnt(k, leg)
		       ? (struct repetition_learnt){true, is_bustle(k, leg),
				 k->leg[leg].motion.floor_deg, POSTURE_DOUBT_US, body_of(k, leg),
				 k->exercise == EXERCISE_FLUTTER ? 0 : STRIDE_US}
		       : (struct repetition_learnt){.floor_deg = -INFINITY};
}

static void on_rep(void *user, const struct posture_rep *rep)
{
	struct kit_posture *k = user;

	for (unsigned leg = 0; leg < LEGS; leg++)
		if (rep->result.side == SIDE_BOTH || rep->result.side == kit_posture_side_of(leg))
			axis_learner_count(&k->leg[leg].learner, rep->result.rep);
	k->ops->rep(k->user, rep);
}

static struct repetition_context context_of(struct kit_posture *k, int64_t now_us)
{
	return (struct repetition_context){.conf = k->conf,
		.now_us = now_us,
		.ring = &k->ring,
		.kit = k->kit,
		.trace = &k->trace,
		.tilt_limit_deg = kit_measure_tilt_limit_deg(k),
		.count_deg = rep_usual_count_deg(
			&k->repetition.usual, k->conf, k->conf->rep_range_min_deg),
		.learnt = {learnt_of(k, LEG_LEFT), learnt_of(k, LEG_RIGHT)},
		.emit = on_rep,
		.user = k};
}

static void redate(
	struct kit_posture *k, unsigned leg, int64_t onset_us, enum phase phase, unsigned rep)
{
	/* What a leg on the side does is none of the exercise's phases. */
	frame_ring_redate(&k->ring, leg, onset_us, k->leg[leg].is_aside ? PHASE_OTHER : phase, rep);
}

static void begin_repetition(
	struct kit_posture *k, unsigned side, int64_t rest_us, double drop_deg, int64_t now_us)
{
	struct repetition_context context = context_of(k, now_us);
	struct leg *leg = &k->leg[side];
	struct repetition_start start = {rest_us, drop_deg, leg->machine.onset_us, now_us};

	leg->number = repetition_begin(&k->repetition, &context, side, &start);
	leg->was_limited = false;
	gait_begin(&leg->gait, leg->motion.zero);
	if (kit_measure_follows(k, side) && !leg->is_aside)
		axis_learner_begin(&leg->learner, leg->number, leg->motion.zero);
	redate(k, side, leg->machine.onset_us, PHASE_RAISE, leg->number);
}

static void end_repetition(struct kit_posture *k, unsigned leg, const struct posture *machine,
	int64_t end_us, int64_t now_us)
{
	struct repetition_context context = context_of(k, now_us);
	int64_t held_us = machine->lower_us != T_NEVER && machine->top_us != T_NEVER
				  ? machine->lower_us - machine->top_us
				  : 0;

	redate(k, leg, end_us, PHASE_BOTTOM, k->repetition.begun);
	repetition_end(&k->repetition, &context, leg, machine, end_us);
	axis_learner_end(&k->leg[leg].learner);
	gait_end(&k->leg[leg].gait, held_us);
	k->leg[leg].number = 0;
}

static const struct repetition_refusal of_the_body = {
	"walking, or another movement of the body", NAN, NAN, ""};
static const struct repetition_refusal no_more_data = {"the data ended", NAN, NAN, ""};
static const struct repetition_refusal turned_over = {"the body turned over", NAN, NAN, ""};
static const struct repetition_refusal begun_anew = {
	"the session or the calibration changed", NAN, NAN, ""};

/* The running repetition of a leg does not count. */
static void cancel(struct kit_posture *k, unsigned leg, const struct posture *machine,
	const struct repetition_refusal *refusal)
{
	struct repetition_context context = context_of(k, k->leg[leg].known_us);

	repetition_cancel(&k->repetition, &context, leg, machine, refusal);
	k->leg[leg].learner.run.is_on = false;
	k->leg[leg].number = 0;
}

/* Why the machine has given one up. */
static struct repetition_refusal refusal_of(const struct kit_posture *k,
	const struct posture *before, const struct posture *now, const struct posture_input *in)
{
	if (now->phase == PHASE_OTHER)
		return (struct repetition_refusal){
			"the body left the pose of the exercise", NAN, NAN, ""};
	if (before->phase == PHASE_RAISE || before->top_deg - before->bottom_deg < in->count_deg)
		return (struct repetition_refusal){"came to rest before it was a raise",
			before->top_deg - before->bottom_deg, in->count_deg, "deg"};
	if (in->elevation_deg < in->start_elevation_deg)
		return (struct repetition_refusal){"the legs were drawn up to the start",
			in->elevation_deg, in->start_elevation_deg, "deg"};
	return (struct repetition_refusal){"too long, and now at rest where it is",
		(double)(in->t_us - before->begun_us) / US_PER_S, k->conf->rep_time_max_s, "s"};
}

void kit_movement_begin_anew(struct kit_posture *k, unsigned side)
{
	cancel(k, side, &k->leg[side].machine, &turned_over);
	posture_init(&k->leg[side].machine);
	leg_motion_forget(&k->leg[side].motion);
	k->leg[side].known_us = 0;
}

void kit_movement_lose(struct kit_posture *k, unsigned side)
{
	struct leg *leg = &k->leg[side];
	struct posture *machine = &leg->machine;

	if (machine->phase == PHASE_LOWER &&
		leg->known_deg - machine->bottom_deg <
			k->conf->rep_pause_share * (machine->top_deg - machine->bottom_deg))
		end_repetition(k, side, machine, leg->known_us, leg->known_us);
	else
		cancel(k, side, machine, &no_more_data);
	posture_init(machine);
}

static void trace_step(struct kit_posture *k, unsigned leg, const struct posture *before,
	const struct posture_input *in)
{
	const struct posture *now = &k->leg[leg].machine;

	TRACE(&k->trace, PHASE, in->t_us,
		"%s: %s -> %s since %.3f s ago; %.1f deg at %.1f deg/s, bottom %.1f, top %.1f",
		leg == LEG_LEFT ? "left" : "right", phase_to_string(before->phase),
		phase_to_string(now->phase), (double)(in->t_us - now->onset_us) / US_PER_S,
		in->elevation_deg, in->speed_deg_s, now->bottom_deg, now->top_deg);
}

static void step_leg(struct kit_posture *k, unsigned side, const struct posture_input *in)
{
	struct leg *leg = &k->leg[side];
	struct posture before = leg->machine;
	enum posture_event event = posture_step(&leg->machine, k->conf, in);
	struct repetition_refusal refusal;

	if (event != POSTURE_EVENT_NONE)
		trace_step(k, side, &before, in);
	switch (event) {
	case POSTURE_EVENT_NONE:
		break;
	case POSTURE_EVENT_PHASE:
		redate(k, side, leg->machine.onset_us, leg->machine.phase, k->repetition.begun);
		break;
	case POSTURE_EVENT_BEGIN:
		begin_repetition(k, side, before.rested_us,
			before.rested_deg - leg->machine.bottom_deg, in->t_us);
		break;
	case POSTURE_EVENT_END:
		end_repetition(k, side, &leg->machine, leg->machine.onset_us, in->t_us);
		break;
	case POSTURE_EVENT_ANEW:
		refusal = (struct repetition_refusal){
			"held where it was, so that this is a new start",
			(double)(leg->machine.onset_us - before.onset_us) / US_PER_S,
			k->conf->stray_hold_ms / 1000, "s"};
		cancel(k, side, &before, &refusal);
		begin_repetition(k, side, leg->machine.rested_us, 0, in->t_us);
		break;
	case POSTURE_EVENT_RESTART:
		end_repetition(k, side, &before, leg->machine.bottom_us, in->t_us);
		begin_repetition(k, side, leg->machine.bottom_us, 0, in->t_us);
		break;
	case POSTURE_EVENT_CANCEL:
		refusal = refusal_of(k, &before, &leg->machine, in);
		cancel(k, side, &before, &refusal);
		break;
	}
}

/* Runs the phases through a gap of lost packets, on the cubic (Hermite) that meets both ends in
 * angle and speed. Frames that were published stay as they are. */
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

void kit_movement_step(struct kit_posture *k, unsigned side, const struct posture_input *in)
{
	struct leg *leg = &k->leg[side];

	if (isnan(in->elevation_deg) || isnan(in->speed_deg_s))
		return;
	if (leg->known_us && in->t_us - leg->known_us > POSTURE_FRAME_US &&
		in->t_us - leg->known_us <= HIDDEN_US)
		step_hidden(k, side, in);
	step_leg(k, side, in);
	if (leg->motion.is_lowered_next && !leg->is_aside)
		leg_motion_look_if_laid(&leg->motion);
	leg->known_us = in->t_us;
	leg->known_deg = in->elevation_deg;
	leg->known_deg_s = in->speed_deg_s;
}

void kit_movement_rebase(struct kit_posture *k, unsigned side, double by_deg)
{
	struct leg *leg = &k->leg[side];

	posture_rebase(&leg->machine, by_deg);
	leg->known_deg += by_deg;
	frame_ring_rebase(&k->ring, side, by_deg);
	repetition_rebase(&k->repetition, side, by_deg);
}

/* By axes that are only assumed, as in the pose of flat-back. */
static void look_if_held_up(struct kit_posture *k, unsigned leg)
{
	const struct calibration_segment *segment = kit_measure_segment(k, k->leg[leg].thigh);
	struct leg_motion *motion = &k->leg[leg].motion;
	double deg;

	motion->is_lowered_next = false;
	if (!kit_measure_lies_flat(k) || !kit_measure_is_assumed(k, leg) || !motion->has_zero)
		return;
	deg = -DEG_PER_RAD * segment_angles_turn(segment->axis, segment->zero, motion->last_up);
	if (deg > HELD_UP_DEG)
		leg_motion_hold_up(motion, segment->axis, deg);
}

void kit_movement_forget(struct kit_posture *k)
{
	struct repetition_context context = context_of(k, T_NEVER);

	repetition_flush(&k->repetition, &context);
	for (unsigned leg = 0; leg < LEGS; leg++) {
		context.now_us = k->leg[leg].known_us;
		repetition_cancel(&k->repetition, &context, leg, &k->leg[leg].machine, &begun_anew);
		k->leg[leg].learner.run.is_on = false;
		posture_init(&k->leg[leg].machine);
		k->leg[leg].is_as_assumed = false;
		look_if_held_up(k, leg);
		k->leg[leg].number = 0;
		k->leg[leg].known_us = 0;
	}
}

static bool follow_bustle(struct kit_posture *k, unsigned leg, int64_t now_us)
{
	bool is_now = is_bustle(k, leg);

	if (is_now != k->leg[leg].is_bustling && trace_is_on(&k->trace, TRACE_PHASE)) {
		char why[TRACE_LINE_MAX];

		bustle_describe(&k->leg[leg].bustle, &k->trunk, why, sizeof(why));
		TRACE(&k->trace, PHASE, now_us, "%s: another movement of the body %s; %s",
			side_to_string(kit_posture_side_of(leg)), is_now ? "begins" : "ends", why);
	}
	k->leg[leg].is_bustling = is_now;
	return is_now;
}

void kit_movement_advance(struct kit_posture *k, int64_t now_us)
{
	bool moves = false;

	for (unsigned leg = 0; leg < LEGS; leg++)
		moves |= posture_is_moving(k->leg[leg].machine.phase) &&
			 k->leg[leg].machine.rest_us == T_NEVER;
	rep_usual_row(&k->repetition.usual, k->conf, now_us, moves);
	if (repetition_waits(&k->repetition)) {
		struct repetition_context context = context_of(k, now_us);

		repetition_advance(&k->repetition, &context);
	}
	/* What follows a movement that was none is none either, until the leg rests. */
	for (unsigned leg = 0; leg < LEGS; leg++) {
		if (!follow_bustle(k, leg, now_us))
			continue;
		if (k->trunk.is_turned)
			leg_motion_turn_over(&k->leg[leg].motion);
		if (k->leg[leg].machine.phase != PHASE_OTHER) {
			cancel(k, leg, &k->leg[leg].machine, &of_the_body);
			posture_init(&k->leg[leg].machine);
		}
	}
}
