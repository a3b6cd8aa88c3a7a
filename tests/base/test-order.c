// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "coxad/base/generator.h"
#include "coxad/base/order.h"

static void any_length_is_sorted(void **state)
{
	static double values[1500];
	uint64_t random = 7;

	for (size_t n = 0; n <= 1500; n += n < 12 ? 1 : 124) {
		for (size_t i = 0; i < n; i++)
			values[i] = (double)(generator_splitmix(&random) % 1000);
		order_sort(values, n);
		for (size_t i = 1; i < n; i++)
			assert_true(values[i - 1] <= values[i]);
	}
}

static void median_of_an_odd_and_an_even_number(void **state)
{
	double odd[] = {5, -1, 3}, even[] = {8, 2, 4, 1}, one[] = {6};

	assert_true(order_median(odd, 3) == 3);
	assert_true(order_median(even, 4) == 3);
	assert_true(order_median(one, 1) == 6);
	assert_true(isnan(order_median(one, 0)));
}

static void upper_median_is_one_of_the_values(void **state)
{
	double even[] = {8, 2, 4, 1};
	float floats[] = {8, 2, 4, 1}, odd[] = {5, -1, 3};

	assert_true(order_upper_median(even, 4) == 4);
	assert_true(order_upper_median_float(floats, 4) == 4);
	assert_true(order_upper_median_float(odd, 3) == 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_length_is_sorted),
		cmocka_unit_test(median_of_an_odd_and_an_even_number),
		cmocka_unit_test(upper_median_is_one_of_the_values),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
