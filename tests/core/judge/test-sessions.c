// SPDX-License-Identifier: MIT
/* Sessions and their repetitions: when they end, what they publish, what is learnt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#include "tests/core/judge/rig.h"

/* A pop keeps the calibration and exercise of its own session. */
static void the_next_session_does_not_change_earlier_pops(void **state)
{
	struct rig *rig = *state;
	struct pop_result before;
	int64_t t;

	rig->body[0].phase = PHASE_LOWER;
	rig->body[0].tilt_deg = 6;
	rig_run(rig, 1);
	t = rig_pop_now(rig, 0);
	before = *rig_last(rig, t);
	rig->body[0].phase = PHASE_REST;
	rig_run(rig, 1);
	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_HANG), 0);
	judge_calibration(rig->judge, rig->now_us, 0, &(struct kit_calibration){0});
	rig_run(rig, 40);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	assert_int_equal(rig_last(rig, t)->class, before.class);
	assert_true(rig_last(rig, t)->form_total == before.form_total);
	assert_true(rig_last(rig, t)->confidence.posture == before.confidence.posture);
}

static void a_session_starts_uncalibrated(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_HANG), 0);
	assert_true(rig_newest(rig, RESULT_SESSION)->session.is_open);
	assert_false(rig_newest(rig, RESULT_SESSION)->session.is_calibrated);
	assert_true(rig_newest(rig, RESULT_SESSION)->session.calibration_confidence == 0);
}

/* Both legs of a flutter are in a repetition; the pop belongs to its own side's. */
static void a_flutter_pop_belongs_to_one_repetition(void **state)
{
	struct rig *rig = *state;
	struct posture_rep rep = {.result = {.rep = 1, .side = SIDE_LEFT}};
	int64_t t;

	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_FLUTTER),
		0);
	rig->body[0].phase = PHASE_LOWER;
	rep.result.t_start_us = rig->now_us;
	rig_run(rig, 1);
	t = rig_pop_now(rig, 0);
	assert_int_equal(rig_last(rig, t)->side, SIDE_RIGHT);
	rep.result.t_end_us = rig->now_us;
	judge_rep(rig->judge, rig->now_us, 0, &rep);
	assert_int_equal(rig_newest(rig, RESULT_REP)->rep.n_pops, 0);
	rep.result.rep = 2;
	rep.result.side = SIDE_RIGHT;
	judge_rep(rig->judge, rig->now_us, 0, &rep);
	assert_int_equal(rig_newest(rig, RESULT_REP)->rep.n_pops, 1);
}

static void sessions(void **state)
{
	struct rig *rig = *state;
	const struct session_result *s = &rig_nth(rig, RESULT_SESSION, 0)->session;
	int64_t t;

	assert_true(s->is_open);
	assert_string_equal(s->athlete, "ana");
	assert_string_equal(judge_athlete(rig->judge, 0), "ana");
	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "ben", EXERCISE_SINGLE),
		-EBUSY);
	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 9, "dan", EXERCISE_SINGLE),
		-ENOENT);
	assert_string_equal(judge_athlete(rig->judge, 0), "ana");
	rig_run(rig, 61);
	assert_int_equal(rig_count(rig, RESULT_SUMMARY), 3);
	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "dan", EXERCISE_SINGLE), 0);
	assert_string_equal(judge_athlete(rig->judge, 0), "dan");
	assert_true(rig_newest(rig, RESULT_SUMMARY)->summary.is_final);
	s = &rig_newest(rig, RESULT_SESSION)->session;
	assert_string_equal(s->athlete, "dan");
	assert_int_equal(s->exercise, EXERCISE_SINGLE);
	rig_run(rig, 1);
	t = rig_pop_now(rig, 0);
	assert_string_equal(rig_last(rig, t)->athlete, "dan");
	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 0, NULL), 0);
	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 0, NULL), -ENODATA);
	assert_false(rig_newest(rig, RESULT_SESSION)->session.is_open);
	assert_null(judge_athlete(rig->judge, 0));
	/* Data without a session is counted. */
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 1);
	assert_int_equal(judge_counters(rig->judge)->pops_without_session, 1);
	/* A pop of the ended session still becomes final. */
	rig_run(rig, 31);
	assert_int_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	/* The kit is not worn any more. */
	rig_run(rig, 90);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 1);
	assert_int_equal(judge_counters(rig->judge)->symptoms_without_session, 1);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
}

/* A press just after the session still counts for its athlete. */
static void the_button_counts_just_after_the_session(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);

	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 0, NULL), 0);
	rig_run(rig, 10);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_string_equal(rig_newest(rig, RESULT_ALERT)->alert.athlete, "ana");
	assert_int_equal(judge_counters(rig->judge)->symptoms_without_session, 0);
	/* Once another athlete wears the kit, the press is theirs. */
	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "dan", EXERCISE_SINGLE), 0);
	rig_run(rig, 1);
	rig_press(rig, 0, SYMPTOM_NUMB, BODY_SITE_LEG, -1);
	assert_string_equal(rig_newest(rig, RESULT_ALERT)->alert.athlete, "dan");
	assert_int_equal(rig_last(rig, t)->severity, 3);
}

/* The end of a session waits for earlier sounds and nothing else. */
static void a_session_ends_when_its_last_pop_is_judged(void **state)
{
	struct rig *rig = *state;
	const struct rig_event *e;
	int64_t t, end_us;

	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 0.15);
	end_us = rig->now_us;
	assert_int_equal(judge_command_end_session(rig->judge, end_us, 0, NULL), 0);
	/* To everyone else it has ended. */
	assert_null(judge_athlete(rig->judge, 0));
	assert_int_equal(judge_command_end_session(rig->judge, end_us, 0, NULL), -ENODATA);
	assert_false(rig->memory.is_in_session);
	/* A later sound belongs to nobody. */
	rig_pop(rig, 0, RIG_HIP_LEFT, 0.05, NULL);
	rig_run(rig, 2);
	assert_int_equal(judge_counters(rig->judge)->pops_without_session, 1);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
	assert_true(rig_last(rig, t)->confidence.posture > 0.9);
	e = rig_newest(rig, RESULT_SUMMARY);
	assert_true(e->summary.is_final);
	assert_int_equal(e->summary.pops_by_class[POP_CLASS_BENIGN], 1);
	assert_true(e->now_us > end_us && e->now_us - end_us <= 1400000);
	assert_false(rig_newest(rig, RESULT_SESSION)->session.is_open);
	/* Without one it ends at once. */
	end_us = rig->now_us;
	assert_int_equal(judge_command_end_session(rig->judge, end_us, 1, NULL), 0);
	assert_int_equal(rig_newest(rig, RESULT_SUMMARY)->now_us, end_us);
}

/* The athlete can start elsewhere at once, and so can another athlete on the kit. */
static void an_ended_session_blocks_nobody(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	for (unsigned i = 0; i < 2; i++) {
		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_run(rig, 0.15);
		assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 0, NULL), 0);
		if (i == 0)
			judge_command_end_session(rig->judge, rig->now_us, 1, NULL);
		assert_int_equal(judge_command_start_session(rig->judge, rig->now_us,
					 i == 0 ? 1 : 0, i == 0 ? "ana" : "dan", EXERCISE_SINGLE),
			0);
		assert_string_equal(
			judge_athlete(rig->judge, i == 0 ? 1 : 0), i == 0 ? "ana" : "dan");
		rig_run(rig, 2);
		assert_string_equal(rig_last(rig, t)->athlete, i == 0 ? "ana" : "cleo");
		judge_command_end_session(rig->judge, rig->now_us, 2, NULL);
		judge_command_start_session(
			rig->judge, rig->now_us, 0, i == 0 ? "cleo" : "eve", EXERCISE_SINGLE);
	}
}

/* A pop that becomes final after its session is learnt too. */
static void the_last_pops_of_a_session_are_learnt(void **state)
{
	struct rig *rig = *state;

	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 2);
	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 0, NULL), 0);
	assert_int_equal(rig->memory.benign_pops, 0);
	rig_run(rig, 31);
	assert_int_equal(rig->memory.sessions, 1);
	assert_int_equal(rig->memory.benign_pops, 1);
	assert_int_equal(rig->memory.n_pops, 1);
	assert_int_equal(rig->memory.pop[0].session, 1);
	judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_SUPINE_STRAIGHT);
	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 31);
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	assert_int_equal(rig->memory.benign_pops, 2);
}

/* A symptom overridden as benign is not a pop to learn from. */
static void an_overridden_symptom_is_not_learnt(void **state)
{
	struct rig *rig = *state;

	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig->person_is_acting = true;
	assert_int_equal(rig_override(rig, rig_symptom_only(rig)->id, POP_CLASS_BENIGN, "eve",
				 "a slip of the thumb"),
		0);
	rig->person_is_acting = false;
	judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "eve");
	rig_run(rig, 130);
	assert_int_equal(rig_newest(rig, RESULT_POP)->pop.class, POP_CLASS_BENIGN);
	assert_int_equal(rig_newest(rig, RESULT_POP)->pop.state, POP_STATE_FINAL);
	assert_int_equal(rig->memory.n_pops, 0);
}

/* A faulty repetition is not part of the baseline. */
static void smoothness_is_learnt_from_clean_repetitions(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;

	rep.pop_tilt_deg = 10;
	rep.sparc = -9;
	rig_rep(rig, 0, &rep);
	assert_int_equal(rig_newest(rig, RESULT_POP)->pop.class, POP_CLASS_FORM_FAULT);
	assert_int_equal(rig->memory.n_sparc, 0);
	rig_rep(rig, 0, &rig_quiet);
	assert_int_equal(rig->memory.n_sparc, 1);
	assert_true(rig->memory.sparc[0] == -1.5);
}

static void a_symptom_after_the_session_counts(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_pop_now(rig, 0);
	struct symptom_report report = {.code = SYMPTOM_SHARP, .intensity = -1};

	assert_int_equal(judge_command_end_session(rig->judge, rig->now_us, 0, NULL), 0);
	assert_int_equal(
		judge_command_report_symptom(rig->judge, rig->now_us, "ana", &report, "trainer"),
		0);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_RED_FLAG);
	assert_int_equal(
		judge_command_report_symptom(rig->judge, rig->now_us, "nobody", &report, "x"),
		-ENOENT);
}

static void live_cue_and_haptic(void **state)
{
	struct rig *rig = *state;
	struct rig_rep faulty = rig_base;
	struct posture_frame frame = {.tilt_deg = 4.5f};

	judge_limit(rig->judge, rig->now_us, 0, &frame);
	assert_true(rig_newest(rig, RESULT_CUE)->cue.is_live);
	assert_int_equal(rig_newest(rig, RESULT_CUE)->cue.cue.code, CUE_POSTERIOR_TILT);
	assert_int_equal(rig->haptics[1], 1);
	faulty.pop_tilt_deg = 10;
	rig_rep(rig, 0, &faulty);
	judge_limit(rig->judge, rig->now_us, 0, &frame);
	assert_int_equal(rig_newest(rig, RESULT_CUE)->cue.cue.code, CUE_REVERSE);
	assert_int_equal(rig->haptics[2], 1);
	assert_int_equal(judge_command_cue(rig->judge, rig->now_us, "ana", CUE_STOP), 0);
	assert_int_equal(rig->haptics[3], 1);
	assert_int_equal(judge_command_cue(rig->judge, rig->now_us, "nobody", CUE_STOP), -ENOENT);
}

static void repetitions_name_their_pops(void **state)
{
	struct rig *rig = *state;
	const struct rep_result *r;
	int64_t t = rig_rep(rig, 0, &rig_base);

	rig_run(rig, 2);
	r = &rig_newest(rig, RESULT_REP)->rep;
	assert_string_equal(r->athlete, "ana");
	assert_string_equal(r->kit, "1");
	assert_int_equal(r->n_pops, 1);
	assert_string_equal(r->pops[0], rig_last(rig, t)->id);
	assert_int_equal(rig_last(rig, t)->rep, 1);
}

static void finishing_publishes_summaries(void **state)
{
	struct rig *rig = *state;

	rig_rep(rig, 0, &rig_quiet);
	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 35);
	judge_finish(rig->judge, rig->now_us, false);
	for (unsigned i = 0;; i++) {
		const struct rig_event *e = rig_nth(rig, RESULT_SUMMARY, i);

		if (!e) {
			fail_msg("no final summary of ana");
			break;
		}
		if (!e->summary.is_final || strcmp(e->summary.athlete, "ana") != 0)
			continue;
		assert_int_equal(e->summary.reps, 2);
		assert_int_equal(e->summary.pops_by_class[POP_CLASS_BENIGN], 1);
		assert_true(fabs(e->summary.pops_per_rep - 0.5) < 1e-9);
		break;
	}
	assert_null(judge_athlete(rig->judge, 0));
}

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

/* For the logbook: each act once, with who did it. */
static void what_people_do_is_told(void **state)
{
	struct rig *rig = *state;
	const struct act_result *act;
	unsigned before = rig_count(rig, RESULT_ACT);
	int64_t t;

	rig_run(rig, 1);
	t = rig_pop_now(rig, 0);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5); /* the same again */
	assert_int_equal(rig_count(rig, RESULT_ACT), before + 1);
	act = &rig_newest(rig, RESULT_ACT)->act;
	assert_int_equal(act->act, ACT_SYMPTOM);
	assert_string_equal(act->athlete, "ana");
	assert_int_equal(act->symptom.code, SYMPTOM_SHARP);
	assert_int_equal(act->symptom.intensity, 5);
	rig->person_is_acting = true;
	assert_int_equal(judge_command_acknowledge(rig->judge, rig->now_us,
				 rig_newest(rig, RESULT_ALERT)->alert.alert, "eve"),
		0);
	act = &rig_newest(rig, RESULT_ACT)->act;
	assert_int_equal(act->act, ACT_ACKNOWLEDGE);
	assert_string_equal(act->by, "eve");
	assert_true(act->alert[0]);
	assert_int_equal(
		rig_override(rig, rig_last(rig, t)->id, POP_CLASS_REVIEW, "eve", "why"), 0);
	act = &rig_newest(rig, RESULT_ACT)->act;
	assert_int_equal(act->act, ACT_OVERRIDE);
	assert_int_equal(act->class, POP_CLASS_REVIEW);
	assert_string_equal(act->pop, rig_last(rig, t)->id);
	assert_string_equal(act->reason, "why");
	assert_int_equal(judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "tom"), 0);
	act = &rig_newest(rig, RESULT_ACT)->act;
	assert_int_equal(act->act, ACT_CLEAR_SYMPTOMS);
	assert_string_equal(act->by, "tom");
	assert_int_equal(act->class, POP_CLASS_COUNT);
	assert_int_equal(rig_count(rig, RESULT_ACT), before + 4);
	assert_int_equal(
		judge_command_start_session(rig->judge, rig->now_us, 0, "dan", EXERCISE_HANG), 0);
	assert_int_equal(rig_count(rig, RESULT_ACT), before + 6);
	act = &rig_nth(rig, RESULT_ACT, before + 4)->act;
	assert_int_equal(act->act, ACT_SESSION_END);
	assert_string_equal(act->athlete, "ana");
	act = &rig_newest(rig, RESULT_ACT)->act;
	assert_int_equal(act->act, ACT_SESSION_START);
	assert_string_equal(act->athlete, "dan");
	assert_int_equal(act->exercise, EXERCISE_HANG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE(the_next_session_does_not_change_earlier_pops),
		LIFE(a_session_starts_uncalibrated),
		LIFE(a_flutter_pop_belongs_to_one_repetition),
		LIFE(sessions),
		LIFE(a_symptom_after_the_session_counts),
		LIFE(the_button_counts_just_after_the_session),
		LIFE(a_session_ends_when_its_last_pop_is_judged),
		LIFE(an_ended_session_blocks_nobody),
		LIFE(the_last_pops_of_a_session_are_learnt),
		LIFE(an_overridden_symptom_is_not_learnt),
		LIFE(smoothness_is_learnt_from_clean_repetitions),
		LIFE(live_cue_and_haptic),
		LIFE(repetitions_name_their_pops),
		LIFE(finishing_publishes_summaries),
		LIFE(what_people_do_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
