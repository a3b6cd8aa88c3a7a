// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/generator.h"
#include "coxad/base/rate.h"

static const struct rate_limit limit = {.interval_us = 2000000, .burst = 10};

static unsigned take(struct rate *rate, int64_t from_us, int64_t step_us, unsigned n)
{
	unsigned taken = 0;

	for (unsigned i = 0; i < n; i++)
		taken += rate_take(rate, &limit, from_us + (int64_t)i * step_us);
	return taken;
}

static void a_flood_gets_its_burst_and_its_rate(void **state)
{
	struct rate rate = {0};

	assert_int_equal(take(&rate, 5000000, 0, 1000), 10);
	/* 100 a second for a minute: one in two seconds. */
	assert_int_equal(take(&rate, 5000000, 10000, 6000), 29);
	/* After a quiet time the burst is there again, and no more. */
	assert_int_equal(take(&rate, 500000000, 0, 1000), 10);
}

static void what_keeps_the_rate_is_never_refused(void **state)
{
	struct rate rate = {0};

	assert_int_equal(take(&rate, -3000000, 2000000, 10000), 10000);
}

static void a_step_back_is_no_time(void **state)
{
	struct rate rate = {0};

	assert_int_equal(take(&rate, 100000000, 0, 100), 10);
	assert_int_equal(take(&rate, 0, 0, 100), 0);
	assert_int_equal(take(&rate, 99000000, 0, 100), 0);
	assert_int_equal(take(&rate, 102000000, 0, 100), 1);
	rate = (struct rate){0};
	assert_int_equal(take(&rate, INT64_MIN / 4, 0, 100), 10);
	assert_int_equal(take(&rate, INT64_MAX / 4, 0, 100), 10);
}

/* Whatever the instants: never more than the burst and what the time since the first one allows. */
static void no_pattern_gets_more(void **state)
{
	uint64_t random = 7;

	for (unsigned round = 0; round < 200; round++) {
		struct rate rate = {0};
		int64_t t_us = 0;
		unsigned taken = 0;

		for (unsigned i = 0; i < 500; i++) {
			t_us += (int64_t)(generator_unit(generator_xorshift(&random)) * 3000000) -
				500000;
			taken += rate_take(&rate, &limit, t_us);
		}
		assert_true(taken <= 10 + (rate.last_us + 500000) / limit.interval_us + 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_gets_its_burst_and_its_rate),
		cmocka_unit_test(what_keeps_the_rate_is_never_refused),
		cmocka_unit_test(a_step_back_is_no_time),
		cmocka_unit_test(no_pattern_gets_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
