// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "coxad/base/hex.h"

static void bytes_survive_a_round_trip(void **state)
{
	const uint8_t data[] = {0x00, 0x0f, 0xa5, 0xff};
	uint8_t back[4];
	char text[9];

	hex_encode(data, sizeof(data), text);
	assert_string_equal(text, "000fa5ff");
	assert_int_equal(hex_decode(text, 8, back, sizeof(back)), 4);
	assert_memory_equal(back, data, sizeof(data));
}

static void upper_case_is_read(void **state)
{
	uint8_t value[2];

	assert_int_equal(hex_decode("AbCd", 4, value, sizeof(value)), 2);
	assert_int_equal(value[0], 0xab);
	assert_int_equal(value[1], 0xcd);
}

static void no_digits_are_no_bytes(void **state)
{
	char text[1] = "x";
	uint8_t value;

	assert_int_equal(hex_decode("", 0, &value, 1), 0);
	hex_encode(NULL, 0, text);
	assert_string_equal(text, "");
}

static void what_is_no_hex_is_refused(void **state)
{
	uint8_t value[2];

	assert_int_equal(hex_decode("abc", 3, value, sizeof(value)), -EINVAL);
	assert_int_equal(hex_decode("0g", 2, value, sizeof(value)), -EINVAL);
	assert_int_equal(hex_decode("g0", 2, value, sizeof(value)), -EINVAL);
	assert_int_equal(hex_decode(" 1", 2, value, sizeof(value)), -EINVAL);
	assert_int_equal(hex_decode("0x", 2, value, sizeof(value)), -EINVAL);
	assert_int_equal(hex_decode("001122", 6, value, sizeof(value)), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_survive_a_round_trip),
		cmocka_unit_test(upper_case_is_read),
		cmocka_unit_test(no_digits_are_no_bytes),
		cmocka_unit_test(what_is_no_hex_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
