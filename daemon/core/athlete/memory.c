// SPDX-License-Identifier: MIT
/* The athlete's memory in and out: what is open is written from the state at each change, and a
 * restart goes on from it, so that nothing red is forgotten.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/verdict/judge-state.h"

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
	const struct pop_result *r = &p->result;
	struct memory_open_pop open = {
		.rev = r->rev,
		.session = p->session,
		.t_us = r->t_pop_us,
		.time_uncertainty_ms = r->time_uncertainty_ms,
		.site = r->site,
		.class = r->class,
		.severity = r->severity,
		.phase = r->phase,
		.side = r->side,
		.rep = r->rep,
		.elevation_deg = r->elevation_deg,
		.level_db = r->site < PLACEMENT_COUNT ? r->levels_db[r->site] : NAN,
		.reasons = r->reasons,
	};

	/* Heard and not judged yet: should the daemon die now, what was around it is gone. */
	if (p->stage == POP_STAGE_PENDING) {
		open.class = POP_CLASS_REVIEW;
		open.severity = 1;
		open.phase = PHASE_OFFLINE;
		open.elevation_deg = NAN;
		open.reasons = CODE_BIT(LATE_DATA);
	}
	memcpy(open.id, r->id, ID_SIZE);
	memcpy(open.kit, r->kit, NAME_SIZE);
	return open;
}

static void store_pops(struct athlete *a)
{
	struct athlete_memory *m = &a->memory;

	m->n_open_pops = 0;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		const struct pop *p = &a->pop[i];
		unsigned oldest = 0;

		if (p->stage != POP_STAGE_OPEN && p->stage != POP_STAGE_PENDING)
			continue;
		if (m->n_open_pops < MEMORY_OPEN_POPS_MAX) {
			m->open_pop[m->n_open_pops++] = open_of(p);
			continue;
		}
		for (unsigned k = 1; k < m->n_open_pops; k++)
			if (m->open_pop[k].t_us < m->open_pop[oldest].t_us)
				oldest = k;
		if (p->result.t_pop_us > m->open_pop[oldest].t_us)
			m->open_pop[oldest] = open_of(p);
	}
}

void memory_store(struct judge *j, struct athlete *a, int64_t now_us)
{
	a->is_touched = false;
	store_symptoms(a);
	store_pops(a);
	if (j->ops->remember)
		j->ops->remember(j->user, now_us, &a->memory);
}

static int find_kit(const struct judge *j, const char *name)
{
	for (unsigned i = 0; i < j->conf->n_kits; i++)
		if (strcmp(j->conf->kit[i].name, name) == 0)
			return (int)i;
	return -1;
}

static void restore_pop(struct judge *j, struct athlete *a, const struct memory_open_pop *open)
{
	struct pop *p = athlete_new_pop(a);
	struct pop_result *r;
	uint64_t rejects = CODE_BIT(ENVIRONMENT_IMPACT) | CODE_BIT(FOOT_CONTACT) |
			   CODE_BIT(SENSOR_TAP) | CODE_BIT(SPEECH_MUSIC) | CODE_BIT(AIRBORNE) |
			   CODE_BIT(FRICTION_RUB) | CODE_BIT(LOW_EVIDENCE);
	int kit = find_kit(j, open->kit);

	if (!p)
		return;
	r = &p->result;
	*r = (struct pop_result){
		.rev = open->rev,
		.supersedes = open->rev ? open->rev - 1 : 0,
		.state = POP_STATE_PROVISIONAL,
		.t_pop_us = open->t_us,
		.time_uncertainty_ms = open->time_uncertainty_ms,
		.site = open->site,
		.class = open->class,
		.severity = open->severity,
		.phase = open->phase,
		.side = open->side,
		.rep = open->rep,
		.elevation_deg = open->elevation_deg,
		.hip_flexion_deg = NAN,
		.pelvic_tilt_deg = NAN,
		.lumbar_extension_deg = NAN,
		.speed_deg_s = NAN,
		.form_total = NAN,
		.form = {NAN, NAN, NAN, NAN, NAN, NAN, NAN},
		.reasons = open->reasons,
	};
	memcpy(r->id, open->id, ID_SIZE);
	memcpy(r->athlete, a->memory.athlete, NAME_SIZE);
	memcpy(r->kit, open->kit, NAME_SIZE);
	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		r->levels_db[i] = i == open->site ? open->level_db : NAN;
	p->stage = POP_STAGE_OPEN;
	p->has_sound = open->site < PLACEMENT_COUNT;
	p->is_restored = true;
	p->kinematic_done = true;
	p->kit = kit < 0 ? 0 : (unsigned)kit;
	p->session = open->session;
	p->unc_us = judge_ms(open->time_uncertainty_ms);
	p->is_red = open->class == POP_CLASS_RED_FLAG;
	p->red_us = open->t_us;
	p->takes_symptom = p->has_sound && open->class == POP_CLASS_SYMPTOM_ONLY;
	p->origin = open->reasons & rejects ? __builtin_ctzll(open->reasons & rejects) : ORIGIN_POP;
	p->wake_us = open->t_us + judge_s(j->analysis->pop_final_s);
}

void memory_restore(struct judge *j, struct athlete *a, const struct athlete_memory *m)
{
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
	for (unsigned i = 0; i < m->n_open_pops && i < MEMORY_OPEN_POPS_MAX; i++)
		restore_pop(j, a, &m->open_pop[i]);
}
