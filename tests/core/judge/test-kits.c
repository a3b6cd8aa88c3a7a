// SPDX-License-Identifier: MIT
/* Kits that are removed and whose place another one takes: nobody who wears that one now is told, or feels,
 * what concerns somebody who was there before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/core/judge/judge-kits.h"
#include "tests/core/judge/rig.h"

#define STOP 3 /* among the haptics */

static const struct symptom_report sharp = {
	.code = SYMPTOM_SHARP, .site = BODY_SITE_HIP, .side = SIDE_RIGHT, .intensity = 5};

/* The kit's session has ended long ago, and another kit is in its place. */
static void reuse(struct rig *rig, unsigned kit)
{
	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, kit, NULL), 0);
	rig_run(rig, 180);
	rig->kit[kit].name = "new";
	judge_kits_begin(rig->judge, rig->now_us, kit);
	judge_command_start_session(rig->judge, rig->now_us, kit, "eli", EXERCISE_SUPINE_STRAIGHT);
}

static void check_told_of(const struct rig *rig, const char *athlete, const char *kit)
{
	const struct alert_result *alert = &rig_newest(rig, RESULT_ALERT)->alert;
	const struct cue_result *cue = &rig_newest(rig, RESULT_CUE)->cue;

	assert_string_equal(alert->athlete, athlete);
	assert_string_equal(alert->kit, kit);
	assert_string_equal(cue->athlete, athlete);
	assert_int_equal(cue->cue.code, CUE_STOP);
	assert_string_equal(cue->kit, kit);
	assert_int_equal(rig->haptics[STOP], 0);
}

static void a_late_symptom_is_of_the_kit_that_was(void **state)
{
	struct rig *rig = *state;

	reuse(rig, 1);
	assert_int_equal(
		judge_command_report_symptom(rig->judge, rig->now_us, "ben", &sharp, "eve"), 0);
	check_told_of(rig, "ben", "2");
	assert_string_equal(rig_symptom_only(rig)->kit, "2");
	assert_string_equal(rig_newest(rig, RESULT_ACT)->act.kit, "2");
}

static void an_earlier_pop_is_of_the_kit_that_was(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 1);

	reuse(rig, 1);
	rig->person_is_acting = true;
	assert_int_equal(
		rig_override(rig, rig_last(rig, t)->id, POP_CLASS_REVIEW, "eve", "why"), 0);
	assert_string_equal(rig_last(rig, t)->kit, "2");
	assert_int_equal(
		judge_command_report_symptom(rig->judge, t + 2000000, "ben", &sharp, "eve"), 0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	check_told_of(rig, "ben", "2");
}

/* Of a kit that is in no configuration any more. */
static void a_remembered_athlete_has_no_kit(void **state)
{
	_auto_free_ struct athlete_memory *earlier = new0(struct athlete_memory);
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	*earlier = rig->memory;
	strcpy(earlier->athlete, "dora");
	strcpy(earlier->kit, "9");
	strcpy(earlier->open_pop[0].result.kit, "9");
	strcpy(earlier->open_pop[0].result.id, "earlier-1");
	earlier->open_pop[0].result.rev = 0;
	assert_true(judge_restore_late(rig->judge, rig->now_us, earlier) < 0);
	assert_int_equal(
		judge_command_report_symptom(rig->judge, t + 2000000, "dora", &sharp, "eve"), 0);
	assert_int_equal(rig_newest(rig, RESULT_POP)->pop.class, POP_CLASS_RED_FLAG);
	assert_string_equal(rig_newest(rig, RESULT_POP)->pop.id, "earlier-1");
	check_told_of(rig, "dora", "9");
}

/* The history comes late from a slow disk, and the kit is not there any more. */
static void no_session_goes_on_where_the_kit_is_gone(void **state)
{
	_auto_free_ struct athlete_memory *earlier = new0(struct athlete_memory);
	struct rig *rig = *state;

	rig_pop_now(rig, 0);
	*earlier = rig->memory;
	strcpy(earlier->athlete, "dora");
	strcpy(earlier->kit, "2");
	earlier->is_in_session = true;
	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 1, NULL), 0);
	rig_run(rig, 5);
	assert_null(judge_athlete(rig->judge, 1));
	rig->kit[1].is_gone = true;
	assert_true(judge_restore_late(rig->judge, rig->now_us, earlier) < 0);
	assert_null(judge_athlete(rig->judge, 1));
	rig->kit[1].is_gone = false;
	assert_true(judge_restore_late(rig->judge, rig->now_us, earlier) < 0);
	assert_null(judge_athlete(rig->judge, 1));
	/* As it does where the kit is there. */
	strcpy(earlier->athlete, "emma");
	assert_int_equal(judge_restore_late(rig->judge, rig->now_us, earlier), 1);
	assert_string_equal(judge_athlete(rig->judge, 1), "emma");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)
		TEST(a_late_symptom_is_of_the_kit_that_was),
		TEST(an_earlier_pop_is_of_the_kit_that_was),
		TEST(a_remembered_athlete_has_no_kit),
		TEST(no_session_goes_on_where_the_kit_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
