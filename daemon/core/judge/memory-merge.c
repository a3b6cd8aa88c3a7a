// SPDX-License-Identifier: MIT
#include "daemon/core/judge/memory-merge.h"

#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/judge/memory.h"
#include "daemon/core/rules/baseline.h"

/* The earlier list before the later one, in the later's place; without the oldest where there are too
 * many. */
#define PREPEND(list_, n_, max, from, n_from)                                                      \
	({                                                                                         \
		unsigned room_ = (max) - (n_);                                                     \
		unsigned more_ = (n_from) < room_ ? (n_from) : room_;                              \
		memmove(&(list_)[more_], (list_), (n_) * sizeof((list_)[0]));                      \
		memcpy((list_), &(from)[(n_from)-more_], more_ * sizeof((list_)[0]));              \
		(n_) += more_;                                                                     \
	})

static unsigned at_most(unsigned n, unsigned max)
{
	return n < max ? n : max;
}

/* Sessions of this run come after those of the earlier one. */
static void renumber(struct athlete *a, uint32_t sessions)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		a->pop[i].session += sessions;
	for (unsigned i = 0; i < a->n_symptoms; i++)
		a->symptom[i].s.session += sessions;
	for (unsigned i = 0; i < a->memory.n_pops; i++)
		a->memory.pop[i].session += sessions;
}

static void add_tally(struct session_tally *t, const struct session_tally *earlier)
{
	t->reps += earlier->reps;
	t->faulty_reps += earlier->faulty_reps;
	for (unsigned i = 0; i < POP_CLASS_COUNT; i++)
		t->pops[i] += earlier->pops[i];
	t->not_exercising += earlier->not_exercising;
	t->crepitus += earlier->crepitus;
	t->crepitus_sum_db += earlier->crepitus_sum_db;
	t->symptoms += earlier->symptoms;
	t->alerts_raised += earlier->alerts_raised;
	t->range_sum_deg += earlier->range_sum_deg;
	t->lower_sum_ms += earlier->lower_sum_ms;
	t->ranges += earlier->ranges;
	t->lowers += earlier->lowers;
	t->trends |= earlier->trends;
}

/* The earlier run was ended in the middle of the session that runs now. */
static void continue_session(struct athlete *a, const struct athlete_memory *earlier)
{
	struct athlete_memory *m = &a->memory;

	m->since_us = earlier->since_us;
	m->session_benign_pops += earlier->session_benign_pops;
	m->session_reps += earlier->session_reps;
	m->session_red_flags += earlier->session_red_flags;
	a->has_earlier_red = a->has_earlier_red || earlier->session_red_flags > 0;
	add_tally(&m->tally, &earlier->tally);
	PREPEND(m->loss_deg, m->n_losses, MEMORY_LOSSES_MAX, earlier->loss_deg,
		at_most(earlier->n_losses, MEMORY_LOSSES_MAX));
	if (!m->ladder.is_begun)
		m->ladder = earlier->ladder;
}

/* It ended with the earlier run. */
static void end_session(struct athlete_memory *m, const struct athlete_memory *earlier)
{
	struct athlete_memory ended = {.session_reps = earlier->session_reps,
		.session_benign_pops = earlier->session_benign_pops};

	baseline_end_session(&ended);
	m->sessions += ended.sessions;
	m->idle_sessions += ended.idle_sessions;
	m->benign_pops += ended.benign_pops;
	m->reps += ended.reps;
}

static void merge_baseline(struct athlete *a, const struct athlete_memory *earlier)
{
	struct athlete_memory *m = &a->memory;

	m->sessions += earlier->sessions;
	m->idle_sessions += earlier->idle_sessions;
	m->benign_pops += earlier->benign_pops;
	m->reps += earlier->reps;
	PREPEND(m->pop, m->n_pops, MEMORY_POPS_MAX, earlier->pop,
		at_most(earlier->n_pops, MEMORY_POPS_MAX));
	PREPEND(m->sparc, m->n_sparc, MEMORY_SPARC_MAX, earlier->sparc,
		at_most(earlier->n_sparc, MEMORY_SPARC_MAX));
	PREPEND(m->decision, m->n_decisions, MEMORY_DECISIONS_MAX, earlier->decision,
		at_most(earlier->n_decisions, MEMORY_DECISIONS_MAX));
	if (m->n_worn == 0) {
		m->n_worn = at_most(earlier->n_worn, MEMORY_WORN_MAX);
		memcpy(m->worn, earlier->worn, sizeof(m->worn));
	}
	if (m->range_deg == 0) {
		m->range_deg = earlier->range_deg;
		m->clean_sets += earlier->clean_sets;
	}
}

static void merge_symptoms(struct athlete *a, const struct athlete_memory *earlier)
{
	struct symptom from[MEMORY_SYMPTOMS_MAX];
	unsigned n = at_most(earlier->n_symptoms, MEMORY_SYMPTOMS_MAX);

	for (unsigned i = 0; i < n; i++)
		from[i] = (struct symptom){
			.s = earlier->symptom[i], .has_event = true, .cleared_us = T_NEVER};
	PREPEND(a->symptom, a->n_symptoms, ATHLETE_SYMPTOMS_MAX, from, n);
}

/* An alert of the same cause is the same to a trainer; where there is no room for both, the least
 * severe one gives way. */
static void merge_alerts(struct athlete *a, const struct athlete_memory *earlier)
{
	struct athlete_memory *m = &a->memory;
	unsigned n = at_most(earlier->n_alerts, MEMORY_ALERTS_MAX);
	struct alert_result all[2 * MEMORY_ALERTS_MAX];
	unsigned n_all = n + m->n_alerts;

	memcpy(all, earlier->alert, n * sizeof(all[0]));
	memcpy(all + n, m->alert, m->n_alerts * sizeof(all[0]));
	while (n_all > MEMORY_ALERTS_MAX) {
		unsigned least = 0;

		for (unsigned i = 1; i < n_all; i++)
			if (all[i].severity < all[least].severity)
				least = i;
		n_all--;
		memmove(&all[least], &all[least + 1], (n_all - least) * sizeof(all[0]));
	}
	memcpy(m->alert, all, n_all * sizeof(all[0]));
	m->n_alerts = n_all;
	a->alerts_changed = n_all > 0;
	a->alerts_touched = 0;
}

static bool holds_pop(const struct athlete *a, const char *id)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage != POP_STAGE_FREE && !strcmp(a->pop[i].result.id, id))
			return true;
	return false;
}

void memory_merge(struct judge *j, struct athlete *a, const struct athlete_memory *earlier)
{
	bool is_same_session = earlier->is_in_session && a->memory.is_in_session &&
			       !strcmp(earlier->kit, a->memory.kit);

	renumber(a, baseline_ended(earlier) + (earlier->is_in_session && !is_same_session));
	merge_baseline(a, earlier);
	merge_symptoms(a, earlier);
	merge_alerts(a, earlier);
	if (is_same_session)
		continue_session(a, earlier);
	else if (earlier->is_in_session)
		end_session(&a->memory, earlier);
	for (unsigned i = 0; i < earlier->n_open_pops && i < MEMORY_OPEN_POPS_MAX; i++)
		if (!holds_pop(a, earlier->open_pop[i].result.id))
			memory_restore_pop(j, a, &earlier->open_pop[i]);
	a->is_touched = true;
}
