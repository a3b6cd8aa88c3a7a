// SPDX-License-Identifier: MIT
/* The situations of decision-model.md 8 in which it is doubtful whether a sound was a pop, whose,
 * where or when. Test names carry the number in the table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/core/judge/scenario.h"

static void rejects(struct rig *rig, const struct pop_features *f, enum code code)
{
	struct rig_rep rep = rig_base;

	rep.features = f;
	scenario_is_rejected(scenario_play(rig, &rep), code);
}

static void s17_tap(void **state)
{
	struct pop_features f = rig_base_pop;

	f.knock_g = 1.8f;
	f.centroid_hz = 3200;
	rejects(*state, &f, CODE_SENSOR_TAP);
}

static void s18_strap_slips(void **state)
{
	struct rig *rig = *state;
	int64_t t;
	const struct pop_result *p;

	rig_rep(rig, 0, &rig_quiet);
	rig->body[0].phase = PHASE_READY;
	t = rig->now_us + 100000;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0.1, NULL);
	rig_run(rig, 0.15);
	rig->body[0].quality = CODE_BIT(SENSOR_SHIFT) | CODE_BIT(UNCALIBRATED);
	rig->body[0].tilt_deg = NAN;
	rig_run(rig, 3);
	p = rig_last(rig, t);
	scenario_is_rejected(p, CODE_SENSOR_LOOSE);
	assert_true(rig_has_cue(p, CUE_FIX_SENSOR));
	/* Later on, until the kit is calibrated again. */
	rig->body[0].phase = PHASE_LOWER;
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 3);
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_REVIEW);
}

static void s19_talk_and_music(void **state)
{
	struct rig *rig = *state;
	struct pop_features f = rig_base_pop;
	int64_t t;

	f.t10_ms = 255;
	f.kurtosis = 3;
	f.contact_air_db = -2;
	rejects(rig, &f, CODE_SPEECH_MUSIC);
	/* Also detected by the room microphone and on another athlete. */
	t = rig->now_us;
	rig_room(rig, 0, -10);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0.005, &f);
	rig_pop(rig, 1, RIG_HIP_RIGHT, 0.008, &f);
	rig_run(rig, 3);
	scenario_is_rejected(rig_last(rig, t), CODE_SPEECH_MUSIC);
}

static void s20_rub(void **state)
{
	struct pop_features f = rig_base_pop;

	f.t10_ms = 180;
	f.kurtosis = 5;
	rejects(*state, &f, CODE_FRICTION_RUB);
}

static void s21_standing(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;
	int64_t t;

	rig->body[0].phase = PHASE_OTHER;
	rig_run(rig, 1);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 3);
	p = rig_last(rig, t);
	scenario_is_benign(p);
	assert_true(rig_has(p, CODE_NOT_EXERCISING));
	assert_true(isnan(p->form_total));
}

static const struct pop_result *last_of_athlete(const struct rig *rig, const char *athlete)
{
	for (unsigned i = rig->n; i-- > 0;)
		if (rig->event[i].kind == RESULT_POP &&
			strcmp(rig->event[i].pop.athlete, athlete) == 0)
			return &rig->event[i].pop;
	fail();
	return NULL;
}

static void s22_two_athletes(void **state)
{
	struct rig *rig = *state;
	struct pop_features f = rig_base_pop;

	f.contact_air_db = 21;
	rig->body[0].phase = rig->body[1].phase = PHASE_LOWER;
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, &f);
	rig_pop(rig, 1, RIG_HIP_LEFT, 0.003, &f);
	rig_run(rig, 3);
	scenario_is_benign(last_of_athlete(rig, "ana"));
	scenario_is_benign(last_of_athlete(rig, "ben"));
	assert_int_equal(last_of_athlete(rig, "ben")->site, PLACEMENT_HIP_LEFT);
}

static void s22b_second_is_airborne(void **state)
{
	struct rig *rig = *state;
	struct pop_features far = rig_base_pop;

	far.contact_air_db = 4;
	far.peak_dbfs = -30;
	far.background_dbfs = -50;
	rig->body[0].phase = rig->body[1].phase = PHASE_LOWER;
	rig_run(rig, 1);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_pop(rig, 1, RIG_HIP_LEFT, 0.003, &far);
	rig_run(rig, 3);
	scenario_is_benign(last_of_athlete(rig, "ana"));
	assert_int_equal(last_of_athlete(rig, "ben")->class, POP_CLASS_NOT_A_POP);
}

static void s23_pelvis_silent(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;

	rig->body[0].quality = CODE_BIT(PELVIS_SENSOR_MISSING);
	struct rig_rep rep = rig_base;

	rep.tilt_deg = rep.pop_tilt_deg = NAN;
	p = scenario_play(rig, &rep);
	assert_int_equal(p->class, POP_CLASS_REVIEW);
	assert_true(rig_has(p, CODE_PELVIS_SENSOR_MISSING));
	assert_true(isnan(p->form_total));
	/* 23b: pain needs no posture. */
	rig_press(rig, 0, SYMPTOM_SHARP, BODY_SITE_HIP, 3);
	scenario_is_red(rig_last(rig, p->t_pop_us), 3);
}

static void s23_no_motion_at_all(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;
	int64_t t;

	rig->body[0].is_silent = true;
	rig_run(rig, 2);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_run(rig, 1.5);
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_REVIEW);
	assert_true(rig_newest(rig, RESULT_POP)->now_us - t <= 1500000);
}

static void s24_clock_unknown(void **state)
{
	struct rig *rig = *state;
	const struct pop_result *p;
	int64_t t;

	rig->body[0].phase = PHASE_LOWER;
	rig->body[0].tilt_deg = 1;
	rig_run(rig, 1);
	t = rig->now_us;
	rig_pop_uncertain(rig, 0, 0, 180);
	rig_run(rig, 3);
	p = rig_last(rig, t);
	assert_int_equal(p->class, POP_CLASS_REVIEW);
	assert_true(rig_has(p, CODE_CLOCK_UNSYNC));
	/* 24b: drift is tracked, 15 ms. */
	t = rig->now_us;
	rig_pop_uncertain(rig, 0, 0, 15);
	rig_run(rig, 3);
	p = rig_last(rig, t);
	scenario_is_benign(p);
	assert_false(rig_has(p, CODE_CLOCK_UNSYNC));
}

static void s25_detected_by_three(void **state)
{
	struct rig *rig = *state;
	struct pop_features back = rig_base_pop, left = rig_base_pop;
	const struct pop_result *p;
	int64_t t;

	back.peak_dbfs = -28;
	left.peak_dbfs = -31;
	rig->body[0].phase = PHASE_LOWER;
	rig_run(rig, 1);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_LOW_BACK, 0.0012, &back);
	rig_pop(rig, 0, RIG_HIP_RIGHT, 0, NULL);
	rig_pop(rig, 0, RIG_HIP_LEFT, 0.0024, &left);
	rig_run(rig, 3);
	p = rig_last(rig, t);
	scenario_is_benign(p);
	assert_int_equal(rig_count(rig, RESULT_POP), 1);
	assert_int_equal(p->site, PLACEMENT_HIP_RIGHT);
	assert_int_equal(p->t_pop_us, t);
	assert_true(fabs(p->levels_db[PLACEMENT_LOW_BACK] - -28) < 1e-6);
	assert_true(fabs(p->levels_db[PLACEMENT_HIP_LEFT] - -31) < 1e-6);
	assert_true(isnan(p->levels_db[PLACEMENT_PELVIS]));
}

#define SCENARIO(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCENARIO(s17_tap),
		SCENARIO(s18_strap_slips),
		SCENARIO(s19_talk_and_music),
		SCENARIO(s20_rub),
		SCENARIO(s21_standing),
		SCENARIO(s22_two_athletes),
		SCENARIO(s22b_second_is_airborne),
		SCENARIO(s23_pelvis_silent),
		SCENARIO(s23_no_motion_at_all),
		SCENARIO(s24_clock_unknown),
		SCENARIO(s25_detected_by_three),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
