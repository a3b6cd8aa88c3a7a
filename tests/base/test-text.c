// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/text.h"
#include "coxad/base/utf8.h"

/* Any number as UTF-8 would write it, in at least `least` bytes: surrogates and overlong forms too. */
static size_t put(uint32_t c, size_t least, char *ret)
{
	static const uint8_t mark[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	n = n < least ? least : n;
	for (size_t i = n; i-- > 0; c >>= 6)
		ret[i] = (char)(i ? 0x80 | (c & 0x3f) : mark[n] | c);
	return n;
}

static void every_character_is_read_back(void **state)
{
	char text[4];

	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		uint32_t back = 0;
		size_t n = put(c, 1, text);
		bool is_surrogate = c >= 0xd800 && c <= 0xdfff;

		assert_int_equal(utf8_next(text, n, &back), is_surrogate ? 0 : n);
		assert_int_equal(back, is_surrogate ? 0 : c);
		if (n > 1)
			assert_int_equal(utf8_next(text, n - 1, &back), 0);
	}
}

static void other_ways_to_write_a_character_are_refused(void **state)
{
	char text[4];
	uint32_t c;

	for (uint32_t i = 0; i < 0x10000; i++)
		for (size_t least = i < 0x80 ? 2 : i < 0x800 ? 3 : 4; least <= 4; least++)
			assert_int_equal(
				text_check(text, put(i, least, text), &c), TEXT_FAULT_UTF8);
	for (uint32_t i = 0x110000; i < 0x140000; i++)
		assert_int_equal(text_check(text, put(i, 4, text), &c), TEXT_FAULT_UTF8);
	for (unsigned byte = 0x80; byte < 0x100; byte++) {
		text[0] = (char)byte;
		text[1] = 'a';
		assert_int_equal(text_check(text, 2, &c), TEXT_FAULT_UTF8);
		assert_int_equal(c, byte);
	}
}

/* What MQTT forbids or lets a broker hang up on (MQTT 5.0, 1.5.4). */
static bool is_forbidden_by_mqtt(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xfdd0 && c <= 0xfdef) ||
	       c % 0x10000 >= 0xfffe;
}

static void no_clean_text_has_what_a_broker_hangs_up_on(void **state)
{
	unsigned clean = 0;
	char text[6];

	for (uint32_t i = 0; i <= 0x10ffff; i++) {
		size_t n = put(i, 1, text + 1);

		text[0] = 'a';
		text[n + 1] = 'b';
		if (is_forbidden_by_mqtt(i))
			assert_false(text_is_clean(text, n + 2));
		else
			clean += text_is_clean(text, n + 2);
	}
	/* Of 1 114 112 these are lost: 2048 surrogates, 130 of MQTT, 4400 or so that nobody sees. */
	assert_in_range(clean, 1107000, 1108500);
}

static void names_of_people_are_clean(void **state)
{
	static const char *const names[] = {"ana", "Zoë", "Müller’s", "Łukasz", "Nguyễn", "Ольга",
		"محمد", "שרה", "山田 太郎", "민준", "अनिता", "O'Neil", "a.b-c_d", "3", "💪"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_true(text_is_clean(names[i], strlen(names[i])));
}

static void what_cannot_be_seen_is_explained(void **state)
{
	static const struct {
		const char *text, *explanation;
	} cases[] = {
		{"a\nb", "contains a control character (0x0a)"},
		{"a\x7f", "contains a control character (0x7f)"},
		{"a\xc2\x85", "contains a character that cannot be seen (U+0085)"},
		{"a\xc2\xad", "contains a character that cannot be seen (U+00AD)"},
		{"\xe2\x80\xae"
		 "a",
			"contains a character that cannot be seen (U+202E)"},
		{"\xe2\x81\xa6"
		 "a",
			"contains a character that cannot be seen (U+2066)"},
		{"\xef\xbb\xbf"
		 "a",
			"contains a character that cannot be seen (U+FEFF)"},
		{"a\xef\xbf\xbf", "contains a character that cannot be seen (U+FFFF)"},
		{"a\xf4\x8f\xbf\xbe", "contains a character that cannot be seen (U+10FFFE)"},
		{"a\xed\xa0\x80", "contains a byte that is not UTF-8 (0xed)"},
		{"a\xc0\x80", "contains a byte that is not UTF-8 (0xc0)"},
	};
	char explanation[TEXT_FAULT_SIZE];
	uint32_t c;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum text_fault fault = text_check(cases[i].text, strlen(cases[i].text), &c);

		text_explain(fault, c, explanation);
		assert_string_equal(explanation, cases[i].explanation);
	}
	assert_int_equal(text_check("a\0b", 3, &c), TEXT_FAULT_CONTROL);
}

static void a_topic_has_no_wildcards(void **state)
{
	assert_true(text_is_topic("coxa/v1/gym/athlete/Zoë/pop"));
	assert_false(text_is_topic(""));
	assert_false(text_is_topic("coxa/+/pop"));
	assert_false(text_is_topic("coxa/#"));
	assert_false(text_is_topic("coxa/a\xc2\x80/pop"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_is_read_back),
		cmocka_unit_test(other_ways_to_write_a_character_are_refused),
		cmocka_unit_test(no_clean_text_has_what_a_broker_hangs_up_on),
		cmocka_unit_test(names_of_people_are_clean),
		cmocka_unit_test(what_cannot_be_seen_is_explained),
		cmocka_unit_test(a_topic_has_no_wildcards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
