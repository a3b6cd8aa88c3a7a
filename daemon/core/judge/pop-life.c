// SPDX-License-Identifier: MIT
#include "daemon/core/judge/pop-life.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "daemon/core/judge/alert.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/memory.h"
#include "daemon/core/judge/pop-crepitus.h"
#include "daemon/core/judge/pop-facts.h"
#include "daemon/core/judge/pop-verdict.h"
#include "daemon/core/judge/session.h"
#include "daemon/core/judge/set.h"
#include "daemon/core/judge/symptom.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/activity.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/classify.h"
#include "daemon/core/rules/confidence.h"
#include "daemon/core/rules/kinematic.h"
#include "daemon/core/rules/trend.h"

static void update_alert(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	const struct pop_result *r = &p->result;
	bool is_alarm = r->class == POP_CLASS_RED_FLAG ||
			(r->class == POP_CLASS_SYMPTOM_ONLY && r->severity >= 3);
	struct alert_update update = {
		.cause = ALERT_CAUSE_RED,
		.class = r->class,
		.severity = r->severity,
		.reasons = r->reasons & CLASSIFY_RED_REASONS,
		.time_uncertainty_ms = r->time_uncertainty_ms,
		.kit = p->kit,
		.pop = r->id,
	};

	if (!is_alarm || p->is_overridden)
		return;
	alert_join(j, a, now_us, &update);
	for (unsigned i = 0; i < r->n_symptoms; i++) {
		update.symptom = r->symptoms[i];
		alert_join(j, a, now_us, &update);
	}
}

static void give_cue(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	const struct pop_result *r = &p->result;

	if (!r->n_cues)
		return;
	for (unsigned i = 0; i < r->n_cues && r->class == POP_CLASS_FORM_FAULT; i++)
		if (r->cues[i].code == CUE_REDUCE_RANGE)
			set_advise(a, r->cues[i].argument);
	if (r->class == POP_CLASS_BENIGN) {
		if (a->set.is_hinted)
			return;
		a->set.is_hinted = true;
	}
	if (r->cues[0].code == CUE_STOP)
		judge_output_stop(j, a, now_us, p->kit, r->id);
	else
		judge_output_cue(j, now_us,
			&(struct cue_output){
				.athlete = a, .kit = p->kit, .cue = r->cues[0], .pop = r->id});
}

static void count_class(struct athlete *a, struct pop *p, bool had, enum pop_class before)
{
	if (p->session != athlete_session(a))
		return;
	if (had && a->memory.tally.pops[before])
		a->memory.tally.pops[before]--;
	a->memory.tally.pops[p->result.class]++;
	if (!had && p->notes & CODE_BIT(NOT_EXERCISING))
		a->memory.tally.not_exercising++;
	a->memory.tally.trends |= p->trends;
	pop_crepitus_count(&a->memory.tally, p);
}

static bool has_changed(const struct pop_result *a, const struct pop_result *b)
{
	return a->class != b->class || a->severity != b->severity ||
	       (a->reasons ^ b->reasons) & CODE_BIT(PATTERN_CREPITUS) ||
	       a->n_symptoms != b->n_symptoms ||
	       memcmp(a->symptoms, b->symptoms, a->n_symptoms * sizeof(a->symptoms[0])) != 0;
}

static void trace_verdict(
	const struct judge *j, const struct athlete *a, const struct pop *p, int64_t now_us)
{
	const struct trace trace = judge_trace(j, a);
	const struct pop_result *r = &p->result;

	TRACE(&trace, POP, now_us,
		"%s rev %u %s: %s, severity %u; form %.2f, tilt %.1f deg, phase %s at %.1f deg, "
		"%u symptoms, confidence %.2f",
		r->id, r->rev, pop_state_to_string(r->state), pop_class_to_string(r->class),
		r->severity, p->form.is_known ? p->form.total : NAN, r->pelvic_tilt_deg,
		phase_to_string(r->phase), r->elevation_deg, r->n_symptoms, r->confidence.total);
}

/* A revision in the making: its state, and what was published before it. */
struct revision {
	enum pop_state state;
	struct pop_result before; /* rev 0: nothing was */
};

static void publish(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us,
	const struct revision *revision)
{
	const struct pop_result *before = &revision->before;
	struct pop_result *r = &p->result;
	bool had = before->rev > 0;

	r->supersedes = r->rev;
	r->rev++;
	r->state = revision->state;
	r->is_final = p->stage == POP_STAGE_FINAL;
	trace_verdict(j, a, p, now_us);
	count_class(a, p, had, before->class);
	j->ops->result(j->user, now_us, &(struct result){RESULT_POP, .pop = r});
	if (!had || before->class != r->class || before->severity < r->severity)
		give_cue(j, a, p, now_us);
	/* Nothing is raised twice: a person may have cleared it since. */
	if (!had || has_changed(before, r))
		update_alert(j, a, p, now_us);
	a->is_touched = true;
}

void pop_life_announce(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	struct revision revision = {.state = POP_STATE_PROVISIONAL};

	pop_verdict_evaluate(j, a, p, now_us);
	publish(j, a, p, now_us, &revision);
}

void pop_life_review(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	struct revision revision = {.state = POP_STATE_REVISED, .before = p->result};

	pop_verdict_evaluate(j, a, p, now_us);
	if (has_changed(&revision.before, &p->result))
		publish(j, a, p, now_us, &revision);
}

/* The other pops with the same signs share the class (decision-model.md, ruling 13). */
static void review_group(struct judge *j, struct athlete *a, const struct pop *p, int64_t now_us)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX && p->kinematic; i++)
		if (&a->pop[i] != p && pop_is_real(&a->pop[i]) && a->pop[i].kinematic)
			pop_life_review(j, a, &a->pop[i], now_us);
}

/* The event of a symptom becomes the event of a pop in its window (decision-model.md, ruling 12).
 */
static void take_over(struct judge *j, struct athlete *a, struct pop *p, struct revision *revision)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *own = &a->pop[i];
		bool is_mine = false;

		if (own->stage == POP_STAGE_FREE || own->has_sound || !own->result.n_symptoms)
			continue;
		for (unsigned k = 0; k < p->result.n_symptoms; k++)
			is_mine |= strcmp(p->result.symptoms[k], own->result.symptoms[0]) == 0;
		for (unsigned k = 0; k < a->n_symptoms && is_mine; k++)
			if (strcmp(a->symptom[k].s.id, own->result.symptoms[0]) == 0)
				is_mine = red_flag_is_in_window(j->analysis, a->symptom[k].s.code,
					symptom_after_pop_us(j, &a->symptom[k], p));
		if (!is_mine)
			continue;
		memcpy(p->result.id, own->result.id, ID_SIZE);
		p->result.rev = own->result.rev;
		revision->before.rev = own->result.rev;
		revision->before.class = own->result.class;
		revision->before.severity = 0;
		if (own->stage == POP_STAGE_FINAL)
			revision->state = POP_STATE_REVISED;
		own->stage = POP_STAGE_FREE;
		return;
	}
}

static void mark_symptoms(struct judge *j, struct athlete *a, const struct pop *p)
{
	for (unsigned i = 0; i < a->n_symptoms; i++)
		if (pop_is_real(p) &&
			red_flag_is_in_window(j->analysis, a->symptom[i].s.code,
				symptom_after_pop_us(j, &a->symptom[i], p)) &&
			a->symptom[i].s.site != BODY_SITE_OTHER)
			a->symptom[i].has_event = true;
}

/* What seemed to be single pops turns out to be the first clicks of a joint that creaks. */
static void review_swing(struct judge *j, struct athlete *a, const struct pop *p, int64_t now_us)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX && pop_is_crepitus(p); i++) {
		struct pop *q = &a->pop[i];

		if (q == p || q->is_restored || !pop_is_real(q) || pop_is_crepitus(q) ||
			!pop_crepitus_is(j, a, q))
			continue;
		pop_facts_read(j, a, q, false);
		pop_life_review(j, a, q, now_us);
	}
}

static int64_t second_look_us(const struct judge *j, const struct pop *p)
{
	return p->result.t_pop_us + kinematic_reach_us(j->analysis) + POSTURE_WAIT_US;
}

/* All that may still come about the movement around it has come. */
static bool is_posture_whole(const struct judge *j, const struct pop *p, int64_t now_us)
{
	const struct kit_posture *posture = kit_state_posture(j, p->kit);
	int64_t needed_us = p->result.t_pop_us + kinematic_reach_us(j->analysis);

	return !posture || kit_posture_watermark(posture) >= needed_us ||
	       now_us >= needed_us + POSTURE_LATE_US;
}

static void schedule(const struct judge *j, struct pop *p, int64_t now_us)
{
	int64_t t = p->kinematic_done ? p->result.t_pop_us + judge_s(j->analysis->pop_final_s)
				      : second_look_us(j, p);

	p->wake_us = t > now_us ? t : now_us;
}

void pop_life_conclude(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	struct revision revision = {.state = POP_STATE_PROVISIONAL};

	p->stage = POP_STAGE_OPEN;
	pop_facts_read(j, a, p, true);
	p->kinematic_done = second_look_us(j, p) <= now_us && is_posture_whole(j, p, now_us);
	pop_verdict_evaluate(j, a, p, now_us);
	if (pop_is_real(p) && p->result.n_symptoms)
		take_over(j, a, p, &revision);
	mark_symptoms(j, a, p);
	schedule(j, p, now_us);
	publish(j, a, p, now_us, &revision);
	review_group(j, a, p, now_us);
	review_swing(j, a, p, now_us);
}

static bool session_has_symptom(const struct athlete *a, const struct pop *p)
{
	for (unsigned i = 0; i < a->n_symptoms; i++)
		if (a->symptom[i].s.session == p->session)
			return true;
	return false;
}

static void learn(struct athlete *a, const struct pop *p)
{
	const struct pop_result *r = &p->result;

	if (!pop_is_real(p) || r->class != POP_CLASS_BENIGN ||
		p->notes & CODE_BIT(NOT_EXERCISING) || pop_is_crepitus(p) || p->is_restored ||
		a->memory.n_symptoms || !activity_is_active(p->exercise, &p->posture))
		return;
	baseline_learn(&a->memory, &(struct memory_pop){
					   .session = p->session,
					   .site = r->site,
					   .phase = r->phase,
					   .elevation_deg = r->elevation_deg,
					   .level_db = r->levels_db[r->site],
					   .side = r->side,
				   });
}

void pop_life_finish(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	int64_t late_us = p->result.t_pop_us + judge_s(j->analysis->pop_final_symptom_s);
	struct revision revision = {.state = POP_STATE_FINAL, .before = p->result};

	if (now_us < late_us && session_has_symptom(a, p)) {
		p->wake_us = late_us;
		return;
	}
	p->stage = POP_STAGE_FINAL;
	p->wake_us = T_NEVER;
	if (now_us - p->result.t_pop_us <= judge_s(j->analysis->pop_final_s) ||
		!p->posture.is_known)
		pop_facts_read(j, a, p, !p->posture.is_known);
	pop_verdict_evaluate(j, a, p, now_us);
	publish(j, a, p, now_us, &revision);
	learn(a, p);
}

void pop_life_look_again(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us)
{
	if (!is_posture_whole(j, p, now_us)) {
		p->wake_us = p->result.t_pop_us + kinematic_reach_us(j->analysis) + POSTURE_LATE_US;
		return;
	}
	pop_facts_read(j, a, p, true);
	p->kinematic_done = true;
	schedule(j, p, now_us);
	pop_life_review(j, a, p, now_us);
	review_group(j, a, p, now_us);
}

static void describe_symptom(
	const struct judge *j, const struct athlete *a, const struct symptom *s, struct pop *p)
{
	struct pop_result *r = &p->result;
	int kit = kit_state_find(j, s->s.kit);

	p->kit = kit < 0 ? a->last_kit : (unsigned)kit;
	p->session = s->s.session;
	p->unc_us = judge_ms(s->s.time_uncertainty_ms);
	r->t_pop_us = s->s.t_us;
	r->time_uncertainty_ms = s->s.time_uncertainty_ms;
	r->site = PLACEMENT_COUNT;
	r->side = s->s.side;
	memcpy(r->kit, s->s.kit, sizeof(r->kit));
	r->n_symptoms = 1;
	memcpy(r->symptoms[0], s->s.id, ID_SIZE);
	posture_at(
		kit_state_posture(j, p->kit), j->analysis, r->t_pop_us, SIDE_UNKNOWN, &p->posture);
	pop_facts_copy_posture(p);
}

void pop_life_symptom_event(struct judge *j, struct athlete *a, struct symptom *s, int64_t now_us)
{
	struct revision revision = {.state = POP_STATE_PROVISIONAL};
	struct pop *p = athlete_new_pop(a);

	/* All slots are in use; the symptom's alert is published all the same. */
	if (!p) {
		j->counters.pops_dropped++;
		return;
	}
	p->stage = POP_STAGE_OPEN;
	judge_output_id(j, p->result.id);
	describe_symptom(j, a, s, p);
	pop_verdict_evaluate(j, a, p, now_us);
	schedule(j, p, now_us);
	publish(j, a, p, now_us, &revision);
}

static void note_override(struct judge *j, const struct athlete *a, const struct pop *p,
	int64_t now_us, const struct judge_override *o)
{
	struct act_result act = {.act = ACT_OVERRIDE, .class = o->class};

	memcpy(act.kit, p->result.kit, sizeof(act.kit));
	memcpy(act.pop, p->result.id, sizeof(act.pop));
	snprintf(act.by, sizeof(act.by), "%s", o->by);
	snprintf(act.reason, sizeof(act.reason), "%s", o->reason);
	judge_output_act(j, a, now_us, &act);
}

void pop_life_override(struct judge *j, struct athlete *a, struct pop *p, int64_t now_us,
	const struct judge_override *o)
{
	struct pop_result *r = &p->result;
	struct revision revision = {.state = POP_STATE_REVISED, .before = *r};
	struct memory_decision *d = memory_add_decision(a, now_us, DECISION_OVERRIDE, o->by);

	memcpy(d->subject, r->id, ID_SIZE);
	snprintf(d->reason, sizeof(d->reason), "%s", o->reason);
	d->was = r->class;
	d->now = o->class;
	d->severity = r->severity;
	p->is_overridden = true;
	p->is_red = false;
	r->class = o->class;
	pop_verdict_evaluate(j, a, p, now_us);
	snprintf(r->override_by, sizeof(r->override_by), "%s", o->by);
	snprintf(r->override_reason, sizeof(r->override_reason), "%s", o->reason);
	publish(j, a, p, now_us, &revision);
	note_override(j, a, p, now_us, o);
}
