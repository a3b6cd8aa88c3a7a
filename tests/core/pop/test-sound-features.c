// SPDX-License-Identifier: MIT
/* Levels and samples whose features are known. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "daemon/core/pop/sound-features.h"

#define N    400
#define HOLD 12 /* 6 ms */

/* Pulses that fall by fall_db a level out of a floor of -60, each of the greatest level at its
 * instant. */
static void fill(float *level, const size_t *at, const float *peak_db, size_t n, float fall_db)
{
	for (size_t i = 0; i < N; i++)
		level[i] = -60;
	for (size_t k = 0; k < n; k++)
		for (size_t i = at[k]; i < N; i++)
			level[i] = fmaxf(level[i], peak_db[k] - fall_db * (float)(i - at[k]));
}

static void pulses_are_counted_and_told_apart(void **state)
{
	static const size_t at[] = {0, 40, 90};
	static const float peak_db[] = {-20, -22, -18};
	float level[N];

	fill(level, at, peak_db, 3, 2);
	assert_int_equal(sound_features_sub_pulses(level, N, -38, HOLD), 3);
	assert_int_equal(sound_features_sub_pulses(level, N, -19, HOLD), 1);
	assert_in_range(sound_features_pulse_end(level, N, HOLD), 20, 40);
	assert_in_range(sound_features_pulse_end(level + 90, N - 90, HOLD), N - 90, N - 90);
	/* 5 levels each within 10 dB; the holes are longer than hold. */
	assert_int_equal(sound_features_time_above(level, N, -30, HOLD), 6 + 5 + 7);
}

static void a_straight_fall_has_no_bend(void **state)
{
	static const size_t at[] = {0, 10};
	static const float peak_db[] = {-20, -20};
	float level[N];

	fill(level, at, peak_db, 1, 1);
	assert_true(sound_features_bend(level, 30) < 0.01);
	fill(level, at, peak_db, 2, 1);
	assert_true(sound_features_bend(level, 30) > 2);
	assert_true(sound_features_bend(level, 2) == 0);
}

static void a_pitch_comes_again_and_cracks_do_not(void **state)
{
	static const size_t cracks[] = {0, 31, 55, 93, 121};
	static const float peak_db[] = {-20, -20, -20, -20, -20, -20, -20, -20, -20, -20, -20, -20};
	size_t pitch[12];
	float level[N];

	for (size_t k = 0; k < 12; k++)
		pitch[k] = 16 * k; /* 125 Hz */
	fill(level, pitch, peak_db, 12, 2);
	assert_true(sound_features_periodicity(level, 192, -44, 7, 23) > 0.9);
	fill(level, cracks, peak_db, 5, 3);
	assert_true(sound_features_periodicity(level, 150, -44, 7, 23) < 0.6);
	fill(level, cracks, peak_db, 0, 3);
	assert_true(sound_features_periodicity(level, 150, -44, 7, 23) == 0);
}

/* A damped tone of amplitude time constant tau in a window of T has a kurtosis of 1.5 T / tau. */
static void the_kurtosis_of_a_pulse_does_not_depend_on_what_is_copied(void **state)
{
	float x[480] = {0}; /* 60 ms at 8 kHz */

	for (size_t i = 0; i < 480; i++)
		x[i] = (float)(exp(-(double)i / 8000 / 0.004) *
			       sin(2 * M_PI * 700 * (double)i / 8000));
	assert_true(fabs(sound_features_kurtosis(x, 480, 480, 0) / 22.5 - 1) < 0.05);
	assert_true(fabs(sound_features_kurtosis(x, 200, 480, 0) / 22.5 - 1) < 0.05);
	/* Another one behind it halves that, unless it is left out. */
	memcpy(x + 240, x, 240 * sizeof(*x));
	assert_true(fabs(sound_features_kurtosis(x, 480, 480, 0) / 11.25 - 1) < 0.05);
	assert_true(fabs(sound_features_kurtosis(x, 200, 480, 0) / 22.5 - 1) < 0.05);
	assert_true(sound_features_kurtosis(x, 0, 480, 0) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pulses_are_counted_and_told_apart),
		cmocka_unit_test(a_straight_fall_has_no_bend),
		cmocka_unit_test(a_pitch_comes_again_and_cracks_do_not),
		cmocka_unit_test(the_kurtosis_of_a_pulse_does_not_depend_on_what_is_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
