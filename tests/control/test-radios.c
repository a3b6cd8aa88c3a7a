// SPDX-License-Identifier: MIT
/* What coxactl status says of radios. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/radios.h"

static char *text_of(const char *states)
{
	json_t *all = json_loads(states, 0, NULL);
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(all);
	assert_non_null(file);
	radios_print(all, file);
	fclose(file);
	json_decref(all);
	return text;
}

static void a_single_gateway_has_none(void **state)
{
	char *text = text_of("{\"gateway/pi/status\": {\"online\": true}}");

	assert_string_equal(text, "");
	free(text);
}

static void each_radio_has_a_row(void **state)
{
	char *text = text_of("{\"gateway/pi/radios\": {\"gateway\": \"pi\", \"radios\": ["
			     "{\"name\": \"mat-1\", \"online\": true, \"slots\": 7,"
			     " \"serves\": [\"a\", \"b\", \"c\"], \"uncertainty_ms\": 0.4,"
			     " \"behind_s\": 0, \"lost\": 0,"
			     " \"if_lost\": {\"moving\": 1, \"left\": [\"b\", \"c\"]}},"
			     "{\"name\": \"mat-2\", \"online\": false, \"slots\": 0,"
			     " \"serves\": [], \"uncertainty_ms\": null, \"behind_s\": 0,"
			     " \"lost\": 2, \"if_lost\": {\"moving\": 0, \"left\": []}}],"
			     "\"waiting\": [{\"wearable\": \"d\", \"code\": \"no_slot\"},"
			     "{\"wearable\": \"e\", \"code\": \"new\"}]}}");

	assert_string_equal(text,
		"\n"
		"RADIO  STATE    LINKS   CLOCK   BEHIND  LOST  WITHOUT IT\n"
		"mat-1  online   3 of 7  0.4 ms  0.0 s   0     1 to others, 2 to none\n"
		"mat-2  offline  0 of 0  -       0.0 s   2     0 to others, 0 to none\n"
		"\n"
		"Without mat-1, no radio could serve b, c.\n"
		"d waits: every radio that hears it has all its links in use.\n"
		"e waits: new.\n");
	free(text);
}

static void hostile_text_is_shown_as_text(void **state)
{
	char *text =
		text_of("{\"gateway/pi/radios\": {\"radios\": [3, null, {\"name\": 7},"
			"{\"name\": \"x\\u001b[2J\", \"if_lost\": {\"left\": [1, \"\\u0007\"]}}],"
			"\"waiting\": [0, {\"wearable\": \"\\u001b\", \"code\": []}]}}");

	assert_null(strchr(text, '\033'));
	assert_null(strchr(text, '\007'));
	assert_non_null(strstr(text, "x?[2J"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_single_gateway_has_none),
		cmocka_unit_test(each_radio_has_a_row),
		cmocka_unit_test(hostile_text_is_shown_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
