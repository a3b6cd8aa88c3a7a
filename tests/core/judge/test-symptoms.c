// SPDX-License-Identifier: MIT
/* Athletes' symptoms and calls: which pop they belong to, and the life of their alerts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/core/judge/rig.h"

static void windows_of_symptoms(void **state)
{
	static const struct {
		enum symptom_code code;
		double before_s, after_s; /* last instant inside the window */
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
			/* An open symptom before the pop counts without limit (R5). */
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

static void discomfort_is_new_or_increasing(void **state)
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

/* Ruling 24 merges them into the stronger one. */
static void a_stronger_repeat_raises_the_symptom(void **state)
{
	for (unsigned has_pop = 0; has_pop < 2; has_pop++) {
		struct rig *rig = new0(struct rig);
		const struct pop_result *r;
		int64_t t = 0;

		rig_begin(rig, NULL);
		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		if (has_pop)
			t = rig_pop_now(rig, 0);
		rig_run(rig, 3);
		rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 5);
		rig_run(rig, 1.1);
		rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 9);
		rig_run(rig, 0.5);
		assert_int_equal(judge_counters(rig->judge)->symptoms_repeated, 1);
		r = has_pop ? rig_last(rig, t) : rig_symptom_only(rig);
		assert_non_null(r);
		assert_int_equal(r->n_symptoms, 1);
		assert_int_equal(r->severity, 4);
		assert_true(rig_has(r, CODE_DISCOMFORT_NEW));
		assert_true(rig_has(r, CODE_DISCOMFORT_INCREASING));
		/* A weaker repeat takes nothing back. */
		rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 2);
		rig_run(rig, 0.5);
		assert_int_equal((has_pop ? rig_last(rig, t) : rig_symptom_only(rig))->severity, 4);
		rig_end(rig);
		free(rig);
	}
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

static void a_symptom_elsewhere_is_not_linked(void **state)
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

static void a_call_is_an_alert_not_a_symptom(void **state)
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

/* The call was acknowledged, but the athlete is still waiting. */
static void a_second_call_is_published_again(void **state)
{
	struct rig *rig = *state;
	const struct alert_result *alert;
	char id[ID_SIZE];

	rig_press(rig, 0, SYMPTOM_CALL_TRAINER, BODY_SITE_UNKNOWN, -1);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	memcpy(id, alert->alert, sizeof(id));
	assert_int_equal(judge_command_acknowledge(rig->judge, rig->now_us, id, "kim"), 0);
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

/* A window is widened by the clock's uncertainty. */
static void an_uncertain_clock_widens_the_window(void **state)
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
		judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "kim");
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
	assert_int_equal(
		judge_command_acknowledge(rig->judge, rig->now_us, "run-999", "eve"), -ENOENT);
	assert_int_equal(judge_command_acknowledge(rig->judge, rig->now_us, id, "eve"), 0);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_ACKNOWLEDGED);
	assert_string_equal(alert->by, "eve");
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	/* A further event after that opens the alert again. */
	rig_run(rig, 3);
	rig_press(rig, 0, SYMPTOM_RADIATING, BODY_SITE_LEG, 5);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_UPDATED);
	assert_string_equal(alert->alert, id);
	assert_int_equal(alert->severity, 4);
	assert_string_equal(alert->by, "");
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	alert = &rig_newest(rig, RESULT_ALERT)->alert;
	assert_int_equal(alert->state, ALERT_STATE_CLEARED);
	assert_string_equal(alert->alert, id);
	assert_string_equal(alert->by, "eve");
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 0);
	assert_int_equal(
		judge_command_clear_symptoms(rig->judge, rig->now_us, "nobody", "eve"), -ENOENT);
}

static void what_was_cleared_stays_cleared(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	rig_run(rig, 125);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.state, ALERT_STATE_CLEARED);
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 0);
}

static void a_symptoms_own_event_has_the_posture(void **state)
{
	struct rig *rig = *state;

	rig->body[0].phase = PHASE_LOWER;
	rig->body[0].elevation_deg[LEG_LEFT] = rig->body[0].elevation_deg[LEG_RIGHT] = 33;
	rig_run(rig, 1);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_symptom_only(rig)->rev, 1);
	assert_int_equal(rig_symptom_only(rig)->site, PLACEMENT_COUNT);
	rig_run(rig, 125);
	assert_int_equal(rig_symptom_only(rig)->state, POP_STATE_FINAL);
	assert_int_equal(rig_symptom_only(rig)->phase, PHASE_LOWER);
	assert_true(fabs(rig_symptom_only(rig)->elevation_deg - 33) < 1e-6);
}

static void a_new_symptom_outranks_an_earlier_override(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	assert_int_equal(
		rig_override(rig, rig_last(rig, t)->id, POP_CLASS_NOT_A_POP, "eve", "the door"), 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_NOT_A_POP);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
}

static void going_on_after_a_red_flag_is_more_severe(void **state)
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

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_of_symptoms),
		LIFE(discomfort_is_new_or_increasing),
		cmocka_unit_test(a_stronger_repeat_raises_the_symptom),
		LIFE(the_same_symptom_twice_is_one),
		LIFE(a_symptom_elsewhere_is_not_linked),
		LIFE(a_call_is_an_alert_not_a_symptom),
		LIFE(a_second_call_is_published_again),
		LIFE(an_uncertain_clock_widens_the_window),
		LIFE(alert_life),
		LIFE(what_was_cleared_stays_cleared),
		LIFE(a_symptoms_own_event_has_the_posture),
		LIFE(a_new_symptom_outranks_an_earlier_override),
		LIFE(going_on_after_a_red_flag_is_more_severe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
