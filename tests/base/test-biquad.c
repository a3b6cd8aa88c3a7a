// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "coxad/base/biquad.h"

#define RATE_HZ   1000
#define CORNER_HZ 50

/* Amplitude of what is left of a sine of amplitude 1, after two seconds. */
static double gain(struct biquad f, double frequency_hz)
{
	struct biquad_state s = {0};
	double most = 0;

	for (unsigned i = 0; i < 3 * RATE_HZ; i++) {
		double y = biquad_step(&f, &s, sin(2 * M_PI * frequency_hz * i / RATE_HZ));

		if (i > 2 * RATE_HZ)
			most = fmax(most, fabs(y));
	}
	return most;
}

static void three_db_at_the_corner(void **state)
{
	assert_true(fabs(gain(biquad_low_pass(RATE_HZ, CORNER_HZ), CORNER_HZ) - M_SQRT1_2) < 0.005);
	assert_true(
		fabs(gain(biquad_high_pass(RATE_HZ, CORNER_HZ), CORNER_HZ) - M_SQRT1_2) < 0.005);
}

static void twelve_db_an_octave_beyond(void **state)
{
	assert_true(gain(biquad_low_pass(RATE_HZ, CORNER_HZ), 5) > 0.999);
	assert_true(gain(biquad_low_pass(RATE_HZ, CORNER_HZ), 200) < 0.0625);
	assert_true(gain(biquad_high_pass(RATE_HZ, CORNER_HZ), 450) > 0.999);
	assert_true(gain(biquad_high_pass(RATE_HZ, CORNER_HZ), 12.5) < 0.0625);
}

static void settled_on_a_constant_it_does_not_ring(void **state)
{
	struct biquad low = biquad_low_pass(RATE_HZ, CORNER_HZ);
	struct biquad high = biquad_high_pass(RATE_HZ, CORNER_HZ);
	struct biquad_state s, t;

	biquad_settle(&low, &s, 9.81);
	biquad_settle(&high, &t, 9.81);
	for (unsigned i = 0; i < 100; i++) {
		assert_true(fabs(biquad_step(&low, &s, 9.81) - 9.81) < 1e-9);
		assert_true(fabs(biquad_step(&high, &t, 9.81)) < 1e-9);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_db_at_the_corner),
		cmocka_unit_test(twelve_db_an_octave_beyond),
		cmocka_unit_test(settled_on_a_constant_it_does_not_ring),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
