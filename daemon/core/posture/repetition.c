// SPDX-License-Identifier: MIT
#include "daemon/core/posture/repetition.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/order.h"
#include "coxad/base/units.h"
#include "daemon/core/posture/smoothness.h"

/* How much later the second leg of a pair may finish. */
/* From the greatest extension to the greatest flexion, as in kit-joint.c. */
#define HIP_RANGE_DEG   190.0
#define PARTNER_WAIT_US 1000000
/* Length of the mean tilt before a repetition (decision-model.md 7.5 F7). */
#define PRESET_US 300000
/* Less rest than this between movements is none. */
#define HURRY_US    200000
#define FLOOR_DEG   6.0
#define FLOOR_SHARE 0.2

void repetition_init(struct repetition *r)
{
	memset(r, 0, sizeof(*r));
	rep_usual_init(&r->usual);
}

static void remember(struct repetition_history *history, double value)
{
	history->value[history->at] = value;
	history->at = (history->at + 1) % REPETITION_HISTORY;
	if (history->n < REPETITION_HISTORY)
		history->n++;
}

void repetition_resume(
	struct repetition *r, unsigned begun, const double *loss_deg, unsigned n_losses)
{
	r->begun = begun;
	for (unsigned i = 0; i < n_losses; i++)
		remember(&r->loss, loss_deg[i]);
}

static double median(const struct repetition_history *history)
{
	double sorted[REPETITION_HISTORY];

	memcpy(sorted, history->value, sizeof(sorted));
	return order_median(sorted, history->n);
}

double repetition_control_angle_deg(const struct repetition *r)
{
	return median(&r->loss);
}

static double of_sides(const float value[LEGS], enum side side)
{
	return side == SIDE_LEFT    ? value[LEG_LEFT]
	       : side == SIDE_RIGHT ? value[LEG_RIGHT]
				    : ((double)value[LEG_LEFT] + value[LEG_RIGHT]) / 2;
}

/* Half of a repetition, by elevation. */
struct curve_sum {
	float tilt_deg[TILT_CURVE_MAX];
	uint16_t n[TILT_CURVE_MAX];
};

struct measure {
	enum side side;
	bool follows_none;                /* the movement before it did not count */
	const struct repetition_leg *leg; /* borrowed */
	struct curve_sum raising, lowering;
	double low_deg, high_deg, tilt_sum, asymmetry_deg, loss_deg;
	unsigned tilts;
	int64_t loss_since_us;
	double loss_candidate_deg;
	uint64_t quality;
	size_t n;
	float speed[SMOOTHNESS_MAX]; /* while lowering */
	/* Correlation of the legs' elevations; speed would be masked by tremor. */
	double sx, sy, sxx, syy, sxy;
	unsigned pairs;
};

static void measure_loss(struct measure *m, int64_t t_us, double tilt_deg, double elevation,
	const struct repetition_context *context)
{
	if (!(tilt_deg > context->tilt_limit_deg)) {
		m->loss_since_us = T_NEVER;
		return;
	}
	if (m->loss_since_us == T_NEVER) {
		m->loss_since_us = t_us;
		m->loss_candidate_deg = elevation;
	}
	if (isnan(m->loss_deg) &&
		(double)(t_us - m->loss_since_us) >= context->conf->loss_hold_ms * US_PER_MS)
		m->loss_deg = m->loss_candidate_deg;
}

static void measure_curve(struct curve_sum *sum, double elevation_deg, double tilt_deg)
{
	double at = round((elevation_deg - TILT_CURVE_LOW_DEG) / TILT_CURVE_STEP_DEG);

	if (isnan(tilt_deg) || !(at >= 0 && at < TILT_CURVE_MAX))
		return;
	sum->tilt_deg[(unsigned)at] += (float)tilt_deg;
	sum->n[(unsigned)at]++;
}

static void take_curve(const struct curve_sum *sum, float ret[static TILT_CURVE_MAX])
{
	for (unsigned i = 0; i < TILT_CURVE_MAX; i++)
		ret[i] = sum->n[i] ? sum->tilt_deg[i] / sum->n[i] : NAN;
}

static void measure_frame(struct measure *m, const struct posture_frame *frame,
	const struct frame_motion *motion, const struct repetition_context *context)
{
	const struct repetition_leg *leg = m->leg;
	enum side side = m->side;
	double elevation = of_sides(motion->elevation_deg, side);
	double l = motion->elevation_deg[LEG_LEFT], r = motion->elevation_deg[LEG_RIGHT];

	if (frame->t_us < leg->start_us) {
		if (!isnan(motion->tilt_deg)) {
			m->tilt_sum += motion->tilt_deg;
			m->tilts++;
		}
		return;
	}
	m->quality |= frame->quality;
	m->low_deg = fmin(m->low_deg, elevation);
	m->high_deg = fmax(m->high_deg, elevation);
	if (side == SIDE_BOTH) {
		m->asymmetry_deg = fmax(m->asymmetry_deg,
			fabs(motion->elevation_deg[LEG_LEFT] - motion->elevation_deg[LEG_RIGHT]));
		if (!isnan(l + r)) {
			m->sx += l;
			m->sy += r;
			m->sxx += l * l;
			m->syy += r * r;
			m->sxy += l * r;
			m->pairs++;
		}
	}
	measure_curve(frame->t_us < leg->lower_us ? &m->raising : &m->lowering, elevation,
		motion->tilt_deg);
	if (frame->t_us < leg->lower_us)
		return;
	measure_loss(m, frame->t_us, motion->tilt_deg, elevation, context);
	if (m->n < SMOOTHNESS_MAX && !isnan(of_sides(motion->speed_deg_s, side)))
		m->speed[m->n++] = (float)-of_sides(motion->speed_deg_s, side);
}

static bool moves_together(const struct measure *m, double limit)
{
	double n = m->pairs, x = m->sxx - m->sx * m->sx / n, y = m->syy - m->sy * m->sy / n;

	return m->pairs > 1 && m->sxy - m->sx * m->sy / n > limit * sqrt(x * y);
}

static bool is_of(enum side side, unsigned leg)
{
	return side == SIDE_BOTH || side == kit_posture_side_of(leg);
}

static bool is_learnt(const struct repetition_context *context, enum side side)
{
	return (is_of(side, LEG_LEFT) && context->learnt[LEG_LEFT].is_learnt) ||
	       (is_of(side, LEG_RIGHT) && context->learnt[LEG_RIGHT].is_learnt);
}

/* A raised leg does not go far below its rest; a walking thigh swings back by a third of its range
 * (Winter). */
static bool is_below_floor(const struct measure *m)
{
	return m->low_deg + fmax(FLOOR_DEG, FLOOR_SHARE * (m->high_deg - m->low_deg)) <
	       m->leg->floor_deg;
}

static bool is_stride(const struct measure *m, const struct repetition_context *context)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (is_of(m->side, leg) && m->leg->is_hurried &&
			m->leg->end_us - m->leg->start_us < context->learnt[leg].stride_us)
			return true;
	return false;
}

static bool has_no_start(const struct measure *m, const struct repetition_context *context)
{
	return is_learnt(context, m->side) &&
	       m->leg->drop_deg > fmax(FLOOR_DEG, FLOOR_SHARE * (m->high_deg - m->low_deg));
}

/* Why it does not count, NULL where it does. */
static const char *refusal_of(const struct measure *m, const struct repetition_context *context,
	enum side side, double time_s)
{
	const struct analysis_conf *conf = context->conf;
	double range = m->high_deg - m->low_deg;

	if (time_s < conf->rep_time_min_s)
		return "too short";
	if (time_s > conf->rep_time_max_s)
		return "too long";
	if (!(range >= context->count_deg))
		return "range too small";
	if (has_no_start(m, context))
		return "did not begin where the leg rested";
	if (m->leg->is_chained && m->follows_none && is_learnt(context, side))
		return "goes on from a movement that was none";
	if (is_stride(m, context))
		return "no rest before or after it, as in walking";
	if (m->leg->is_bustle)
		return "walking, or another movement of the body";
	if (range > HIP_RANGE_DEG)
		return "no hip goes so far";
	if (is_below_floor(m))
		return "went too far below the start";
	if (side == SIDE_BOTH && !moves_together(m, conf->double_correlation))
		return "the legs did not move together";
	return NULL;
}

static void measure_frames(struct measure *m, const struct repetition_context *context)
{
	for (unsigned i = frame_ring_find(context->ring, m->leg->start_us - PRESET_US);
		i < context->ring->n; i++) {
		const struct posture_frame *frame = frame_ring_at(context->ring, i);

		if (frame->t_us > m->leg->end_us)
			break;
		measure_frame(m, frame, frame_ring_motion(context->ring, i), context);
	}
}

/* True where it counts. */
static bool finish(struct repetition *r, const struct repetition_context *context, enum side side,
	const struct repetition_leg *leg)
{
	struct measure m = {.side = side,
		.follows_none = (is_of(side, LEG_LEFT) && r->is_refused[LEG_LEFT]) ||
				(is_of(side, LEG_RIGHT) && r->is_refused[LEG_RIGHT]),
		.leg = leg,
		.low_deg = INFINITY,
		.high_deg = -INFINITY,
		.asymmetry_deg = NAN,
		.loss_deg = NAN,
		.loss_since_us = T_NEVER};
	double time_s = (double)(leg->end_us - leg->start_us) / US_PER_S, range;
	const char *refusal;
	struct posture_rep rep;

	measure_frames(&m, context);
	range = m.high_deg - m.low_deg;
	refusal = refusal_of(&m, context, side, time_s);
	TRACE(context->trace, PHASE, leg->end_us,
		"repetition %u %s: %s; %.1f s, from %.1f to %.1f deg, flat back lost at %.1f deg",
		leg->number, side_to_string(side), refusal ? refusal : "counted", time_s, m.low_deg,
		m.high_deg, m.loss_deg);
	for (unsigned i = 0; i < LEGS; i++)
		if (is_of(side, i))
			r->is_refused[i] = refusal != NULL;
	if (refusal)
		return false;
	rep = (struct posture_rep){.is_early_reversal = leg->is_early_reversal,
		.preset_tilt_deg = m.tilts ? m.tilt_sum / m.tilts : NAN,
		.turn_low_deg = median(&r->low),
		.turn_high_deg = median(&r->high)};
	if (!isnan(m.loss_deg))
		remember(&r->loss, m.loss_deg);
	remember(&r->low, m.low_deg);
	remember(&r->high, m.high_deg);
	m.quality |= is_learnt(context, side) ? CODE_BIT(UNCALIBRATED) : 0;
	rep.result = (struct rep_result){.side = side,
		.rep = leg->number,
		.kinds = rep_usual_add(&r->usual, context->conf, range, time_s),
		.range_deg = range,
		.raise_ms = (double)(leg->top_us - leg->start_us) / US_PER_MS,
		.top_ms = (double)(leg->lower_us - leg->top_us) / US_PER_MS,
		.lower_ms = (double)(leg->end_us - leg->lower_us) / US_PER_MS,
		.t_start_us = leg->start_us,
		.t_end_us = leg->end_us,
		.theta_loss_deg = m.loss_deg,
		.control_angle_deg = m.quality & CODE_BIT(UNCALIBRATED) ? NAN
				     : r->loss.n                        ? median(&r->loss)
						 : context->conf->control_angle_default_deg,
		.sparc = smoothness_sparc(m.speed, m.n, (double)US_PER_S / POSTURE_FRAME_US),
		.asymmetry_deg = m.asymmetry_deg,
		.quality = m.quality | (leg->is_early_reversal ? CODE_BIT(EARLY_REVERSAL) : 0)};
	take_curve(&m.raising, rep.result.tilt_curve.raising_deg);
	take_curve(&m.lowering, rep.result.tilt_curve.lowering_deg);
	snprintf(rep.result.kit, sizeof(rep.result.kit), "%s", context->kit);
	context->emit(context->user, &rep);
	return true;
}

/* The number of a repetition that does not count is reused, unless a later one is in use. */
static void give_back(struct repetition *r, unsigned number)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		if ((r->run[leg].is_on && r->run[leg].number == number) ||
			(r->done[leg].is_on && r->done[leg].number == number))
			return;
	if (number == r->begun)
		r->begun--;
}

static void finish_alone(
	struct repetition *r, const struct repetition_context *context, unsigned side)
{
	struct repetition_leg leg = r->done[side];

	r->done[side].is_on = false;
	if (!finish(r, context, kit_posture_side_of(side), &leg))
		give_back(r, leg.number);
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void finish_pair(struct repetition *r, const struct repetition_context *context)
{
	struct repetition_leg a = r->done[LEG_LEFT], b = r->done[LEG_RIGHT], both = a;

	both.start_us = least(a.start_us, b.start_us);
	both.top_us = a.top_us + (b.top_us - a.top_us) / 2;
	both.lower_us = least(a.lower_us, b.lower_us);
	both.end_us = latest(a.end_us, b.end_us);
	both.is_early_reversal = a.is_early_reversal || b.is_early_reversal;
	both.is_bustle = a.is_bustle || b.is_bustle;
	both.is_hurried = a.is_hurried || b.is_hurried;
	both.is_chained = a.is_chained || b.is_chained;
	both.drop_deg = fmax(a.drop_deg, b.drop_deg);
	both.floor_deg = fmax(a.floor_deg, b.floor_deg);
	r->done[LEG_LEFT].is_on = r->done[LEG_RIGHT].is_on = false;
	if (finish(r, context, SIDE_BOTH, &both))
		return;
	/* Only simultaneous: each leg by itself. */
	if (!finish(r, context, SIDE_LEFT, &a)) {
		if (!finish(r, context, SIDE_RIGHT, &b))
			give_back(r, a.number);
		return;
	}
	b.number = r->begun + 1;
	if (finish(r, context, SIDE_RIGHT, &b))
		r->begun++;
}

/* Tremor or lost packets blur a leg's start, less its confirmation. Whether the legs really move
 * together is decided on the whole movement when it is over. */
static bool begin_together(const struct repetition_leg *other,
	const struct repetition_context *context, int64_t start_us, int64_t confirmed_us)
{
	int64_t limit_us = (int64_t)(context->conf->double_onset_ms * US_PER_MS);

	return other->is_on && (llabs(other->start_us - start_us) <= limit_us ||
				       llabs(other->confirmed_us - confirmed_us) <= limit_us);
}

unsigned repetition_begin(struct repetition *r, const struct repetition_context *context,
	unsigned leg, const struct repetition_start *start)
{
	const struct repetition_leg *other = &r->run[!leg];
	bool is_pair = begin_together(other, context, start->start_us, start->confirmed_us);

	if (r->done[leg].is_on && start->start_us - r->done[leg].end_us < HURRY_US)
		r->done[leg].is_hurried = true;
	r->run[leg] = (struct repetition_leg){.is_on = true,
		.is_hurried = start->start_us - start->rest_us < HURRY_US,
		.is_chained = start->start_us - start->rest_us < HURRY_US,
		.drop_deg = start->drop_deg,
		.floor_deg = context->learnt[leg].floor_deg,
		.confirmed_us = start->confirmed_us,
		.start_us = start->start_us,
		.number = is_pair ? other->number : ++r->begun};
	return r->run[leg].number;
}

/* Those that are over and need not wait for the other leg, nor for what follows. */
static void settle(struct repetition *r, const struct repetition_context *context, unsigned side,
	int64_t now_us)
{
	struct repetition_leg *done = &r->done[side], *partner = &r->run[!side];
	bool is_pair = r->done[!side].is_on && r->done[!side].number == done->number;
	int64_t end_us = is_pair ? latest(done->end_us, r->done[!side].end_us) : done->end_us;
	bool has_partner = partner->is_on && partner->number == done->number;

	if (!done->is_on || (has_partner && now_us - done->end_us <= PARTNER_WAIT_US) ||
		now_us - end_us < context->learnt[side].doubt_us)
		return;
	for (unsigned leg = 0; leg < LEGS; leg++)
		r->done[leg].is_bustle |= context->learnt[leg].is_bustle;
	if (is_pair) {
		finish_pair(r, context);
		return;
	}
	/* The other leg goes on alone, with its own number. */
	if (has_partner)
		partner->number = ++r->begun;
	finish_alone(r, context, side);
}

void repetition_end(struct repetition *r, const struct repetition_context *context, unsigned side,
	const struct posture *posture, int64_t end_us)
{
	struct repetition_leg *leg = &r->run[side];

	if (!leg->is_on)
		return;
	if (r->done[side].is_on)
		finish_alone(r, context, side);
	leg->is_on = false;
	leg->end_us = end_us;
	leg->lower_us = posture->lower_us != T_NEVER ? posture->lower_us : end_us;
	leg->top_us = least(posture->top_us, leg->lower_us);
	leg->is_early_reversal = posture->is_early_reversal;
	leg->is_bustle = context->learnt[side].is_bustle;
	r->done[side] = *leg;
	r->done[side].is_on = true;
	settle(r, context, side, context->now_us);
}

void repetition_cancel(struct repetition *r, const struct repetition_context *context, unsigned leg)
{
	unsigned number = r->run[leg].number;

	if (!r->run[leg].is_on)
		return;
	r->run[leg].is_on = false;
	give_back(r, number);
	if (r->done[!leg].is_on && r->done[!leg].number == number)
		finish_alone(r, context, !leg);
}

void repetition_rebase(struct repetition *r, unsigned leg, double by_deg)
{
	r->run[leg].floor_deg += by_deg;
	r->done[leg].floor_deg += by_deg;
	/* Where they turned is another angle now. */
	r->low.n = r->low.at = r->high.n = r->high.at = 0;
}

bool repetition_is_pending(const struct repetition *r)
{
	return r->run[LEG_LEFT].is_on || r->run[LEG_RIGHT].is_on || repetition_waits(r);
}

void repetition_flush(struct repetition *r, const struct repetition_context *context)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		settle(r, context, leg, T_NEVER);
}

void repetition_advance(struct repetition *r, const struct repetition_context *context)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		settle(r, context, leg, context->now_us);
}
