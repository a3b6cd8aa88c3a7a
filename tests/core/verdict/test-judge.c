// SPDX-License-Identifier: MIT
/* The life of events and alerts, and what must hold whatever happens: no red flag is lowered but
 * by a person, nothing grows without bound, athletes do not touch each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "rig.h"

static void ids_begin_with_the_run_and_count_on(void **state)
{
	struct rig *rig = *state;
	int64_t a = rig_pop_now(rig, 0), b;
	char first[ID_SIZE];

	rig_run(rig, 1);
	b = rig_pop_now(rig, 0);
	strcpy(first, rig_last(rig, a)->id);
	assert_string_equal(first, "run-1");
	assert_string_equal(rig_last(rig, b)->id, "run-2");
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, -1);
	assert_string_equal(rig_last(rig, b)->symptoms[0], "run-3");
	assert_string_equal(rig_newest(rig, RESULT_ALERT)->alert.alert, "run-4");
	assert_string_equal(rig_last(rig, a)->id, first);
}

static void windows_of_symptoms(void **state)
{
	static const struct {
		enum symptom_code code;
		double before_s, after_s; /* last instant inside */
	} rows[] = {
		{SYMPTOM_SHARP, 60, 30},
		{SYMPTOM_SHOOTING, 60, 30},
		{SYMPTOM_STINGING, 60, 30},
		{SYMPTOM_RADIATING, 60, 120},
		{SYMPTOM_NUMB, 60, 120},
		{SYMPTOM_CATCHING, 10, 30},
		{SYMPTOM_LOCKING, 10, 30},
		{SYMPTOM_GIVING_WAY, 10, 30},
		{SYMPTOM_DISCOMFORT, 60, 30},
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++)
		for (unsigned edge = 0; edge < 4; edge++) {
			struct rig *rig = new0(struct rig);
			bool before = edge & 2, outside = edge & 1;
			double dt_s =
				(before ? rows[i].before_s : rows[i].after_s) + 0.01 * outside;
			int64_t t;

			rig_begin(rig, NULL);
			rig->body[0].phase = PHASE_LOWER;
			rig_run(rig, 1);
			if (before) {
				rig_press(rig, 0, rows[i].code, BODY_SITE_HIP, 3);
				rig_run(rig, dt_s);
				t = rig_pop_now(rig, 0);
			} else {
				t = rig->now_us;
				rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
				rig_run(rig, dt_s);
				rig_press(rig, 0, rows[i].code, BODY_SITE_HIP, 3);
			}
			/* Before the pop an open symptom counts for ever (R5). */
			assert_int_equal(rig_last(rig, t)->class,
				outside && !before ? POP_CLASS_BENIGN : POP_CLASS_RED_FLAG);
			if (before)
				assert_true(rig_has(rig_last(rig, t), CODE_SYMPTOM_OPEN));
			assert_true((rig_symptom_only(rig) != NULL) == outside);
			assert_true(rig_count(rig, RESULT_ALERT) >= 1);
			rig_end(rig);
			free(rig);
		}
}

static void discomfort_is_new_or_grows(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_int_equal(rig_count(rig, RESULT_ALERT), 0);
	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 3);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_true(rig_has(rig_last(rig, t), CODE_DISCOMFORT_NEW));
	assert_false(rig_has(rig_last(rig, t), CODE_DISCOMFORT_INCREASING));
	assert_int_equal(rig_last(rig, t)->severity, 3);
	rig_run(rig, 4);
	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 4);
	assert_false(rig_has(rig_last(rig, t), CODE_DISCOMFORT_INCREASING));
	rig_run(rig, 4);
	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 7);
	assert_true(rig_has(rig_last(rig, t), CODE_DISCOMFORT_INCREASING));
	assert_int_equal(rig_last(rig, t)->severity, 4);
	/* One cause, one alert. */
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.severity, 4);
}

static void the_same_symptom_twice_is_one(void **state)
{
	struct rig *rig = *state;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 3);
	rig_run(rig, 2);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 4);
	assert_int_equal(judge_counters(rig->judge)->symptoms_repeated, 1);
	assert_int_equal(rig_count(rig, RESULT_ALERT), 1);
	rig_run(rig, 0.02);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 4);
	assert_int_equal(judge_counters(rig->judge)->symptoms_repeated, 1);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.n_symptoms, 2);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_GROIN, 4);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.n_symptoms, 3);
}

static void elsewhere_is_not_linked(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_OTHER, 5);
	rig_run(rig, 130);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_true(rig_has(rig_last(rig, t), CODE_SYMPTOM_OTHER_REGION));
	assert_non_null(rig_symptom_only(rig));
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.severity, 2);
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
}

static void a_call_is_an_alert_and_no_symptom(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_press(rig, 0, SYMPTOM_CALL_TRAINER, BODY_SITE_UNKNOWN, -1);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_int_equal(rig_count(rig, RESULT_ALERT), 1);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.severity, 2);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.n_symptoms, 0);
	assert_null(rig_symptom_only(rig));
	rig_run(rig, 30);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
}

/* The trainer came and went; the athlete still waits. */
static void who_calls_again_is_heard_again(void **state)
{
	struct rig *rig = *state;
	const struct alert_result *alert;
	char id[ID_SIZE];

	rig_press(rig, 0, SYMPTOM_CALL_TRAINER, BODY_SITE_UNKNOWN, -1);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	memcpy(id, alert->alert, sizeof(id));
	assert_int_equal(judge_acknowledge(rig->judge, rig->now_us, id, "kim"), 0);
	rig_run(rig, 1);
	rig_press(rig, 0, SYMPTOM_CALL_TRAINER, BODY_SITE_UNKNOWN, -1);
	assert_int_equal(rig_count(rig, RESULT_ALERT), 2);
	rig_run(rig, 2);
	rig_press(rig, 0, SYMPTOM_CALL_TRAINER, BODY_SITE_UNKNOWN, -1);
	assert_int_equal(rig_count(rig, RESULT_ALERT), 3);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_string_equal(alert->alert, id);
	assert_int_equal(alert->state, ALERT_STATE_UPDATED);
}

/* A window does not end within what the clock leaves open. */
static void an_unsure_clock_widens_the_window(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	for (unsigned outside = 0; outside < 2; outside++) {
		rig_run(rig, 200);
		t = rig->now_us;
		rig_pop_uncertain(rig, 0, 0, 30);
		rig_run(rig, outside ? 30.04 : 30.02);
		rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, -1);
		assert_int_equal(rig_last(rig, t)->class == POP_CLASS_RED_FLAG, !outside);
		judge_clear_symptoms(rig->judge, rig->now_us, "ana", "kim");
	}
}

/* Nobody sees whether the legs move: what would be a fault then is asked. */
static void without_thighs_nobody_rests_for_sure(void **state)
{
	static const enum phase phases[] = {PHASE_READY, PHASE_REST, PHASE_OFFLINE};
	struct rig *rig = *state;
	int64_t t;

	for (unsigned i = 0; i < ARRAY_LEN(phases); i++) {
		rig->body[0].phase = phases[i];
		rig->body[0].elevation_deg[LEFT] = rig->body[0].elevation_deg[RIGHT] = NAN;
		rig->body[0].tilt_deg = 1;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_run(rig, 2);
		assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
		assert_true(rig_has(rig_last(rig, t), CODE_THIGH_SENSOR_MISSING));
		assert_false(rig_has(rig_last(rig, t), CODE_NOT_EXERCISING));
		rig->body[0].tilt_deg = 10;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_run(rig, 2);
		assert_int_equal(rig_last(rig, t)->class, POP_CLASS_REVIEW);
		assert_true(rig_has(rig_last(rig, t), CODE_ANTERIOR_TILT));
		/* Without pain it is one of form (7.7). */
		rig_press(rig, 0, SYMPTOM_NONE, BODY_SITE_UNKNOWN, -1);
		assert_int_equal(rig_last(rig, t)->class, POP_CLASS_FORM_FAULT);
		rig_run(rig, 300);
	}
}

/* One leg at a time, and one thigh alone is seen: the other may be on its way. */
static void a_leg_that_is_not_seen_may_move(void **state)
{
	static const enum exercise exercises[] = {EXERCISE_SUPINE_STRAIGHT, EXERCISE_SINGLE};
	struct rig *rig = *state;

	for (unsigned i = 0; i < 2; i++) {
		int64_t t;

		judge_session_start(rig->judge, rig->now_us, 0, "ana", exercises[i]);
		rig->body[0].phase = PHASE_READY;
		rig->body[0].elevation_deg[LEFT] = NAN;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_run(rig, 2);
		assert_int_equal(rig_has(rig_last(rig, t), CODE_NOT_EXERCISING), !i);
		assert_int_equal(rig_has(rig_last(rig, t), CODE_THIGH_SENSOR_MISSING), i);
		assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
		rig->body[0].tilt_deg = 10;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_run(rig, 2);
		assert_int_equal(rig_last(rig, t)->class, i ? POP_CLASS_REVIEW : POP_CLASS_BENIGN);
		rig->body[0].tilt_deg = 1;
	}
}

static void alert_life(void **state)
{
	struct rig *rig = *state;
	const struct alert_result *alert;
	char id[ID_SIZE];

	rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_RAISED);
	assert_int_equal(alert->n_pops, 1);
	assert_int_equal(alert->n_symptoms, 1);
	strcpy(id, alert->alert);
	assert_int_equal(judge_acknowledge(rig->judge, rig->now_us, "run-999", "eve"), -ENOENT);
	assert_int_equal(judge_acknowledge(rig->judge, rig->now_us, id, "eve"), 0);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_ACKNOWLEDGED);
	assert_string_equal(alert->by, "eve");
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	/* More of it after that wants to be seen again. */
	rig_run(rig, 3);
	rig_press(rig, 0, SYMPTOM_RADIATING, BODY_SITE_LEG, 5);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_UPDATED);
	assert_string_equal(alert->alert, id);
	assert_int_equal(alert->severity, 4);
	assert_string_equal(alert->by, "");
	assert_int_equal(judge_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_CLEARED);
	assert_string_equal(alert->alert, id);
	assert_string_equal(alert->by, "eve");
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 0);
	assert_int_equal(judge_clear_symptoms(rig->judge, rig->now_us, "nobody", "eve"), -ENOENT);
}

static void what_was_cleared_stays_cleared(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(judge_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	rig_run(rig, 125);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.state, ALERT_STATE_CLEARED);
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 0);
}

static void a_symptoms_own_event_knows_the_posture(void **state)
{
	struct rig *rig = *state;

	rig->body[0].phase = PHASE_LOWER;
	rig->body[0].elevation_deg[LEFT] = rig->body[0].elevation_deg[RIGHT] = 33;
	rig_run(rig, 1);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_symptom_only(rig)->rev, 1);
	assert_int_equal(rig_symptom_only(rig)->site, PLACEMENT_COUNT);
	rig_run(rig, 125);
	assert_int_equal(rig_symptom_only(rig)->state, POP_STATE_FINAL);
	assert_int_equal(rig_symptom_only(rig)->phase, PHASE_LOWER);
	assert_true(fabs(rig_symptom_only(rig)->elevation_deg - 33) < 1e-6);
}

static void a_person_may_lower_it(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);
	const struct pop_result *p;
	unsigned rev;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rev = rig_last(rig, t)->rev;
	rig->person_acts = true;
	assert_int_equal(judge_override(rig->judge, rig->now_us, rig_last(rig, t)->id,
				 POP_CLASS_BENIGN, "eve", "looked at it"),
		0);
	rig->person_acts = false;
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_int_equal(p->severity, 0);
	assert_int_equal(p->rev, rev + 1);
	assert_int_equal(p->supersedes, rev);
	assert_int_equal(p->state, POP_STATE_REVISED);
	assert_string_equal(p->override_by, "eve");
	assert_string_equal(p->override_reason, "looked at it");
	/* Neither symptom nor alert is cleared by it (rulings 22). */
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	rig_run(rig, 125);
	p = rig_last(rig, t);
	assert_int_equal(p->state, POP_STATE_FINAL);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_string_equal(p->override_by, "eve");
	assert_int_equal(
		judge_override(rig->judge, rig->now_us, "run-77", POP_CLASS_BENIGN, "eve", ""),
		-ENOENT);
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
}

static void a_new_symptom_stands_over_an_earlier_word(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	assert_int_equal(judge_override(rig->judge, rig->now_us, rig_last(rig, t)->id,
				 POP_CLASS_NOT_A_POP, "eve", "the door"),
		0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_NOT_A_POP);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
}

static void going_on_is_more_severe(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_last(rig, t)->severity, 3);
	rig_run(rig, 10);
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, t)->severity, 4);
}

static void final_at_30_or_120_s(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_run(rig, 27.9);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_PROVISIONAL);
	rig_run(rig, 0.2);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	/* After that a symptom still upgrades. */
	rig_run(rig, 20);
	rig_press(rig, 0, SYMPTOM_NUMB, BODY_SITE_LEG, -1);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_REVISED);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, t)->severity, 4);
	t = rig_pop_now(rig, 0);
	rig_run(rig, 117.9);
	assert_int_not_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	rig_run(rig, 0.2);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
}

/* One leg goes down, and the other hip is the louder: the kit may be worn the wrong way round. */
static void a_pop_of_the_leg_that_is_still_is_asked(void **state)
{
	static const struct {
		enum side side;
		unsigned wearable;
		enum exercise exercise;
		bool is_asked;
	} rows[] = {
		{SIDE_LEFT, RIG_HIP_LEFT, EXERCISE_SINGLE, false},
		{SIDE_LEFT, RIG_HIP_RIGHT, EXERCISE_SINGLE, true},
		{SIDE_RIGHT, RIG_HIP_LEFT, EXERCISE_SINGLE, true},
		{SIDE_RIGHT, RIG_THIGH_LEFT, EXERCISE_SINGLE, true},
		{SIDE_RIGHT, RIG_LOW_BACK, EXERCISE_SINGLE, false},
		{SIDE_BOTH, RIG_HIP_LEFT, EXERCISE_SUPINE_STRAIGHT, false},
		{SIDE_LEFT, RIG_HIP_RIGHT, EXERCISE_FLUTTER, false},
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct rig *rig = *state;
		int64_t t;

		judge_session_start(rig->judge, rig->now_us, 0, "ana", rows[i].exercise);
		rig->body[0].side = rows[i].side;
		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, rows[i].wearable, 0, NULL);
		rig_run(rig, 2);
		assert_int_equal(rig_last(rig, t)->class,
			rows[i].is_asked ? POP_CLASS_REVIEW : POP_CLASS_BENIGN);
		assert_int_equal(
			rig_has(rig_last(rig, t), CODE_ATHLETE_AMBIGUOUS), rows[i].is_asked);
	}
}

/* With one sensor alone the other side's sound has nowhere else to be heard. */
static void a_lone_sensor_hears_both_hips(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	rig->wearable[RIG_HIP_LEFT].placement = PLACEMENT_LUMBAR;
	rig->body[0].side = SIDE_LEFT;
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
}

static void whose_pop_it_is_at_a_change_is_asked(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	for (unsigned i = 0; i < 2; i++) {
		double unc_ms = i ? 5 : 30;

		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us + 20000;
		rig_pop_uncertain(rig, 0, 0.02, unc_ms);
		judge_session_start(
			rig->judge, rig->now_us, 0, i ? "eve" : "dan", EXERCISE_SUPINE_STRAIGHT);
		rig_run(rig, 2);
		assert_string_equal(rig_last(rig, t)->athlete, i ? "eve" : "dan");
		assert_int_equal(rig_has(rig_last(rig, t), CODE_ATHLETE_AMBIGUOUS), !i);
		assert_int_equal(rig_last(rig, t)->class, i ? POP_CLASS_BENIGN : POP_CLASS_REVIEW);
	}
}

/* Two places that heard it about equally: which one it was decides nothing by itself. */
static void two_sites_as_loud_are_asked(void **state)
{
	static const double apart_db[] = {2.9, 3.1};
	struct rig *rig = *state;

	for (unsigned i = 0; i < 2; i++) {
		struct pop_features other = rig_base_pop;
		int64_t t;

		other.peak_dbfs -= (float)apart_db[i];
		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_pop(rig, 0, RIG_LOW_BACK, 0.002, &other);
		rig_run(rig, 2);
		assert_int_equal(rig_has(rig_last(rig, t), CODE_SITE_AMBIGUOUS), !i);
		assert_int_equal(rig_last(rig, t)->class, i ? POP_CLASS_BENIGN : POP_CLASS_REVIEW);
	}
}

static void late_pop_is_judged_by_its_own_instant(void **state)
{
	struct rig *rig = *state;
	struct record r = {.kind = RECORD_POP, .wearable = RIG_HIP_RIGHT, .t_unc_us = 1000};
	int64_t t;

	rig->body[0].phase = PHASE_LOWER;
	rig->body[0].tilt_deg = 11;
	rig_run(rig, 1);
	t = rig->now_us - 500000;
	rig->body[0].phase = PHASE_REST;
	rig_run(rig, 20);
	r.t_us = t;
	r.pop.resent = true;
	r.pop.features = rig_base_pop;
	judge_record(rig->judge, rig->now_us, &r);
	rig_run(rig, 1);
	assert_int_equal(rig_last(rig, t)->phase, PHASE_LOWER);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_FORM_FAULT);
	/* The same again is nothing new. */
	judge_record(rig->judge, rig->now_us, &r);
	assert_int_equal(judge_counters(rig->judge)->pops_duplicate, 1);
	/* Older than any frame: not benign. */
	r.t_us = t - 200 * US_PER_S;
	judge_record(rig->judge, rig->now_us, &r);
	rig_run(rig, 1);
	assert_int_equal(rig_last(rig, r.t_us)->class, POP_CLASS_REVIEW);
	assert_true(rig_has(rig_last(rig, r.t_us), CODE_LATE_DATA));
}

static void floods_stay_bounded(void **state)
{
	struct rig *rig = *state;
	struct record r = {.kind = RECORD_POP, .wearable = RIG_HIP_RIGHT, .t_unc_us = 1000};
	const struct alert_result *alert;

	r.pop.features = rig_base_pop;
	for (unsigned i = 0; i < 3000; i++) {
		r.t_us = rig->now_us - 300 * US_PER_S + (int64_t)i * 100000;
		judge_record(rig->judge, rig->now_us, &r);
	}
	assert_true(judge_counters(rig->judge)->pops_dropped >= 2900);
	rig_run(rig, 2);
	for (unsigned i = 0; i < 200; i++) {
		rig_press(rig, 0, (enum symptom_code)(SYMPTOM_SHARP + i % 8),
			(enum body_site)(i % 6), 3);
		rig_run(rig, 0.3);
	}
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	assert_int_equal(alert->n_symptoms, ALERT_REFS_MAX);
	assert_true(judge_counters(rig->judge)->references_dropped > 0);
	assert_true(rig->memory.n_symptoms <= MEMORY_SYMPTOMS_MAX);
	rig_run(rig, 1);
	assert_int_equal(rig_last(rig, rig_pop_now(rig, 0))->class, POP_CLASS_RED_FLAG);
}

/* Everything that can happen, at random. */
struct dice {
	uint64_t s;
};

static unsigned roll(struct dice *d, unsigned n)
{
	d->s ^= d->s << 13;
	d->s ^= d->s >> 7;
	d->s ^= d->s << 17;
	return (unsigned)(d->s >> 33) % n;
}

static void random_pop(struct rig *rig, struct dice *d)
{
	struct pop_features f = rig_base_pop;

	if (rig->n_queue > RIG_QUEUE - 4)
		return;
	f.peak_dbfs = -(float)(5 + roll(d, 40));
	f.kurtosis = (float)roll(d, 30);
	f.t10_ms = roll(d, 4) ? 8 : 200;
	f.contact_air_db = roll(d, 3) ? 22 : 3;
	f.knock_g = roll(d, 6) ? 0.02f : 1;
	rig_pop(rig, roll(d, RIG_KITS), RIG_HIP_RIGHT + roll(d, 3),
		(double)roll(d, 2000) / 1000 - 1.5, &f);
}

static void random_body(struct rig *rig, struct dice *d)
{
	struct rig_body *b = &rig->body[roll(d, RIG_KITS)];

	b->phase = (enum phase)roll(d, PHASE_COUNT);
	b->side = (enum side)roll(d, SIDE_COUNT);
	b->rep += roll(d, 2);
	b->tilt_deg = roll(d, 5) ? (double)roll(d, 14) : NAN;
	b->elevation_deg[LEFT] = b->elevation_deg[RIGHT] = roll(d, 80);
	b->speed_deg_s[LEFT] = b->speed_deg_s[RIGHT] = (double)roll(d, 240) - 120;
	b->quality = roll(d, 6) ? 0 : CODE_BIT(SENSOR_SHIFT);
	b->is_silent = !roll(d, 8);
}

/* A person's word on something that was said, now or long ago. */
static void random_override(struct rig *rig, struct dice *d)
{
	const struct rig_event *e = rig->n ? &rig->event[roll(d, rig->n)] : NULL;

	if (!e || e->kind != RESULT_POP)
		return;
	rig->person_acts = true;
	judge_override(rig->judge, rig->now_us, e->pop.id, (enum pop_class)roll(d, POP_CLASS_COUNT),
		"eve", "so it is");
	rig->person_acts = false;
}

static void random_step(struct rig *rig, struct dice *d)
{
	static const char *const athletes[] = {"ana", "ben", "cleo", "dan"};
	const char *athlete = athletes[roll(d, 4)];
	struct symptom_report report = {.code = (enum symptom_code)roll(d, SYMPTOM_COUNT),
		.site = (enum body_site)roll(d, BODY_SITE_COUNT),
		.intensity = (int)roll(d, 12) - 1};

	switch (roll(d, 15)) {
	case 0:
	case 1:
		rig_press(rig, roll(d, RIG_KITS), report.code, report.site, report.intensity);
		break;
	case 2:
		judge_symptom(rig->judge, rig->now_us, athlete, &report, "trainer");
		break;
	case 3:
		judge_clear_symptoms(rig->judge, rig->now_us, athlete, "eve");
		break;
	case 4:
		judge_session_start(
			rig->judge, rig->now_us, roll(d, RIG_KITS), athlete, EXERCISE_SINGLE);
		break;
	case 5:
		if (!roll(d, 4))
			judge_session_end(rig->judge, rig->now_us, roll(d, RIG_KITS));
		break;
	case 6:
		if (!roll(d, 6))
			rig_restart(rig);
		break;
	case 7:
		rig_room(rig, 0.1, -(double)roll(d, 40));
		break;
	case 8:
		judge_wearable_state(rig->judge, rig->now_us, roll(d, RIG_ROOM),
			(enum wearable_state)roll(d, WEARABLE_STATE_COUNT), STREAM_SYMPTOM);
		break;
	case 9:
	case 10:
		random_body(rig, d);
		break;
	case 11:
		random_override(rig, d);
		break;
	default:
		random_pop(rig, d);
	}
	rig_run(rig, (double)(1 + roll(d, 200)) / 100);
}

/* rig's on_result fails where a revision lowers a red flag; see there. */
static void no_path_lowers_a_red_flag(void **state)
{
	const char *text = getenv("COXAD_TEST_SEED");
	uint64_t seed = text ? strtoull(text, NULL, 0) : 1;
	unsigned reds = 0;

	for (unsigned round = 0; round < 12; round++, seed++) {
		struct rig *rig = new0(struct rig);
		struct dice d = {seed * 0x9e3779b97f4a7c15u + 1};

		print_message("seed %llu\n", (unsigned long long)seed);
		rig_begin(rig, NULL);
		for (unsigned i = 0; i < 250 && rig->n < RIG_EVENTS - 500; i++)
			random_step(rig, &d);
		judge_finish(rig->judge, rig->now_us, false);
		for (unsigned i = 0; i < rig->n; i++)
			reds += rig->event[i].kind == RESULT_POP &&
				rig->event[i].pop.class == POP_CLASS_RED_FLAG;
		rig_end(rig);
		free(rig);
	}
	assert_true(reds > 50);
}

static void one_athlete_does_not_touch_another(void **state)
{
	struct rig *alone = new0(struct rig), *both = new0(struct rig);
	int64_t t[2];

	rig_begin(alone, NULL);
	rig_begin(both, NULL);
	for (unsigned i = 0; i < 2; i++) {
		struct rig *rig = i ? both : alone;

		if (i) {
			rig_pop(rig, 1, RIG_HIP_LEFT, 0.7, NULL);
			rig_press(rig, 1, SYMPTOM_RADIATING, BODY_SITE_LEG, 8);
		}
		t[i] = rig_rep(rig, 0, &rig_base);
		if (i)
			rig_press(rig, 1, SYMPTOM_SHARP, BODY_SITE_HIP, 8);
		rig_run(rig, 35);
	}
	struct pop_result a = *rig_last(alone, t[0]), b = *rig_last(both, t[1]);

	memset(a.id, 0, ID_SIZE);
	memset(b.id, 0, ID_SIZE);
	assert_memory_equal(&a, &b, sizeof(a));
	rig_end(alone);
	rig_end(both);
	free(alone);
	free(both);
}

static void mirrored_left_and_right(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;
	int64_t t;

	rep.wearable = RIG_HIP_LEFT;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_int_equal(p->side, SIDE_LEFT);
	assert_int_equal(p->phase, PHASE_LOWER);
}

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE(ids_begin_with_the_run_and_count_on),
		cmocka_unit_test(windows_of_symptoms),
		LIFE(discomfort_is_new_or_grows),
		LIFE(the_same_symptom_twice_is_one),
		LIFE(elsewhere_is_not_linked),
		LIFE(a_call_is_an_alert_and_no_symptom),
		LIFE(who_calls_again_is_heard_again),
		LIFE(an_unsure_clock_widens_the_window),
		LIFE(without_thighs_nobody_rests_for_sure),
		LIFE(a_leg_that_is_not_seen_may_move),
		LIFE(alert_life),
		LIFE(what_was_cleared_stays_cleared),
		LIFE(a_symptoms_own_event_knows_the_posture),
		LIFE(a_person_may_lower_it),
		LIFE(a_new_symptom_stands_over_an_earlier_word),
		LIFE(going_on_is_more_severe),
		LIFE(final_at_30_or_120_s),
		LIFE(a_pop_of_the_leg_that_is_still_is_asked),
		LIFE(a_lone_sensor_hears_both_hips),
		LIFE(whose_pop_it_is_at_a_change_is_asked),
		LIFE(two_sites_as_loud_are_asked),
		LIFE(late_pop_is_judged_by_its_own_instant),
		LIFE(floods_stay_bounded),
		cmocka_unit_test(no_path_lowers_a_red_flag),
		cmocka_unit_test(one_athlete_does_not_touch_another),
		LIFE(mirrored_left_and_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
