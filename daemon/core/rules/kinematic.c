// SPDX-License-Identifier: MIT
#include "daemon/core/rules/kinematic.h"

#include <math.h>

#include "coxad/base/units.h"

/* Frames averaged on each side: a cut-off of about 10 Hz at 100 Hz (decision-model.md 2.4), no
 * delay. */
#define SMOOTH_HALF 2
/* Frames over which deceleration is measured: fewer give noise, more blunt an arrest of 80 ms. */
#define SLOPE_FRAMES 3

static int64_t ms(double value)
{
	return (int64_t)(value * US_PER_MS);
}

int64_t kinematic_reach_us(const struct analysis_conf *a)
{
	return ms(fmax(a->catch_after_ms + a->catch_ms + fmax(a->catch_recovery_ms, a->lock_ms),
		       a->surge_after_ms + a->surge_tilt_ms)) +
	       SMOOTH_HALF * POSTURE_FRAME_US;
}

static bool add_frame(void *user, const struct posture_frame *f)
{
	struct kinematic_series *s = user;

	if (s->n == KINEMATIC_FRAMES_MAX)
		return false;
	s->frame[s->n++] = (struct kinematic_frame){
		.t_us = f->t_us,
		.speed_deg_s = {f->speed_deg_s[LEG_LEFT], f->speed_deg_s[LEG_RIGHT]},
		.elevation_deg = {f->elevation_deg[LEG_LEFT], f->elevation_deg[LEG_RIGHT]},
		.tilt_deg = f->tilt_deg,
	};
	return true;
}

void kinematic_read(const struct kit_posture *posture, const struct analysis_conf *a, int64_t t_us,
	struct kinematic_series *ret)
{
	ret->n = 0;
	if (posture)
		kit_posture_frames(posture, t_us - ms(2 * a->catch_before_ms),
			t_us + kinematic_reach_us(a), add_frame, ret);
}

/* One leg's motion, its speed smoothed. */
struct leg {
	const struct kinematic_series *series;
	unsigned side;
	double speed_deg_s[KINEMATIC_FRAMES_MAX];
};

static double smooth_speed(const struct kinematic_series *s, unsigned side, unsigned i)
{
	unsigned from = i > SMOOTH_HALF ? i - SMOOTH_HALF : 0;
	unsigned to = i + SMOOTH_HALF < s->n ? i + SMOOTH_HALF : s->n - 1;
	double sum = 0;

	for (unsigned k = from; k <= to; k++)
		sum += (double)s->frame[k].speed_deg_s[side];
	return sum / (to - from + 1);
}

static double mean_before(const struct leg *leg, unsigned i, int64_t span_us)
{
	const struct kinematic_series *s = leg->series;
	double sum = 0;
	unsigned n = 0;

	for (unsigned k = i + 1; k-- > 0 && s->frame[k].t_us >= s->frame[i].t_us - span_us; n++)
		sum += leg->speed_deg_s[k];
	return n ? sum / n : 0;
}

/* What the movement did after frame `from`; before: its speed before the arrest. */
static uint64_t after_arrest(
	const struct analysis_conf *a, const struct leg *leg, unsigned from, double before_deg_s)
{
	const struct kinematic_series *s = leg->series;
	double sign = before_deg_s > 0 ? 1 : -1, size = fabs(before_deg_s);
	int64_t reached_us = 0;

	for (unsigned k = from; k < s->n; k++) {
		int64_t since_us = s->frame[k].t_us - s->frame[from].t_us;
		double v = leg->speed_deg_s[k] * sign;

		if (since_us > ms(a->catch_recovery_ms))
			break;
		reached_us = since_us;
		if (v < -a->catch_share * size)
			return 0;
		if (v >= a->catch_recovery_share * size)
			return since_us >= ms(a->lock_ms) ? CODE_BIT(KIN_LOCK)
							  : CODE_BIT(KIN_CATCH);
	}
	return reached_us >= ms(a->lock_ms) ? CODE_BIT(KIN_LOCK) : 0;
}

static bool is_turning(const struct analysis_conf *a, const struct kinematic_turns *turns,
	double elevation_deg, double before_deg_s)
{
	double low_deg = isnan(turns->low_deg) ? 0 : turns->low_deg;

	if (before_deg_s < 0)
		return elevation_deg < low_deg + a->catch_turn_deg;
	/* While the top is unknown, the end of a raise counts as the top. */
	return isnan(turns->high_deg) || elevation_deg > turns->high_deg - a->catch_turn_deg;
}

/* The frame at which a movement that starts to stop at i has stopped, or 0. */
static unsigned arrest_end(
	const struct analysis_conf *a, const struct leg *leg, unsigned i, double before_deg_s)
{
	const struct kinematic_series *s = leg->series;
	const double *v = leg->speed_deg_s;
	double sign = before_deg_s > 0 ? 1 : -1, steepest_deg_s2 = 0;

	for (unsigned k = i + 1; k < s->n && s->frame[k].t_us - s->frame[i].t_us <= ms(a->catch_ms);
		k++) {
		unsigned j = k >= SLOPE_FRAMES ? k - SLOPE_FRAMES : 0;
		double dt_s = (double)(s->frame[k].t_us - s->frame[j].t_us) / US_PER_S;

		steepest_deg_s2 = fmax(steepest_deg_s2, (v[j] - v[k]) * sign / dt_s);
		if (v[k] * sign <= a->catch_share * fabs(before_deg_s))
			return steepest_deg_s2 >= a->catch_deceleration_deg_s2 ? k : 0;
	}
	return 0;
}

static uint64_t arrest_of_leg(const struct analysis_conf *a, const struct leg *leg,
	const struct kinematic_turns *turns, int64_t t_us)
{
	const struct kinematic_series *s = leg->series;

	for (unsigned i = 1; i < s->n; i++) {
		const struct kinematic_frame *f = &s->frame[i];
		double before_deg_s = mean_before(leg, i, ms(a->catch_before_ms));
		unsigned end;
		uint64_t sign;

		if (f->t_us < t_us - ms(a->catch_before_ms) ||
			f->t_us > t_us + ms(a->catch_after_ms) ||
			fabs(before_deg_s) < a->catch_speed_deg_s ||
			is_turning(a, turns, (double)f->elevation_deg[leg->side], before_deg_s))
			continue;
		end = arrest_end(a, leg, i, before_deg_s);
		sign = end ? after_arrest(a, leg, end, before_deg_s) : 0;
		if (sign)
			return sign;
	}
	return 0;
}

static bool is_surging(const struct analysis_conf *a, const struct leg *leg, int64_t t_us)
{
	const struct kinematic_frame *f = leg->series->frame;
	const double *v = leg->speed_deg_s;
	unsigned start = 0;

	/* Looks for a run of frames that all gain downward speed fast enough. */
	for (unsigned i = 1; i < leg->series->n; i++) {
		double dt_s = (double)(f[i].t_us - f[i - 1].t_us) / US_PER_S;
		double gain_deg_s = fmax(0, -v[i]) - fmax(0, -v[i - 1]);

		if (gain_deg_s / dt_s < a->surge_acceleration_deg_s2) {
			start = i;
			continue;
		}
		if (f[start].t_us < t_us || f[start].t_us > t_us + ms(a->surge_after_ms))
			continue;
		if (f[i].t_us - f[start].t_us >= ms(a->surge_ms) &&
			fmax(0, -v[i]) - fmax(0, -v[start]) >= a->surge_speed_deg_s)
			return true;
	}
	return false;
}

static bool is_tilt_jumping(
	const struct analysis_conf *a, const struct kinematic_series *s, int64_t t_us)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (s->frame[i].t_us < t_us || s->frame[i].t_us > t_us + ms(a->surge_after_ms))
			continue;
		for (unsigned k = i + 1; k < s->n; k++) {
			if (s->frame[k].t_us - s->frame[i].t_us > ms(a->surge_tilt_ms))
				break;
			if (fabs((double)s->frame[k].tilt_deg - (double)s->frame[i].tilt_deg) >=
				a->surge_tilt_deg)
				return true;
		}
	}
	return false;
}

/* False if its speed is not known throughout. */
static bool read_leg(const struct kinematic_series *s, unsigned side, struct leg *ret)
{
	ret->series = s;
	ret->side = side;
	for (unsigned i = 0; i < s->n; i++) {
		ret->speed_deg_s[i] = smooth_speed(s, side, i);
		if (isnan(ret->speed_deg_s[i]))
			return false;
	}
	return s->n > 0;
}

uint64_t kinematic_signs(const struct analysis_conf *a, const struct kinematic_series *s,
	const struct kinematic_turns *turns, int64_t t_us)
{
	struct leg leg;
	uint64_t signs = 0;

	for (unsigned side = 0; side < LEGS; side++) {
		if (!read_leg(s, side, &leg))
			continue;
		signs |= arrest_of_leg(a, &leg, turns, t_us);
		if (is_surging(a, &leg, t_us))
			signs |= CODE_BIT(KIN_GIVING_WAY);
	}
	if (is_tilt_jumping(a, s, t_us))
		signs |= CODE_BIT(KIN_GIVING_WAY);
	/* Each leg may show one of the two: a lock is the stronger. */
	if (signs & CODE_BIT(KIN_LOCK))
		signs &= ~CODE_BIT(KIN_CATCH);
	return signs;
}
