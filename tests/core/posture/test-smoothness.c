// SPDX-License-Identifier: MIT
/* SPARC of profiles whose value is known: one minimum-jerk move is near -1.4 whatever its length
 * and height (Balasubramanian 2015), and each further stop makes it worse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "daemon/core/posture/smoothness.h"

#define RATE_HZ 100

static size_t add_move(float *speed, size_t at, double length_s, double height)
{
	size_t n = (size_t)(length_s * RATE_HZ);

	for (size_t i = 0; i < n; i++) {
		double k = (double)i / (double)n;

		speed[at + i] = (float)(height * 30 * k * k * (1 - k) * (1 - k));
	}
	return at + n;
}

static void one_smooth_move(void **state)
{
	float speed[SMOOTHNESS_MAX];

	for (double length_s = 0.6; length_s < 18; length_s *= 1.7) {
		size_t n = add_move(speed, 0, length_s, 50 / length_s);
		double arc = smoothness_sparc(speed, n, RATE_HZ);

		assert_true(arc < -1.3 && arc > -1.6);
	}
}

static void stops_make_it_worse(void **state)
{
	float speed[SMOOTHNESS_MAX];
	double before = -1;

	for (unsigned stops = 1; stops < 5; stops++) {
		size_t n = 0;
		double arc;

		for (unsigned i = 0; i < stops; i++)
			n = add_move(speed, n, 4.0 / stops, 10);
		arc = smoothness_sparc(speed, n, RATE_HZ);
		assert_true(arc < before - 0.1);
		before = arc;
	}
}

static void nothing_has_no_smoothness(void **state)
{
	static const float zero[64];

	assert_true(isnan(smoothness_sparc(zero, 64, RATE_HZ)));
	assert_true(isnan(smoothness_sparc(zero, 3, RATE_HZ)));
	assert_true(isnan(smoothness_sparc(zero, SMOOTHNESS_MAX + 1, RATE_HZ)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_smooth_move),
		cmocka_unit_test(stops_make_it_worse),
		cmocka_unit_test(nothing_has_no_smoothness),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
