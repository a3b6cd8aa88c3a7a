// SPDX-License-Identifier: MIT
/* Sets: the advice given between the sets of a session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/core/judge/rig.h"

static void play_set(struct rig *rig, const struct rig_rep *rep, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		rig_rep(rig, 0, rep);
	rig_run(rig, 25);
}

/* Counts the cues of a code and gives the argument of the last one. */
static unsigned cues_of(const struct rig *rig, enum cue_code code, double *ret_argument)
{
	unsigned n = 0;

	for (unsigned i = 0; i < rig->n; i++)
		if (rig->event[i].kind == RESULT_CUE && rig->event[i].cue.cue.code == code) {
			*ret_argument = rig->event[i].cue.cue.argument;
			n++;
		}
	return n;
}

/* Advice of 45, then two clean sets: 40. A fault or a symptom in between restarts the count. */
static void two_clean_sets_lower_the_range(void **state)
{
	struct rig *rig = *state;
	struct rig_rep faulty = rig_base;
	double argument = 0;

	play_set(rig, &rig_quiet, 3);
	play_set(rig, &rig_quiet, 3);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 0);
	faulty.pop_tilt_deg = 10;
	faulty.theta_loss_deg = 38;
	play_set(rig, &faulty, 2);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 1);
	assert_true(argument == 45);
	play_set(rig, &rig_quiet, 3);
	/* Two repetitions are not a set and change nothing. */
	play_set(rig, &rig_quiet, 2);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 1);
	/* The advice and the first clean set survive a restart. */
	rig_restart(rig);
	play_set(rig, &rig_quiet, 3);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 2);
	assert_true(argument == 40);
	/* Given in the pause, when the set is over. */
	assert_true(rig->now_us - rig_newest(rig, RESULT_CUE)->now_us < 7 * US_PER_S);
	play_set(rig, &rig_quiet, 3);
	rig_press(rig, 0, SYMPTOM_DISCOMFORT, BODY_SITE_HIP, 2);
	play_set(rig, &rig_quiet, 3);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 2);
	judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "kim");
	play_set(rig, &rig_quiet, 3);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 2);
	/* The end of a session ends its set. */
	for (unsigned i = 0; i < 3; i++)
		rig_rep(rig, 0, &rig_quiet);
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 3);
	assert_true(argument == 35);
}

static void the_range_has_a_minimum(void **state)
{
	struct rig *rig = *state;
	double argument = 0;

	rig->memory.range_deg = 22;
	rig_restart(rig);
	for (unsigned i = 0; i < 5; i++)
		play_set(rig, &rig_quiet, 3);
	assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), 1);
	assert_true(argument == 20);
}

/* Control is lost higher and higher, or lowering gets faster: the cue to end the set is given once.
 */
static void a_tired_set_should_end(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_quiet;
	double argument;

	for (unsigned i = 0; i < 6; i++) {
		rep.lower_deg_s = i < 3 ? 30 : 38;
		rig_rep(rig, 0, &rep);
	}
	assert_int_equal(cues_of(rig, CUE_END_SET, &argument), 0);
	rig_run(rig, 25);
	for (unsigned i = 0; i < 8; i++) {
		rep.lower_deg_s = i < 3 ? 30 : 60;
		rig_rep(rig, 0, &rep);
		assert_int_equal(cues_of(rig, CUE_END_SET, &argument), i >= 5);
	}
	rig_run(rig, 25);
	rep.lower_deg_s = 30;
	for (unsigned i = 0; i < 6; i++) {
		rep.theta_loss_deg = i < 3 ? 20 : 31;
		rig_rep(rig, 0, &rep);
	}
	assert_int_equal(cues_of(rig, CUE_END_SET, &argument), 2);
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	assert_true(rig_newest(rig, RESULT_SUMMARY)->summary.trends & CODE_BIT(FATIGUE));
	assert_int_equal(rig_newest(rig, RESULT_SUMMARY)->summary.faulty_reps, 0);
}

/* Only if configured; the class stays, and the hint is given once per set. */
static void a_repeating_benign_pop_may_give_a_hint(void **state)
{
	for (unsigned on = 0; on < 2; on++) {
		struct rig *rig = new0(struct rig);
		struct rig_rep rep = rig_base;
		const struct pop_result *p;
		double argument = 0;
		int64_t t = 0;

		rig_begin(rig, NULL);
		rig->analysis.hint_repeats = on;
		for (unsigned i = 0; i < 5; i++)
			t = rig_rep(rig, 0, &rig_base);
		rig_run(rig, 2);
		p = rig_last(rig, t);
		assert_int_equal(p->class, POP_CLASS_BENIGN);
		assert_int_equal(p->severity, 0);
		assert_int_equal(rig_has_cue(p, CUE_LEG_ROTATION), on);
		assert_int_equal(cues_of(rig, CUE_LEG_ROTATION, &argument), on);
		/* At other sites the hint is the range. */
		rep.wearable = RIG_LOW_BACK;
		for (unsigned i = 0; i < 5; i++)
			t = rig_rep(rig, 0, &rep);
		rig_run(rig, 30);
		t = rig_rep(rig, 0, &rep);
		rig_run(rig, 2);
		p = rig_last(rig, t);
		assert_int_equal(p->class, POP_CLASS_BENIGN);
		assert_int_equal(rig_has_cue(p, CUE_REDUCE_RANGE), on);
		assert_int_equal(cues_of(rig, CUE_REDUCE_RANGE, &argument), on);
		if (on)
			assert_true(argument == 45);
		/* A hint does not count as range advice. */
		assert_true(rig->memory.range_deg == 0);
		rig_end(rig);
		free(rig);
	}
}

#define LIFE(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LIFE(two_clean_sets_lower_the_range),
		LIFE(the_range_has_a_minimum),
		LIFE(a_tired_set_should_end),
		cmocka_unit_test(a_repeating_benign_pop_may_give_a_hint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
