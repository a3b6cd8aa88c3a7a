// SPDX-License-Identifier: MIT
/* Sessions, their repetitions and their summaries. */
#include "daemon/core/judge/session.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/base/list.h"
#include "daemon/core/judge/judge-output.h"
#include "daemon/core/judge/kit-state.h"
#include "daemon/core/judge/pop-life.h"
#include "daemon/core/judge/roster.h"
#include "daemon/core/judge/set.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/trend.h"

/* A summary is published every minute of a session. */
#define SUMMARY_US (60 * INT64_C(1000000))

void session_publish(struct judge *j, int64_t now_us, unsigned kit)
{
	const struct kit_state *k = &j->kit[kit];
	struct session_result r = {
		.is_open = k->athlete != NULL,
		.is_calibrated = k->is_calibrated,
		.lacks = k->lacks,
		.span_deg = k->span_deg,
		.calibration_confidence = k->confidence,
	};

	snprintf(r.kit, sizeof(r.kit), "%s", j->conf->kit[kit].name);
	if (k->athlete) {
		snprintf(r.athlete, sizeof(r.athlete), "%s", k->athlete->memory.athlete);
		r.exercise = k->athlete->memory.exercise;
		r.since_us = k->athlete->memory.since_us;
	}
	j->ops->result(j->user, now_us, &(struct result){RESULT_SESSION, .session = &r});
}

static void note(
	struct judge *j, const struct athlete *a, int64_t now_us, enum act what, unsigned kit)
{
	struct act_result act = {.act = what};

	snprintf(act.kit, sizeof(act.kit), "%s", j->conf->kit[kit].name);
	if (what == ACT_SESSION_START)
		act.exercise = a->memory.exercise;
	judge_output_act(j, a, now_us, &act);
}

int session_open(
	struct judge *j, int64_t now_us, unsigned kit, const char *name, enum exercise exercise)
{
	struct athlete *a = roster_find(j, name);

	if (!name[0] || strlen(name) >= NAME_SIZE)
		return -EINVAL;
	if (a && a->kit >= 0 && (unsigned)a->kit != kit) {
		if (j->kit[a->kit].ends_us == T_NEVER)
			return -EBUSY;
		session_close(j, now_us, (unsigned)a->kit, false);
	}
	if (!a)
		a = roster_admit(j, name);
	if (!a)
		return -ENOSPC;
	if (j->kit[kit].athlete)
		session_close(j, now_us, kit, false);
	j->kit[kit].athlete = a;
	a->kit = (int)kit;
	a->last_kit = kit;
	a->memory.tally = (struct session_tally){0};
	a->memory.n_losses = 0;
	a->memory.ladder = (struct memory_ladder){0};
	a->n_reps = 0;
	a->set = (struct set){.end_us = T_NEVER};
	a->has_earlier_red = false;
	a->turn_low_deg = a->turn_high_deg = a->control_angle_deg = NAN;
	a->summary_us = now_us + SUMMARY_US;
	a->memory.is_in_session = true;
	snprintf(a->memory.kit, sizeof(a->memory.kit), "%s", j->conf->kit[kit].name);
	a->memory.exercise = exercise;
	a->memory.since_us = now_us;
	a->is_touched = true;
	session_publish(j, now_us, kit);
	note(j, a, now_us, ACT_SESSION_START, kit);
	return 0;
}

static bool is_settled(const struct judge *j, unsigned kit)
{
	const struct athlete *a = j->kit[kit].athlete;
	const struct kit_posture *posture = kit_state_posture(j, kit);

	if (posture && !kit_posture_has_counted(posture, j->kit[kit].ends_us))
		return false;
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage == POP_STAGE_PENDING && a->pop[i].kit == kit)
			return false;
	return true;
}

/* Pops and repetitions of the session are known by then, and what came late is in them. */
static int64_t longest_us(const struct judge *j)
{
	int64_t pops_us = judge_ms(j->analysis->pop_wait_max_ms);
	int64_t reps_us = POSTURE_LATE_US + POSTURE_DOUBT_US;

	return pops_us > reps_us ? pops_us : reps_us;
}

void session_end(struct judge *j, int64_t now_us, unsigned kit)
{
	struct kit_state *k = &j->kit[kit];

	k->ends_us = now_us;
	k->close_us = now_us + longest_us(j);
	/* Even if the daemon dies now, the session has ended. */
	k->athlete->memory.is_in_session = false;
	k->athlete->is_touched = true;
}

void session_close_ended(struct judge *j, int64_t now_us)
{
	for (unsigned i = 0; i < j->conf->n_kits; i++) {
		struct kit_state *k = &j->kit[i];

		if (k->ends_us != T_NEVER && (k->close_us <= now_us || is_settled(j, i)))
			session_close(j, now_us, i, false);
	}
}

void session_close(struct judge *j, int64_t now_us, unsigned kit, bool keep)
{
	struct kit_state *k = &j->kit[kit];
	struct athlete *a = k->athlete;

	session_flush_reps(j, a, now_us, true);
	set_end(j, a, now_us);
	session_summary(j, a, now_us, true);
	a->is_touched = true;
	if (keep)
		return;
	baseline_end_session(&a->memory);
	a->memory.is_in_session = false;
	a->kit = -1;
	a->summary_us = T_NEVER;
	k->before = a;
	k->before_end_us = k->ends_us < now_us ? k->ends_us : now_us;
	k->ends_us = k->close_us = T_NEVER;
	k->athlete = NULL;
	/* A calibration ends with its session (decision-model.md, ruling 7). */
	k->before_confidence = k->is_calibrated ? k->confidence : 0;
	k->is_calibrated = false;
	k->confidence = 0;
	k->span_deg = j->analysis->span_default_deg;
	session_publish(j, now_us, kit);
	note(j, a, now_us, ACT_SESSION_END, kit);
}

static double share(double sum, unsigned n)
{
	return n ? sum / n : NAN;
}

static double loudness_trend(const struct judge *j, const struct athlete *a)
{
	const struct pop *last = NULL;
	struct pop_note notes[POP_NOTES_MAX];
	unsigned n;
	double p;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (pop_is_real(&a->pop[i]) && !pop_is_crepitus(&a->pop[i]) &&
			a->pop[i].session == athlete_session(a) &&
			(!last || a->pop[i].result.t_pop_us > last->result.t_pop_us))
			last = &a->pop[i];
	if (!last)
		return NAN;
	n = athlete_notes(a, last, notes);
	return baseline_loudness_rise(j->analysis, notes, n, last->result.site, &p);
}

void session_summary(struct judge *j, struct athlete *a, int64_t now_us, bool is_final)
{
	const struct session_tally *t = &a->memory.tally;
	const struct athlete_memory *m = &a->memory;
	unsigned pops = t->pops[POP_CLASS_BENIGN] + t->pops[POP_CLASS_FORM_FAULT] +
			t->pops[POP_CLASS_RED_FLAG] + t->pops[POP_CLASS_REVIEW];
	struct summary_result r = {
		.exercise = m->exercise,
		.since_us = m->since_us,
		.t_us = now_us,
		.is_final = is_final,
		.reps = t->reps,
		.faulty_reps = t->faulty_reps,
		.symptoms = t->symptoms,
		.alerts_raised = t->alerts_raised,
		.pops_not_exercising = t->not_exercising,
		.pops_per_rep = share(pops - t->not_exercising - t->crepitus, t->reps),
		.crepitus = t->crepitus,
		.crepitus_level_db = share(t->crepitus_sum_db, t->crepitus),
		.own_pops_per_rep = m->reps ? (double)m->benign_pops / m->reps : NAN,
		.control_angle_deg = a->control_angle_deg,
		.range_deg_mean = share(t->range_sum_deg, t->ranges),
		.lower_ms_mean = share(t->lower_sum_ms, t->lowers),
		.loudness_trend_db = loudness_trend(j, a),
		.trends = t->trends,
		.baseline_sessions = m->sessions,
	};

	for (unsigned i = 0; i < m->n_pops; i++)
		r.baseline_pops += m->pop[i].session <= baseline_ended(m);
	for (unsigned i = 0; i < POP_CLASS_COUNT; i++)
		r.pops_by_class[i] = t->pops[i];
	snprintf(r.athlete, sizeof(r.athlete), "%s", m->athlete);
	snprintf(r.kit, sizeof(r.kit), "%s", m->kit);
	j->ops->result(j->user, now_us, &(struct result){RESULT_SUMMARY, .summary = &r});
	a->summary_us = is_final ? T_NEVER : a->summary_us + SUMMARY_US;
}

/* The legs of a flutter have overlapping repetitions: a pop belongs to its own side's. */
static bool is_inside(const struct pop *p, const struct posture_rep *rep)
{
	enum side side = p->result.side;

	if (p->exercise == EXERCISE_FLUTTER && side != rep->result.side &&
		(side == SIDE_LEFT || side == SIDE_RIGHT))
		return false;
	return p->stage != POP_STAGE_FREE && p->has_sound &&
	       p->result.t_pop_us >= rep->result.t_start_us &&
	       p->result.t_pop_us <= rep->result.t_end_us;
}

static bool has_pending(const struct athlete *a, const struct posture_rep *rep)
{
	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++)
		if (a->pop[i].stage == POP_STAGE_PENDING && is_inside(&a->pop[i], rep))
			return true;
	return false;
}

static void note_rep(struct judge *j, struct athlete *a, int64_t now_us,
	const struct posture_rep *rep, bool is_faulty)
{
	const struct rep_result *r = &rep->result;
	struct session_tally *t = &a->memory.tally;

	*list_add(a->rep, a->n_reps, ATHLETE_REPS_MAX) = (struct rep_note){
		.rep = r->rep,
		.t_start_us = r->t_start_us,
		.t_end_us = r->t_end_us,
		.is_faulty = is_faulty,
		.theta_loss_deg = r->theta_loss_deg,
		.lower_ms = r->lower_ms,
	};
	cue_ladder_rep(j->analysis, &a->memory.ladder, is_faulty);
	set_rep(j, a, now_us, &a->rep[a->n_reps - 1]);
	t->reps++;
	t->faulty_reps += is_faulty;
	if (!isnan(r->range_deg)) {
		t->range_sum_deg += r->range_deg;
		t->ranges++;
	}
	if (!isnan(r->lower_ms)) {
		t->lower_sum_ms += r->lower_ms;
		t->lowers++;
	}
	a->memory.session_reps++;
	baseline_note_loss(&a->memory, r->theta_loss_deg);
	if (!a->memory.n_symptoms && !is_faulty)
		baseline_learn_sparc(&a->memory, r->sparc);
	if (!isnan(r->control_angle_deg))
		a->control_angle_deg = r->control_angle_deg;
	a->turn_low_deg = rep->turn_low_deg;
	a->turn_high_deg = rep->turn_high_deg;
	a->is_touched = true;
}

static void publish_rep(struct judge *j, struct athlete *a, int64_t now_us, struct posture_rep *rep)
{
	struct rep_result *r = &rep->result;
	double sparc = baseline_sparc(j->analysis, &a->memory);
	bool is_faulty = false;

	for (unsigned i = 0; i < ATHLETE_POPS_MAX; i++) {
		struct pop *p = &a->pop[i];

		if (!is_inside(p, rep) || !pop_is_real(p))
			continue;
		p->sparc = r->sparc;
		p->sparc_baseline = sparc;
		p->result.rep = r->rep;
		if (rep->is_early_reversal)
			p->notes |= CODE_BIT(EARLY_REVERSAL);
		pop_life_review(j, a, p, now_us);
		is_faulty = is_faulty || p->result.class == POP_CLASS_FORM_FAULT;
		if (r->n_pops < REP_POPS_MAX)
			memcpy(r->pops[r->n_pops++], p->result.id, ID_SIZE);
	}
	snprintf(r->athlete, sizeof(r->athlete), "%s", a->memory.athlete);
	snprintf(r->kit, sizeof(r->kit), "%s", kit_state_name(j, a->last_kit, a));
	note_rep(j, a, now_us, rep, is_faulty);
	j->ops->result(j->user, now_us, &(struct result){RESULT_REP, .rep = r});
}

void session_flush_reps(struct judge *j, struct athlete *a, int64_t now_us, bool all)
{
	while (a->n_waiting && (all || !has_pending(a, &a->waiting[0]))) {
		struct posture_rep rep = a->waiting[0];

		list_drop(a->waiting, a->n_waiting, 0);
		publish_rep(j, a, now_us, &rep);
	}
}

void session_rep(struct judge *j, int64_t now_us, unsigned kit, const struct posture_rep *rep)
{
	struct athlete *a = kit_state_wearer(j, kit, rep->result.t_start_us);

	if (!a) {
		j->counters.reps_without_session++;
		return;
	}
	if (a->n_waiting == ATHLETE_REP_WAIT_MAX)
		session_flush_reps(j, a, now_us, true);
	a->waiting[a->n_waiting] = *rep;
	a->waiting[a->n_waiting++].result.n_pops = 0;
	session_flush_reps(j, a, now_us, false);
}
