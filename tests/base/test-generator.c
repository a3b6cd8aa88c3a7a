// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/generator.h"

/* The first outputs of the authors' own programs (prng.di.unimi.it) for the state 1. */
static void first_outputs(void **state)
{
	uint64_t xorshift = 1, splitmix = 1;

	assert_true(generator_xorshift(&xorshift) == UINT64_C(0x47e4ce4b896cdd1d));
	assert_true(generator_splitmix(&splitmix) == UINT64_C(0x910a2dec89025cc1));
}

static void unit_stays_below_one(void **state)
{
	assert_true(generator_unit(0) == 0);
	assert_true(generator_unit(UINT64_MAX) < 1);
	assert_true(generator_unit(UINT64_C(1) << 63) == 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_outputs),
		cmocka_unit_test(unit_stays_below_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
