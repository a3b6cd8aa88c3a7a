// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/alloc.h"
#include "tests/core/rules/analysis-defaults.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/classify.h"
#include "daemon/core/rules/confidence.h"
#include "daemon/core/rules/cue.h"
#include "daemon/core/rules/pattern.h"
#include "daemon/core/rules/red-flag.h"

static void origins(void **state)
{
	static const struct pop_features good = {.peak_dbfs = -20,
		.background_dbfs = -44,
		.rise_ms = 2,
		.t10_ms = 8,
		.centroid_hz = 300,
		.kurtosis = 20,
		.knock_g = 0.04f};
	static const struct {
		int expected;
		double car, own, foot, elevation;
		bool bottom, loose, leads, exceeds, other;
		unsigned bodies;
		float rise, t10, centroid, kurtosis, background;
	} rows[] = {
		{ORIGIN_POP, 22, .04, .04, 38, .bottom = false},
		{ORIGIN_POP, NAN, .04, .04, 38, .bottom = false},
		{CODE_SENSOR_LOOSE, 22, 2, 2, 5, .loose = true, .bodies = 3},
		{CODE_ENVIRONMENT_IMPACT, 22, .06, .06, 38, .bodies = 2},
		{ORIGIN_POP, 22, .06, .06, 38, .bodies = 1},
		{CODE_ENVIRONMENT_IMPACT, 22, .04, .04, 38, .leads = true},
		{CODE_ENVIRONMENT_IMPACT, -3, .04, .04, 38, .exceeds = true},
		{CODE_ENVIRONMENT_IMPACT, 9.9, .04, .04, 38, .other = true},
		{ORIGIN_POP, 10, .04, .04, 38, .other = true},
		{CODE_ENVIRONMENT_IMPACT, NAN, .04, .04, 38, .other = true},
		{CODE_FOOT_CONTACT, 22, .2, .6, 9, .bottom = true},
		{ORIGIN_POP, 22, .2, .6, 9, .bottom = false},
		{ORIGIN_POP, 22, .2, .6, 11, .bottom = true},
		{CODE_SENSOR_TAP, 22, .31, .31, 38, .bottom = false},
		{CODE_SENSOR_TAP, 22, .04, .04, 38, .rise = .3f, .t10 = 4, .centroid = 2600},
		{CODE_SPEECH_MUSIC, 3, .04, .04, 38, .t10 = 255, .kurtosis = 5, .leads = true},
		{CODE_AIRBORNE, 9.9, .04, .04, 38, .bottom = false},
		{CODE_FRICTION_RUB, 22, .04, .04, 38, .t10 = 81},
		{CODE_FRICTION_RUB, 22, .04, .04, 38, .kurtosis = 5.5f},
		{CODE_LOW_EVIDENCE, 22, .04, .04, 38, .background = -31},
		{CODE_LOW_EVIDENCE, 22, .04, .04, 38, .rise = 5.1f},
		{CODE_LOW_EVIDENCE, 22, .04, .04, 38, .centroid = 79},
		{CODE_LOW_EVIDENCE, 22, .04, .04, 38, .centroid = 2501},
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct pop_features f = good;
		struct origin_facts o = {
			.features = &f,
			.contact_air_db = rows[i].car,
			.own_shock_g = rows[i].own,
			.foot_shock_g = rows[i].foot,
			.elevation_low_deg = rows[i].elevation,
			.is_near_bottom = rows[i].bottom,
			.is_loose = rows[i].loose,
			.bodies_shocked = rows[i].bodies,
			.room_leads = rows[i].leads,
			.room_exceeds = rows[i].exceeds,
			.other_athlete = rows[i].other,
		};

		f.rise_ms = rows[i].rise > 0 ? rows[i].rise : f.rise_ms;
		f.t10_ms = rows[i].t10 > 0 ? rows[i].t10 : f.t10_ms;
		f.centroid_hz = rows[i].centroid > 0 ? rows[i].centroid : f.centroid_hz;
		f.kurtosis = rows[i].kurtosis > 0 ? rows[i].kurtosis : f.kurtosis;
		f.background_dbfs = rows[i].background < 0 ? rows[i].background : f.background_dbfs;
		if (pop_origin(&conf, &o) != rows[i].expected)
			fail_msg("row %u: %d", i, pop_origin(&conf, &o));
	}
}

/* A foot contact shakes the thigh; the same shock in the reporting sensor itself, legs up, is a
 * tap. */
static void with_bent_knees_feet_touch_earlier(void **state)
{
	struct pop_features f = {.peak_dbfs = -20,
		.background_dbfs = -44,
		.rise_ms = 2,
		.t10_ms = 8,
		.centroid_hz = 300,
		.kurtosis = 20};
	struct origin_facts o = {.features = &f,
		.contact_air_db = 22,
		.own_shock_g = 0.1,
		.foot_shock_g = 0.9,
		.elevation_low_deg = 50,
		.is_near_bottom = true};

	assert_int_equal(pop_origin(&conf, &o), ORIGIN_POP);
	o.is_bent = true;
	assert_int_equal(pop_origin(&conf, &o), CODE_FOOT_CONTACT);
}

static void slr_range_counts_only_while_raising(void **state)
{
	static const struct {
		enum phase phase;
		double deg;
		bool expected;
	} rows[] = {{PHASE_RAISE, 30, true}, {PHASE_RAISE, 70, true}, {PHASE_RAISE, 29.9, false},
		{PHASE_RAISE, 70.1, false}, {PHASE_LOWER, 50, false}, {PHASE_RAISE, NAN, false}};
	struct red_symptom s = {.code = SYMPTOM_RADIATING, .site = BODY_SITE_LEG, .intensity = -1};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct red_verdict v =
			red_flag_of_pop(&conf, &s, 45000000, rows[i].phase, rows[i].deg);

		assert_int_equal(v.severity, 4);
		assert_true(!!(v.reasons & CODE_BIT(SLR_RANGE)) == rows[i].expected);
	}
}

static void red_confidence_falls_towards_the_windows_edge(void **state)
{
	assert_true(near(red_flag_confidence(&conf, SYMPTOM_SHARP, 5000000), 1, 1e-12));
	assert_true(near(red_flag_confidence(&conf, SYMPTOM_SHARP, 30000000), 0.5, 1e-12));
	assert_true(near(red_flag_confidence(&conf, SYMPTOM_SHARP, -60000000), 0.5, 1e-12));
	assert_true(near(red_flag_confidence(&conf, SYMPTOM_RADIATING, 62500000), 0.75, 1e-12));
}

static void ladder(void **state)
{
	struct memory_ladder l = {0};

	assert_int_equal(cue_ladder_step(&conf, &l), CUE_STEP_TILT);
	for (unsigned i = 0; i < CUE_STEP_COUNT; i++) {
		assert_int_equal(cue_ladder_step(&conf, &l), i);
		cue_ladder_rep(&conf, &l, true);
	}
	assert_int_equal(cue_ladder_step(&conf, &l), CUE_STEP_END);
	for (unsigned i = 0; i < 3; i++)
		cue_ladder_rep(&conf, &l, false);
	assert_int_equal(cue_ladder_step(&conf, &l), CUE_STEP_TILT);
	/* One clean repetition in between: no step up and none back. */
	l = (struct memory_ladder){0};
	cue_ladder_rep(&conf, &l, true);
	cue_ladder_rep(&conf, &l, false);
	assert_int_equal(cue_ladder_step(&conf, &l), CUE_STEP_TILT);
	/* Three of five count as persistent. */
	cue_ladder_rep(&conf, &l, true);
	cue_ladder_rep(&conf, &l, false);
	assert_true(cue_ladder_is_persistent(&conf, &l));
	assert_int_equal(cue_ladder_step(&conf, &l), CUE_STEP_RANGE);
}

static void range_advice(void **state)
{
	assert_true(near(cue_range_deg(&conf, 40, 18), 45, 1e-9));
	assert_true(near(cue_range_deg(&conf, 41, NAN), 50, 1e-9));
	assert_true(near(cue_range_deg(&conf, NAN, 2), 20, 1e-9));
	assert_true(near(cue_range_deg(&conf, 80, 10), 75, 1e-9));
	assert_true(isnan(cue_range_deg(&conf, NAN, NAN)));
}

static void a_high_range_offers_a_shorter_lever(void **state)
{
	struct form_score s = {.is_known = true, .part = {[FORM_RANGE] = 20}, .total = 40};
	struct cue_facts f = {EXERCISE_SUPINE_STRAIGHT, &s, CUE_STEP_RANGE, 60};
	struct cue cues[POP_CUES_MAX];

	assert_true(cue_for_form(&conf, &f, cues) >= 2);
	assert_int_equal(cues[0].code, CUE_BENT_KNEE);
	assert_int_equal(cues[1].code, CUE_SINGLE_LEG);
	s.part[FORM_PRESET] = 10;
	f.step = CUE_STEP_TILT;
	f.range_deg = 45;
	assert_true(cue_for_form(&conf, &f, cues) == 2);
	assert_int_equal(cues[0].code, CUE_REDUCE_RANGE);
	assert_int_equal(cues[1].code, CUE_BRACE);
}

static void confidence_factors(void **state)
{
	struct confidence_facts f = {.snr_db = 24,
		.contact_air_db = 22,
		.time_uncertainty_ms = 5,
		.calibration = 1,
		.thighs = 2,
		.has_pelvis = true,
		.has_symptom_channel = true,
		.form_total = 0,
		.form_limit = 40};
	struct pop_confidence c;

	confidence_of(&conf, &f, &c);
	assert_true(near(c.origin, 0.95, 1e-9) && near(c.posture, 1, 1e-9));
	assert_true(near(c.symptom, 0.8, 1e-9) && near(c.margin, 1, 1e-9));
	assert_true(near(c.total, pow(0.95, 0.35) * pow(0.8, 0.25), 1e-9));
	f.snr_db = 12;
	f.contact_air_db = NAN;
	f.time_uncertainty_ms = 50;
	f.thighs = 1;
	f.form_total = 41;
	confidence_of(&conf, &f, &c);
	assert_true(near(c.origin, 0.5, 1e-9));
	assert_true(near(c.posture, 0.4 * 0.8, 1e-9));
	assert_true(near(c.margin, 0.3, 1e-9));
	f.snr_db = 60;
	confidence_of(&conf, &f, &c);
	assert_true(near(c.origin, 0.7, 1e-9));
	/* A consistent pop is surer, but the cap without a microphone holds. */
	f.is_consistent = true;
	confidence_of(&conf, &f, &c);
	assert_true(near(c.origin, 0.7, 1e-9));
	f.contact_air_db = 22;
	f.snr_db = 24;
	confidence_of(&conf, &f, &c);
	assert_true(near(c.origin, 0.95 + 0.2 * 0.05, 1e-9));
}

/* Every number in 7.8 is a setting. */
static void confidence_is_what_the_settings_say(void **state)
{
	struct analysis_conf own = conf;
	struct confidence_facts f = {.snr_db = 24,
		.contact_air_db = 22,
		.time_uncertainty_ms = 50,
		.calibration = 0,
		.thighs = 1,
		.has_pelvis = true,
		.form_total = 40,
		.form_limit = 40};
	struct pop_confidence c;

	own.confidence_snr_high = 0.9;
	own.confidence_sync_low = 0.3;
	own.confidence_calibration_low = 0.6;
	own.confidence_one_thigh = 0.7;
	own.confidence_channel_none = 0.4;
	own.confidence_margin_floor = 0.2;
	own.confidence_weight_origin = 1;
	own.confidence_weight_posture = own.confidence_weight_symptom = 0;
	own.confidence_weight_margin = 0;
	confidence_of(&own, &f, &c);
	assert_true(near(c.origin, 0.9, 1e-9) && near(c.posture, 0.3 * 0.6 * 0.7, 1e-9));
	assert_true(near(c.symptom, 0.4, 1e-9) && near(c.margin, 0.2, 1e-9));
	assert_true(near(c.total, 0.9, 1e-9));
	own.confidence_weight_posture = own.confidence_weight_symptom = 1;
	own.confidence_weight_margin = 1;
	f.thighs = 0;
	own.confidence_no_thigh = 0.1;
	f.has_symptom_channel = true;
	own.confidence_channel_alive = 0.6;
	confidence_of(&own, &f, &c);
	assert_true(near(c.total, 0.9 * 0.3 * 0.6 * 0.1 * 0.6 * 0.2, 1e-9));
	own.confidence_symptom_edge = 0.2;
	assert_true(near(red_flag_confidence(&own, SYMPTOM_SHARP, 30000000), 0.2, 1e-12));
}

/* For every set of facts: red before fault, fault before review, review before benign. */
static void priorities(void **state)
{
	for (unsigned bits = 0; bits < 32; bits++) {
		struct form_score form = {.is_known = true, .total = bits & 1 ? 45 : 10};
		struct classify_facts f = {
			.origin = ORIGIN_POP,
			.has_sound = true,
			.form = &form,
			.is_exercising = true,
			.quality = bits & 2 ? CODE_BIT(PELVIS_SENSOR_MISSING) : 0,
			.kinematic = bits & 4 ? CODE_BIT(KIN_CATCH) : 0,
			.trends = bits & 8 ? CODE_BIT(TREND_RATE) : 0,
			.is_symptom_open = bits & 16,
		};
		struct classified c;
		enum pop_class expected = bits & 16   ? POP_CLASS_RED_FLAG
					  : bits & 1  ? POP_CLASS_FORM_FAULT
					  : bits & 14 ? POP_CLASS_REVIEW
						      : POP_CLASS_BENIGN;

		classify(&conf, &f, &c);
		assert_int_equal(c.class, expected);
	}
}

static struct pop_note note(
	double t_min, enum placement site, enum phase phase, unsigned rep, double deg)
{
	return (struct pop_note){
		(int64_t)(t_min * 60e6), site, phase, rep, deg, deg, -20, true, SIDE_BOTH};
}

static void patterns(void **state)
{
	struct pattern_facts f = {.tilt_deg = 1, .span_deg = 8.7, .sub_pulses = 1};
	struct pop_note n[5];

	for (unsigned i = 0; i < 5; i++)
		n[i] = note(
			0.2 * i, PLACEMENT_HIP_RIGHT, PHASE_LOWER, i + 1, 38 + (i % 2 ? 3 : -3));
	assert_int_equal(pattern_of(&conf, n, 2, &f), PATTERN_UNSPECIFIED);
	assert_int_equal(pattern_of(&conf, n, 3, &f), PATTERN_TENDON_SNAP_LIKE);
	assert_true(pattern_is_consistent(&conf, n, 5));
	assert_false(pattern_is_consistent(&conf, n, 2));
	n[4].elevation_deg = n[4].hip_deg = 70;
	assert_int_equal(pattern_of(&conf, n, 5, &f), PATTERN_UNSPECIFIED);
	assert_false(pattern_is_consistent(&conf, n, 5));
	n[0] = note(0, PLACEMENT_LOW_BACK, PHASE_LOWER, 1, 40);
	assert_int_equal(pattern_of(&conf, n, 1, &f), PATTERN_UNSPECIFIED);
	f.tilt_deg = 4;
	assert_int_equal(pattern_of(&conf, n, 1, &f), PATTERN_CAVITATION_LIKE);
	n[1] = note(19.9, PLACEMENT_LOW_BACK, PHASE_RAISE, 30, 10);
	assert_int_equal(pattern_of(&conf, n, 2, &f), PATTERN_UNSPECIFIED);
	n[1].t_us = (int64_t)(20.1 * 60e6);
	assert_int_equal(pattern_of(&conf, n, 2, &f), PATTERN_CAVITATION_LIKE);
	conf.cavitation_refractory_min = 20.5;
	assert_int_equal(pattern_of(&conf, n, 2, &f), PATTERN_UNSPECIFIED);
	conf.cavitation_refractory_min = 20;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(origins),
		cmocka_unit_test(with_bent_knees_feet_touch_earlier),
		cmocka_unit_test(slr_range_counts_only_while_raising),
		cmocka_unit_test(red_confidence_falls_towards_the_windows_edge),
		cmocka_unit_test(ladder),
		cmocka_unit_test(range_advice),
		cmocka_unit_test(a_high_range_offers_a_shorter_lever),
		cmocka_unit_test(confidence_factors),
		cmocka_unit_test(confidence_is_what_the_settings_say),
		cmocka_unit_test(priorities),
		cmocka_unit_test(patterns),
	};

	return cmocka_run_group_tests(tests, defaults, NULL);
}
