// SPDX-License-Identifier: MIT
#include "tests/core/judge/rig-private.h"

#include <math.h>
#include <stdlib.h>

#include "coxad/base/units.h"

const struct posture_frame *rig_frame_at(const struct kit_posture *k, unsigned i)
{
	return &k->frame[(k->head + RIG_FRAMES - k->n + i) % RIG_FRAMES];
}

unsigned kit_posture_frames(const struct kit_posture *k, int64_t from_us, int64_t to_us,
	bool (*visit)(void *user, const struct posture_frame *frame), void *user)
{
	unsigned n = 0;

	for (unsigned i = 0; i < k->n; i++) {
		const struct posture_frame *f = rig_frame_at(k, i);

		if (f->t_us < from_us || f->t_us > to_us)
			continue;
		n++;
		if (!visit(user, f))
			break;
	}
	return n;
}

double kit_posture_knock_g(
	const struct kit_posture *k, enum placement placement, int64_t t_us, int64_t within_us)
{
	double knock = NAN;

	for (unsigned i = 0; i < k->n; i++)
		if (llabs(rig_frame_at(k, i)->t_us - t_us) <= within_us)
			knock = fmax(knock, (double)k->knock_g[(k->head + RIG_FRAMES - k->n + i) %
							       RIG_FRAMES][placement]);
	return knock;
}

int64_t kit_posture_watermark(const struct kit_posture *k)
{
	return k->n ? rig_frame_at(k, k->n - 1)->t_us : INT64_MAX;
}

/* Its repetitions are told at their end. */
bool kit_posture_has_counted(const struct kit_posture *k, int64_t t_us)
{
	return true;
}

double kit_posture_span_deg(const struct kit_posture *k)
{
	return k->span_deg;
}

double kit_posture_control_angle_deg(const struct kit_posture *k)
{
	return k->control_angle_deg;
}

void rig_push_frame(struct rig *rig, unsigned kit, int64_t t_us)
{
	struct kit_posture *k = rig->posture[kit];
	const struct rig_body *b = &rig->body[kit];
	struct posture_frame f = {
		.t_us = t_us,
		.phase = {b->phase, b->phase},
		.phase_kit = b->phase,
		.side = b->side,
		.rep = b->rep,
		.elevation_deg = {(float)b->elevation_deg[LEG_LEFT],
			(float)b->elevation_deg[LEG_RIGHT]},
		.hip_flexion_deg = {(float)(b->elevation_deg[LEG_LEFT] + b->tilt_deg),
			(float)(b->elevation_deg[LEG_RIGHT] + b->tilt_deg)},
		.speed_deg_s = {(float)b->speed_deg_s[LEG_LEFT], (float)b->speed_deg_s[LEG_RIGHT]},
		.tilt_deg = (float)b->tilt_deg,
		.tilt_rate_deg_s = (float)b->tilt_rate_deg_s,
		.pelvis_roll_deg = (float)b->roll_deg,
		.lumbar_deg = (float)b->tilt_deg,
		.quality = b->quality,
	};

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		k->knock_g[k->head][i] = (float)b->knock_g[i];
	k->frame[k->head] = f;
	k->head = (k->head + 1) % RIG_FRAMES;
	k->n = k->n < RIG_FRAMES ? k->n + 1 : RIG_FRAMES;
}

static void set_legs(struct rig_body *b, double elevation, double speed, double asymmetry)
{
	b->elevation_deg[LEG_LEFT] = elevation + asymmetry / 2;
	b->elevation_deg[LEG_RIGHT] = elevation - asymmetry / 2;
	b->speed_deg_s[LEG_LEFT] = b->speed_deg_s[LEG_RIGHT] = speed;
}

/* Moves the legs; what happens around the pop is superimposed. */
static void move(struct rig *rig, unsigned kit, enum phase phase, double to_deg, double speed,
	const struct rig_rep *rep, int64_t t_pop_us)
{
	struct rig_body *b = &rig->body[kit];
	double from = (b->elevation_deg[LEG_LEFT] + b->elevation_deg[LEG_RIGHT]) / 2, at = from;
	double sign = to_deg > from ? 1 : -1, v = speed;

	b->phase = phase;
	b->side = SIDE_BOTH;
	while (sign * (to_deg - at) > 0) {
		int64_t since_us = rig->now_us + RIG_STEP_US - t_pop_us;
		bool near_pop = t_pop_us && llabs(since_us) < 150000;
		/* The back arches during the second before the pop and stays arched. */
		double arched = t_pop_us && !isnan(rep->pop_tilt_deg)
					? fmin(1, fmax(0, (double)(since_us + 1100000) / US_PER_S))
					: 0;

		v = speed;
		if (rep->arrest && t_pop_us && since_us > 20000 && since_us < 300000)
			v = 0;
		if (rep->surge && t_pop_us && since_us > 50000)
			v = fmin(
				speed + 900.0 * (double)(since_us - 50000) / US_PER_S, speed + 120);
		b->tilt_deg = rep->tilt_deg;
		if (arched > 0)
			b->tilt_deg += arched * (rep->pop_tilt_deg - rep->tilt_deg);
		b->tilt_rate_deg_s = near_pop ? rep->pop_tilt_rate_deg_s : 0;
		at += sign * v * RIG_STEP_US / US_PER_S;
		set_legs(b, at, sign * v, rep->asymmetry_deg);
		rig_run(rig, (double)RIG_STEP_US / US_PER_S);
	}
	set_legs(b, to_deg, 0, 0);
}

int64_t rig_rep(struct rig *rig, unsigned kit, const struct rig_rep *rep)
{
	struct rig_body *b = &rig->body[kit];
	double top = rep->top_deg > 0 ? rep->top_deg : 75;
	double lower = rep->lower_deg_s > 0 ? rep->lower_deg_s : 30, raise = 45;
	bool has_pop = !isnan(rep->pop_deg);
	unsigned wearable = rep->wearable ? rep->wearable : RIG_HIP_RIGHT;
	int64_t t_start_us, t_pop_us = 0;
	struct posture_rep rep_in = {
		.preset_tilt_deg = rep->tilt_deg, .turn_low_deg = 0, .turn_high_deg = top};

	b->phase = PHASE_READY;
	b->tilt_deg = rep->tilt_deg;
	rig_run(rig, 1);
	b->rep++;
	t_start_us = rig->now_us;
	if (has_pop && rep->pop_in_raise) {
		double in_s = rep->pop_deg / raise;

		t_pop_us = rig->now_us + (int64_t)(in_s * US_PER_S);
		rig_pop(rig, kit, wearable, in_s, rep->features);
	}
	move(rig, kit, PHASE_RAISE, top, raise, rep, rep->pop_in_raise ? t_pop_us : 0);
	b->phase = PHASE_TOP;
	rig_run(rig, 0.5);
	if (has_pop && !rep->pop_in_raise) {
		double in_s = (top - rep->pop_deg) / lower;

		t_pop_us = rig->now_us + (int64_t)(in_s * US_PER_S);
		rig_pop(rig, kit, wearable, in_s, rep->features);
	}
	move(rig, kit, PHASE_LOWER, 0, lower, rep, rep->pop_in_raise ? 0 : t_pop_us);
	b->phase = PHASE_BOTTOM;
	rep_in.result = (struct rep_result){
		.side = SIDE_BOTH,
		.rep = b->rep,
		.range_deg = top,
		.raise_ms = 1700,
		.top_ms = 500,
		.lower_ms = top / lower * 1000,
		.t_start_us = t_start_us,
		.t_end_us = rig->now_us,
		.theta_loss_deg = rep->theta_loss_deg > 0 ? rep->theta_loss_deg : NAN,
		.control_angle_deg = rep->control_angle_deg > 0 ? rep->control_angle_deg : 40,
		.sparc = rep->sparc < 0 ? rep->sparc : -1.5,
	};
	rig_run(rig, 0.4);
	judge_rep(rig->judge, rig->now_us, kit, &rep_in);
	if (rep->control_angle_deg > 0)
		rig->posture[kit]->control_angle_deg = rep->control_angle_deg;
	rig_run(rig, 0.6);
	b->phase = PHASE_READY;
	b->side = SIDE_UNKNOWN;
	return t_pop_us;
}
