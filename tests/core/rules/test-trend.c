// SPDX-License-Identifier: MIT
/* Rising counts, drifting values, and what is new for an athlete. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "tests/core/rules/analysis-defaults.h"
#include "daemon/core/pop/pop-origin.h"
#include "daemon/core/rules/baseline.h"
#include "daemon/core/rules/classify.h"
#include "daemon/core/rules/trend.h"

/* decision-model.md 7.9: expected 1 -> 5 or more, 2 -> 7, 3 -> 9, 5 -> 12. */
static void poisson_tail_matches_the_table(void **state)
{
	static const struct {
		double expected;
		unsigned least;
	} rows[] = {{1, 5}, {2, 7}, {3, 9}, {5, 12}};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(
			trend_poisson_tail(rows[i].least, rows[i].expected) < conf.trend_rate_p);
		assert_true(trend_poisson_tail(rows[i].least - 1, rows[i].expected) >=
			    conf.trend_rate_p);
	}
	assert_true(near(trend_poisson_tail(0, 3), 1, 1e-12));
}

/* Exact values: one of the 3! orders of three rises throughout; both directions count. */
static void mann_kendall(void **state)
{
	static const double up[] = {1, 2, 3, 4, 5}, flat[] = {2, 2, 2, 2, 2},
			    down[] = {5, 4, 3, 2, 1};
	double longer[40];

	assert_true(near(trend_mann_kendall_p(up, 5), 2.0 / 120, 1e-12));
	assert_true(near(trend_mann_kendall_p(down, 5), 2.0 / 120, 1e-12));
	assert_true(near(trend_mann_kendall_p(up, 3), 2.0 / 6, 1e-12));
	assert_true(near(trend_mann_kendall_p(flat, 5), 1, 1e-12));
	assert_true(near(trend_mann_kendall_p(up, 2), 1, 1e-12));
	for (unsigned i = 0; i < 40; i++)
		longer[i] = i % 2 ? 1 : -1;
	assert_true(trend_mann_kendall_p(longer, 40) > 0.3);
	for (unsigned i = 0; i < 40; i++)
		longer[i] = i / 4;
	assert_true(trend_mann_kendall_p(longer, 40) < 1e-6);
}

static void theil_sen_ignores_an_outlier(void **state)
{
	static const double x[] = {0, 10, 20, 30, 40, 50}, y[] = {0, 1, 2, 90, 4, 5};

	assert_true(near(trend_rise(x, y, 6), 5, 0.5));
	assert_true(near(trend_rise(x, y, 1), 0, 0));
	assert_true(near(trend_median(y, 6), 3, 1e-12));
	assert_true(near(trend_mad(y, 6), 2, 1e-12));
	assert_true(isnan(trend_median(y, 0)));
}

static void two_independent_trends_are_red(void **state)
{
	static const struct {
		uint64_t trends;
		enum pop_class expected;
	} rows[] = {
		{CODE_BIT(TREND_RATE), POP_CLASS_REVIEW},
		{CODE_BIT(TREND_RATE) | CODE_BIT(TREND_LOUDNESS), POP_CLASS_RED_FLAG},
		{CODE_BIT(BASELINE_LOUDER) | CODE_BIT(TREND_LOUDNESS), POP_CLASS_REVIEW},
		{CODE_BIT(BASELINE_NEW_SITE) | CODE_BIT(BASELINE_NEW_PHASE), POP_CLASS_RED_FLAG},
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct form_score form = {.is_known = true};
		struct classify_facts f = {.origin = ORIGIN_POP,
			.has_sound = true,
			.form = &form,
			.is_exercising = true,
			.trends = rows[i].trends};
		struct classified c;

		classify(&conf, &f, &c);
		assert_int_equal(c.class, rows[i].expected);
		assert_int_equal(c.severity, rows[i].expected == POP_CLASS_RED_FLAG ? 3 : 1);
	}
}

/* Twelve pops in three sessions at the low back while the left leg moved; now the right one moves.
 */
static void the_other_side_is_a_new_site(void **state)
{
	static const struct {
		enum side known, now;
		bool is_new;
	} rows[] = {{SIDE_LEFT, SIDE_LEFT, false}, {SIDE_LEFT, SIDE_RIGHT, true},
		{SIDE_LEFT, SIDE_BOTH, false}, {SIDE_BOTH, SIDE_RIGHT, false},
		{SIDE_COUNT, SIDE_RIGHT, false}, {SIDE_UNKNOWN, SIDE_RIGHT, false}};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct athlete_memory *m = new0(struct athlete_memory);
		struct pop_note now = {.site = PLACEMENT_LOW_BACK,
			.phase = PHASE_LOWER,
			.rep = 1,
			.elevation_deg = 40,
			.level_db = -20,
			.is_exercising = true,
			.side = rows[i].now};

		m->sessions = 3;
		m->n_pops = 12;
		for (unsigned k = 0; k < 12; k++)
			m->pop[k] = (struct memory_pop){
				k / 4 + 1, PLACEMENT_LOW_BACK, PHASE_LOWER, 40, -20, rows[i].known};
		assert_true(baseline_trends(&conf, m, &now, 1) ==
			    (rows[i].is_new ? CODE_BIT(BASELINE_NEW_SITE) : 0));
		free(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(poisson_tail_matches_the_table),
		cmocka_unit_test(mann_kendall),
		cmocka_unit_test(theil_sen_ignores_an_outlier),
		cmocka_unit_test(the_other_side_is_a_new_site),
		cmocka_unit_test(two_independent_trends_are_red),
	};

	return cmocka_run_group_tests(tests, defaults, NULL);
}
