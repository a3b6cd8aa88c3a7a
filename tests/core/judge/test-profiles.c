// SPDX-License-Identifier: MIT
/* Exercises other than both legs straight, and kits that cover less than both legs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/alloc.h"
#include "tests/core/judge/rig.h"

/* Alternating legs, one up and one down, while the pelvis stays still. */
static void legs_in_turn(struct rig *rig, double tilt_rate_deg_s)
{
	struct rig_body *b = &rig->body[0];

	judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_FLUTTER);
	b->phase = PHASE_LOWER;
	b->side = SIDE_BOTH;
	b->elevation_deg[LEG_LEFT] = 40;
	b->elevation_deg[LEG_RIGHT] = 62;
	b->speed_deg_s[LEG_LEFT] = -40;
	b->speed_deg_s[LEG_RIGHT] = 40;
	b->tilt_deg = 5;
	b->tilt_rate_deg_s = tilt_rate_deg_s;
}

/* decision-model.md 2.4: asymmetry is for double-leg mode; 7.5, F2: the pelvis may follow a leg's
 * speed. */
static void a_flutter_is_neither_asymmetric_nor_arching(void **state)
{
	static const struct {
		unsigned wearable;
		double tilt_rate_deg_s;
		bool is_arching;
	} rows[] = {
		{RIG_LOW_BACK, 2, false},
		{RIG_HIP_RIGHT, 2, false},
		{RIG_LOW_BACK, 15, true},
		{RIG_HIP_RIGHT, 15, true},
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct rig *rig = *state;
		int64_t t;

		legs_in_turn(rig, rows[i].tilt_rate_deg_s);
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, rows[i].wearable, 0, NULL);
		rig_run(rig, 2);
		assert_false(rig_has(rig_last(rig, t), CODE_ASYMMETRY));
		assert_int_equal(rig_has(rig_last(rig, t), CODE_ARCHING_NOW), rows[i].is_arching);
	}
}

/* A leg without a sensor may be moving. */
static void a_leg_without_a_sensor_may_pop(void **state)
{
	struct rig *rig = *state;
	struct rig_body *b = &rig->body[0];
	int64_t t;

	b->phase = PHASE_LOWER;
	b->side = SIDE_RIGHT;
	b->elevation_deg[LEG_LEFT] = b->speed_deg_s[LEG_LEFT] = NAN;
	rig_run(rig, 1);
	t = rig->now_us;
	rig_pop(rig, 0, RIG_HIP_LEFT, 0, NULL);
	rig_run(rig, 2);
	assert_false(rig_has(rig_last(rig, t), CODE_ATHLETE_AMBIGUOUS));
	assert_int_equal(rig_last(rig, t)->class, POP_CLASS_BENIGN);
}

/* A pad that streams detects sounds as well as one that reports: if only the still leg's pad did,
 * the kit may be worn the wrong way round. */
static void a_streaming_pad_would_have_detected_it(void **state)
{
	static const struct {
		uint32_t streams;
		bool is_asked;
	} rows[] = {{STREAM_POP, true}, {STREAM_ACOUSTIC, true}, {STREAM_SYMPTOM, false}};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct rig *rig = *state;
		int64_t t;

		judge_wearable_state(rig->judge, rig->now_us, RIG_HIP_RIGHT,
			WEARABLE_STATE_STREAMING, STREAM_MOTION | rows[i].streams);
		judge_command_start_session(rig->judge, rig->now_us, 0, "ana", EXERCISE_SINGLE);
		rig->body[0].side = SIDE_RIGHT;
		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us;
		rig_pop(rig, 0, RIG_HIP_LEFT, 0, NULL);
		rig_run(rig, 2);
		assert_int_equal(
			rig_has(rig_last(rig, t), CODE_ATHLETE_AMBIGUOUS), rows[i].is_asked);
	}
}

/* A microphone without motion has its clock polled every 10 s: its time may be off by more than the
 * merge window, and it says so. */
static void a_room_microphone_with_an_uncertain_clock_counts(void **state)
{
	static const struct {
		double early_s, unc_ms;
		bool is_one;
	} rows[] = {{0.01, 1, true}, {0.04, 1, false}, {0.04, 45, true}, {0.09, 500, false}};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct rig *rig = *state;
		struct pop_features f = rig_base_pop;
		int64_t t;

		f.contact_air_db = NAN;
		rig->body[0].phase = PHASE_LOWER;
		rig_run(rig, 1);
		t = rig->now_us + 100000;
		rig_room_uncertain(rig, 0.1 - rows[i].early_s, -10, rows[i].unc_ms);
		rig_pop(rig, 0, RIG_HIP_RIGHT, 0.1, &f);
		rig_run(rig, 2);
		assert_int_equal(rig_last(rig, t)->class,
			rows[i].is_one ? POP_CLASS_NOT_A_POP : POP_CLASS_BENIGN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_streaming_pad_would_have_detected_it, rig_set_up, rig_tear_down),
		cmocka_unit_test_setup_teardown(
			a_flutter_is_neither_asymmetric_nor_arching, rig_set_up, rig_tear_down),
		cmocka_unit_test_setup_teardown(
			a_leg_without_a_sensor_may_pop, rig_set_up, rig_tear_down),
		cmocka_unit_test_setup_teardown(a_room_microphone_with_an_uncertain_clock_counts,
			rig_set_up, rig_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
