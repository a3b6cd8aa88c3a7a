// SPDX-License-Identifier: MIT
#include "daemon/core/judge/symptom-report.h"

#include <stdio.h>
#include <string.h>

#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "daemon/core/judge/alert.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/pop-life.h"
#include "daemon/core/judge/pop-symptoms.h"
#include "daemon/core/judge/symptom.h"

static bool is_same(const struct analysis_conf *analysis, const struct symptom *s,
	const struct symptom_arrival *in)
{
	const struct symptom_report *r = in->report;
	int64_t away_us = s->s.t_us > in->t_us ? s->s.t_us - in->t_us : in->t_us - s->s.t_us;

	return s->s.code == r->code && s->s.site == r->site && s->s.side == r->side &&
	       away_us <= judge_s(analysis->symptom_same_s);
}

/* New if no such symptom is open at its site or its intensity is unknown; increasing compared with
 * the session's lowest. */
static void compare(
	const struct athlete *a, const struct analysis_conf *analysis, struct symptom *symptom)
{
	int least = -1;
	bool any = false;

	for (unsigned i = 0; i < a->n_symptoms; i++) {
		const struct symptom *s = &a->symptom[i];

		if (s->s.session != symptom->s.session || s->s.site != symptom->s.site ||
			(s->s.code != SYMPTOM_DISCOMFORT && s->s.code != SYMPTOM_UNKNOWN) ||
			red_flag_is_answer(s->s.code, s->s.intensity))
			continue;
		any = any || s->cleared_us == T_NEVER;
		if (s->s.intensity >= 0 && (least < 0 || s->s.intensity < least))
			least = s->s.intensity;
	}
	symptom->s.is_new = !any || symptom->s.intensity < 0;
	symptom->s.is_increasing = least >= 0 && symptom->s.intensity >= 0 &&
				   symptom->s.intensity - least >= analysis->red_intensity_step;
}

/* An empty slot after the last. If none is left, drops a cleared symptom, else the second oldest:
 * the oldest open one keeps the session marked. */
static struct symptom *new_slot(struct athlete *a)
{
	unsigned drop = 1;

	if (a->n_symptoms == ATHLETE_SYMPTOMS_MAX) {
		for (unsigned i = 0; i < a->n_symptoms; i++)
			if (a->symptom[i].cleared_us != T_NEVER) {
				drop = i;
				break;
			}
		list_drop(a->symptom, a->n_symptoms, drop);
	}
	memset(&a->symptom[a->n_symptoms], 0, sizeof(a->symptom[0]));
	return &a->symptom[a->n_symptoms];
}

static void answer(struct judge *j, struct athlete *a, int64_t t_us, int64_t now_us)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];
		int64_t dt_us = t_us - p->result.t_pop_us;

		if (p->stage == POP_STAGE_FREE || !p->has_sound || dt_us < 0 ||
			dt_us > judge_s(j->analysis->answer_s))
			continue;
		p->is_answered = true;
		if (p->stage != POP_STAGE_PENDING)
			pop_life_review(j, a, p, now_us);
	}
}

static void update_alert(
	struct judge *j, struct athlete *a, int64_t now_us, unsigned kit, const struct symptom *s)
{
	struct red_symptom red = symptom_red(s);
	struct red_verdict v = red_flag_alone(j->analysis, &red);
	struct alert_update update = {
		.cause = ALERT_CAUSE_RED,
		.class = POP_CLASS_SYMPTOM_ONLY,
		.severity = v.severity ? v.severity : 3,
		.reasons = v.reasons,
		.time_uncertainty_ms = s->s.time_uncertainty_ms,
		.kit = kit,
		.symptom = s->s.id,
	};

	if (s->s.site == BODY_SITE_OTHER) {
		update.cause = ALERT_CAUSE_OTHER;
		update.severity = 2;
		update.reasons = CODE_BIT(SYMPTOM_OTHER_REGION);
	}
	alert_join(j, a, now_us, &update);
}

static void note_act(
	struct judge *j, const struct athlete *a, int64_t now_us, const struct symptom_arrival *in)
{
	const struct symptom_report *r = in->report;
	struct act_result act = {
		.act = ACT_SYMPTOM, .symptom = {r->code, r->site, r->side, r->intensity}};

	snprintf(act.kit, sizeof(act.kit), "%s", kit_state_name(j, in->kit, a));
	snprintf(act.by, sizeof(act.by), "%s", in->source);
	judge_output_act(j, a, now_us, &act);
}

/* A repeated call means still waiting, even if the first was acknowledged. */
static void call_trainer(
	struct judge *j, struct athlete *a, int64_t now_us, const struct symptom_arrival *in)
{
	int64_t since_us = in->t_us > a->call_us ? in->t_us - a->call_us : a->call_us - in->t_us;

	if (since_us <= judge_s(j->analysis->symptom_same_s)) {
		j->counters.symptoms_repeated++;
		return;
	}
	a->call_us = in->t_us;
	note_act(j, a, now_us, in);
	alert_join(j, a, now_us,
		&(struct alert_update){
			.cause = ALERT_CAUSE_CALL,
			.class = POP_CLASS_REVIEW,
			.severity = 2,
			.time_uncertainty_ms = (double)in->unc_us / US_PER_MS,
			.kit = in->kit,
			.is_again = true,
		});
}

/* Published pops in the symptom's window become red at once. */
static void review_pops(struct judge *j, struct athlete *a, struct symptom *s, int64_t now_us)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];

		if (!pop_is_real(p) || !red_flag_is_in_window(j->analysis, s->s.code,
					       symptom_after_pop_us(j, s, p)))
			continue;
		s->has_event = true;
		p->is_overridden = false;
		p->result.override_by[0] = p->result.override_reason[0] = '\0';
		pop_life_review(j, a, p, now_us);
	}
}

/* The same symptom again: a higher intensity counts, a lower one changes nothing. */
static void strengthen(struct judge *j, struct athlete *a, int64_t now_us, struct symptom *s,
	const struct symptom_arrival *in)
{
	int intensity = in->report->intensity;
	struct red_symptom red;

	if (intensity <= s->s.intensity)
		return;
	s->s.is_increasing |= s->s.intensity >= 0 &&
			      intensity - s->s.intensity >= j->analysis->red_intensity_step;
	s->s.intensity = intensity;
	a->is_touched = true;
	red = symptom_red(s);
	if (red_flag_is_linked(&red))
		review_pops(j, a, s, now_us);
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];

		if (p->stage != POP_STAGE_FREE && p->stage != POP_STAGE_PENDING &&
			!pop_is_real(p) && pop_symptoms_lists(&p->result, s->s.id))
			pop_life_review(j, a, p, now_us);
	}
	update_alert(j, a, now_us, in->kit, s);
}

/* The sounds in the symptom's window: a pending one leaves everything open, a real one represents
 * the symptom, and failing that the nearest rejected one does. */
struct nearest {
	bool is_pending, is_real;
	struct pop *rejected;
};

static struct nearest find_nearest(
	const struct judge *j, struct athlete *a, const struct symptom *s)
{
	struct nearest n = {0};
	int64_t best_us = 0;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];
		int64_t dt_us = symptom_after_pop_us(j, s, p);
		int64_t away_us = dt_us < 0 ? -dt_us : dt_us;

		if (p->stage == POP_STAGE_FREE || !p->has_sound ||
			!red_flag_is_in_window(j->analysis, s->s.code, dt_us))
			continue;
		if (p->stage == POP_STAGE_PENDING)
			n.is_pending = true;
		else if (p->origin < 0)
			n.is_real = true;
		else if (!n.rejected || away_us < best_us) {
			n.rejected = p;
			best_us = away_us;
		}
	}
	return n;
}

void symptom_report_settle(struct judge *j, struct athlete *a, int64_t now_us)
{
	for (unsigned i = 0; i < a->n_symptoms; i++) {
		struct symptom *s = &a->symptom[i];
		struct red_symptom red = symptom_red(s);
		struct nearest n;

		if (s->has_event)
			continue;
		n = red_flag_is_linked(&red) ? find_nearest(j, a, s) : (struct nearest){0};
		if (n.is_pending && !n.is_real)
			continue;
		s->has_event = true;
		if (n.is_real)
			continue;
		if (n.rejected) {
			n.rejected->takes_symptom = true;
			pop_life_review(j, a, n.rejected, now_us);
		} else {
			pop_life_symptom_event(j, a, s, now_us);
		}
	}
}

static struct symptom *add(struct judge *j, struct athlete *a, const struct symptom_arrival *in)
{
	struct symptom *s = new_slot(a);

	s->s = (struct memory_symptom){
		.session = athlete_session(a),
		.t_us = in->t_us,
		.time_uncertainty_ms = (double)in->unc_us / US_PER_MS,
		.code = in->report->code,
		.site = in->report->site,
		.side = in->report->side,
		.intensity = in->report->intensity,
	};
	s->cleared_us = T_NEVER;
	judge_output_id(j, s->s.id);
	snprintf(s->s.source, sizeof(s->s.source), "%s", in->source);
	snprintf(s->s.kit, sizeof(s->s.kit), "%s", kit_state_name(j, in->kit, a));
	compare(a, j->analysis, s);
	a->n_symptoms++;
	a->memory.tally.symptoms++;
	a->is_touched = true;
	return s;
}

static struct symptom *find_same(
	const struct judge *j, struct athlete *a, const struct symptom_arrival *in)
{
	for (unsigned i = 0; i < a->n_symptoms; i++)
		if (a->symptom[i].cleared_us == T_NEVER && is_same(j->analysis, &a->symptom[i], in))
			return &a->symptom[i];
	return NULL;
}

static void trace(const struct judge *j, const struct athlete *a, const struct symptom_arrival *in,
	const char *decision)
{
	const struct trace trace = judge_trace(j, a);
	const struct symptom_report *r = in->report;

	TRACE(&trace, SYMPTOM, in->t_us, "%s at %s %s, intensity %d: %s",
		symptom_code_to_string(r->code), body_site_to_string(r->site),
		side_to_string(r->side), r->intensity, decision);
}

static void take_new(
	struct judge *j, struct athlete *a, int64_t now_us, const struct symptom_arrival *in)
{
	struct symptom *s = add(j, a, in);
	struct red_symptom red = symptom_red(s);

	note_act(j, a, now_us, in);
	trace(j, a, in,
		red_flag_is_linked(&red) ? "new, looked for among the pops" : "new, by itself");
	if (red_flag_is_linked(&red))
		review_pops(j, a, s, now_us);
	update_alert(j, a, now_us, in->kit, s);
	if (red_flag_is_linked(&red))
		judge_output_stop(j, a, now_us, in->kit, NULL);
	symptom_report_settle(j, a, now_us);
}

/* What raises an alert always counts; what only extends one that is open has its rate. */
static bool is_over_rate(const struct judge *j, const struct athlete *a,
	const struct symptom_arrival *in, const struct symptom *same)
{
	static const struct rate_limit limit = {.interval_us = 2 * US_PER_S, .burst = 10};
	const struct symptom_report *r = in->report;
	enum alert_cause cause = r->code == SYMPTOM_CALL_TRAINER ? ALERT_CAUSE_CALL
				 : r->site == BODY_SITE_OTHER    ? ALERT_CAUSE_OTHER
								 : ALERT_CAUSE_RED;

	/* The same again, not stronger, changes nothing. */
	if (!in->rate || (same && r->intensity <= same->s.intensity))
		return false;
	return !rate_take(in->rate, &limit, in->arrival_us) && alert_is_open(a, cause);
}

void symptom_report(
	struct judge *j, struct athlete *a, int64_t now_us, const struct symptom_arrival *in)
{
	const struct symptom_report *r = in->report;
	struct symptom *same = find_same(j, a, in);

	if (is_over_rate(j, a, in, same)) {
		j->counters.symptoms_over_rate++;
		trace(j, a, in, "too many, and its alert is open: left out");
	} else if (same) {
		j->counters.symptoms_repeated++;
		trace(j, a, in, "the same as one that is open");
		strengthen(j, a, now_us, same, in);
	} else if (r->code == SYMPTOM_CALL_TRAINER) {
		trace(j, a, in, "calls the trainer");
		call_trainer(j, a, now_us, in);
	} else if (red_flag_is_answer(r->code, r->intensity)) {
		trace(j, a, in, "answers that nothing hurts");
		note_act(j, a, now_us, in);
		answer(j, a, in->t_us, now_us);
	} else {
		take_new(j, a, now_us, in);
	}
}
