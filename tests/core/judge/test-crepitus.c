// SPDX-License-Identifier: MIT
/* Many clicks in one swing: counted, kept apart from pops, asked about at most (decision-model.md
 * 7.4, A6).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "tests/core/judge/rig.h"

#define APART_S 0.3

/* So many clicks while the leg goes down, in the middle of a repetition. Returns the first. */
static int64_t creak(struct rig *rig, unsigned clicks, double apart_s, const struct pop_features *f)
{
	struct rig_body *b = &rig->body[0];
	int64_t t_us;

	b->phase = PHASE_RAISE;
	rig_run(rig, 1);
	b->phase = PHASE_LOWER;
	b->elevation_deg[LEG_LEFT] = b->elevation_deg[LEG_RIGHT] = 40;
	b->speed_deg_s[LEG_LEFT] = b->speed_deg_s[LEG_RIGHT] = -20;
	rig_run(rig, 0.5);
	t_us = rig->now_us;
	for (unsigned i = 0; i < clicks; i++) {
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, f);
		rig_run(rig, apart_s);
	}
	rig_run(rig, 2);
	return t_us;
}

static int64_t click_us(int64_t first_us, unsigned i)
{
	return first_us + i * (int64_t)(APART_S * US_PER_S);
}

static const struct summary_result *end_session(struct rig *rig)
{
	judge_command_end_session(rig->judge, rig->now_us, 0, NULL);
	rig_run(rig, 5);
	return &rig_newest(rig, RESULT_SUMMARY)->summary;
}

static void many_clicks_of_one_swing_are_counted(void **state)
{
	struct rig *rig = *state;
	int64_t t_us = creak(rig, 5, APART_S, NULL);
	const struct summary_result *s;

	for (unsigned i = 0; i < 5; i++) {
		const struct pop_result *p = rig_last(rig, click_us(t_us, i));

		assert_int_equal(p->pattern, PATTERN_CREPITUS);
		assert_true(rig_has(p, CODE_PATTERN_CREPITUS));
		assert_int_equal(p->class, POP_CLASS_BENIGN);
		assert_int_equal(p->n_cues, 0);
		assert_false(rig_has(p, CODE_CONSISTENT) || rig_has(p, CODE_FIRST_SEEN));
	}
	rig_rep(rig, 0, &rig_quiet);
	s = end_session(rig);
	assert_int_equal(s->crepitus, 5);
	assert_true(fabs(s->crepitus_level_db + 20) < 0.01);
	assert_int_equal(s->pops_by_class[POP_CLASS_BENIGN], 5);
	assert_true(fabs(s->pops_per_rep) < 1e-9);
	assert_true(isnan(s->loudness_trend_db));
}

/* The first clicks seemed to be pops; the third, late, shows what they were. */
static void the_first_clicks_are_told_again(void **state)
{
	struct rig *rig = *state;
	int64_t t_us = creak(rig, 2, 0.4, NULL);
	struct record late = {.kind = RECORD_POP,
		.wearable = RIG_HIP_RIGHT,
		.t_us = t_us + 800000,
		.t_unc_us = 1000,
		.pop.features = rig_base_pop};

	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_UNSPECIFIED);
	assert_true(rig_has(rig_last(rig, t_us), CODE_FIRST_SEEN));
	assert_int_equal(rig_last(rig, t_us)->rev, 1);
	judge_record(rig->judge, rig->now_us, &late);
	rig_run(rig, 3);
	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_CREPITUS);
	assert_int_equal(rig_last(rig, t_us)->rev, 2);
	assert_int_equal(rig_last(rig, t_us + 400000)->pattern, PATTERN_CREPITUS);
	assert_int_equal(end_session(rig)->crepitus, 3);
}

static void other_sounds_are_pops_as_ever(void **state)
{
	struct rig *rig = *state;
	int64_t t_us = creak(rig, 2, APART_S, NULL);

	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_UNSPECIFIED);
	/* Three, but a second and more. */
	t_us = creak(rig, 3, 0.6, NULL);
	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_UNSPECIFIED);
	/* No leg swings. */
	rig->body[0].phase = PHASE_REST;
	rig_run(rig, 1);
	t_us = rig->now_us;
	for (unsigned i = 0; i < 4; i++) {
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
		rig_run(rig, APART_S);
	}
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_UNSPECIFIED);
	assert_true(rig_has(rig_last(rig, t_us), CODE_NOT_EXERCISING));
	/* Three sensors hear one click each. */
	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	t_us = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_pop(rig, 0, RIG_HIP_LEFT, 0.3, NULL);
	rig_pop(rig, 0, RIG_LOW_BACK, 0.6, NULL);
	rig_run(rig, 3);
	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_UNSPECIFIED);
	assert_int_equal(end_session(rig)->crepitus, 0);
}

static void one_click_within_a_creak_is_enough(void **state)
{
	struct rig *rig = *state;
	struct pop_features f = rig_base_pop;
	int64_t t_us;

	f.is_streamed = f.is_within = true;
	f.flatness = 0.05f;
	t_us = creak(rig, 1, APART_S, &f);
	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_CREPITUS);
	assert_int_equal(rig_last(rig, t_us)->class, POP_CLASS_BENIGN);
	assert_int_equal(end_session(rig)->crepitus, 1);
}

/* 20 swings of 7 clicks, louder and louder: over 60 in a minute, and more than an athlete's pops
 * that are kept. */
static void a_knee_that_creaks_all_session_is_no_alarm(void **state)
{
	struct rig *rig = *state;
	struct pop_features f = rig_base_pop;
	unsigned crepitus = 0;

	for (unsigned i = 0; i < 20; i++) {
		f.peak_dbfs = -24 + 0.6f * (float)i;
		f.background_dbfs = f.peak_dbfs - 24;
		rig->body[0].rep = i + 1;
		creak(rig, 7, 0.25, &f);
	}
	/* An ordinary pop amid it is one, and finds a place. */
	rig_run(rig, 1);
	rig_rep(rig, 0, &rig_base);
	rig_run(rig, 200);
	for (unsigned i = 0; i < rig->n; i++) {
		const struct pop_result *p = &rig->event[i].pop;

		if (rig->event[i].kind != RESULT_POP)
			continue;
		assert_int_equal(p->class, POP_CLASS_BENIGN);
		assert_false(rig_has(p, CODE_TREND_RATE) || rig_has(p, CODE_TREND_LOUDNESS));
		crepitus += p->state == POP_STATE_PROVISIONAL && p->pattern == PATTERN_CREPITUS;
	}
	assert_int_equal(judge_counters(rig->judge)->pops_over_rate, 0);
	assert_int_equal(judge_counters(rig->judge)->pops_dropped, 0);
	assert_true(crepitus >= 100);
	assert_int_equal(end_session(rig)->crepitus, 140);
	assert_int_equal(judge_memory(rig->judge, 0) ? 0 : rig->memory.benign_pops, 1);
	assert_int_equal(rig->memory.n_pops, 1);
}

static void an_arched_back_with_it_is_asked_about(void **state)
{
	struct rig *rig = *state;
	int64_t t_us;

	rig->body[0].tilt_deg = 12;
	t_us = creak(rig, 4, APART_S, NULL);
	for (unsigned i = 0; i < 4; i++) {
		const struct pop_result *p = rig_last(rig, click_us(t_us, i));

		assert_int_equal(p->pattern, PATTERN_CREPITUS);
		assert_int_equal(p->class, POP_CLASS_REVIEW);
		assert_true(rig_has(p, CODE_ANTERIOR_TILT));
		assert_true(rig_has_cue(p, CUE_ASK_SYMPTOM));
	}
	assert_null(rig_newest(rig, RESULT_ALERT));
}

static void pain_with_it_is_red(void **state)
{
	struct rig *rig = *state;
	int64_t t_us = creak(rig, 5, APART_S, NULL);
	const struct pop_result *p;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 3);
	p = rig_last(rig, click_us(t_us, 4));
	assert_int_equal(p->class, POP_CLASS_RED_FLAG);
	assert_int_equal(p->pattern, PATTERN_CREPITUS);
	assert_true(rig_has(p, CODE_PAIN_SHARP));
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.severity, 3);
	assert_int_equal(end_session(rig)->crepitus, 5);
}

/* A repetition in which the leg is arrested amid two clicks. Returns the first. */
static int64_t arrest_amid_clicks(struct rig *rig, double pop_in_s)
{
	struct pop_features f = rig_base_pop;
	struct rig_rep rep = rig_base;

	f.is_streamed = f.is_within = true;
	f.flatness = 0.05f;
	rep.features = &f;
	rep.arrest = true;
	if (pop_in_s > 0)
		rig_pop(rig, 0, RIG_HIP_RIGHT, pop_in_s + 0.2, &f);
	return rig_rep(rig, 0, &rep);
}

/* R6: the clicks of one repetition are one occasion; crepitus without an arrest is none. */
static void an_arrest_with_it_again_is_red(void **state)
{
	struct rig *rig = *state;
	int64_t begin_us, first_us, again_us;
	double pop_in_s;

	creak(rig, 5, APART_S, NULL);
	rig_rep(rig, 0, &rig_quiet);
	begin_us = rig->now_us;
	pop_in_s = (double)(rig_rep(rig, 0, &rig_base) - begin_us) / US_PER_S;
	rig_run(rig, 2);
	first_us = arrest_amid_clicks(rig, pop_in_s);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, first_us)->pattern, PATTERN_CREPITUS);
	assert_int_equal(rig_last(rig, first_us + 200000)->pattern, PATTERN_CREPITUS);
	assert_true(rig_has(rig_last(rig, first_us), CODE_KIN_CATCH));
	assert_int_equal(rig_last(rig, first_us)->class, POP_CLASS_REVIEW);
	assert_null(rig_newest(rig, RESULT_ALERT));
	again_us = arrest_amid_clicks(rig, 0);
	rig_run(rig, 2);
	assert_int_equal(rig_last(rig, again_us)->class, POP_CLASS_RED_FLAG);
	assert_true(rig_has(rig_last(rig, again_us), CODE_KIN_CATCH_REPEAT));
	assert_int_equal(rig_last(rig, again_us)->pattern, PATTERN_CREPITUS);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.severity, 3);
}

static void the_count_survives_a_restart(void **state)
{
	struct rig *rig = *state;
	int64_t t_us = creak(rig, 4, APART_S, NULL);

	rig_restart(rig);
	rig_run(rig, 40);
	assert_int_equal(rig_last(rig, t_us)->pattern, PATTERN_CREPITUS);
	creak(rig, 3, APART_S, NULL);
	assert_int_equal(end_session(rig)->crepitus, 7);
}

int main(void)
{
#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)
	const struct CMUnitTest tests[] = {
		RIG_TEST(many_clicks_of_one_swing_are_counted),
		RIG_TEST(the_first_clicks_are_told_again),
		RIG_TEST(other_sounds_are_pops_as_ever),
		RIG_TEST(one_click_within_a_creak_is_enough),
		RIG_TEST(a_knee_that_creaks_all_session_is_no_alarm),
		RIG_TEST(an_arched_back_with_it_is_asked_about),
		RIG_TEST(pain_with_it_is_red),
		RIG_TEST(an_arrest_with_it_again_is_red),
		RIG_TEST(the_count_survives_a_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
