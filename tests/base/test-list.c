// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/list.h"

static void a_full_list_forgets_its_oldest(void **state)
{
	int items[3];
	unsigned n = 0;

	for (int i = 1; i <= 5; i++)
		*list_add(items, n, 3) = i;
	assert_int_equal(n, 3);
	assert_int_equal(items[0], 3);
	assert_int_equal(items[2], 5);
}

static void later_items_move_up(void **state)
{
	int items[] = {1, 2, 3, 4};
	size_t n = 4;

	list_drop(items, n, 1);
	assert_int_equal(n, 3);
	assert_int_equal(items[0], 1);
	assert_int_equal(items[1], 3);
	assert_int_equal(items[2], 4);
	list_drop(items, n, 2);
	assert_int_equal(n, 2);
	assert_int_equal(items[1], 3);
}

static void arguments_are_evaluated_once(void **state)
{
	int items[] = {1, 2, 3};
	unsigned n = 3, at = 0;

	list_drop(items, n, at++);
	assert_int_equal(at, 1);
	assert_int_equal(items[0], 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_list_forgets_its_oldest),
		cmocka_unit_test(later_items_move_up),
		cmocka_unit_test(arguments_are_evaluated_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
