// SPDX-License-Identifier: MIT
#include "daemon/core/rules/posture-at.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* The longest possible repetition (decision-model.md 7.1) with the rest before it. */
#define REP_LONGEST_US (25 * US_PER_S)

static int64_t ms(double value)
{
	return (int64_t)(value * US_PER_MS);
}

struct mean {
	double sum;
	unsigned n;
};

static void mean_add(struct mean *mean, double value)
{
	if (isnan(value))
		return;
	mean->sum += value;
	mean->n++;
}

static double mean_get(const struct mean *mean)
{
	return mean->n ? mean->sum / mean->n : NAN;
}

struct window {
	int64_t t_us;
	int64_t nearest_us;
	struct posture_frame nearest;
	unsigned n;
	bool has_pelvis;
	struct mean elevation[LEGS], hip[LEGS], speed[LEGS];
	struct mean tilt, tilt_rate, lumbar, roll, yaw;
	uint64_t quality;
};

static bool add_to_window(void *user, const struct posture_frame *f)
{
	struct window *w = user;
	int64_t away = f->t_us > w->t_us ? f->t_us - w->t_us : w->t_us - f->t_us;

	if (!w->n || away < w->nearest_us) {
		w->nearest_us = away;
		w->nearest = *f;
	}
	w->n++;
	for (unsigned i = 0; i < LEGS; i++) {
		mean_add(&w->elevation[i], f->elevation_deg[i]);
		mean_add(&w->hip[i], f->hip_flexion_deg[i]);
		mean_add(&w->speed[i], f->speed_deg_s[i]);
	}
	mean_add(&w->tilt, f->tilt_deg);
	mean_add(&w->tilt_rate, f->tilt_rate_deg_s);
	mean_add(&w->lumbar, f->lumbar_deg);
	mean_add(&w->roll, f->pelvis_roll_deg);
	mean_add(&w->yaw, f->pelvis_yaw_deg);
	w->has_pelvis |= f->has_pelvis || !isnan(f->tilt_deg);
	w->quality |= f->quality;
	return true;
}

/* Both legs moving: their mean (decision-model.md, ruling 19); one: that one; none known to move:
 * the mean of known legs. */
static double of_legs(enum side side, const struct mean leg[LEGS])
{
	struct mean both = {0};

	if (side == SIDE_LEFT && leg[LEG_LEFT].n)
		return mean_get(&leg[LEG_LEFT]);
	if (side == SIDE_RIGHT && leg[LEG_RIGHT].n)
		return mean_get(&leg[LEG_RIGHT]);
	mean_add(&both, mean_get(&leg[LEG_LEFT]));
	mean_add(&both, mean_get(&leg[LEG_RIGHT]));
	return mean_get(&both);
}

static double of_lower_leg(enum side side, const struct mean leg[LEGS])
{
	double left = mean_get(&leg[LEG_LEFT]), right = mean_get(&leg[LEG_RIGHT]);

	return side == SIDE_BOTH ? fmin(left, right) : of_legs(side, leg);
}

/* The mean of alternating legs would cancel out. */
static double of_faster_leg(enum side side, const struct mean leg[LEGS])
{
	double left = fabs(mean_get(&leg[LEG_LEFT])), right = fabs(mean_get(&leg[LEG_RIGHT]));

	return side == SIDE_BOTH ? fmax(left, right) : fabs(of_legs(side, leg));
}

struct around {
	const struct analysis_conf *analysis;
	int64_t t_us;
	bool is_near_bottom;
	bool any, was_shifted, has_shifted;
};

static bool look_around(void *user, const struct posture_frame *f)
{
	struct around *a = user;
	bool shifted = f->quality & CODE_BIT(SENSOR_SHIFT);
	int64_t away = f->t_us > a->t_us ? f->t_us - a->t_us : a->t_us - f->t_us;

	if (a->any && shifted && !a->was_shifted)
		a->has_shifted = true;
	a->any = true;
	a->was_shifted = shifted;
	if (away <= ms(a->analysis->foot_bottom_ms) &&
		(f->phase_kit == PHASE_BOTTOM || f->phase[LEG_LEFT] == PHASE_BOTTOM ||
			f->phase[LEG_RIGHT] == PHASE_BOTTOM))
		a->is_near_bottom = true;
	return true;
}

struct onset {
	int64_t raise_us; /* start of the last raise before the pop; INT64_MIN: none */
	enum phase last;
};

static bool find_onset(void *user, const struct posture_frame *f)
{
	struct onset *o = user;

	if (f->phase_kit == PHASE_RAISE && o->last != PHASE_RAISE &&
		(o->last == PHASE_READY || o->last == PHASE_BOTTOM || o->last == PHASE_REST))
		o->raise_us = f->t_us;
	o->last = f->phase_kit;
	return true;
}

static bool add_tilt(void *user, const struct posture_frame *f)
{
	mean_add(user, f->tilt_deg);
	return true;
}

static double preset_tilt(
	const struct kit_posture *posture, const struct analysis_conf *analysis, int64_t t_us)
{
	struct onset onset = {.raise_us = INT64_MIN, .last = PHASE_COUNT};
	struct mean tilt = {0};

	kit_posture_frames(posture, t_us - REP_LONGEST_US, t_us, find_onset, &onset);
	if (onset.raise_us == INT64_MIN)
		return NAN;
	kit_posture_frames(posture, onset.raise_us - ms(analysis->form_preset_ms),
		onset.raise_us - 1, add_tilt, &tilt);
	return mean_get(&tilt);
}

static bool is_in_repetition(enum phase phase)
{
	return phase == PHASE_RAISE || phase == PHASE_TOP || phase == PHASE_LOWER ||
	       phase == PHASE_BOTTOM;
}

void posture_at(const struct kit_posture *posture, const struct analysis_conf *analysis,
	int64_t t_us, enum side leg, struct posture_at *ret)
{
	struct window w = {.t_us = t_us};
	struct around around = {.analysis = analysis, .t_us = t_us};
	int64_t half = ms(analysis->form_window_ms), wide = ms(analysis->origin_loose_ms);
	enum side side;

	if (posture) {
		kit_posture_frames(posture, t_us - half, t_us + half, add_to_window, &w);
		kit_posture_frames(posture, t_us - wide, t_us + wide, look_around, &around);
	}
	side = leg != SIDE_UNKNOWN ? leg : w.n ? w.nearest.side : SIDE_UNKNOWN;
	*ret = (struct posture_at){
		.is_known = w.n > 0,
		.phase = !w.n                ? PHASE_OFFLINE
			 : leg == SIDE_LEFT  ? w.nearest.phase[LEG_LEFT]
			 : leg == SIDE_RIGHT ? w.nearest.phase[LEG_RIGHT]
					     : w.nearest.phase_kit,
		.side = side,
		.rep = w.n ? w.nearest.rep : 0,
		.elevation_deg = of_legs(side, w.elevation),
		.elevation_low_deg = of_lower_leg(side, w.elevation),
		.hip_deg = of_legs(side, w.hip),
		.speed_deg_s = of_legs(side, w.speed),
		.leg_speed_deg_s = of_faster_leg(side, w.speed),
		.has_pelvis = w.has_pelvis,
		.tilt_deg = mean_get(&w.tilt),
		.tilt_rate_deg_s = mean_get(&w.tilt_rate),
		.lumbar_deg = mean_get(&w.lumbar),
		.asymmetry_deg = side == SIDE_BOTH ? fabs(mean_get(&w.elevation[LEG_LEFT]) -
							     mean_get(&w.elevation[LEG_RIGHT]))
						   : NAN,
		.roll_deg = mean_get(&w.roll),
		.yaw_deg = mean_get(&w.yaw),
		.preset_tilt_deg = NAN,
		.thighs = (w.elevation[LEG_LEFT].n > 0) + (w.elevation[LEG_RIGHT].n > 0),
		.is_near_bottom = around.is_near_bottom,
		.has_shifted = around.has_shifted,
		.quality = w.quality,
	};
	if (w.n && is_in_repetition(ret->phase))
		ret->preset_tilt_deg = preset_tilt(posture, analysis, t_us);
}
