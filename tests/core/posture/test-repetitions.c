// SPDX-License-Identifier: MIT
/* Some random sets of each kind (bench-repetitions runs more): no repetition missed, none
 * invented, boundaries within 100 ms, and the figures of a repetition near the truth.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "tests/core/posture/rep-set.h"

#define SETS 12

static unsigned seed(void)
{
	const char *text = getenv("COXAD_TEST_SEED");

	return text ? (unsigned)strtoul(text, NULL, 0) : 1;
}

static void judge(enum rep_set_kind kind, struct rep_score *score)
{
	static struct rep_set set;

	*score = (struct rep_score){0};
	for (unsigned i = 0; i < SETS; i++) {
		rep_set_make(&set, kind, seed() + i);
		rep_set_judge(&set, score, true);
	}
	if (score->missed || score->invented || score->uncalibrated || score->beyond)
		fail_msg("%s: %u missed, %u invented of %u, %u of %u boundaries beyond 100 ms, %u "
			 "sets not calibrated",
			rep_set_kind_name(kind), score->missed, score->invented, score->reps,
			score->beyond, score->boundaries, score->uncalibrated);
	/* With every twentieth packet of 150 ms lost some boundaries were never sent. */
	assert_true(score->lossy_beyond * 100 <= score->lossy);
	assert_int_equal(score->loss_wrong, 0);
}

static void each_is_found_and_none_invented(void **state)
{
	for (unsigned kind = 0; kind < REP_SET_KINDS; kind++) {
		struct rep_score score;

		judge((enum rep_set_kind)kind, &score);
		if (kind == REP_SET_IDLE || kind == REP_SET_CORE || kind == REP_SET_LONE_IDLE)
			assert_int_equal(score.reps, 0);
		else
			assert_true(score.reps >= 3 * SETS);
	}
}

static void figures_are_true(void **state)
{
	struct rep_score score;

	judge(REP_SET_CLINICAL, &score);
	assert_true(score.range_deg < 2);
	/* A pelvis that tilts slowly passes its limit anywhere within some degrees of the legs. */
	assert_true(score.loss_deg < 3);
	assert_true(score.sparc < 0.1);
	assert_true(score.asymmetry_deg < 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_and_none_invented),
		cmocka_unit_test(figures_are_true),
	};
	printf("seed %u (COXAD_TEST_SEED)\n", seed());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
