// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/config/conf-read.h"
#include "tests/config/read-text.h"

struct conf *read_text_good(const char *text)
{
	struct conf_source file = {"a.conf", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;

	if (conf_read(&file, 1, &conf, &errors) < 0)
		fail_msg("%s", errors.text[0]);
	assert_int_equal(errors.n, 0);
	return conf;
}

void read_text_bad(const char *text, size_t size, const char *const *expected, size_t n)
{
	struct conf_source file = {"a.conf", text, size};
	struct conf_errors errors = {0};
	struct conf *untouched = (struct conf *)&file, *conf = untouched;

	assert_int_equal(conf_read(&file, 1, &conf, &errors), -22);
	assert_ptr_equal(conf, untouched);
	for (size_t i = 0; i < errors.n && i < n; i++)
		assert_string_equal(errors.text[i], expected[i]);
	assert_int_equal(errors.n, n);
	conf_errors_done(&errors);
}
