// SPDX-License-Identifier: MIT
/* The situations of decision-model.md 8 and their variants, as feature values. Test names carry the
 * number in the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/core/judge/scenario.h"

static void s01_first_click(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_rep(rig, 0, &rig_base);
	const struct pop_result *p = rig_last(rig, t);

	scenario_is_benign(p);
	assert_true(rig_has(p, CODE_FIRST_SEEN));
	assert_int_equal(p->phase, PHASE_LOWER);
	assert_int_equal(p->side, SIDE_RIGHT);
	assert_int_equal(p->state, POP_STATE_PROVISIONAL);
	assert_true(rig_nth(rig, RESULT_POP, 0)->now_us - t <= 1500000);
	rig_run(rig, 31);
	p = rig_last(rig, t);
	assert_int_equal(p->state, POP_STATE_FINAL);
	assert_int_equal(rig_newest(rig, RESULT_POP)->now_us, p->t_pop_us + 30 * US_PER_S);
	assert_false(judge_is_pending(rig->judge));
	assert_int_equal(rig_count(rig, RESULT_ALERT), 0);
}

static void s02_same_click_five_times(void **state)
{
	struct rig *rig = *state;
	static const double angle[] = {38, 35, 41, 37, 40};
	const struct pop_result *p = NULL;

	for (unsigned i = 0; i < ARRAY_LEN(angle); i++) {
		struct rig_rep rep = rig_base;

		rep.pop_deg = angle[i];
		p = scenario_play(rig, &rep);
		scenario_is_benign(p);
	}
	assert_int_equal(p->pattern, PATTERN_TENDON_SNAP_LIKE);
	assert_true(rig_has(p, CODE_PATTERN_TENDON_SNAP_LIKE));
	assert_true(rig_has(p, CODE_CONSISTENT));
	assert_false(rig_has(p, CODE_FIRST_SEEN));
}

static void s03_low_back_crack(void **state)
{
	struct rig *rig = *state;
	struct pop_features f = rig_base_pop;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;

	f.sub_pulses = 3;
	rep.features = &f;
	rep.wearable = RIG_LOW_BACK;
	rep.pop_tilt_deg = 3.5;
	p = scenario_play(rig, &rep);
	scenario_is_benign(p);
	assert_int_equal(p->pattern, PATTERN_CAVITATION_LIKE);
	assert_int_equal(p->site, PLACEMENT_LOW_BACK);
	rig_run(rig, 300);
	p = scenario_play(rig, &rep);
	scenario_is_benign(p);
	assert_int_equal(p->pattern, PATTERN_UNSPECIFIED);
}

static const struct rig_rep arched = {.pop_deg = 15,
	.wearable = RIG_LOW_BACK,
	.tilt_deg = 1,
	.pop_tilt_deg = 10,
	.pop_tilt_rate_deg_s = 20,
	.control_angle_deg = 30,
	.theta_loss_deg = 40};

static void control_angle_30(struct rig *rig)
{
	struct rig_rep rep = rig_quiet;

	rep.control_angle_deg = 30;
	rig_rep(rig, 0, &rep);
}

static void s04_arched_back(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;

	control_angle_30(rig);
	p = scenario_play(rig, &arched);
	assert_int_equal(p->class, POP_CLASS_FORM_FAULT);
	assert_int_equal(p->severity, 2);
	assert_int_equal(p->cues[0].code, CUE_POSTERIOR_TILT);
	/* 51 points of tilt, 10 of arching, 20 of range: the table says 80. */
	assert_true(fabs(p->form_total - 81) < 2);
	assert_true(rig_has(p, CODE_ANTERIOR_TILT));
	assert_true(rig_has(p, CODE_ARCHING_NOW));
	assert_true(rig_has(p, CODE_RANGE_BEYOND_CONTROL));
	assert_int_equal(rig_newest(rig, RESULT_CUE)->cue.cue.code, CUE_POSTERIOR_TILT);
	assert_false(rig_newest(rig, RESULT_CUE)->cue.is_live);
}

static void s05_ladder(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = arched;
	const struct pop_result *p;

	control_angle_30(rig);
	scenario_play(rig, &arched);
	rep.pop_deg = 22;
	rep.pop_tilt_deg = 9;
	p = scenario_play(rig, &rep);
	assert_int_equal(p->class, POP_CLASS_FORM_FAULT);
	assert_int_equal(p->cues[0].code, CUE_REDUCE_RANGE);
	assert_true(fabs(p->cues[0].argument - 45) < 1e-9);
	/* 5b: a little less, with two faults just before. */
	rep.pop_deg = 38;
	rep.pop_tilt_deg = 7.2;
	rep.pop_tilt_rate_deg_s = 0;
	p = scenario_play(rig, &rep);
	assert_int_equal(p->class, POP_CLASS_FORM_FAULT);
	assert_int_equal(p->cues[0].code, CUE_BENT_KNEE);
	assert_true(rig_has(p, CODE_FORM_PERSISTENT));
}

static void s05c_same_tilt_clean_history(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = arched;
	const struct pop_result *p;

	rep.pop_deg = 38;
	rep.pop_tilt_deg = 7.2;
	rep.pop_tilt_rate_deg_s = 0;
	p = scenario_play(rig, &rep);
	assert_int_equal(p->class, POP_CLASS_BENIGN);
}

static void s06_dropped_legs(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;

	for (unsigned i = 0; i < 5; i++)
		rig_rep(rig, 0, &rig_quiet);
	rep.lower_deg_s = 110;
	rep.sparc = -2.2;
	rep.asymmetry_deg = 14;
	rep.pop_deg = 50;
	p = scenario_play(rig, &rep);
	assert_int_equal(p->class, POP_CLASS_FORM_FAULT);
	assert_int_equal(p->cues[0].code, CUE_SLOW_LOWERING);
	assert_true(fabs(p->form_total - 40) < 1e-6);
	assert_true(rig_has(p, CODE_NOT_SMOOTH));
	assert_true(rig_has(p, CODE_ASYMMETRY));
	assert_true(rig_has(p, CODE_LOWERING_TOO_FAST));
	assert_false(rig_has(p, CODE_ANTERIOR_TILT));
}

static void s07_heel_on_the_floor(void **state)
{
	struct rig *rig = *state;
	struct pop_features f = rig_base_pop;
	int64_t t;

	rig_rep(rig, 0, &rig_quiet);
	f.centroid_hz = 120;
	f.knock_g = 0.2f;
	rig->body[0].phase = PHASE_BOTTOM;
	rig->body[0].knock_g[PLACEMENT_THIGH_LEFT] = 0.9;
	t = rig->now_us + 50000;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0.05, &f);
	rig_run(rig, 0.1);
	rig->body[0].knock_g[PLACEMENT_THIGH_LEFT] = 0;
	rig_run(rig, 3);
	scenario_is_rejected(rig_last(rig, t), CODE_FOOT_CONTACT);
}

static void s08_sharp_after_the_pop(void **state)
{
	struct rig *rig = *state;
	int64_t t = rig_rep(rig, 0, &rig_base);
	const struct pop_result *p;

	rig_run(rig, 0.1);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	p = rig_last(rig, t);
	scenario_is_red(p, 3);
	assert_true(rig_has(p, CODE_PAIN_SHARP));
	assert_true(rig_has(p, CODE_PAIN_AFTER_POP));
	assert_false(rig_has(p, CODE_PAIN_BEFORE_POP));
	assert_int_equal(rig_newest(rig, RESULT_POP)->now_us, rig->now_us);
	assert_int_equal(rig_newest(rig, RESULT_CUE)->cue.cue.code, CUE_STOP);
	assert_int_equal(rig->haptics[3], 1);
	assert_int_equal(rig_count(rig, RESULT_ALERT), 1);
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.severity, 3);
	assert_int_equal(rig_newest(rig, RESULT_ALERTS)->alerts.n, 1);
	assert_null(rig_symptom_only(rig));
	rig_run(rig, 40);
	assert_int_not_equal(rig_last(rig, t)->state, POP_STATE_FINAL);
	rig_run(rig, 90);
	p = rig_last(rig, t);
	scenario_is_red(p, 3);
	assert_int_equal(p->state, POP_STATE_FINAL);
	assert_int_equal(p->phase, PHASE_LOWER);
}

static void s09_pop_after_sharp(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;

	rig_rep(rig, 0, &rig_quiet);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	p = rig_symptom_only(rig);
	assert_non_null(p);
	assert_int_equal(p->severity, 3);
	assert_int_equal(p->t_pop_us, rig->now_us);
	rig_run(rig, 15);
	p = scenario_play(rig, &rig_base);
	scenario_is_red(p, 3);
	assert_true(rig_has(p, CODE_PAIN_BEFORE_POP));
	/* The symptom's own event became the pop's. */
	assert_null(rig_symptom_only(rig));
	assert_int_equal(p->rev, 2);
}

static void s09b_earlier_report_never_cleared(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;

	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 5);
	rig_run(rig, 180);
	assert_non_null(rig_symptom_only(rig));
	p = scenario_play(rig, &rig_base);
	scenario_is_red(p, 3);
	assert_true(rig_has(p, CODE_SYMPTOM_OPEN));
	assert_false(rig_has(p, CODE_PAIN_BEFORE_POP));
	assert_int_equal(
		judge_command_clear_symptoms(rig->judge, rig->now_us, "ana", "trainer"), 0);
	p = scenario_play(rig, &rig_base);
	scenario_is_benign(p);
}

static void s10_radiating_in_the_raise(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;
	int64_t t;

	rep.pop_in_raise = true;
	rep.pop_deg = 55;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 40);
	rig_press(rig, 0, SYMPTOM_RADIATING, BODY_SITE_LEG, -1);
	p = rig_last(rig, t);
	scenario_is_red(p, 4);
	assert_true(rig_has(p, CODE_PAIN_RADIATING));
	assert_true(rig_has(p, CODE_SLR_RANGE));
	assert_int_equal(p->phase, PHASE_RAISE);
}

static void s11_two_arrests(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	int64_t first, second;
	const struct pop_result *p;

	rig_rep(rig, 0, &rig_quiet);
	rep.arrest = true;
	first = rig_rep(rig, 0, &rep);
	assert_int_equal(rig_last(rig, first)->class, POP_CLASS_REVIEW);
	second = rig_rep(rig, 0, &rep);
	rig_run(rig, 2);
	p = rig_last(rig, second);
	scenario_is_red(p, 3);
	assert_true(rig_has(p, CODE_KIN_CATCH_REPEAT));
	scenario_is_red(rig_last(rig, first), 3);
	assert_true(rig_has(rig_last(rig, first), CODE_KIN_CATCH_REPEAT));
}

static void s12_one_arrest(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;

	rig_rep(rig, 0, &rig_quiet);
	rep.arrest = true;
	p = scenario_play(rig, &rep);
	assert_int_equal(p->class, POP_CLASS_REVIEW);
	assert_true(rig_has(p, CODE_KIN_CATCH));
	assert_true(rig_has_cue(p, CUE_ASK_SYMPTOM));
	/* The athlete answers "no pain". */
	rig_press(rig, 0, SYMPTOM_NONE, BODY_SITE_UNKNOWN, -1);
	assert_int_equal(rig_last(rig, p->t_pop_us)->class, POP_CLASS_BENIGN);
}

static void s13_giving_way(void **state)
{
	struct rig *rig = *state;
	struct rig_rep rep = rig_base;
	const struct pop_result *p;
	int64_t t;

	rep.surge = true;
	rep.pop_deg = 60;
	t = rig_rep(rig, 0, &rep);
	rig_run(rig, 0.5);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_REVIEW);
	assert_true(rig_has(rig_last(rig, t), CODE_KIN_GIVING_WAY));
	rig_press(rig, 0, SYMPTOM_GIVING_WAY, BODY_SITE_HIP, -1);
	p = rig_last(rig, t);
	scenario_is_red(p, 3);
	assert_true(rig_has(p, CODE_MECH_GIVING_WAY));
}

static void play_session(
	struct rig *rig, double rise_db, unsigned factor, const struct pop_result **ret)
{
	struct pop_features f = rig_base_pop;

	/* Ten repetitions with three pops, then ten with `factor` times as many. */
	for (unsigned i = 0; i < 20; i++) {
		struct rig_rep rep = i < 10 ? (i % 4 == 1 ? rig_base : rig_quiet) : rig_base;

		if (i >= 10 && i - 10 >= 3 * factor)
			rep = rig_quiet;
		f.peak_dbfs = (float)(-24 + rise_db * i / 19);
		f.background_dbfs = f.peak_dbfs - 24;
		rep.features = &f;
		rig_rep(rig, 0, &rep);
	}
	rig_run(rig, 2);
	for (unsigned i = rig->n; i-- > 0;)
		if (rig->event[i].kind == RESULT_POP &&
			rig->event[i].pop.state == POP_STATE_PROVISIONAL) {
			*ret = rig_last(rig, rig->event[i].pop.t_pop_us);
			return;
		}
	fail();
}

static void s14_more_and_louder(void **state)
{
	const struct pop_result *p;

	play_session(*state, 9, 3, &p);
	scenario_is_red(p, 3);
	assert_true(rig_has(p, CODE_TREND_RATE));
	assert_true(rig_has(p, CODE_TREND_LOUDNESS));
}

static void s15_more_alone(void **state)
{
	const struct pop_result *p;

	play_session(*state, 0, 3, &p);
	assert_int_equal(p->class, POP_CLASS_REVIEW);
	assert_true(rig_has(p, CODE_TREND_RATE));
	assert_false(rig_has(p, CODE_TREND_LOUDNESS));
}

static void drop_barbell(struct rig *rig)
{
	struct pop_features f = rig_base_pop;

	f.contact_air_db = NAN;
	f.centroid_hz = 150;
	rig_room(rig, 0.0, -8);
	for (unsigned i = 0; i < RIG_KITS; i++) {
		rig_pop(rig, i, RIG_HIP_RIGHT, 0.003 + 0.001 * i, &f);
		rig->body[i].knock_g[PLACEMENT_PELVIS] = 0.08;
	}
	rig_run(rig, 0.1);
	for (unsigned i = 0; i < RIG_KITS; i++)
		rig->body[i].knock_g[PLACEMENT_PELVIS] = 0;
}

static void s16_barbell(void **state)
{
	struct rig *rig = *state;
	int64_t t;

	rig_rep(rig, 0, &rig_quiet);
	t = rig->now_us;
	drop_barbell(rig);
	rig_run(rig, 2);
	scenario_is_rejected(rig_last(rig, t), CODE_ENVIRONMENT_IMPACT);
	for (unsigned i = 0; i < rig->n; i++)
		if (rig->event[i].kind == RESULT_POP)
			assert_int_equal(rig->event[i].pop.class, POP_CLASS_NOT_A_POP);
}

static void s16b_barbell_and_pain(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;

	rig_rep(rig, 0, &rig_quiet);
	drop_barbell(rig);
	rig_run(rig, 0.9);
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_LOW_BACK, 6);
	rig_run(rig, 2);
	p = rig_symptom_only(rig);
	assert_non_null(p);
	assert_int_equal(p->severity, 3);
	assert_true(rig_has(p, CODE_PAIN_SHARP));
	assert_true(rig_has(p, CODE_ENVIRONMENT_IMPACT));
	assert_true(rig_has_cue(p, CUE_STOP));
	assert_int_equal(rig_newest(rig, RESULT_ALERT)->alert.class, POP_CLASS_SYMPTOM_ONLY);
}

#define SCENARIO(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(s01_first_click),
		SCENARIO(s02_same_click_five_times),
		SCENARIO(s03_low_back_crack),
		SCENARIO(s04_arched_back),
		SCENARIO(s05_ladder),
		SCENARIO(s05c_same_tilt_clean_history),
		SCENARIO(s06_dropped_legs),
		SCENARIO(s07_heel_on_the_floor),
		SCENARIO(s08_sharp_after_the_pop),
		SCENARIO(s09_pop_after_sharp),
		SCENARIO(s09b_earlier_report_never_cleared),
		SCENARIO(s10_radiating_in_the_raise),
		SCENARIO(s11_two_arrests),
		SCENARIO(s12_one_arrest),
		SCENARIO(s13_giving_way),
		SCENARIO(s14_more_and_louder),
		SCENARIO(s15_more_alone),
		SCENARIO(s16_barbell),
		SCENARIO(s16b_barbell_and_pain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
