// SPDX-License-Identifier: MIT
#include "daemon/core/judge/memory.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/kinematic.h"

/* A symptom this long after a pop does not belong to it (decision-model.md 7.6 R2, with a margin).
 */
#define FINAL_KEPT_US (300 * INT64_C(1000000))

static void store_symptoms(struct athlete *a)
{
	struct athlete_memory *m = &a->memory;

	m->n_symptoms = 0;
	for (unsigned i = 0; i < a->n_symptoms && m->n_symptoms < MEMORY_SYMPTOMS_MAX; i++)
		if (a->symptom[i].cleared_us == T_NEVER)
			m->symptom[m->n_symptoms++] = a->symptom[i].s;
}

static struct memory_open_pop open_of(const struct pop *p)
{
	struct memory_open_pop open = {
		.session = p->session,
		.is_final = p->stage == POP_STAGE_FINAL,
		.is_answered = p->is_answered,
		.result = p->result,
	};
	struct pop_result *r = &open.result;

	/* Detected but not judged yet: if the daemon dies now, its surroundings are lost. */
	if (p->stage == POP_STAGE_PENDING) {
		r->class = POP_CLASS_REVIEW;
		r->severity = 1;
		r->phase = PHASE_OFFLINE;
		r->elevation_deg = r->hip_flexion_deg = r->pelvic_tilt_deg = NAN;
		r->lumbar_extension_deg = r->speed_deg_s = r->form_total = NAN;
		for (unsigned i = 0; i < ARRAY_LEN(r->form); i++)
			r->form[i] = NAN;
		r->confidence.total = NAN;
		r->reasons = CODE_BIT(LATE_DATA);
	}
	return open;
}

/* A final verdict that a symptom or a person may still change. */
static bool is_worth_keeping(const struct pop *p, int64_t now_us)
{
	bool is_noise = p->result.class == POP_CLASS_NOT_A_POP && !p->is_overridden;

	return p->stage == POP_STAGE_FINAL && !is_noise &&
	       (p->result.class != POP_CLASS_BENIGN ||
		       now_us - p->result.t_pop_us <= FINAL_KEPT_US);
}

/* Open before final, new before old. */
static bool is_before(const struct memory_open_pop *a, const struct memory_open_pop *b)
{
	if (a->is_final != b->is_final)
		return b->is_final;
	return a->result.t_pop_us > b->result.t_pop_us;
}

static void store_pops(struct athlete *a, int64_t now_us)
{
	struct athlete_memory *m = &a->memory;

	m->n_open_pops = 0;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *p = &a->pop[i];
		struct memory_open_pop open;
		unsigned at = m->n_open_pops;

		if (p->stage != POP_STAGE_OPEN && p->stage != POP_STAGE_PENDING &&
			!is_worth_keeping(p, now_us))
			continue;
		open = open_of(p);
		while (at > 0 && is_before(&open, &m->open_pop[at - 1]))
			at--;
		if (at == MEMORY_OPEN_POPS_MAX || (open.is_final && at >= MEMORY_FINAL_POPS_MAX))
			continue;
		if (m->n_open_pops < MEMORY_OPEN_POPS_MAX)
			m->n_open_pops++;
		memmove(&m->open_pop[at + 1], &m->open_pop[at],
			(m->n_open_pops - at - 1) * sizeof(open));
		m->open_pop[at] = open;
	}
	/* All that are open, but only the latest that are final. */
	while (m->n_open_pops > MEMORY_FINAL_POPS_MAX && m->open_pop[m->n_open_pops - 1].is_final)
		m->n_open_pops--;
}

struct memory_decision *memory_add_decision(
	struct athlete *a, int64_t now_us, enum decision kind, const char *by)
{
	struct athlete_memory *m = &a->memory;
	struct memory_decision *d = list_add(m->decision, m->n_decisions, MEMORY_DECISIONS_MAX);

	*d = (struct memory_decision){.t_us = now_us, .kind = kind};
	snprintf(d->by, sizeof(d->by), "%s", by);
	a->is_touched = true;
	return d;
}

void memory_store(struct judge *j, struct athlete *a, int64_t now_us)
{
	a->is_touched = false;
	store_symptoms(a);
	store_pops(a, now_us);
	if (j->ops->remember)
		j->ops->remember(j->user, now_us, &a->memory);
}

void memory_restore_pop(struct judge *j, struct athlete *a, const struct memory_open_pop *open)
{
	struct pop *p = athlete_new_pop(a);
	const struct pop_result *r = &open->result;
	int kit = kit_state_find(j, r->kit);

	if (!p)
		return;
	p->result = *r;
	memcpy(p->result.athlete, a->memory.athlete, NAME_SIZE);
	p->stage = open->is_final ? POP_STAGE_FINAL : POP_STAGE_OPEN;
	p->has_sound = r->site < PLACEMENT_COUNT;
	p->is_restored = true;
	p->is_answered = open->is_answered;
	p->is_overridden = r->override_by[0] != '\0';
	p->kinematic_done = true;
	p->kit = kit < 0 ? JUDGE_NO_KIT : (unsigned)kit;
	p->session = open->session;
	p->unc_us = judge_ms(r->time_uncertainty_ms);
	p->is_red = r->class == POP_CLASS_RED_FLAG;
	p->red_us = r->t_pop_us;
	p->takes_symptom = p->has_sound && r->class == POP_CLASS_SYMPTOM_ONLY;
	p->origin = pop_origin_of_reasons(r->reasons);
	p->posture = (struct posture_at){.phase = r->phase,
		.has_pelvis = !isnan(r->pelvic_tilt_deg),
		.tilt_deg = r->pelvic_tilt_deg};
	p->kinematic = r->reasons & KINEMATIC_SIGNS;
	p->trends = r->reasons & BASELINE_TRENDS;
	p->notes = r->reasons & CODE_BIT(NOT_EXERCISING);
	p->form.is_known = !isnan(r->form_total);
	p->form.total = r->form_total;
	memcpy(p->form.part, r->form, sizeof(p->form.part));
	p->wake_us = open->is_final ? T_NEVER : r->t_pop_us + judge_s(j->analysis->pop_final_s);
}

void memory_restore(struct judge *j, struct athlete *a, const struct athlete_memory *m)
{
	int kit = kit_state_find(j, m->kit);

	a->last_kit = kit < 0 ? JUDGE_NO_KIT : (unsigned)kit;
	a->memory = *m;
	a->was_in_session = m->is_in_session;
	a->memory.is_in_session = false;
	a->n_symptoms = 0;
	for (unsigned i = 0; i < m->n_symptoms && i < MEMORY_SYMPTOMS_MAX; i++)
		a->symptom[a->n_symptoms++] = (struct symptom){
			.s = m->symptom[i],
			.has_event = true,
			.cleared_us = T_NEVER,
		};
	if (a->memory.n_alerts > MEMORY_ALERTS_MAX)
		a->memory.n_alerts = MEMORY_ALERTS_MAX;
	if (a->memory.n_pops > MEMORY_POPS_MAX)
		a->memory.n_pops = MEMORY_POPS_MAX;
	if (a->memory.n_sparc > MEMORY_SPARC_MAX)
		a->memory.n_sparc = MEMORY_SPARC_MAX;
	if (a->memory.n_losses > MEMORY_LOSSES_MAX)
		a->memory.n_losses = MEMORY_LOSSES_MAX;
	if (a->memory.n_decisions > MEMORY_DECISIONS_MAX)
		a->memory.n_decisions = MEMORY_DECISIONS_MAX;
	for (unsigned i = 0; i < m->n_open_pops && i < MEMORY_OPEN_POPS_MAX; i++)
		memory_restore_pop(j, a, &m->open_pop[i]);
}
