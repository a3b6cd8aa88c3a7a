// SPDX-License-Identifier: MIT
#include "daemon/core/rules/pattern.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/rules/trend.h"

static int64_t minutes_us(double minutes)
{
	return (int64_t)(minutes * 60 * US_PER_S);
}

static double angle_of(const struct pop_note *n)
{
	return isnan(n->hip_deg) ? n->elevation_deg : n->hip_deg;
}

static unsigned count_reps(const struct pop_note *const *notes, unsigned n)
{
	unsigned reps = 0;

	for (unsigned i = 0; i < n; i++)
		if (i == 0 || notes[i]->rep != notes[i - 1]->rep)
			reps++;
	return reps;
}

/* The hip flexion at which a tendon usually slips while lowering, or the athlete's own band once
 * there are enough pops. */
static bool is_in_band(
	const struct analysis_conf *a, const struct pop_note *last, const double *angle, unsigned n)
{
	double mean = 0, half;

	if (n < a->snap_own_events)
		return last->phase != PHASE_LOWER || (angle_of(last) >= a->snap_hip_min_deg &&
							     angle_of(last) <= a->snap_hip_max_deg);
	for (unsigned i = 0; i < n; i++)
		mean += angle[i] / n;
	half = fmax(a->snap_own_half_deg, 2 * trend_sd(angle, n));
	return fabs(angle_of(last) - mean) <= half;
}

static bool is_snap(const struct analysis_conf *a, const struct pop_note *notes, unsigned n)
{
	const struct pop_note *last = &notes[n - 1];
	const struct pop_note *same[POP_NOTES_MAX];
	double angle[POP_NOTES_MAX];
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++) {
		const struct pop_note *p = &notes[i];

		if (p->site != last->site || !p->is_exercising || isnan(angle_of(p)) ||
			p->rep + a->snap_of_reps <= last->rep || p->rep > last->rep)
			continue;
		if (p->phase != last->phase)
			return false;
		if (count && p->t_us - same[count - 1]->t_us >= minutes_us(a->snap_spacing_min))
			count = 0;
		angle[count] = angle_of(p);
		same[count++] = p;
	}
	return count && count_reps(same, count) >= a->snap_reps &&
	       trend_sd(angle, count) <= a->snap_angle_sd_deg && is_in_band(a, last, angle, count);
}

static bool is_cavitation(const struct analysis_conf *a, const struct pop_note *notes, unsigned n,
	const struct pattern_facts *f)
{
	const struct pop_note *last = &notes[n - 1];

	if (last->site != PLACEMENT_LOW_BACK && last->site != PLACEMENT_LUMBAR)
		return false;
	for (unsigned i = 0; i + 1 < n; i++)
		if (notes[i].site == last->site &&
			last->t_us - notes[i].t_us < minutes_us(a->cavitation_refractory_min))
			return false;
	return f->tilt_deg > a->loss_tilt_share * f->span_deg ||
	       f->tilt_rate_deg_s >= a->tilt_rising_deg_s ||
	       f->sub_pulses >= a->cavitation_sub_pulses;
}

enum pattern pattern_of(const struct analysis_conf *a, const struct pop_note *notes, unsigned n,
	const struct pattern_facts *f)
{
	if (!n)
		return PATTERN_UNSPECIFIED;
	if (is_snap(a, notes, n))
		return PATTERN_TENDON_SNAP_LIKE;
	if (is_cavitation(a, notes, n, f))
		return PATTERN_CAVITATION_LIKE;
	return PATTERN_UNSPECIFIED;
}

static bool is_isolated(
	const struct analysis_conf *a, const struct pop_note *const *same, unsigned n)
{
	if (n < 2)
		return false;
	for (unsigned i = 1; i < n; i++)
		if (same[i]->t_us - same[i - 1]->t_us < minutes_us(a->consistent_isolated_min))
			return false;
	return true;
}

bool pattern_is_consistent(const struct analysis_conf *a, const struct pop_note *notes, unsigned n)
{
	const struct pop_note *same[POP_NOTES_MAX];
	double angle[POP_NOTES_MAX], level[POP_NOTES_MAX];
	unsigned count = 0, angles = 0, levels = 0, in_phase = 0, span;

	for (unsigned i = n > POP_NOTES_MAX ? n - POP_NOTES_MAX : 0; i < n; i++) {
		const struct pop_note *p = &notes[i];

		if (p->site != notes[n - 1].site || !p->is_exercising)
			continue;
		same[count++] = p;
		in_phase += p->phase == notes[n - 1].phase;
		if (!isnan(p->elevation_deg))
			angle[angles++] = p->elevation_deg;
		if (!isnan(p->level_db))
			level[levels++] = p->level_db;
	}
	if (!count || in_phase < a->consistent_phase_share * count ||
		trend_sd(angle, angles) > a->consistent_angle_sd_deg ||
		trend_sd(level, levels) > a->consistent_level_sd_db)
		return false;
	if (is_isolated(a, same, count))
		return true;
	if (count < a->consistent_pops || same[count - 1]->rep < same[0]->rep)
		return false;
	span = same[count - 1]->rep - same[0]->rep + 1;
	return count_reps(same, count) >= a->consistent_rep_share * span;
}
