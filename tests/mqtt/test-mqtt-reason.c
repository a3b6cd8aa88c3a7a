// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "daemon/mqtt/mqtt-reason.h"

static char text[MQTT_REASON_TEXT_SIZE];

static const char *print(int64_t reason, const char *said)
{
	return mqtt_reason_print(reason, said, text, sizeof(text));
}

/* Those that MQTT 5.0 has for CONNACK, PUBACK, SUBACK and DISCONNECT (2.4), and those of 3.1.1. */
static void each_reason_has_words(void **state)
{
	for (int reason = 1; reason <= 0xa2; reason++) {
		if (reason > 5 && reason < 0x80)
			continue;
		assert_null(strstr(print(reason, NULL), "reason 0x"));
		assert_non_null(strstr(text, " (0x"));
		assert_in_range(strlen(mqtt_reason_advice(reason)), 0, 80);
	}
	assert_string_equal(print(0x87, NULL), "not authorized (0x87)");
	assert_string_equal(print(0, NULL), "no reason given");
	assert_string_equal(print(0xfe, NULL), "reason 0xfe");
	assert_string_equal(mqtt_reason_advice(0xfe), "");
}

static void what_the_broker_says_is_quoted(void **state)
{
	assert_string_equal(
		print(0x97, "5 per minute"), "quota exceeded (0x97), it says \"5 per minute\"");
	/* No second line, no escape sequence, no end of the quotation, no invalid UTF-8. */
	assert_string_equal(print(0x97, "a\nb\x1b[31m\"\xff\xc3\xbc"),
		"quota exceeded (0x97), it says \"a?b?[31m????\"");
	/* A topic names an athlete. */
	assert_string_equal(print(0x87, "no right to write coxa/v1/gym/athlete/ana/pop here"),
		"not authorized (0x87), it says \"no right to write ... here\"");
	assert_string_equal(print(0x87, ""), "not authorized (0x87)");
}

static void what_the_broker_says_is_bounded(void **state)
{
	char said[5000];

	memset(said, 'x', sizeof(said));
	said[sizeof(said) - 1] = '\0';
	assert_in_range(strlen(print(0x97, said)), 120, 180);
	for (size_t i = 3; i < sizeof(said) - 1; i += 4)
		said[i] = ' ';
	assert_in_range(strlen(print(0x97, said)), 120, 180);
	memset(said, '/', sizeof(said) - 1);
	assert_in_range(strlen(print(0x97, said)), 20, 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_reason_has_words),
		cmocka_unit_test(what_the_broker_says_is_quoted),
		cmocka_unit_test(what_the_broker_says_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
