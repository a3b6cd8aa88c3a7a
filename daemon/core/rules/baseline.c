// SPDX-License-Identifier: MIT
#include "daemon/core/rules/baseline.h"

#include <math.h>
#include <string.h>

#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "daemon/core/rules/trend.h"

/* Converts a median absolute deviation of normal data to its standard deviation. */
#define SD_PER_MAD 1.48

static unsigned count_in_reps(const struct pop_note *notes, unsigned n, unsigned from, unsigned to)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		count += notes[i].is_exercising && notes[i].rep >= from && notes[i].rep <= to;
	return count;
}

/* Own pops per repetition: of earlier sessions, else of this session's first ten repetitions, else
 * NAN. rep: the running repetition. */
static double usual_rate(const struct analysis_conf *a, const struct athlete_memory *m,
	const struct pop_note *notes, unsigned n, unsigned rep)
{
	unsigned window = (unsigned)a->trend_rate_reps;

	if (m->sessions && m->reps >= window)
		return (double)m->benign_pops / m->reps;
	if (rep > window)
		return (double)count_in_reps(notes, n, 1, window) / window;
	return NAN;
}

static bool is_rate_raised(const struct analysis_conf *a, const struct athlete_memory *m,
	const struct pop_note *notes, unsigned n)
{
	unsigned rep = notes[n - 1].rep, window = (unsigned)a->trend_rate_reps;
	double rate = usual_rate(a, m, notes, n, rep), expected;
	unsigned from, count;

	if (!notes[n - 1].is_exercising || isnan(rate) || !rep)
		return false;
	from = rep > window ? rep - window + 1 : 1;
	/* A session that is its own baseline is compared from after those repetitions. */
	if (!(m->sessions && m->reps >= window) && from <= window)
		from = window + 1;
	count = count_in_reps(notes, n, from, rep);
	expected = fmax(rate * window, a->trend_rate_expected_min);
	return count >= a->trend_rate_factor * expected &&
	       trend_poisson_tail(count, expected) < a->trend_rate_p;
}

/* Flattening the back presses its sites harder on their sensors, so their loudness means nothing
 * (decision-model.md 1.5). */
static bool is_posture_invariant(enum placement site)
{
	return site != PLACEMENT_LOW_BACK && site != PLACEMENT_LUMBAR;
}

double baseline_loudness_rise(const struct analysis_conf *a, const struct pop_note *notes,
	unsigned n, enum placement site, double *ret_p)
{
	double t[POP_NOTES_MAX], level[POP_NOTES_MAX];
	unsigned count = 0;

	for (unsigned i = n > POP_NOTES_MAX ? n - POP_NOTES_MAX : 0; i < n; i++) {
		if (notes[i].site != site || !notes[i].is_exercising || isnan(notes[i].level_db))
			continue;
		t[count] = (double)(notes[i].t_us - notes[0].t_us) / US_PER_S;
		level[count++] = notes[i].level_db;
	}
	if (count < a->trend_loudness_pops)
		return NAN;
	*ret_p = trend_mann_kendall_p(level, count);
	return trend_rise(t, level, count);
}

static bool is_getting_louder(
	const struct analysis_conf *a, const struct pop_note *notes, unsigned n)
{
	enum placement site = notes[n - 1].site;
	double p = 1, rise;

	if (!is_posture_invariant(site))
		return false;
	rise = baseline_loudness_rise(a, notes, n, site, &p);
	return rise >= a->trend_loudness_db && p < a->trend_loudness_p;
}

struct known {
	unsigned pops, at_site, in_phase;
	unsigned angles, levels;
	double angle[MEMORY_POPS_MAX], level[MEMORY_POPS_MAX];
};

/* Where a site has no side, the side of the single moving leg counts. */
static bool is_other_side(enum side a, enum side b)
{
	return (a == SIDE_LEFT && b == SIDE_RIGHT) || (a == SIDE_RIGHT && b == SIDE_LEFT);
}

static void look_up(const struct athlete_memory *m, const struct pop_note *pop, struct known *ret)
{
	*ret = (struct known){0};
	for (unsigned i = 0; i < m->n_pops; i++) {
		const struct memory_pop *p = &m->pop[i];

		if (p->session > baseline_ended(m))
			continue;
		ret->pops++;
		ret->in_phase += p->phase == pop->phase;
		if (p->site != pop->site || is_other_side(p->side, pop->side))
			continue;
		ret->at_site++;
		if (!isnan(p->elevation_deg))
			ret->angle[ret->angles++] = p->elevation_deg;
		if (!isnan(p->level_db))
			ret->level[ret->levels++] = p->level_db;
	}
}

static uint64_t against_baseline(
	const struct analysis_conf *a, const struct athlete_memory *m, const struct pop_note *pop)
{
	struct known k;
	uint64_t mask = 0;
	double limit;

	look_up(m, pop, &k);
	if (m->sessions < a->baseline_sessions || k.pops < a->baseline_pops || !pop->is_exercising)
		return 0;
	if (!k.at_site)
		mask |= CODE_BIT(BASELINE_NEW_SITE);
	if (!k.in_phase)
		mask |= CODE_BIT(BASELINE_NEW_PHASE);
	limit = fmax(a->baseline_angle_deg,
		a->baseline_mads * SD_PER_MAD * trend_mad(k.angle, k.angles));
	if (k.angles && fabs(pop->elevation_deg - trend_median(k.angle, k.angles)) > limit)
		mask |= CODE_BIT(BASELINE_ANGLE_SHIFT);
	limit = fmax(
		a->baseline_level_db, a->baseline_mads * SD_PER_MAD * trend_mad(k.level, k.levels));
	if (k.levels && pop->level_db - trend_median(k.level, k.levels) > limit)
		mask |= CODE_BIT(BASELINE_LOUDER);
	return mask;
}

uint64_t baseline_trends(const struct analysis_conf *a, const struct athlete_memory *m,
	const struct pop_note *notes, unsigned n)
{
	uint64_t mask;

	if (!n)
		return 0;
	mask = against_baseline(a, m, &notes[n - 1]);
	if (is_rate_raised(a, m, notes, n))
		mask |= CODE_BIT(TREND_RATE);
	if (notes[n - 1].is_exercising && is_getting_louder(a, notes, n))
		mask |= CODE_BIT(TREND_LOUDNESS);
	return mask;
}

unsigned baseline_count(uint64_t trends)
{
	uint64_t louder = CODE_BIT(TREND_LOUDNESS) | CODE_BIT(BASELINE_LOUDER);
	uint64_t others = CODE_BIT(TREND_RATE) | CODE_BIT(BASELINE_ANGLE_SHIFT) |
			  CODE_BIT(BASELINE_NEW_SITE) | CODE_BIT(BASELINE_NEW_PHASE);

	return (trends & louder ? 1u : 0u) + (unsigned)__builtin_popcountll(trends & others);
}

void baseline_learn(struct athlete_memory *m, const struct memory_pop *pop)
{
	*list_add(m->pop, m->n_pops, MEMORY_POPS_MAX) = *pop;
	if (pop->session <= baseline_ended(m))
		m->benign_pops++;
	else
		m->session_benign_pops++;
}

static void append(double *values, unsigned *n, unsigned max, double value)
{
	if (!isnan(value))
		*list_add(values, *n, max) = value;
}

void baseline_learn_sparc(struct athlete_memory *m, double sparc)
{
	append(m->sparc, &m->n_sparc, MEMORY_SPARC_MAX, sparc);
}

void baseline_note_loss(struct athlete_memory *m, double loss_deg)
{
	append(m->loss_deg, &m->n_losses, MEMORY_LOSSES_MAX, loss_deg);
}

uint32_t baseline_ended(const struct athlete_memory *m)
{
	return m->sessions + m->idle_sessions;
}

void baseline_end_session(struct athlete_memory *m)
{
	/* An idle session has ended but teaches nothing. */
	if (m->session_reps || m->session_benign_pops)
		m->sessions++;
	else
		m->idle_sessions++;
	m->benign_pops += m->session_benign_pops;
	m->reps += m->session_reps;
	m->session_benign_pops = 0;
	m->session_reps = 0;
	m->session_red_flags = 0;
}

double baseline_sparc(const struct analysis_conf *a, const struct athlete_memory *m)
{
	return m->n_sparc < a->form_sparc_reps ? NAN : trend_median(m->sparc, m->n_sparc);
}
