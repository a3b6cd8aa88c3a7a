// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "coxad/base/trace.h"

struct lines {
	unsigned n;
	char last[TRACE_LINE_MAX];
};

static void keep(void *user, const char *line)
{
	struct lines *lines = user;

	lines->n++;
	snprintf(lines->last, sizeof(lines->last), "%s", line);
}

static int evaluated(unsigned *count)
{
	(*count)++;
	return 7;
}

static void test_writes_what_is_on(void **state)
{
	struct lines lines = {0};
	const struct tracer tracer = {1u << TRACE_POP, keep, &lines};
	const struct trace trace = {&tracer, "ana"};
	unsigned count = 0;

	TRACE(&trace, CLOCK, 0, "off %d", evaluated(&count));
	assert_int_equal(lines.n, 0);
	assert_int_equal(count, 0);
	TRACE(&trace, POP, 12345678, "form %d", evaluated(&count));
	assert_int_equal(lines.n, 1);
	assert_string_equal(lines.last, "pop t=12.345678 ana form 7");
}

static void test_costs_nothing_without_a_tracer(void **state)
{
	const struct trace off = {0};
	unsigned count = 0;

	TRACE(&off, POP, 0, "%d", evaluated(&count));
	assert_int_equal(count, 0);
}

static void test_a_line_stays_one_line(void **state)
{
	struct lines lines = {0};
	const struct tracer tracer = {1u << TRACE_LINK, keep, &lines};
	const struct trace trace = {&tracer, NULL};
	char text[2 * TRACE_LINE_MAX];

	TRACE(&trace, LINK, 0, "a\nlink t=1.0 forged\x7f");
	assert_string_equal(lines.last, "link t=0.000000 a link t=1.0 forged ");
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	TRACE(&trace, LINK, 0, "%s", text);
	assert_int_equal(strlen(lines.last), TRACE_LINE_MAX - 1);
}

static void test_reads_a_list_of_topics(void **state)
{
	const char *unknown = NULL;
	uint32_t topics;

	assert_int_equal(trace_topics_from_string("clock,pop", &topics, &unknown), 0);
	assert_int_equal(topics, 1u << TRACE_CLOCK | 1u << TRACE_POP);
	assert_int_equal(trace_topics_from_string(" link, outbox,", &topics, &unknown), 0);
	assert_int_equal(topics, 1u << TRACE_LINK | 1u << TRACE_OUTBOX);
	assert_int_equal(trace_topics_from_string("all", &topics, &unknown), 0);
	for (unsigned i = 0; i < TRACE_TOPIC_COUNT; i++)
		assert_true(topics >> i & 1);
	assert_int_equal(trace_topics_from_string("", &topics, &unknown), 0);
	assert_int_equal(topics, 0);
	assert_int_equal(trace_topics_from_string("pop,clocks", &topics, &unknown), -EINVAL);
	assert_string_equal(unknown, "clocks");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writes_what_is_on),
		cmocka_unit_test(test_costs_nothing_without_a_tracer),
		cmocka_unit_test(test_a_line_stays_one_line),
		cmocka_unit_test(test_reads_a_list_of_topics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
