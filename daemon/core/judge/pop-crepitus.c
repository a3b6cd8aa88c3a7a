// SPDX-License-Identifier: MIT
#include "daemon/core/judge/pop-crepitus.h"

#include <math.h>

#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/activity.h"

/* A sound of a leg that may be swinging. */
static bool is_swinging(const struct pop *p)
{
	return !activity_is_resting(p->exercise, &p->posture);
}

static bool is_beside(const struct pop *p, const struct pop *q)
{
	return q == p || (pop_is_real(q) && !q->is_restored && q->wearable == p->wearable &&
				 q->session == p->session && is_swinging(q));
}

/* Sounds of the same sensor from t_us on, for as long as one swing counts. */
static unsigned count_from(
	const struct judge *j, const struct athlete *a, const struct pop *p, int64_t t_us)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		n += is_beside(p, &a->pop[i]) && a->pop[i].result.t_pop_us >= t_us &&
		     a->pop[i].result.t_pop_us <= t_us + judge_s(j->analysis->crepitus_s);
	return n;
}

bool pop_crepitus_is(const struct judge *j, const struct athlete *a, const struct pop *p)
{
	int64_t t_us = p->result.t_pop_us;

	if (p->features.is_within)
		return true;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX && is_swinging(p); i++) {
		int64_t first_us = a->pop[i].result.t_pop_us;

		if (is_beside(p, &a->pop[i]) && first_us <= t_us &&
			first_us >= t_us - judge_s(j->analysis->crepitus_s) &&
			count_from(j, a, p, first_us) >= j->analysis->crepitus_sounds)
			return true;
	}
	return false;
}

void pop_crepitus_count(struct session_tally *t, struct pop *p)
{
	bool counts = pop_is_crepitus(p) && !(p->notes & CODE_BIT(NOT_EXERCISING));

	if (p->is_restored || counts == !isnan(p->crepitus_db))
		return;
	if (counts) {
		p->crepitus_db = p->result.levels_db[p->result.site];
		t->crepitus++;
		t->crepitus_sum_db += p->crepitus_db;
	} else {
		t->crepitus--;
		t->crepitus_sum_db -= p->crepitus_db;
		p->crepitus_db = NAN;
	}
}
