// SPDX-License-Identifier: MIT
/* A memory that could not be read at the start comes in while this run already has its own: neither
 * is forgotten.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/core/judge/rig.h"

/* A new run that knows nothing; returns what it should know. */
static struct athlete_memory *restart_without_memory(struct rig *rig)
{
	struct athlete_memory *earlier = new0(struct athlete_memory);

	*earlier = rig->memory;
	memset(&rig->memory, 0, sizeof(rig->memory));
	rig_restart(rig);
	return earlier;
}

static unsigned count_alerts(const struct rig *rig, enum alert_state state)
{
	unsigned n = 0;

	for (unsigned i = 0; i < rig->n; i++)
		n += rig->event[i].kind == RESULT_ALERT && rig->event[i].alert.state == state;
	return n;
}

static void no_open_alert_is_forgotten(void **state)
{
	_auto_free_ struct athlete_memory *earlier = NULL;
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0), later;
	const struct alerts_result *list;
	char first[ID_SIZE], second[ID_SIZE];

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	strcpy(first, rig_newest(rig, RESULT_ALERT)->alert.alert);
	earlier = restart_without_memory(rig);
	rig_run(rig, 5);
	later = rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_NUMB, BODY_SITE_LEG, -1);
	strcpy(second, rig_newest(rig, RESULT_ALERT)->alert.alert);
	assert_string_not_equal(first, second);
	judge_restore_late(rig->judge, rig->now_us, earlier);
	list = &rig_newest(rig, RESULT_ALERTS)->alerts;
	assert_int_equal(list->n, 2);
	assert_string_equal(list->open[0].alert, first);
	assert_string_equal(list->open[1].alert, second);
	/* Nothing is told twice. */
	assert_int_equal(count_alerts(rig, ALERT_STATE_RAISED), 2);
	assert_int_equal(rig->memory.n_alerts, 2);
	assert_int_equal(rig->memory.n_symptoms, 2);
	/* The pops of both runs become final. */
	rig_run(rig, 130);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(rig_last(rig, later)->state, POP_STATE_FINAL);
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve"), 0);
	rig_run(rig, 1);
	assert_int_equal(count_alerts(rig, ALERT_STATE_CLEARED), 2);
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 0);
	assert_int_equal(rig->memory.n_symptoms, 0);
}

/* However many there are: the red ones stay. */
static void red_alerts_come_first_where_room_is_short(void **state)
{
	_auto_free_ struct athlete_memory *earlier = new0(struct athlete_memory);
	struct rig *rig = *state;
	unsigned n_red = 0;

	rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	*earlier = rig->memory;
	for (unsigned i = 0; i < MEMORY_ALERTS_MAX; i++) {
		earlier->alert[i] = rig->memory.alert[0];
		earlier->alert[i].alert[0] = (char)('a' + i);
		earlier->alert[i].severity = i ? 1 : 4;
	}
	earlier->n_alerts = MEMORY_ALERTS_MAX;
	judge_restore_late(rig->judge, rig->now_us, earlier);
	assert_int_equal(rig->memory.n_alerts, MEMORY_ALERTS_MAX);
	for (unsigned i = 0; i < MEMORY_ALERTS_MAX; i++)
		n_red += rig->memory.alert[i].severity >= 3;
	assert_int_equal(n_red, 2);
}

static void the_session_goes_on(void **state)
{
	_auto_free_ struct athlete_memory *earlier = NULL;
	struct rig *rig = *state;
	const struct summary_result *summary;

	rig_rep(rig, 0, &rig_base);
	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 31);
	earlier = restart_without_memory(rig);
	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 2);
	judge_restore_late(rig->judge, rig->now_us, earlier);
	rig_run(rig, 31);
	assert_int_equal(rig->memory.since_us, earlier->since_us);
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	summary = &rig_newest(rig, RESULT_SUMMARY)->summary;
	assert_int_equal(summary->reps, 3);
	assert_int_equal(summary->pops_by_class[POP_CLASS_BENIGN], 3);
	assert_int_equal(rig->memory.sessions, 1);
	assert_int_equal(rig->memory.benign_pops, 3);
	assert_int_equal(rig->memory.n_pops, 3);
	assert_int_equal(rig->memory.pop[0].session, 1);
	assert_int_equal(rig->memory.pop[2].session, 1);
}

/* One session of each run: two in the baseline. */
static void sessions_of_both_runs_count(void **state)
{
	_auto_free_ struct athlete_memory *earlier = NULL;
	struct rig *rig = *state;

	for (unsigned i = 0; i < 2; i++) {
		rig_rep(rig, 0, &rig_base);
		rig_run(rig, 31);
		judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
		rig_run(rig, 2);
		if (!i)
			earlier = restart_without_memory(rig);
	}
	judge_restore_late(rig->judge, rig->now_us, earlier);
	assert_int_equal(rig->memory.sessions, 2);
	assert_int_equal(rig->memory.reps, 2);
	assert_int_equal(rig->memory.pop[0].session, 1);
	assert_int_equal(rig->memory.pop[1].session, 2);
}

/* Of an athlete who is not here today. */
static void the_alerts_of_others_are_listed(void **state)
{
	_auto_free_ struct athlete_memory *earlier = new0(struct athlete_memory);
	struct rig *rig = *state;
	const struct alerts_result *list;

	rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	*earlier = rig->memory;
	strcpy(earlier->athlete, "dora");
	assert_true(judge_restore_late(rig->judge, rig->now_us, earlier) < 0);
	list = &rig_newest(rig, RESULT_ALERTS)->alerts;
	assert_string_equal(list->athlete, "dora");
	assert_int_equal(list->n, 1);
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "dora", "eve"), 0);
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
		TEST(no_open_alert_is_forgotten),
		TEST(red_alerts_come_first_where_room_is_short),
		TEST(the_session_goes_on),
		TEST(sessions_of_both_runs_count),
		TEST(the_alerts_of_others_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
