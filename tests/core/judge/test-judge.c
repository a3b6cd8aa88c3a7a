// SPDX-License-Identifier: MIT
/* The life of events: ids and revisions, whose and where they are, and bounds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/core/judge/rig.h"

static void ids_are_the_run_and_a_counter(void **state)
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

/* If no sensor shows whether the legs move, a possible fault is asked about. */
static void without_thigh_sensors_rest_is_uncertain(void **state)
{
	static const enum phase phases[] = {PHASE_READY, PHASE_REST, PHASE_OFFLINE};
	struct rig *rig = *state;
	int64_t t;

	for (unsigned i = 0; i < ARRAY_LEN(phases); i++) {
		rig->body[0].phase = phases[i];
		rig->body[0].elevation_deg[LEG_LEFT] = rig->body[0].elevation_deg[LEG_RIGHT] = NAN;
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
		/* Without pain it is a form fault (7.7). */
		rig_press(rig, 0, SYMPTOM_NONE, BODY_SITE_UNKNOWN, -1);
		assert_int_equal(rig_last(rig, t)->class, POP_CLASS_FORM_FAULT);
		rig_run(rig, 300);
	}
}

/* One leg at a time, but only one thigh has a sensor: the other may be moving. */
static void a_leg_without_a_sensor_may_move(void **state)
{
	static const enum exercise exercises[] = {EXERCISE_SUPINE_STRAIGHT, EXERCISE_SINGLE};
	struct rig *rig = *state;

	for (unsigned i = 0; i < 2; i++) {
		int64_t t;

		judge_command_start_session(rig->judge, rig->now_us, 0, "ana", exercises[i]);
		rig->body[0].phase = PHASE_READY;
		rig->body[0].elevation_deg[LEG_LEFT] = NAN;
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

static void a_person_may_lower_a_red_flag(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);
	const struct pop_result *p;
	unsigned rev;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rev = rig_last(rig, t)->rev;
	rig->person_is_acting = true;
	assert_int_equal(
		rig_override(rig, rig_last(rig, t)->id, POP_CLASS_BENIGN, "eve", "looked at it"),
		0);
	rig->person_is_acting = false;
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_int_equal(p->severity, 0);
	assert_int_equal(p->rev, rev + 1);
	assert_int_equal(p->supersedes, rev);
	assert_int_equal(p->state, POP_STATE_REVISED);
	assert_string_equal(p->override_by, "eve");
	assert_string_equal(p->override_reason, "looked at it");
	/* An override clears neither symptom nor alert (decision-model.md, ruling 22). */
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	rig_run(rig, 125);
	p = rig_last(rig, t);
	assert_int_equal(p->state, POP_STATE_FINAL);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
	assert_string_equal(p->override_by, "eve");
	assert_int_equal(rig_override(rig, "run-77", POP_CLASS_BENIGN, "eve", ""), -ENOENT);
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
}

static void final_at_30_or_120_s(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_run(rig, 27.9);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_PROVISIONAL);
	rig_run(rig, 0.2);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	/* A symptom still raises the class after that. */
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

/* One leg lowers but the other hip is louder: the kit may be worn the wrong way round. */
static void a_pop_at_the_still_leg_needs_review(void **state)
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

		judge_command_start_session(rig->judge, rig->now_us, 0, "ana", rows[i].exercise);
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

/* A single sensor also detects the other side's sounds. */
static void a_single_sensor_covers_both_hips(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	rig->wearable[RIG_HIP_LEFT].placement = PLACEMENT_LUMBAR;
	rig->body[0].side = SIDE_LEFT;
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
}

static void a_pop_while_the_kit_changes_hands_needs_review(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	for (unsigned i = 0; i < 2; i++) {
		double unc_ms = i ? 5 : 30;

		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us + 20000;
		rig_pop_uncertain(rig, 0, 0.02, unc_ms);
		judge_command_start_session(
			rig->judge, rig->now_us, 0, i ? "eve" : "dan", EXERCISE_SUPINE_STRAIGHT);
		rig_run(rig, 2);
		assert_string_equal(rig_last(rig, t)->athlete, i ? "eve" : "dan");
		assert_int_equal(rig_has(rig_last(rig, t), CODE_ATHLETE_AMBIGUOUS), !i);
		assert_int_equal(rig_last(rig, t)->class, i ? POP_CLASS_BENIGN : POP_CLASS_REVIEW);
	}
}

/* Two sites with about equal levels: the pop could be at either. */
static void equally_loud_sites_need_review(void **state)
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

static void a_late_pop_is_judged_as_of_its_instant(void **state)
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
	/* A duplicate changes nothing. */
	judge_record(rig->judge, rig->now_us, &r);
	assert_int_equal(judge_counters(rig->judge)->pops_duplicate, 1);
	/* Older than every frame: not benign. */
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
	assert_true(judge_counters(rig->judge)->pops_over_rate >= 2800);
	assert_true(judge_counters(rig->judge)->pops_over_rate +
			    judge_counters(rig->judge)->pops_dropped >=
		    2900);
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

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE(ids_are_the_run_and_a_counter),
		LIFE(without_thigh_sensors_rest_is_uncertain),
		LIFE(a_leg_without_a_sensor_may_move),
		LIFE(a_person_may_lower_a_red_flag),
		LIFE(final_at_30_or_120_s),
		LIFE(a_pop_at_the_still_leg_needs_review),
		LIFE(a_single_sensor_covers_both_hips),
		LIFE(a_pop_while_the_kit_changes_hands_needs_review),
		LIFE(equally_loud_sites_need_review),
		LIFE(a_late_pop_is_judged_as_of_its_instant),
		LIFE(floods_stay_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
