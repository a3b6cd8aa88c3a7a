// SPDX-License-Identifier: MIT
/* What is printed to stick on wearables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/labels-page.h"

static char *page_of(const char *document)
{
	json_t *wearables = json_loads(document, 0, NULL);
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(wearables);
	assert_non_null(file);
	labels_page_print(file, wearables);
	fclose(file);
	json_decref(wearables);
	return text;
}

static void expect(const char *document, const char *label)
{
	char *text = page_of(document);

	if (!strstr(text, label))
		fail_msg("no %s in %s", label, text);
	free(text);
}

static unsigned count(const char *text, const char *word)
{
	unsigned n = 0;

	for (; (text = strstr(text, word)); text++)
		n++;
	return n;
}

static void each_wearable_has_one(void **state)
{
	char *text = page_of("[{\"name\":\"3-pelvis\",\"kit\":\"3\",\"placement\":\"pelvis\"},"
			     "{\"name\":\"3-hip\",\"kit\":\"3\",\"placement\":\"hip-right\"}]");

	assert_int_equal(count(text, "class=\"label\""), 2);
	assert_int_equal(strncmp(text, "<!DOCTYPE html>", 15), 0);
	assert_non_null(strstr(text, "<b>3-pelvis</b><span>kit 3, pelvis</span>"));
	assert_non_null(strstr(text, "<b>3-hip</b><span>kit 3, hip-right</span>"));
	free(text);
}

static void a_name_is_no_markup(void **state)
{
	expect("[{\"name\":\"<b>&\\\"'\",\"kit\":\"<script>\",\"placement\":\"pelvis\"}]",
		"<b>&lt;b&gt;&amp;\"'</b><span>kit &lt;script&gt;, pelvis</span>");
}

static void a_long_name_is_whole_and_smaller(void **state)
{
	expect("[{\"name\":\"12345678901234\"}]", "<b>12345678901234</b>");
	/* As long, in characters of two bytes. */
	expect("[{\"name\":\"äöüäöüäöüäöüäö\"}]", "<b>äöüäöüäöüäöüäö</b>");
	expect("[{\"name\":\"123456789012345\"}]", "<b class=\"medium\">123456789012345</b>");
	expect("[{\"name\":\"a-name-that-somebody-liked-to-make-as-long-as-it-can-be\"}]",
		"<b class=\"long\">a-name-that-somebody-liked-to-make-as-long-as-it-can-be</b>");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_wearable_has_one),
		cmocka_unit_test(a_name_is_no_markup),
		cmocka_unit_test(a_long_name_is_whole_and_smaller),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
