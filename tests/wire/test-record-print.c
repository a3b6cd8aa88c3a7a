// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "coxad/wire/record-print.h"

/* Takes line. */
static void assert_line(char *line, const char *expected)
{
	assert_non_null(line);
	assert_string_equal(line, expected);
	free(line);
}

static void a_value_that_is_unknown_is_null(void **state)
{
	struct record r = {.kind = RECORD_BATTERY, .battery_percent = 87};

	assert_line(record_print(&r), "{\"kind\":\"battery\",\"percent\":87.0,\"tick\":null}");
	r.battery_percent = NAN;
	r.has_tick = true;
	r.tick = 4294967296;
	assert_line(
		record_print(&r), "{\"kind\":\"battery\",\"percent\":null,\"tick\":4294967296}");
}

static void samples_are_in_si_units(void **state)
{
	const struct motion_sample samples[] = {
		{.acc_mps2 = {0, 0, 9.80665f}, .gyr_rps = {1.5f, 0, -0.25f}, .flags = 2}};
	struct record r = {.kind = RECORD_MOTION,
		.motion = {.n = 1,
			.interval_us = 9615,
			.has_gyr = true,
			.lost_packets = 3,
			.samples = samples}};

	assert_line(record_print(&r),
		"{\"kind\":\"motion\",\"interval_us\":9615.0,\"has_gyr\":true,\"lost_packets\":3,"
		"\"samples\":[{\"acc_mps2\":[0.0,0.0,9.80665],\"gyr_rps\":[1.5,0.0,-0.25],"
		"\"flags\":2}],\"tick\":null}");
}

static void a_refusal_has_a_reason(void **state)
{
	assert_line(record_print_refusal("length"), "{\"kind\":\"refused\",\"reason\":\"length\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_that_is_unknown_is_null),
		cmocka_unit_test(samples_are_in_si_units),
		cmocka_unit_test(a_refusal_has_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
