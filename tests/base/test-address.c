// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "coxad/base/address.h"

static void either_case_is_read_as_upper_case(void **state)
{
	char address[ADDRESS_SIZE];

	assert_int_equal(address_from_string("c0:a5:00:00:03:0f", address), 0);
	assert_string_equal(address, "C0:A5:00:00:03:0F");
}

static void bytes_stand_in_the_order_of_the_text(void **state)
{
	const uint8_t expected[] = {0xc0, 0xa5, 0x00, 0x00, 0x03, 0x0f};
	uint8_t bytes[6];

	address_to_bytes("C0:A5:00:00:03:0F", bytes);
	assert_memory_equal(bytes, expected, sizeof(expected));
}

static void bad_text_is_refused_and_leaves_the_output(void **state)
{
	static const char *const bad[] = {"", "C0", "C0:A5:00:00:03", "C0:A5:00:00:03:0",
		"C0:A5:00:00:03:0F0", "C0:A5:00:00:03:0F:", "C0-A5-00-00-03-0F",
		"G0:A5:00:00:03:0F", "C0A5:00:00:03:0F:"};
	char address[ADDRESS_SIZE] = "before";

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(address_from_string(bad[i], address), -EINVAL);
	assert_string_equal(address, "before");
}

static void the_short_form_has_the_last_two_bytes(void **state)
{
	char text[ADDRESS_SHORT_SIZE];

	address_shorten("C0:A5:00:00:03:0F", text);
	assert_string_equal(text, "030F");
	address_shorten("3:0F", text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(either_case_is_read_as_upper_case),
		cmocka_unit_test(bytes_stand_in_the_order_of_the_text),
		cmocka_unit_test(bad_text_is_refused_and_leaves_the_output),
		cmocka_unit_test(the_short_form_has_the_last_two_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
