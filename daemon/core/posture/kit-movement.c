// SPDX-License-Identifier: MIT
#include "daemon/core/posture/kit-movement.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/posture/kit-measure.h"

/* Lost packets are bridged up to here: the two ends still determine the movement between. */
#define HIDDEN_US 1000000
/* A raised leg does not go further below its rest than this; a walking thigh swings back by a third
 * of its range (Winter). */
#define LONE_FLOOR_DEG   -6.0
#define LONE_FLOOR_SHARE 0.2

static struct repetition_context context_of(struct kit_posture *k)
{
	return (struct repetition_context){.conf = k->conf,
		.ring = &k->ring,
		.kit = k->kit,
		.trace = &k->trace,

		.tilt_limit_deg = kit_measure_tilt_limit_deg(k),
		.floor_deg = kit_measure_is_lone(k) ? LONE_FLOOR_DEG : -INFINITY,
		.floor_share = LONE_FLOOR_SHARE,
		.emit = k->ops->rep,
		.user = k->user};
}

static void redate(
	struct kit_posture *k, unsigned leg, int64_t onset_us, enum phase phase, unsigned rep)
{
	frame_ring_redate(&k->ring, leg, onset_us, phase, rep);
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
	struct kit_posture *k, unsigned leg, const struct posture *machine, int64_t end_us)
{
	struct repetition_context context = context_of(k);

	redate(k, leg, end_us, PHASE_BOTTOM, k->repetition.begun);
	repetition_end(&k->repetition, &context, leg, machine, end_us);
	k->leg[leg].number = 0;
}

void kit_movement_cancel(struct kit_posture *k, unsigned leg)
{
	struct repetition_context context = context_of(k);

	repetition_cancel(&k->repetition, &context, leg);
	k->leg[leg].number = 0;
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

	if (event != POSTURE_EVENT_NONE)
		trace_step(k, side, &before, in);
	switch (event) {
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
			kit_movement_cancel(k, side);
		else
			end_repetition(k, side, &leg->machine, leg->machine.onset_us);
		break;
	case POSTURE_EVENT_RESTART:
		if (kit_measure_is_lone(k) && lone_leg_is_shaken(&leg->lone))
			kit_movement_cancel(k, side);
		else
			end_repetition(k, side, &before, leg->machine.bottom_us);
		begin_repetition(k, side, in->t_us);
		break;
	case POSTURE_EVENT_CANCEL:
		kit_movement_cancel(k, side);
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
	leg->known_us = in->t_us;
	leg->known_deg = in->elevation_deg;
	leg->known_deg_s = in->speed_deg_s;
}

void kit_movement_forget(struct kit_posture *k)
{
	struct repetition_context context = context_of(k);

	for (unsigned leg = 0; leg < LEGS; leg++) {
		repetition_cancel(&k->repetition, &context, leg);
		posture_init(&k->leg[leg].machine);
		k->leg[leg].number = 0;
		k->leg[leg].known_us = 0;
	}
}

void kit_movement_advance(struct kit_posture *k, int64_t now_us)
{
	struct repetition_context context = context_of(k);

	repetition_advance(&k->repetition, &context, now_us);
}
