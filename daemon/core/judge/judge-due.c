// SPDX-License-Identifier: MIT
#include "daemon/core/judge/judge-due.h"

#include "coxad/base/units.h"
#include "daemon/core/judge/alert.h"
#include "daemon/core/judge/memory.h"
#include "daemon/core/judge/pop-life.h"
#include "daemon/core/judge/session.h"
#include "daemon/core/judge/set.h"
#include "daemon/core/judge/symptom-report.h"

static void update_deadline(struct judge *j)
{
	int64_t t = T_NEVER;

	for (unsigned i = 0; i < j->conf->n_kits; i++)
		t = j->kit[i].close_us < t ? j->kit[i].close_us : t;
	for (unsigned i = 0; i < j->n_athletes; i++) {
		const struct athlete *a = j->athlete[i];

		t = a->summary_us < t ? a->summary_us : t;
		t = a->set.end_us < t ? a->set.end_us : t;
		for (unsigned k = 0; k < ATHLETE_POPS_MAX; k++)
			if ((a->pop[k].stage == POP_STAGE_PENDING ||
				    a->pop[k].stage == POP_STAGE_OPEN) &&
				a->pop[k].wake_us < t)
				t = a->pop[k].wake_us;
	}
	j->deadline_us = t;
}

void judge_due_settle(struct judge *j, int64_t now_us)
{
	session_close_ended(j, now_us);
	for (unsigned i = 0; i < j->n_athletes; i++) {
		struct athlete *a = j->athlete[i];

		if (a->alerts_changed)
			alert_flush(j, a, now_us);
		if (a->is_touched)
			memory_store(j, a, now_us);
	}
	update_deadline(j);
}

/* Symptoms and repetitions that waited for this verdict follow at once. */
static void conclude(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	pop_life_conclude(j, a, p, now_us);
	symptom_report_settle(j, a, now_us);
	session_flush_reps(j, a, now_us, false);
}

static void wake(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	if (p->kinematic_done) {
		pop_life_finish(j, a, p, now_us);
		return;
	}
	pop_life_look_again(j, a, p, now_us);
	symptom_report_settle(j, a, now_us);
}

/* Carries out the first thing due; ties go in the order of athletes and events. */
static void carry_out(struct judge *j, int64_t now_us)
{
	for (unsigned i = 0; i < j->n_athletes; i++) {
		struct athlete *a = j->athlete[i];
		struct pop *first = NULL;

		for (unsigned k = 0; k < ATHLETE_POPS_MAX; k++) {
			struct pop *p = &a->pop[k];

			if ((p->stage != POP_STAGE_PENDING && p->stage != POP_STAGE_OPEN) ||
				p->wake_us > now_us)
				continue;
			if (!first || p->result.t_pop_us < first->result.t_pop_us)
				first = p;
		}
		if (first && first->stage == POP_STAGE_PENDING)
			conclude(j, a, first, now_us);
		else if (first)
			wake(j, a, first, now_us);
		else if (a->set.end_us <= now_us)
			set_end(j, a, now_us);
		else if (a->summary_us <= now_us)
			session_summary(j, a, now_us, false);
		else
			continue;
		return;
	}
}

void judge_due_advance(struct judge *j, int64_t now_us)
{
	while (j->deadline_us <= now_us) {
		int64_t t_us = j->deadline_us;

		carry_out(j, t_us);
		judge_due_settle(j, t_us);
	}
}

static void conclude_pending(struct judge *j, int64_t now_us, const unsigned *kit)
{
	for (unsigned i = 0; i < j->n_athletes; i++)
		for (unsigned k = 0; k < ATHLETE_POPS_MAX; k++) {
			struct pop *p = &j->athlete[i]->pop[k];

			if (p->stage == POP_STAGE_PENDING && (!kit || p->kit == *kit))
				conclude(j, j->athlete[i], p, now_us);
		}
}

void judge_due_conclude_all(struct judge *j, int64_t now_us)
{
	conclude_pending(j, now_us, NULL);
}

void judge_due_conclude_kit(struct judge *j, int64_t now_us, unsigned kit)
{
	conclude_pending(j, now_us, &kit);
}
