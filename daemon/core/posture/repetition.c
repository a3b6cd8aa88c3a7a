// SPDX-License-Identifier: MIT
#include "daemon/core/posture/repetition.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/order.h"
#include "coxad/base/units.h"
#include "daemon/core/posture/rep-measure.h"
#include "daemon/core/posture/smoothness.h"

/* From the greatest extension to the greatest flexion, as in kit-joint.c. */
#define HIP_RANGE_DEG 190.0
/* How much later the second leg of a pair may finish. */
#define PARTNER_WAIT_US 1000000
/* Less rest than this between movements is none. */
#define HURRY_US 200000
/* No stride takes so many times as long, so one before it says nothing of it. */
#define LONG_STRIDES 2
#define FLOOR_DEG    6.0
#define FLOOR_SHARE  0.2

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

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t latest(int64_t a, int64_t b)
{
	return a > b ? a : b;
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

/* A raised leg does not go far below its rest, nor begin there; a walking thigh swings back by a
 * third of its range (Winter). */
static double floor_limit_deg(const struct rep_measure *m)
{
	return fmax(FLOOR_DEG, FLOOR_SHARE * (m->high_deg - m->low_deg));
}

/* Of a pair each leg by itself: they may be measured from different zeros. */
static double below_floor_deg(const struct rep_measure *m)
{
	return fmax(m->leg->floor_deg[LEG_LEFT] - m->leg_low_deg[LEG_LEFT],
		m->leg->floor_deg[LEG_RIGHT] - m->leg_low_deg[LEG_RIGHT]);
}

static bool is_stride(const struct rep_measure *m, const struct repetition_context *context)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (is_of(m->side, leg) && m->leg->is_hurried &&
			m->leg->end_us - m->leg->start_us < context->learnt[leg].stride_us)
			return true;
	return false;
}

static const char goes_on[] = "goes on from a movement that was none";
static const char as_walking[] = "no rest before or after it, as in walking";

/* Of a leg that is not calibrated. */
static struct repetition_refusal refusal_of_learnt(
	const struct rep_measure *m, const struct repetition_context *context, double time_s)
{
	double stride_s = (double)latest(context->learnt[LEG_LEFT].stride_us,
				  context->learnt[LEG_RIGHT].stride_us) /
			  US_PER_S;

	if (m->leg->drop_deg > floor_limit_deg(m))
		return (struct repetition_refusal){"did not begin where the leg rested, but below",
			m->leg->drop_deg, floor_limit_deg(m), "deg"};
	for (unsigned leg = 0; leg < LEGS; leg++)
		if (is_of(m->side, leg) && context->learnt[leg].body.why)
			return (struct repetition_refusal){context->learnt[leg].body.why,
				context->learnt[leg].body.is_deg,
				context->learnt[leg].body.limit_deg, "deg"};
	if (m->leg->is_chained && m->follows_none &&
		!(m->follows_stride && time_s > LONG_STRIDES * stride_s))
		return (struct repetition_refusal){goes_on, NAN, NAN, ""};
	if (is_stride(m, context))
		return (struct repetition_refusal){as_walking, time_s, stride_s, "s"};
	return (struct repetition_refusal){0};
}

static struct repetition_refusal refusal_of(
	const struct rep_measure *m, const struct repetition_context *context, double time_s)
{
	const struct analysis_conf *conf = context->conf;
	double range = m->high_deg - m->low_deg;
	struct repetition_refusal refusal = {0};

	if (time_s < conf->rep_time_min_s)
		return (struct repetition_refusal){"too short", time_s, conf->rep_time_min_s, "s"};
	if (time_s > conf->rep_time_max_s)
		return (struct repetition_refusal){"too long", time_s, conf->rep_time_max_s, "s"};
	if (!(range >= context->count_deg))
		return (struct repetition_refusal){
			"range too small", range, context->count_deg, "deg"};
	if (is_learnt(context, m->side))
		refusal = refusal_of_learnt(m, context, time_s);
	if (refusal.why)
		return refusal;
	if (m->leg->is_bustle)
		return (struct repetition_refusal){
			"walking, or another movement of the body", NAN, NAN, ""};
	if (range > HIP_RANGE_DEG)
		return (struct repetition_refusal){
			"no hip goes so far", range, HIP_RANGE_DEG, "deg"};
	if (below_floor_deg(m) > floor_limit_deg(m))
		return (struct repetition_refusal){"went too far below the start",
			below_floor_deg(m), floor_limit_deg(m), "deg"};
	if (m->side == SIDE_BOTH && !(rep_measure_correlation(m) > conf->double_correlation))
		return (struct repetition_refusal){"the legs did not move together",
			rep_measure_correlation(m), conf->double_correlation, "of 1"};
	return refusal;
}

/* What became of a movement that began as a repetition; tools/explain reads it. */
static void tell(const struct repetition_context *context, enum side side,
	const struct repetition_leg *leg, const struct repetition_refusal *refusal,
	const double deg[3])
{
	char numbers[64] = "";

	if (!trace_is_on(context->trace, TRACE_PHASE))
		return;
	if (refusal->why && !isnan(refusal->limit))
		snprintf(numbers, sizeof(numbers), " (%.2f %s, limit %.2f)", refusal->is,
			refusal->unit, refusal->limit);
	trace_write(context->trace, TRACE_PHASE, leg->end_us,
		"repetition %u %s: %s%s; %.2f s, from %.1f to %.1f deg, flat back lost at %.1f deg",
		leg->number, side_to_string(side), refusal->why ? refusal->why : "counted", numbers,
		(double)(leg->end_us - leg->start_us) / US_PER_S, deg[0], deg[1], deg[2]);
}

/* True where it counts. */
static bool finish(struct repetition *r, const struct repetition_context *context, enum side side,
	const struct repetition_leg *leg)
{
	struct rep_measure m = {.side = side,
		.follows_none = (is_of(side, LEG_LEFT) && r->is_refused[LEG_LEFT]) ||
				(is_of(side, LEG_RIGHT) && r->is_refused[LEG_RIGHT]),
		.follows_stride = !(is_of(side, LEG_LEFT) && !r->is_stride[LEG_LEFT]) &&
				  !(is_of(side, LEG_RIGHT) && !r->is_stride[LEG_RIGHT]),
		.leg = leg,
		.leg_low_deg = {INFINITY, INFINITY},
		.low_deg = INFINITY,
		.high_deg = -INFINITY,
		.asymmetry_deg = NAN,
		.loss_deg = NAN,
		.loss_since_us = T_NEVER};
	double time_s = (double)(leg->end_us - leg->start_us) / US_PER_S, range;
	struct repetition_refusal refusal;
	struct posture_rep rep;

	rep_measure_take(&m, context);
	range = m.high_deg - m.low_deg;
	refusal = refusal_of(&m, context, time_s);
	tell(context, side, leg, &refusal, (double[]){m.low_deg, m.high_deg, m.loss_deg});
	for (unsigned i = 0; i < LEGS; i++)
		if (is_of(side, i)) {
			r->is_refused[i] = refusal.why != NULL;
			r->is_stride[i] = refusal.why == as_walking ||
					  (refusal.why == goes_on && m.follows_stride);
		}
	if (refusal.why)
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
	rep_measure_curve(&m.raising, rep.result.tilt_curve.raising_deg);
	rep_measure_curve(&m.lowering, rep.result.tilt_curve.lowering_deg);
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
	both.floor_deg[LEG_RIGHT] = b.floor_deg[LEG_RIGHT];
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
		.floor_deg = {-INFINITY, -INFINITY},
		.confirmed_us = start->confirmed_us,
		.start_us = start->start_us,
		.number = is_pair ? other->number : ++r->begun};
	r->run[leg].floor_deg[leg] = context->learnt[leg].floor_deg;
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

void repetition_cancel(struct repetition *r, const struct repetition_context *context, unsigned leg,
	const struct posture *posture, const struct repetition_refusal *refusal)
{
	unsigned number = r->run[leg].number;

	if (!r->run[leg].is_on)
		return;
	r->run[leg].end_us = context->now_us;
	tell(context, kit_posture_side_of(leg), &r->run[leg], refusal,
		(double[]){posture->bottom_deg, posture->top_deg, NAN});
	r->run[leg].is_on = false;
	give_back(r, number);
	if (r->done[!leg].is_on && r->done[!leg].number == number)
		finish_alone(r, context, !leg);
}

void repetition_rebase(struct repetition *r, unsigned leg, double by_deg)
{
	r->run[leg].floor_deg[leg] += by_deg;
	r->done[leg].floor_deg[leg] += by_deg;
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
