// SPDX-License-Identifier: MIT
/* Motion around a pop at t = 0, numbered as in the drawing in kinematic.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "daemon/core/rules/kinematic.h"

static struct analysis_conf conf;
static const struct kinematic_turns turns = {0, 75};

static int defaults(void **state)
{
	(void)state;
	analysis_conf_default(&conf);
	return 0;
}

struct knot {
	double t_s, speed_deg_s;
};

/* Moves the right leg in straight lines between the knots, at `elevation` at the pop; the left leg
 * rests, the pelvis follows `tilt`. */
static uint64_t signs(const struct knot *knots, double elevation, const struct knot *tilt)
{
	struct kinematic_series s = {0};
	double deg = elevation;

	for (int i = -20; i <= 90; i++) {
		struct kinematic_frame *f = &s.frame[s.n++];
		double t = i * 0.01, v = 0, p = 0;

		for (const struct knot *k = knots; k[1].t_s > k[0].t_s; k++)
			if (t >= k[0].t_s)
				v = k[0].speed_deg_s +
				    (k[1].speed_deg_s - k[0].speed_deg_s) *
					    fmin(1, (t - k[0].t_s) / (k[1].t_s - k[0].t_s));
		for (const struct knot *k = tilt; k && k[1].t_s > k[0].t_s; k++)
			if (t >= k[0].t_s)
				p = k[0].speed_deg_s +
				    (k[1].speed_deg_s - k[0].speed_deg_s) *
					    fmin(1, (t - k[0].t_s) / (k[1].t_s - k[0].t_s));
		*f = (struct kinematic_frame){.t_us = i * 10000};
		f->speed_deg_s[LEG_RIGHT] = (float)v;
		f->elevation_deg[LEG_RIGHT] = (float)(deg + t * knots[0].speed_deg_s);
		f->tilt_deg = (float)p;
	}
	return kinematic_signs(&conf, &s, &turns, 0);
}

static void steady_lowering_has_no_sign(void **state)
{
	const struct knot steady[] = {{-1, -30}, {1, -30}, {0, 0}};

	assert_int_equal(signs(steady, 38, NULL), 0);
}

static void an_arrest_that_resumes_is_a_catch(void **state)
{
	const struct knot k[] = {
		{-1, -30}, {0.02, -30}, {0.05, 0}, {0.3, 0}, {0.4, -30}, {1, -30}, {0, 0}};

	assert_int_equal(signs(k, 38, NULL), CODE_BIT(KIN_CATCH));
	/* (4.) At the turning point it is not a catch. */
	assert_int_equal(signs(k, 8, NULL), 0);
}

static void an_arrest_that_stays_is_a_lock(void **state)
{
	const struct knot k[] = {{-1, -30}, {0.02, -30}, {0.05, 0}, {1, 0}, {0, 0}};

	assert_int_equal(signs(k, 38, NULL), CODE_BIT(KIN_LOCK));
}

static void turning_back_is_not_an_arrest(void **state)
{
	const struct knot k[] = {
		{-1, -30}, {0.02, -30}, {0.05, 0}, {0.2, 0}, {0.3, 30}, {1, 30}, {0, 0}};

	assert_int_equal(signs(k, 38, NULL), 0);
}

static void a_gentle_stop_is_not_an_arrest(void **state)
{
	const struct knot k[] = {{-1, -30}, {0, -30}, {0.3, 0}, {1, 0}, {0, 0}};

	assert_int_equal(signs(k, 38, NULL), 0);
}

static void too_slow_or_too_late_is_not_an_arrest(void **state)
{
	const struct knot slow[] = {{-1, -18}, {0.02, -18}, {0.04, 0}, {1, 0}, {0, 0}};
	const struct knot late[] = {{-1, -30}, {0.25, -30}, {0.28, 0}, {1, 0}, {0, 0}};

	assert_int_equal(signs(slow, 38, NULL), 0);
	assert_int_equal(signs(late, 38, NULL), 0);
}

static void a_surge_is_giving_way(void **state)
{
	const struct knot surge[] = {{-1, -30}, {0.1, -30}, {0.2, -90}, {1, -90}, {0, 0}};
	const struct knot mild[] = {{-1, -30}, {0.1, -30}, {0.3, -90}, {1, -90}, {0, 0}};
	const struct knot up[] = {{-1, 100}, {0.1, 100}, {0.3, 0}, {1, 0}, {0, 0}};

	assert_int_equal(signs(surge, 50, NULL), CODE_BIT(KIN_GIVING_WAY));
	assert_int_equal(signs(mild, 50, NULL), 0);
	assert_int_equal(signs(up, 50, NULL) & CODE_BIT(KIN_GIVING_WAY), 0);
}

static void a_jump_of_the_pelvis_is_giving_way(void **state)
{
	const struct knot steady[] = {{-1, -30}, {1, -30}, {0, 0}};
	const struct knot jump[] = {{-1, 1}, {0.1, 1}, {0.25, 8}, {1, 8}, {0, 0}};
	const struct knot slow[] = {{-1, 1}, {0, 1}, {0.6, 8}, {1, 8}, {0, 0}};

	assert_int_equal(signs(steady, 50, jump), CODE_BIT(KIN_GIVING_WAY));
	assert_int_equal(signs(steady, 50, slow), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steady_lowering_has_no_sign),
		cmocka_unit_test(an_arrest_that_resumes_is_a_catch),
		cmocka_unit_test(an_arrest_that_stays_is_a_lock),
		cmocka_unit_test(turning_back_is_not_an_arrest),
		cmocka_unit_test(a_gentle_stop_is_not_an_arrest),
		cmocka_unit_test(too_slow_or_too_late_is_not_an_arrest),
		cmocka_unit_test(a_surge_is_giving_way),
		cmocka_unit_test(a_jump_of_the_pelvis_is_giving_way),
	};

	return cmocka_run_group_tests(tests, defaults, NULL);
}
