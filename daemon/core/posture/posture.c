// SPDX-License-Identifier: MIT
#include "daemon/core/posture/posture.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

#define MS(x) ((int64_t)((x)*US_PER_MS))
/* A shorter swing the other way does not end a movement: tremor of 4 Hz and faster. */
#define TREMOR_MS   120
#define SHARE_LEAST 0.3
#define ONSET_SHARE 0.6
/* A halt in a slow start is shorter than a rest at a new bottom. */
#define SETTLED_MS 800
/* Both means of a turning point agree for a moment only. */
#define RESTED_MS 550
#define HELD_MS   5000
/* Two means 200 ms apart differ by less: below 3 deg/s. */
#define REST_DEG 0.6
#define PLACE_US 400000

void posture_init(struct posture *p)
{
	memset(p, 0, sizeof(*p));
	p->phase = PHASE_OTHER;
	p->still_us = p->up_us = p->down_us = p->turn_us = p->other_us = T_NEVER;
	p->down_turned_us = p->up_lost_us = p->down_lost_us = p->rest_us = T_NEVER;
}

void posture_rebase(struct posture *p, double by_deg)
{
	p->rested_deg += by_deg;
	p->bottom_deg += by_deg;
	p->top_deg += by_deg;
	p->low_deg += by_deg;
	/* Places before the first elevation are 0 and stay out of use. */
	for (unsigned i = 0; i < 2 * POSTURE_MEAN_STEPS; i++)
		p->place[i] += (float)by_deg;
	p->place_sum[0] += by_deg * POSTURE_MEAN_STEPS;
	p->place_sum[1] += by_deg * POSTURE_MEAN_STEPS;
}

static void since(int64_t *t, bool begins, bool ends, int64_t now_us)
{
	if (ends)
		*t = T_NEVER;
	else if (begins && *t == T_NEVER)
		*t = now_us;
}

static bool lasts(int64_t since_us, int64_t now_us, double ms)
{
	return since_us != T_NEVER && now_us - since_us >= MS(ms);
}

/* Smaller movements are slower: as a share of those that the thresholds are for. */
static double share_of(const struct posture_input *in)
{
	return fmin(fmax(in->usual_deg / POSTURE_USUAL_DEG, SHARE_LEAST), 1);
}

/* The means of the last 200 ms and of those before are the same: at rest, even if it trembles. */
static void follow_place(struct posture *p, const struct posture_input *in)
{
	float *oldest = &p->place[p->place_at];
	unsigned middle = (p->place_at + POSTURE_MEAN_STEPS) % (2 * POSTURE_MEAN_STEPS);
	float x = (float)in->elevation_deg;
	bool rests;

	p->place_sum[0] += (double)p->place[middle] - *oldest;
	p->place_sum[1] += (double)x - p->place[middle];
	*oldest = x;
	p->place_at = (p->place_at + 1) % (2 * POSTURE_MEAN_STEPS);
	if (p->places < 2 * POSTURE_MEAN_STEPS)
		p->places++;
	rests = p->places == 2 * POSTURE_MEAN_STEPS &&
		fabs(p->place_sum[1] - p->place_sum[0]) < REST_DEG * POSTURE_MEAN_STEPS;
	since(&p->rest_us, rests, !rests, in->t_us - PLACE_US);
}

/* Since when each condition holds, with its hysteresis. */
static void follow(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	double v = in->speed_deg_s, share = share_of(in);
	double still = share * conf->still_speed_deg_s, move = share * conf->move_speed_deg_s;
	bool is_still = fabs(v) < still;

	since(&p->still_us, is_still, !is_still, in->t_us);
	since(&p->up_lost_us, (v < still), (v > still), in->t_us);
	since(&p->down_lost_us, v > -still, v < -still, in->t_us);
	since(&p->up_us, v > move, lasts(p->up_lost_us, in->t_us, TREMOR_MS), in->t_us);
	since(&p->down_us, v < -move, lasts(p->down_lost_us, in->t_us, TREMOR_MS), in->t_us);
	since(&p->down_turned_us, (v < 0), (v > 0), in->t_us);
	p->mean_sum += (double)(float)v - p->mean[p->mean_at];
	p->mean[p->mean_at] = (float)v;
	p->mean_at = (p->mean_at + 1) % POSTURE_MEAN_STEPS;
	p->mean_speed_deg_s = p->mean_sum / POSTURE_MEAN_STEPS;
	follow_place(p, in);
	since(&p->other_us, in->is_other, !in->is_other, in->t_us);
}

static enum posture_event enter(
	struct posture *p, enum phase phase, int64_t onset_us, enum posture_event event)
{
	p->phase = phase;
	p->onset_us = onset_us;
	return event;
}

static enum posture_event begin(
	struct posture *p, const struct posture_input *in, enum posture_event event)
{
	p->top_deg = in->elevation_deg;
	p->is_early_reversal = false;
	p->begun_us = p->up_us;
	p->top_us = p->lower_us = T_NEVER;
	p->turn_us = T_NEVER;
	return enter(p, PHASE_RAISE, p->up_us, event);
}

static double onset_of(const struct analysis_conf *conf, const struct posture_input *in)
{
	return fmin(share_of(in) * conf->onset_travel_deg, ONSET_SHARE * in->count_deg);
}

/* 1: up long enough and far enough. */
static bool rises(const struct posture *p, const struct analysis_conf *conf,
	const struct posture_input *in, double from_deg)
{
	double share = share_of(in), travel_deg = in->elevation_deg - from_deg;

	return (p->mean_speed_deg_s > share * conf->move_speed_deg_s &&
		lasts(p->up_us, in->t_us, conf->move_hold_ms) && travel_deg >= onset_of(conf, in));
}

static bool falls(const struct posture *p, const struct analysis_conf *conf,
	const struct posture_input *in, double from_deg)
{
	double share = share_of(in), travel_deg = from_deg - in->elevation_deg;

	return p->mean_speed_deg_s < -share * conf->move_speed_deg_s &&
	       lasts(p->down_us, in->t_us, conf->move_hold_ms) && travel_deg >= onset_of(conf, in);
}

static enum posture_event at_rest(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	/* The bottom is where it last rested, or lower. */
	if (in->elevation_deg < p->bottom_deg)
		p->bottom_deg = in->elevation_deg;
	else if (lasts(p->rest_us, in->t_us, SETTLED_MS))
		p->bottom_deg = p->place_sum[0] / POSTURE_MEAN_STEPS;
	if (lasts(p->rest_us, in->t_us, RESTED_MS))
		p->rested_deg = p->place_sum[0] / POSTURE_MEAN_STEPS;
	if (rises(p, conf, in, p->bottom_deg))
		return begin(p, in, POSTURE_EVENT_BEGIN);
	if (p->phase == PHASE_BOTTOM && in->is_supine &&
		in->elevation_deg < in->ready_elevation_deg &&
		lasts(p->still_us, in->t_us, conf->bottom_keep_ms))
		return enter(p, PHASE_READY, in->t_us, POSTURE_EVENT_PHASE);
	return POSTURE_EVENT_NONE;
}

static enum posture_event in_other(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	/* A leg of which nothing is known may tremble. */
	int64_t still_us = in->is_learnt && p->still_us == T_NEVER ? p->rest_us : p->still_us;

	if (in->is_other || !in->is_supine || in->elevation_deg >= in->ready_elevation_deg ||
		!(in->is_arrival || lasts(still_us, in->t_us, conf->ready_hold_ms)))
		return POSTURE_EVENT_NONE;
	p->bottom_deg = p->rested_deg = in->elevation_deg;
	p->rested_us = still_us != T_NEVER ? still_us : in->t_us;
	return enter(p, PHASE_READY, p->rested_us, POSTURE_EVENT_PHASE);
}

static enum posture_event cancel(struct posture *p, const struct posture_input *in)
{
	p->bottom_deg = p->rested_deg = in->elevation_deg;
	p->rested_us = in->t_us;
	return enter(p, in->elevation_deg < in->ready_elevation_deg ? PHASE_READY : PHASE_BOTTOM,
		in->t_us, POSTURE_EVENT_CANCEL);
}

static enum posture_event start_lowering(struct posture *p)
{
	p->lower_us = p->down_us;
	if (p->top_us == T_NEVER)
		p->top_us = p->down_us;
	return enter(p, PHASE_LOWER, p->down_us, POSTURE_EVENT_PHASE);
}

static enum posture_event in_raise(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	bool is_up = in->elevation_deg >= p->bottom_deg + in->count_deg;

	if (in->elevation_deg > p->top_deg)
		p->top_deg = in->elevation_deg;
	if (falls(p, conf, in, p->top_deg)) {
		p->low_deg = in->elevation_deg;
		return start_lowering(p);
	}
	if (is_up &&
		(lasts(p->still_us, in->t_us, conf->top_hold_ms) ||
			(in->speed_deg_s < 0 &&
				p->mean_speed_deg_s < share_of(in) * conf->move_speed_deg_s))) {
		p->top_us = p->still_us != T_NEVER         ? p->still_us
			    : p->down_turned_us != T_NEVER ? p->down_turned_us
							   : in->t_us;
		return enter(p, PHASE_TOP, p->top_us, POSTURE_EVENT_PHASE);
	}
	/* The only way back to the bottom from 6, or from a movement that was not a raise. */
	if (!is_up && lasts(p->still_us, in->t_us, conf->stray_hold_ms))
		return cancel(p, in);
	return POSTURE_EVENT_NONE;
}

/* Longer already than any repetition, and at rest: a new start. */
static bool takes_too_long(
	const struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	return lasts(p->rest_us, in->t_us, conf->rep_end_ms) &&
	       lasts(p->begun_us, in->t_us, conf->rep_time_max_s * 1000);
}

bool posture_is_held(const struct posture *p, int64_t now_us)
{
	return p->phase == PHASE_TOP && lasts(p->rest_us, now_us, HELD_MS);
}

static enum posture_event in_top(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	if (falls(p, conf, in, p->top_deg)) {
		p->low_deg = in->elevation_deg;
		return start_lowering(p);
	}
	/* From where it has been held for long, or only halted on the way up. */
	if (rises(p, conf, in, p->top_deg)) {
		if (in->is_learnt && p->up_us - p->onset_us > MS(conf->stray_hold_ms)) {
			p->bottom_deg = p->rested_deg = p->top_deg;
			p->rested_us = p->onset_us;
			return begin(p, in, POSTURE_EVENT_ANEW);
		}
		p->top_deg = in->elevation_deg;
		return enter(p, PHASE_RAISE, p->onset_us, POSTURE_EVENT_PHASE);
	}
	/* The legs were drawn up to the start of the exercise: not a repetition. */
	if (in->elevation_deg < in->start_elevation_deg &&
		lasts(p->still_us, in->t_us, conf->ready_hold_ms))
		return cancel(p, in);
	if (p->still_us != T_NEVER && in->elevation_deg > p->top_deg)
		p->top_deg = in->elevation_deg;
	if (takes_too_long(p, conf, in))
		return cancel(p, in);
	return POSTURE_EVENT_NONE;
}

/* 5: back at the bottom; or near it and at rest; or, far above it, at rest for long. */
static bool is_over(const struct posture *p, const struct analysis_conf *conf,
	const struct posture_input *in, bool is_down)
{
	double range_deg = p->top_deg - p->bottom_deg,
	       above_deg = in->elevation_deg - p->bottom_deg;
	double pause_deg = conf->rep_pause_share * range_deg;
	bool has_turned =
		in->speed_deg_s > 0 && p->mean_speed_deg_s > -share_of(in) * conf->move_speed_deg_s;

	if (above_deg <= fmin(conf->home_margin_deg, pause_deg))
		return is_down ? has_turned || lasts(p->still_us, in->t_us, conf->bottom_hold_ms)
			       : lasts(p->still_us, in->t_us, 2 * conf->bottom_hold_ms);
	if (above_deg <= pause_deg)
		return lasts(p->rest_us, in->t_us, conf->rep_end_ms);
	return is_down && lasts(p->rest_us, in->t_us, conf->rep_forget_s * 1000);
}

/* It rests where the way down has hardly begun: after what was no raise, or longer than any
 * repetition takes. */
static bool is_given_up(
	const struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	if (p->top_deg - p->bottom_deg < in->count_deg)
		return lasts(p->rest_us, in->t_us, conf->stray_hold_ms);
	return takes_too_long(p, conf, in);
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
	return a_us < b_us ? a_us : b_us;
}

static enum posture_event in_lower(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	double far_deg = fmax(in->count_deg, conf->rep_turn_share * (p->top_deg - p->bottom_deg));
	int64_t halt_us;

	if (in->elevation_deg < p->low_deg)
		p->low_deg = in->elevation_deg;
	since(&p->turn_us, in->speed_deg_s > 0, in->speed_deg_s < 0, in->t_us);
	halt_us = earlier(p->still_us, p->turn_us);
	if (rises(p, conf, in, p->low_deg)) {
		if (p->low_deg <= p->top_deg - far_deg) {
			p->bottom_us = earlier(halt_us, p->up_us);
			p->bottom_deg = p->low_deg;
			return begin(p, in, POSTURE_EVENT_RESTART);
		}
		p->is_early_reversal = true;
		p->top_us = T_NEVER;
		return enter(p, PHASE_RAISE, p->up_us, POSTURE_EVENT_PHASE);
	}
	if (is_over(p, conf, in, in->elevation_deg <= p->top_deg - far_deg)) {
		if (halt_us == T_NEVER)
			halt_us = p->rest_us;
		p->bottom_deg = in->elevation_deg;
		p->rested_us = halt_us != T_NEVER ? halt_us : in->t_us;
		return enter(p, PHASE_BOTTOM, p->rested_us, POSTURE_EVENT_END);
	}
	return is_given_up(p, conf, in) ? cancel(p, in) : POSTURE_EVENT_NONE;
}

enum posture_event posture_step(
	struct posture *p, const struct analysis_conf *conf, const struct posture_input *in)
{
	if (isnan(in->elevation_deg) || isnan(in->speed_deg_s))
		return POSTURE_EVENT_NONE;
	follow(p, conf, in);
	if (p->phase != PHASE_OTHER && lasts(p->other_us, in->t_us, conf->ready_hold_ms)) {
		bool was_moving = posture_is_moving(p->phase);

		return enter(p, PHASE_OTHER, p->other_us,
			was_moving ? POSTURE_EVENT_CANCEL : POSTURE_EVENT_PHASE);
	}
	switch (p->phase) {
	case PHASE_READY:
	case PHASE_BOTTOM:
		return at_rest(p, conf, in);
	case PHASE_RAISE:
		return in_raise(p, conf, in);
	case PHASE_TOP:
		return in_top(p, conf, in);
	case PHASE_LOWER:
		return in_lower(p, conf, in);
	case PHASE_OTHER:
	case PHASE_OFFLINE:
	case PHASE_UNCAL:
	case PHASE_REST:
	case PHASE_COUNT:
		break;
	}
	return in_other(p, conf, in);
}
