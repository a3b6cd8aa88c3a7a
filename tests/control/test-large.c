// SPDX-License-Identifier: MIT
/* A passkey in large digits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ctl/large.h"

static void a_passkey_fits_a_terminal(void **state)
{
	char row[LARGE_SIZE];

	for (size_t i = 0; i < LARGE_ROWS; i++) {
		large_row("123456", i, row);
		assert_int_equal(strlen(row), 60);
	}
	large_row("7", 0, row);
	assert_string_equal(row, "  ########");
	large_row("7", 2, row);
	assert_string_equal(row, "      ##  ");
}

static void each_digit_looks_different(void **state)
{
	char text[2] = "0", row[LARGE_SIZE], all[10][LARGE_ROWS * 16] = {{0}};

	for (unsigned n = 0; n < 10; n++) {
		text[0] = (char)('0' + n);
		for (size_t i = 0; i < LARGE_ROWS; i++) {
			large_row(text, i, row);
			strcat(all[n], row);
		}
		for (unsigned other = 0; other < n; other++)
			assert_string_not_equal(all[n], all[other]);
	}
}

static void what_is_no_digit_is_left_out(void **state)
{
	char row[LARGE_SIZE], text[LARGE_SIZE];

	large_row("a-\033[2J", 0, row);
	assert_string_equal(row, "  ########"); /* of the 2 */
	memset(text, '8', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	large_row(text, 0, row);
	assert_true(strlen(row) < LARGE_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_passkey_fits_a_terminal),
		cmocka_unit_test(each_digit_looks_different),
		cmocka_unit_test(what_is_no_digit_is_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
