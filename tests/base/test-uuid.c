// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/uuid.h"

static void round_trip(void **state)
{
	const char *text = "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c";
	char back[UUID_TEXT_SIZE];
	struct uuid uuid;

	assert_int_equal(uuid_from_string("C0A50004-9BC6-4808-A8BD-20FBE3FC7D8C", &uuid), 0);
	uuid_to_string(&uuid, back);
	assert_string_equal(back, text);
}

static void short_form(void **state)
{
	char back[UUID_TEXT_SIZE];
	struct uuid uuid;

	assert_int_equal(uuid_from_string("180f", &uuid), 0);
	uuid_to_string(&uuid, back);
	assert_string_equal(back, "0000180f-0000-1000-8000-00805f9b34fb");
}

static void bad_text_is_refused_and_leaves_the_output(void **state)
{
	static const char *const bad[] = {"", "180", "180g", "c0a500049bc64808a8bd20fbe3fc7d8c",
		"c0a50004-9bc6-4808-a8bd-20fbe3fc7d8", "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8cc",
		"c0a50004-9bc6-4808-a8bd_20fbe3fc7d8c"};
	struct uuid before = UUID_SIG(0x180f), uuid = before;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(uuid_from_string(bad[i], &uuid) < 0);
	assert_true(uuid_is_equal(&uuid, &before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(short_form),
		cmocka_unit_test(bad_text_is_refused_and_leaves_the_output),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
