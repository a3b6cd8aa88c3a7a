// SPDX-License-Identifier: MIT
/* Two clean sets let the athlete lower one step further; a set in which control or tempo falls off
 * should end (decision-model.md 7.9, 7.10).
 *
 *   | r r r r |<- pause ->| r r r |<- pause ->|
 *           ^ during it: end the set          ^ here: two clean sets, X - 5 degrees
 */
#include "daemon/core/judge/set.h"

#include <math.h>

#include "coxad/base/units.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/rules/trend.h"

/* The first and last repetitions compared, this many each: the fewest with a median that ignores
 * one outlier. */
#define FATIGUE_REPS 3

/* Index of the set's first repetition that is still kept. */
static unsigned first_of_set(const struct athlete *a)
{
	return a->n_reps > a->set.reps ? a->n_reps - a->set.reps : 0;
}

/* The flat back is lost higher up than at the set's start, or the tempo has changed. */
static bool is_fatigued(const struct analysis_conf *c, const struct athlete *a)
{
	double loss[2][FATIGUE_REPS], lower[2][FATIGUE_REPS];
	double rise, tempo;
	unsigned from = first_of_set(a);

	if (a->n_reps - from < 2 * FATIGUE_REPS)
		return false;
	for (unsigned i = 0; i < FATIGUE_REPS; i++) {
		const struct rep_note *first = &a->rep[from + i];
		const struct rep_note *last = &a->rep[a->n_reps - FATIGUE_REPS + i];

		loss[0][i] = isnan(first->theta_loss_deg) ? 0 : first->theta_loss_deg;
		loss[1][i] = isnan(last->theta_loss_deg) ? 0 : last->theta_loss_deg;
		lower[0][i] = isnan(first->lower_ms) ? 0 : first->lower_ms;
		lower[1][i] = isnan(last->lower_ms) ? 0 : last->lower_ms;
	}
	rise = trend_median(loss[1], FATIGUE_REPS) - trend_median(loss[0], FATIGUE_REPS);
	tempo = trend_median(lower[1], FATIGUE_REPS) / trend_median(lower[0], FATIGUE_REPS);
	return rise >= c->fatigue_loss_deg || fabs(tempo - 1) >= c->fatigue_tempo_share;
}

static void give_cue(struct judge *j, const struct athlete *a, int64_t now_us, struct cue cue)
{
	struct cue_output output = {.athlete = a, .kit = (unsigned)a->kit, .cue = cue};

	if (a->kit >= 0)
		judge_output_cue(j, now_us, &output);
}

void set_rep(struct judge *j, struct athlete *a, int64_t now_us, const struct rep_note *rep)
{
	struct set *set = &a->set;

	/* The pause went unnoticed and the next set has begun. */
	if (set->reps && rep->t_start_us > set->end_us)
		set_end(j, a, now_us);
	set->reps++;
	set->faulty_reps += rep->is_faulty;
	set->end_us = rep->t_end_us + judge_s(j->analysis->set_pause_s);
	if (set->is_fatigued || !is_fatigued(j->analysis, a))
		return;
	set->is_fatigued = true;
	a->memory.tally.trends |= CODE_BIT(FATIGUE);
	give_cue(j, a, now_us, (struct cue){CUE_END_SET, NAN});
}

/* Two clean sets: advise one step lower, down to the minimum. */
static void progress(struct judge *j, struct athlete *a, int64_t now_us)
{
	struct athlete_memory *m = &a->memory;
	double range =
		fmax(m->range_deg - j->analysis->progress_step_deg, j->analysis->range_min_deg);

	m->clean_sets = 0;
	if (!(range < m->range_deg))
		return;
	m->range_deg = range;
	give_cue(j, a, now_us, (struct cue){CUE_REDUCE_RANGE, range});
}

void set_end(struct judge *j, struct athlete *a, int64_t now_us)
{
	struct athlete_memory *m = &a->memory;
	struct set set = a->set;

	a->set = (struct set){.end_us = T_NEVER};
	if (!set.reps)
		return;
	a->is_touched = true;
	/* With an open symptom nobody is sent lower. */
	if (set.faulty_reps || m->n_symptoms)
		m->clean_sets = 0;
	else if (set.reps >= j->analysis->set_reps_min && m->range_deg > 0 &&
		 ++m->clean_sets >= j->analysis->progress_sets)
		progress(j, a, now_us);
}

void set_advise(struct athlete *a, double range_deg)
{
	a->memory.range_deg = range_deg;
	a->memory.clean_sets = 0;
}
