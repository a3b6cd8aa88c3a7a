// SPDX-License-Identifier: MIT
/* What a radio writes is read back, and nothing else gets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/radio-batch.h"

#define OWN              "C0:A5:00:00:00:01"
#define OTHER            "C0:A5:00:00:00:02"
#define HEAD             "{\"coxa_radio\":1,\"radio\":\"mat-1\",\"boot\":7,\"seq\":5,\"n\":"
#define RSSI(t, address) "{\"t\":" t ",\"e\":\"rssi\",\"w\":\"" address "\",\"dbm\":-60}\n"

static struct radio_batch_reader *reader;

static bool serves(void *user, const char *radio, const char *address)
{
	assert_string_equal(radio, "mat-1");
	return strcmp(address, OWN) == 0;
}

static int setup(void **state)
{
	reader = radio_batch_reader_new(serves, NULL);
	return 0;
}

static int teardown(void **state)
{
	reader = radio_batch_reader_free(reader);
	return 0;
}

static enum radio_reason open_text(const char *text)
{
	struct radio_batch_head head;

	return radio_batch_open(reader, "mat-1", text, strlen(text), &head);
}

/* What each line in turn gives, ended by 0. */
static void expect_lines(const char *text, const int *expected)
{
	struct capture_event event;

	assert_int_equal(open_text(text), RADIO_REASON_NONE);
	for (; *expected; expected++)
		assert_int_equal(radio_batch_next(reader, &event), *expected);
	assert_int_equal(radio_batch_next(reader, &event), 0);
	assert_int_equal(radio_batch_next(reader, &event), 0);
}

#define LINES(text, ...) expect_lines(text, (const int[]){__VA_ARGS__, 0})
#define GOOD             1
#define BAD(reason)      -(int)RADIO_REASON_##reason

static struct radio_parcel fill(struct radio_batch_lines *lines)
{
	static const uint8_t value[] = {0x0a, 0xff};
	struct capture_event event = {.kind = CAPTURE_NOTIFY,
		.t_us = INT64_C(9000000000000),
		.address = OWN,
		.characteristic = UUID_SIG(0x2a19),
		.value = value,
		.size = sizeof(value)};

	memset(lines, 0, sizeof(*lines));
	assert_int_equal(radio_batch_add(lines, &event, true), 0);
	event = (struct capture_event){.kind = CAPTURE_DISCONNECTED,
		.t_us = event.t_us + 5,
		.address = OWN,
		.why = "said \"no\"\n"};
	assert_int_equal(radio_batch_add(lines, &event, false), 0);
	return (struct radio_parcel){{7, 5, 5, 3}, lines->text, lines->size, lines->n};
}

static void what_a_radio_writes_is_read_back(void **state)
{
	struct radio_batch_lines filled;
	struct radio_parcel parcel = fill(&filled);
	struct radio_lines lines = radio_batch_lines_of(&filled);
	char text[RADIO_BATCH_MAX];
	size_t size = radio_batch_write("mat-1", &parcel, text);
	struct radio_batch_head head;
	struct capture_event e;

	assert_int_equal(lines.n, 2);
	assert_true(lines.is_stream[0] && !lines.is_stream[1]);
	assert_true(lines.t_us == INT64_C(9000000000000));
	assert_int_equal(radio_batch_open(reader, "mat-1", text, size, &head), RADIO_REASON_NONE);
	assert_string_equal(head.radio, "mat-1");
	assert_true(head.span.boot == 7 && head.span.first == 5 && head.span.last == 5);
	assert_int_equal(head.span.lost, 3);
	assert_int_equal(head.n, 2);
	assert_int_equal(radio_batch_next(reader, &e), 1);
	assert_int_equal(e.kind, CAPTURE_NOTIFY);
	assert_true(e.t_us == INT64_C(9000000000000));
	assert_int_equal(e.value[1], 0xff);
	assert_string_equal(e.radio, "mat-1");
	assert_int_equal(radio_batch_next(reader, &e), 1);
	assert_string_equal(e.why, "said \"no\"\n");
	assert_int_equal(radio_batch_next(reader, &e), 0);
	parcel = (struct radio_parcel){{7, 1, 4, 12}, NULL, 0, 0};
	size = radio_batch_write("mat-1", &parcel, text);
	assert_int_equal(radio_batch_open(reader, "mat-1", text, size, &head), RADIO_REASON_NONE);
	assert_true(head.span.first == 1 && head.span.last == 4);
	assert_int_equal(head.span.lost, 12);
	assert_int_equal(radio_batch_next(reader, &e), 0);
}

static void a_batch_has_a_limit(void **state)
{
	static struct radio_batch_lines lines;
	static const uint8_t value[CAPTURE_VALUE_MAX + 1];
	static char text[RADIO_BATCH_MAX];
	struct capture_event event = {.kind = CAPTURE_RSSI, .address = OWN};
	struct radio_parcel parcel;
	unsigned n = 0;

	while (radio_batch_add(&lines, &event, true) == 0)
		n++;
	assert_int_equal(n, RADIO_BUFFER_LINES_MAX);
	assert_int_equal(radio_batch_add(&lines, &event, true), -EAGAIN);
	memset(&lines, 0, sizeof(lines));
	event = (struct capture_event){
		.kind = CAPTURE_NOTIFY, .address = OWN, .value = value, .size = sizeof(value)};
	assert_int_equal(radio_batch_add(&lines, &event, false), -EMSGSIZE);
	assert_int_equal(lines.n + lines.size, 0);
	event.size = CAPTURE_VALUE_MAX;
	while (radio_batch_add(&lines, &event, false) == 0)
		;
	assert_true(lines.n > 10);
	assert_int_equal(radio_batch_add(&lines, &event, false), -EAGAIN);
	/* With the longest name. */
	parcel = (struct radio_parcel){{RADIO_BATCH_NUMBER_MAX, RADIO_BATCH_NUMBER_MAX,
					       RADIO_BATCH_NUMBER_MAX, RADIO_BATCH_NUMBER_MAX},
		lines.text, lines.size, lines.n};
	assert_true(radio_batch_write(
			    "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
			    &parcel, text) <= RADIO_BATCH_MAX);
}

static void a_bad_head_refuses_the_batch(void **state)
{
	static const struct {
		const char *text;
		enum radio_reason reason;
	} heads[] = {{"", RADIO_REASON_TRUNCATED}, {HEAD "1", RADIO_REASON_TRUNCATED},
		{"nonsense\n", RADIO_REASON_SYNTAX}, {"[]\n", RADIO_REASON_SYNTAX},
		{"{}\n", RADIO_REASON_SYNTAX},
		{"{\"coxa_radio\":2,\"later\":{}}\n", RADIO_REASON_VERSION},
		{"{\"coxa_radio\":1}\n", RADIO_REASON_SYNTAX},
		{"{\"coxa_radio\":1,\"radio\":\"mat-2\",\"boot\":7,\"seq\":5,\"n\":0}\n",
			RADIO_REASON_SENDER},
		{HEAD "-1}\n", RADIO_REASON_SYNTAX}, {HEAD "1.5}\n", RADIO_REASON_SYNTAX},
		{HEAD "257}\n", RADIO_REASON_LENGTH}, {HEAD "0,\"boot\":8}\n", RADIO_REASON_SYNTAX},
		{HEAD "0,\"lost\":-1}\n", RADIO_REASON_SYNTAX},
		{HEAD "0,\"lost\":9007199254740993}\n", RADIO_REASON_SYNTAX},
		{HEAD "0,\"gone\":0}\n", RADIO_REASON_SYNTAX},
		{HEAD "0,\"gone\":6}\n", RADIO_REASON_SYNTAX},
		{HEAD "1,\"gone\":5}\n" RSSI("1", OWN), RADIO_REASON_SYNTAX},
		{"{\"coxa_radio\":1,\"radio\":\"mat-1\",\"boot\":0,\"seq\":5,\"n\":0}\n",
			RADIO_REASON_SYNTAX},
		{"{\"coxa_radio\":1,\"radio\":\"mat-1\",\"boot\":7,\"seq\":0,\"n\":0}\n",
			RADIO_REASON_SYNTAX},
		{HEAD "0,\"later\":[1]}\n", RADIO_REASON_NONE},
		{HEAD "0,\"gone\":5}\n", RADIO_REASON_NONE}};
	static char large[RADIO_BATCH_MAX + 1];
	struct radio_batch_head head = {.n = 77};
	struct capture_event event;

	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		assert_int_equal(open_text(heads[i].text), heads[i].reason);
		assert_int_equal(radio_batch_next(reader, &event), 0);
	}
	memset(large, '\n', sizeof(large));
	assert_int_equal(radio_batch_open(reader, "mat-1", large, sizeof(large), &head),
		RADIO_REASON_LENGTH);
	assert_int_equal(radio_batch_open(reader, "mat-1", NULL, 0, &head), RADIO_REASON_TRUNCATED);
	assert_int_equal(head.n, 77);
}

/* The good ones beside it are taken. */
static void a_bad_line_is_refused_by_itself(void **state)
{
	LINES(HEAD "2}\n" RSSI("1", OWN) RSSI("1", OWN), GOOD, GOOD);
	LINES(HEAD "3}\n" RSSI("1", OWN) RSSI("2", OTHER) RSSI("3", OWN), GOOD, BAD(OWNER), GOOD);
	LINES(HEAD "3}\n" RSSI("2", OWN) RSSI("1", OWN) RSSI("2", OWN), GOOD, BAD(ORDER), GOOD);
	LINES(HEAD
		"2}\n"
		"{\"t\":1,\"e\":\"command\",\"topic\":\"command/session-end\",\"payload\":{}}\n" RSSI(
			"1", OWN),
		BAD(KIND), GOOD);
	LINES(HEAD "1}\n{\"t\":1,\"e\":\"wall\",\"wall\":\"2026-11-22T17:30:00.000Z\"}\n",
		BAD(KIND));
	LINES(HEAD "1}\n{\"t\":1,\"e\":\"config\",\"text\":\"\"}\n", BAD(KIND));
	LINES(HEAD "1}\n{\"t\":1,\"e\":\"reboot\",\"w\":\"" OWN "\"}\n", BAD(SYNTAX));
	LINES(HEAD "2}\n\n" RSSI("1", OWN), BAD(SYNTAX), GOOD);
	LINES(HEAD
		"1}\n"
		"{\"coxa_capture\":1,\"t\":1,\"wall\":\"2026-11-22T17:30:00.000Z\",\"gateway\":\"g\"}\n",
		BAD(SYNTAX));
	LINES(HEAD "1}\n{\"t\":1,\"e\":\"notify\",\"w\":\"" OWN "\",\"c\":\"2a19\",\"v\":\"0\"}\n",
		BAD(SYNTAX));
	/* Fewer or more than it says, or cut off. */
	LINES(HEAD "2}\n" RSSI("1", OWN), GOOD, BAD(TRUNCATED));
	LINES(HEAD "1}\n" RSSI("1", OWN) RSSI("1", OWN), GOOD, BAD(LENGTH));
	LINES(HEAD "1}\n{\"t\":1,\"e\":\"rssi\"", BAD(TRUNCATED));
	LINES(HEAD "0}\n" RSSI("1", OWN), BAD(LENGTH));
}

static void read_why(const char *why, int expected)
{
	char text[1024];
	const int lines[] = {expected, 0};

	snprintf(text, sizeof(text),
		HEAD "1}\n{\"t\":1,\"e\":\"disconnected\",\"w\":\"" OWN "\",\"why\":\"%s\"}\n",
		why);
	expect_lines(text, lines);
}

/* With all that the brain adds, the line fits a recording. */
static void why_a_link_ended_is_short(void **state)
{
	static struct radio_batch_lines filled;
	struct capture_event event = {
		.kind = CAPTURE_DISCONNECTED, .t_us = RADIO_BATCH_NUMBER_MAX, .address = OWN};
	char why[RADIO_BATCH_WHY_MAX + 3], line[CAPTURE_LINE_MAX];

	memset(why, 'x', sizeof(why));
	why[RADIO_BATCH_WHY_MAX + 1] = '\0';
	read_why(why, BAD(SYNTAX));
	read_why(why + 1, GOOD);
	/* The radio cuts it, and no character in two. */
	memcpy(why + RADIO_BATCH_WHY_MAX - 1, "\xc3\xbc", 3);
	event.why = why;
	memset(&filled, 0, sizeof(filled));
	assert_int_equal(radio_batch_add(&filled, &event, false), 0);
	assert_null(memchr(filled.text, 0xc3, filled.size));
	assert_non_null(memmem(filled.text, filled.size, "xx\"}\n", 5));
	memset(why, '\1', RADIO_BATCH_WHY_MAX);
	why[RADIO_BATCH_WHY_MAX] = '\0';
	event.delay_us = 1;
	event.unc_us = CAPTURE_UNC_MAX_US;
	event.radio = "a-name-of-thirty-two-characters!";
	assert_true(capture_encode(&event, line, sizeof(line)) > 6 * RADIO_BATCH_WHY_MAX);
}

/* A radio cannot say when something was, nor speak for another. */
static void what_is_not_for_the_radio_to_say_is_ignored(void **state)
{
	struct capture_event event;

	assert_int_equal(open_text(HEAD "1}\n{\"t\":9,\"e\":\"rssi\",\"w\":\"" OWN
					"\",\"dbm\":-60,\"a\":3,\"u\":4,\"r\":\"mat-2\"}\n"),
		RADIO_REASON_NONE);
	assert_int_equal(radio_batch_next(reader, &event), 1);
	assert_true(event.t_us == 9 && event.delay_us == 0 && event.unc_us == 0);
	assert_string_equal(event.radio, "mat-1");
	/* Batches need not be in order of time, nor near each other. */
	LINES(HEAD "1}\n" RSSI("4000000000000000000", OWN), GOOD);
	LINES(HEAD "1}\n" RSSI("0", OWN), GOOD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_a_radio_writes_is_read_back, setup, teardown),
		cmocka_unit_test(a_batch_has_a_limit),
		cmocka_unit_test_setup_teardown(a_bad_head_refuses_the_batch, setup, teardown),
		cmocka_unit_test_setup_teardown(why_a_link_ended_is_short, setup, teardown),
		cmocka_unit_test_setup_teardown(a_bad_line_is_refused_by_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_is_not_for_the_radio_to_say_is_ignored, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
