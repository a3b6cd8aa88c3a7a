// SPDX-License-Identifier: MIT
/* What is remembered of athletes: across restarts at any moment, across sessions, and for more
 * athletes than are held at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/core/judge/rig.h"

static void a_restart_forgets_no_red_flag(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0), t2;
	char id[ID_SIZE];

	/* Killed within 30 s of a pop: a later symptom still finds it. */
	rig_restart(rig);
	rig_run(rig, 5);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, t)->rev, 2);
	assert_string_equal(rig_last(rig, t)->id, "run-1");
	strcpy(id, rig_newest(rig, RESULT_ALERT)->alert.alert);
	rig_restart(rig);
	/* The alerts are listed again and the session continues. */
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	assert_string_equal(rig_newest(rig, RESULT_ALERTS)->alerts.open[0].alert, id);
	assert_string_equal(judge_athlete(rig->judge, 0), "ana");
	rig_run(rig, 70);
	t2 = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t2)->class, POP_CLASS_RED_FLAG);
	assert_true(rig_has(rig_last(rig, t2), CODE_SYMPTOM_OPEN));
	assert_int_equal(rig_last(rig, t2)->severity, 4);
	rig_run(rig, 125);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	rig_restart(rig);
	assert_int_equal(rig->memory.n_symptoms, 0);
	assert_int_equal(rig->memory.n_alerts, 0);
}

static const char *last_message_id(const struct rig *rig)
{
	return rig_newest(rig, RESULT_POP)->pop.id;
}

/* A pad that was away for two minutes tells at once what it kept; a restart in between leaves none
 * of them provisional. */
static void kept_pops_are_all_told_and_become_final(void **state)
{
	struct rig *rig = *state;
	int64_t t[24];

	rig_run(rig, 60);
	for (unsigned i = 0; i < ARRAY_LEN(t); i++) {
		t[i] = rig->now_us - (int64_t)(i + 2) * 2000000;
		rig_pop(rig, 0, RIG_HIP_RIGHT, -2.0 * (i + 2), NULL);
	}
	rig_run(rig, 3);
	for (unsigned i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(rig_last(rig, t[i])->t_pop_us, t[i]);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 1);
	rig_restart(rig);
	rig_run(rig, 200);
	for (unsigned i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(rig_last(rig, t[i])->state, POP_STATE_FINAL);
}

/* The final verdict after a restart equals the earlier one in everything known. */
static void a_restart_changes_no_verdict(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	struct pop_result before, after;
	int64_t t;

	rep.pop_tilt_deg = 10;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	before = *rig_last(rig, t);
	assert_int_equal(before.class, POP_CLASS_FORM_FAULT);
	rig_restart(rig);
	rig_run(rig, 31);
	after = *rig_last(rig, t);
	assert_int_equal(after.state, POP_STATE_FINAL);
	assert_int_equal(after.rev, before.rev + 1);
	after.rev = before.rev;
	after.supersedes = before.supersedes;
	after.state = before.state;
	after.is_final = before.is_final;
	assert_memory_equal(&after, &before, sizeof(after));
	/* The session's counts continue. */
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	assert_int_equal(rig_newest(rig, RESULT_SUMMARY)->summary.reps, 1);
	assert_int_equal(rig_newest(rig, RESULT_SUMMARY)->summary.faulty_reps, 1);
	assert_int_equal(
		rig_newest(rig, RESULT_SUMMARY)->summary.pops_by_class[POP_CLASS_FORM_FAULT], 1);
}

/* The ladder too: the next fault counts as the second in a row. */
static void a_restart_keeps_the_ladder(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	int64_t t;

	rep.pop_tilt_deg = 10;
	rep.theta_loss_deg = 40;
	rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	rig_restart(rig);
	/* Repetitions and control angle continue from here. */
	assert_int_equal(judge_memory(rig->judge, 0)->tally.reps, 1);
	assert_int_equal(judge_memory(rig->judge, 0)->n_losses, 1);
	assert_true(judge_memory(rig->judge, 0)->loss_deg[0] == 40);
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, t)->cues[0].code, CUE_REDUCE_RANGE);
}

/* A person's override holds across a restart, though the symptom is open. */
static void an_override_survives_a_restart(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);
	const struct pop_result *p;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig->person_is_acting = true;
	assert_int_equal(
		rig_override(rig, rig_last(rig, t)->id, POP_CLASS_BENIGN, "eve", "looked at it"),
		0);
	rig->person_is_acting = false;
	rig_restart(rig);
	rig_run(rig, 125);
	p = rig_last(rig, t);
	assert_int_equal(p->state, POP_STATE_FINAL);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_string_equal(p->override_by, "eve");
	assert_string_equal(p->override_reason, "looked at it");
	assert_int_equal(p->n_symptoms, 1);
	/* The symptom is still open. */
	assert_int_equal(rig_last(rig, rig_pop_now(rig, 0))->class, POP_CLASS_RED_FLAG);
}

/* A person may still lower a final pop, and late data may raise it. */
static void a_final_pop_can_change_after_a_restart(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0), t2;

	rig_run(rig, 40);
	rig_restart(rig);
	rig_press(rig, 0, SYMPTOM_NUMB, BODY_SITE_LEG, -1);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, t)->severity, 4);
	rig_run(rig, 400);
	rig_restart(rig);
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	rig->person_is_acting = true;
	assert_int_equal(
		rig_override(rig, rig_last(rig, t)->id, POP_CLASS_BENIGN, "eve", "an old one"), 0);
	rig->person_is_acting = false;
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	/* A restart does not raise a cleared alert again. */
	t2 = rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	rig_restart(rig);
	rig_run(rig, 125);
	assert_string_equal(last_message_id(rig), rig_last(rig, t2)->id);
	assert_int_equal(rig_last(rig, t2)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, t2)->n_symptoms, 1);
	assert_int_equal(rig->memory.n_alerts, 0);
}

static void an_answer_survives_a_restart(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	rig->body[0].quality = CODE_BIT(PELVIS_SENSOR_MISSING);
	rig->body[0].tilt_deg = NAN;
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_REVIEW);
	/* Asked before, answered after. */
	rig_restart(rig);
	rig_run(rig, 1);
	rig_press(rig, 0, SYMPTOM_NONE, BODY_SITE_UNKNOWN, -1);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_true(rig_last(rig, t)->confidence.symptom == 1);
	/* Asked and answered before. */
	t = rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_NONE, BODY_SITE_UNKNOWN, -1);
	rig_restart(rig);
	rig_run(rig, 31);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
}

/* Who decided what, and why, is kept and survives the run. */
static void decisions_are_recorded(void **state)
{
	struct rig *rig = *state;
	const struct memory_decision *decision;
	int64_t t = rig_pop_now(rig, 0);
	char alert[ID_SIZE], pop[ID_SIZE];

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	memcpy(alert, rig_newest(rig, RESULT_ALERT)->alert.alert, ID_SIZE);
	memcpy(pop, rig_last(rig, t)->id, ID_SIZE);
	assert_int_equal(judge_command_acknowledge(rig->judge, rig->now_us, alert, "kim"), 0);
	rig_run(rig, 1);
	rig->person_is_acting = true;
	assert_int_equal(rig_override(rig, pop, POP_CLASS_BENIGN, "eve", "saw it"), 0);
	rig->person_is_acting = false;
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "tom"), 0);
	rig_restart(rig);
	rig_run(rig, 31);
	assert_int_equal(rig->memory.n_decisions, 3);
	decision = rig->memory.decision;
	assert_int_equal(decision[0].kind, DECISION_ACKNOWLEDGE);
	assert_string_equal(decision[0].by, "kim");
	assert_string_equal(decision[0].subject, alert);
	assert_int_equal(decision[1].kind, DECISION_OVERRIDE);
	assert_string_equal(decision[1].by, "eve");
	assert_string_equal(decision[1].reason, "saw it");
	assert_string_equal(decision[1].subject, pop);
	assert_int_equal(decision[1].was, POP_CLASS_RED_FLAG);
	assert_int_equal(decision[1].now, POP_CLASS_BENIGN);
	assert_int_equal(decision[1].severity, 3);
	assert_true(decision[1].t_us > decision[0].t_us);
	assert_int_equal(decision[2].kind, DECISION_CLEAR_SYMPTOMS);
	assert_string_equal(decision[2].by, "tom");
	/* Only the newest of many are kept. */
	for (unsigned i = 0; i < 100; i++)
		rig_override(rig, pop, POP_CLASS_REVIEW, i == 99 ? "last" : "eve", "again");
	assert_int_equal(rig->memory.n_decisions, MEMORY_DECISIONS_MAX);
	assert_string_equal(rig->memory.decision[MEMORY_DECISIONS_MAX - 1].by, "last");
}

static void a_pending_pop_survives_a_restart(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig->now_us;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 90);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 0.2);
	rig_restart(rig);
	assert_int_equal(rig_last(rig, t)->rev, 1);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_true(rig_has(rig_last(rig, t), CODE_SYMPTOM_OPEN));
	judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve");
	rig_run(rig, 130);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 0.2);
	rig_restart(rig);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_REVIEW);
	assert_true(rig_has(rig_last(rig, t), CODE_LATE_DATA));
	/* A clean stop publishes it. */
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 0.2);
	judge_finish(rig->judge, rig->now_us, true);
	assert_int_equal(rig_last(rig, t)->rev, 1);
}

/* R5 counts the session's own symptoms: one left open by an idle session is not one. */
static void pain_of_an_idle_session_ends_with_it(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 1);
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	rig_run(rig, 70);
	judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_SUPINE_STRAIGHT);
	assert_int_equal(rig->memory.sessions, 0);
	assert_int_equal(rig->memory.n_symptoms, 1);
	t = rig_rep(rig, 0, &rig_base);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	/* One reported in this session is, however idle. */
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 70);
	t = rig_rep(rig, 0, &rig_base);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_true(rig_has(rig_last(rig, t), CODE_SYMPTOM_OPEN));
}

static void baseline_of_three_sessions(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	struct pop_features loud = rig_base_pop;
	const struct pop_result *p;
	int64_t t;

	for (unsigned s = 0; s < 3; s++) {
		for (unsigned i = 0; i < 5; i++)
			rig_rep(rig, 0, &rig_base);
		rig_run(rig, 31);
		judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
		judge_command_start_session(
			rig->judge, rig->now_us, 0, "ana", EXERCISE_SUPINE_STRAIGHT);
	}
	assert_int_equal(rig->memory.sessions, 3);
	assert_int_equal(rig->memory.benign_pops, 15);
	assert_int_equal(rig->memory.reps, 15);
	t = rig_rep(rig, 0, &rig_base);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_false(rig_has(rig_last(rig, t), CODE_FIRST_SEEN));
	/* Louder alone asks for a review; louder and elsewhere in the range are two criteria. */
	loud.peak_dbfs = -8;
	loud.background_dbfs = -40;
	rep.features = &loud;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_REVIEW);
	assert_true(rig_has(p, CODE_BASELINE_LOUDER));
	rep.pop_deg = 62;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_RED_FLAG);
	assert_true(rig_has(p, CODE_BASELINE_ANGLE_SHIFT));
}

/* The kit changes hands until no more athletes can be held. */
static void let_many_train(struct rig *rig, const char *prefix)
{
	char name[NAME_SIZE];

	for (unsigned i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "%s%u", prefix, i);
		assert_int_equal(judge_command_start_session(
					 rig->judge, rig->now_us, 0, name, EXERCISE_SINGLE),
			0);
		rig->n = 0;
	}
}

/* An athlete with an uncleared symptom is evicted last, and once evicted is recalled with
 * everything. */
static void a_gym_may_have_more_athletes_than_are_held(void **state)
{
	struct rig *rig = *state;
	struct symptom_report report = {.code = SYMPTOM_NUMB, .site = BODY_SITE_LEG};
	int64_t t;

	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 31);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 130);
	/* Without an alert only the symptom keeps her. */
	assert_int_equal(rig->memory.n_symptoms, 1);
	rig->memory.n_alerts = rig->memory.n_open_pops = 0;
	rig_restart(rig);
	let_many_train(rig, "a");
	assert_int_equal(
		judge_command_report_symptom(rig->judge, rig->now_us, "ana", &report, "trainer"),
		0);
	judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "kim");
	rig_run(rig, 130);
	assert_int_equal(rig->memory.n_decisions, 1);
	/* Nothing keeps her now: evicted by the judge, still in the store. */
	let_many_train(rig, "b");
	assert_int_equal(
		judge_command_report_symptom(rig->judge, rig->now_us, "ana", &report, "trainer"),
		-ENOENT);
	rig->can_recall = true;
	assert_int_equal(rig->memory.benign_pops, 1);
	assert_int_equal(judge_command_start_session(
				 rig->judge, rig->now_us, 0, "ana", EXERCISE_SUPINE_STRAIGHT),
		0);
	rig_run(rig, 1);
	assert_int_equal(rig->memory.benign_pops, 1);
	assert_int_equal(rig->memory.sessions, 1);
	assert_int_equal(rig->memory.n_decisions, 1);
	t = rig_rep(rig, 0, &rig_base);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_false(rig_has(rig_last(rig, t), CODE_FIRST_SEEN));
	/* A later symptom recalls her too. */
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	rig_run(rig, 130);
	let_many_train(rig, "c");
	assert_int_equal(
		judge_command_report_symptom(rig->judge, rig->now_us, "ana", &report, "trainer"),
		0);
	assert_int_equal(rig->memory.n_symptoms, 1);
}

/* A loose sensor's noise stays noise: a symptom after a restart does not make it a red pop. */
static void loose_sensor_noise_stays_noise_after_a_restart(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig->now_us + 100000;

	rig_pop(rig, 0, RIG_HIP_RIGHT, 0.1, NULL);
	rig_run(rig, 0.15);
	rig->body[0].quality = CODE_BIT(SENSOR_SHIFT);
	rig_run(rig, 3);
	assert_true(rig_has(rig_last(rig, t), CODE_SENSOR_LOOSE));
	rig_restart(rig);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 3);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_SYMPTOM_ONLY);
}

/* More open alerts than there are causes: one more still fits in its list. */
static void a_full_list_of_alerts_takes_one_more(void **state)
{
	struct rig *rig = *state;
	struct athlete_memory memory;
	struct symptom_report call = {.code = SYMPTOM_CALL_TRAINER};

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 3);
	memory = rig->memory;
	assert_int_equal(memory.n_alerts, 1);
	for (unsigned i = 1; i < MEMORY_ALERTS_MAX; i++) {
		memory.alert[i] = memory.alert[0];
		snprintf(memory.alert[i].alert, ID_SIZE, "damaged-%u", i);
	}
	memory.n_alerts = MEMORY_ALERTS_MAX;
	rig_end(rig);
	rig_begin(rig, &memory);
	judge_command_report_symptom(rig->judge, rig->now_us, "ana", &call, "trainer");
	assert_int_equal(rig->memory.n_alerts, MEMORY_ALERTS_MAX);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.class, POP_CLASS_REVIEW);
	assert_string_equal(rig->memory.alert[MEMORY_ALERTS_MAX - 1].alert,
		rig_newest(rig, RESULT_ALERT)->alert.alert);
	assert_string_equal(rig->memory.kit, rig->conf.kit[0].name);
}

static void nothing_is_learnt_while_a_symptom_is_open(void **state)
{
	struct rig *rig = *state;

	rig_pop_now(rig, 0);
	rig_run(rig, 31);
	assert_int_equal(rig->memory.session_benign_pops, 1);
	rig_pop_now(rig, 0);
	rig_run(rig, 28.5);
	assert_int_equal(rig_override(rig, "run-2", POP_CLASS_BENIGN, "e", ""), 0);
	rig_run(rig, 5);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 2);
	rig_pop_now(rig, 0);
	rig_run(rig, 130);
	assert_int_equal(rig->memory.session_benign_pops, 2);
}

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE(a_restart_forgets_no_red_flag),
		LIFE(kept_pops_are_all_told_and_become_final),
		LIFE(a_restart_changes_no_verdict),
		LIFE(a_restart_keeps_the_ladder),
		LIFE(an_override_survives_a_restart),
		LIFE(a_final_pop_can_change_after_a_restart),
		LIFE(an_answer_survives_a_restart),
		LIFE(decisions_are_recorded),
		LIFE(a_pending_pop_survives_a_restart),
		LIFE(pain_of_an_idle_session_ends_with_it),
		LIFE(baseline_of_three_sessions),
		LIFE(a_gym_may_have_more_athletes_than_are_held),
		LIFE(loose_sensor_noise_stays_noise_after_a_restart),
		LIFE(a_full_list_of_alerts_takes_one_more),
		LIFE(nothing_is_learnt_while_a_symptom_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
