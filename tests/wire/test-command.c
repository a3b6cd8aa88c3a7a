// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/command.h"

static const struct {
	const char *verb, *payload;
} every[] = {
	{"session-start",
		"{\"request\":\"q\",\"kit\":\"9\",\"athlete\":\"bea\",\"exercise\":\"hang\"}"},
	{"session-end", "{\"request\":\"q\",\"kit\":\"9\"}"},
	{"calibrate", "{\"request\":\"q\",\"kit\":\"9\",\"step\":\"flat-back\"}"},
	{"symptom",
		"{\"request\":\"q\",\"athlete\":\"bea\",\"code\":\"sharp\",\"site\":\"low_back\","
		"\"side\":\"left\",\"intensity\":6,\"source\":\"trainer\"}"},
	{"acknowledge", "{\"request\":\"q\",\"alert\":\"r1-a1\",\"by\":\"tom\"}"},
	{"override", "{\"request\":\"q\",\"pop\":\"r1-p1\",\"class\":\"benign\",\"by\":\"tom\","
		     "\"reason\":\"heard the mat\"}"},
	{"clear-symptoms", "{\"request\":\"q\",\"athlete\":\"bea\",\"by\":\"tom\"}"},
	{"identify", "{\"request\":\"q\",\"wearable\":\"9-hip\"}"},
	{"cue", "{\"request\":\"q\",\"athlete\":\"bea\",\"code\":\"STOP\"}"},
	{"watch", "{\"request\":\"q\",\"kit\":\"9\",\"seconds\":600}"},
	{"history", "{\"request\":\"q\",\"athlete\":\"bea\",\"kind\":\"rep\",\"since\":\"77\"}"},
};

static int parse(
	const char *verb, const char *payload, struct command *ret, struct command_reply *reply)
{
	return command_parse(verb, payload, strlen(payload), ret, reply);
}

static void every_verb_is_read(void **state)
{
	struct command c[ARRAY_LEN(every)];
	struct command_reply reply;

	assert_int_equal(ARRAY_LEN(every), COMMAND_COUNT);
	for (size_t i = 0; i < ARRAY_LEN(every); i++) {
		assert_int_equal(parse(every[i].verb, every[i].payload, &c[i], &reply), 0);
		assert_int_equal(reply.error, COMMAND_ERROR_NONE);
		assert_int_equal(c[i].verb, i);
		assert_string_equal(reply.request, "q");
	}
	assert_true(c[0].has_exercise && c[0].exercise == EXERCISE_HANG);
	assert_string_equal(c[0].athlete, "bea");
	assert_int_equal(c[2].step, CALIBRATION_STEP_FLAT_BACK);
	assert_int_equal(c[3].symptom, SYMPTOM_SHARP);
	assert_int_equal(c[3].site, BODY_SITE_LOW_BACK);
	assert_int_equal(c[3].side, SIDE_LEFT);
	assert_int_equal(c[3].intensity, 6);
	assert_string_equal(c[3].source, "trainer");
	assert_string_equal(c[4].alert, "r1-a1");
	assert_int_equal(c[5].class, POP_CLASS_BENIGN);
	assert_string_equal(c[5].reason, "heard the mat");
	assert_int_equal(c[8].cue, CUE_STOP);
	assert_int_equal(c[9].seconds, 600);
	assert_string_equal(c[10].query.athlete, "bea");
	assert_int_equal(c[10].query.kinds, 1u << LOGBOOK_KIND_REP);
	assert_int_equal(c[10].query.after_seq, 77);
	assert_int_equal(c[10].query.limit, LOGBOOK_PAGE_ENTRIES);
}

static void optional_members_may_be_missing(void **state)
{
	struct command c;
	struct command_reply reply;

	assert_int_equal(parse("session-start", "{\"kit\":\"9\"}", &c, &reply), 0);
	assert_false(c.has_exercise);
	assert_string_equal(c.athlete, "");
	assert_string_equal(reply.request, "");
	assert_int_equal(
		parse("symptom", "{\"athlete\":\"bea\",\"code\":\"none\",\"side\":null,\"x\":1}",
			&c, &reply),
		0);
	assert_int_equal(c.intensity, -1);
	assert_int_equal(c.site, BODY_SITE_UNKNOWN);
	assert_int_equal(
		parse("symptom", "{\"athlete\":\"bea\",\"code\":\"numb\",\"intensity\":255}", &c,
			&reply),
		0);
	assert_int_equal(c.intensity, -1);
}

static void all_other_members_are_required(void **state)
{
	struct command c;
	struct command_reply reply;

	for (size_t i = 0; i < ARRAY_LEN(every); i++) {
		assert_true(parse(every[i].verb, "{\"request\":\"q\"}", &c, &reply) < 0);
		assert_int_equal(reply.error, COMMAND_ERROR_MISSING_MEMBER);
		assert_string_equal(reply.request, "q");
	}
	assert_true(parse("override", "{\"pop\":\"p\",\"class\":\"benign\",\"by\":\"tom\"}", &c,
			    &reply) < 0);
	assert_string_equal(reply.message, "'reason' is missing");
}

static void errors_name_the_cause(void **state)
{
	static const struct {
		const char *verb, *payload;
		enum command_error error;
	} wrong[] = {
		{"dance", "{}", COMMAND_ERROR_UNKNOWN_VERB},
		{"cue", "", COMMAND_ERROR_BAD_JSON},
		{"cue", "[]", COMMAND_ERROR_BAD_JSON},
		{"cue", "{} {}", COMMAND_ERROR_BAD_JSON},
		{"cue", "{\"athlete\":\"a\",\"athlete\":\"b\"}", COMMAND_ERROR_BAD_JSON},
		{"cue", "{\"athlete\":\"a\",\"code\":\"NONE\"}", COMMAND_ERROR_BAD_VALUE},
		{"cue", "{\"athlete\":\"a/b\",\"code\":\"STOP\"}", COMMAND_ERROR_BAD_VALUE},
		{"cue", "{\"athlete\":7,\"code\":\"STOP\"}", COMMAND_ERROR_BAD_VALUE},
		{"session-end", "{\"kit\":\"a\\nb\"}", COMMAND_ERROR_BAD_VALUE},
		{"session-end", "{\"kit\":\"\"}", COMMAND_ERROR_BAD_VALUE},
		{"session-end", "{\"kit\":\"123456789012345678901234567890123\"}",
			COMMAND_ERROR_BAD_VALUE},
		{"session-end", "{\"kit\":\"9\",\"request\":7}", COMMAND_ERROR_BAD_VALUE},
		{"session-start", "{\"kit\":\"9\",\"exercise\":\"none\"}", COMMAND_ERROR_BAD_VALUE},
		{"calibrate", "{\"kit\":\"9\",\"step\":\"flat_back\"}", COMMAND_ERROR_BAD_VALUE},
		{"symptom", "{\"athlete\":\"a\",\"code\":\"unknown\"}", COMMAND_ERROR_BAD_VALUE},
		{"symptom", "{\"athlete\":\"a\",\"code\":\"sharp\",\"intensity\":11}",
			COMMAND_ERROR_BAD_VALUE},
		{"symptom", "{\"athlete\":\"a\",\"code\":\"sharp\",\"intensity\":1.5}",
			COMMAND_ERROR_BAD_VALUE},
		{"symptom", "{\"athlete\":\"a\",\"code\":\"sharp\",\"intensity\":\"3\"}",
			COMMAND_ERROR_BAD_VALUE},
	};
	struct command c;
	struct command_reply reply;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		assert_int_equal(parse(wrong[i].verb, wrong[i].payload, &c, &reply), -22);
		if (reply.error != wrong[i].error)
			fail_msg("%s %s: %s", wrong[i].verb, wrong[i].payload,
				command_error_to_string(reply.error));
		assert_true(strlen(reply.message) > 0);
	}
}

static void a_refused_word_is_answered_with_the_allowed_ones(void **state)
{
	struct command c;
	struct command_reply reply;

	parse("calibrate", "{\"kit\":\"9\",\"step\":\"flat\"}", &c, &reply);
	assert_string_equal(reply.message, "'step' must be one of: neutral, flat-back, "
					   "pelvic-tilts, leg-raise-left, leg-raise-right, clap");
	/* The longest list fits; NONE is not allowed. */
	parse("cue", "{\"athlete\":\"a\",\"code\":\"NONE\"}", &c, &reply);
	assert_string_equal(reply.message + strlen(reply.message) - 11, "RECALIBRATE");
	assert_null(strstr(reply.message, "NONE"));
}

static void a_large_payload_is_refused_unread(void **state)
{
	char *payload = alloc_zero(1, COMMAND_PAYLOAD_MAX + 2);
	struct command c;
	struct command_reply reply;

	memset(payload, ' ', COMMAND_PAYLOAD_MAX + 1);
	memcpy(payload, "{\"kit\":\"9\"}", 11);
	assert_int_equal(command_parse("session-end", payload, COMMAND_PAYLOAD_MAX, &c, &reply), 0);
	assert_true(command_parse("session-end", payload, COMMAND_PAYLOAD_MAX + 1, &c, &reply) < 0);
	assert_int_equal(reply.error, COMMAND_ERROR_TOO_LARGE);
	free(payload);
}

static void every_prefix_is_an_error(void **state)
{
	struct command c;
	struct command_reply reply;

	for (size_t i = 0; i < ARRAY_LEN(every); i++)
		for (size_t n = 0; n < strlen(every[i].payload); n++) {
			assert_true(
				command_parse(every[i].verb, every[i].payload, n, &c, &reply) < 0);
			assert_int_equal(reply.error, COMMAND_ERROR_BAD_JSON);
		}
	assert_true(command_parse("cue", NULL, 0, &c, &reply) < 0);
}

/* Whichever byte is changed: an error with a message, or a command with well-formed names. */
static void every_mutation_is_an_error_or_a_command(void **state)
{
	char payload[256];
	struct command c;
	struct command_reply reply;

	for (size_t i = 0; i < ARRAY_LEN(every); i++) {
		size_t size = strlen(every[i].payload);

		memcpy(payload, every[i].payload, size);
		for (size_t n = 0; n < size; n++)
			for (unsigned byte = 0; byte < 256; byte++) {
				payload[n] = (char)byte;
				if (command_parse(every[i].verb, payload, size, &c, &reply) < 0) {
					assert_int_not_equal(reply.error, COMMAND_ERROR_NONE);
					assert_true(reply.message[0]);
				} else {
					assert_null(strpbrk(c.kit, "/+#\n"));
					assert_null(strpbrk(c.athlete, "/+#\n"));
				}
				payload[n] = every[i].payload[n];
			}
	}
}

/* Every text of every command, with each kind of character that no text may have. */
static void what_cannot_be_seen_is_refused_in_every_member(void **state)
{
	static const char *const bad[] = {"\\u0000", "\\u0009", "\\u007f", "\x7f", "\\u0080",
		"\xc2\x85", "\\u009f", "\\u00a0", "\\u00ad", "\\u200b", "\\u202e", "\\u2066",
		"\\ufdd0", "\\ufeff", "\\ufffe", "\xef\xbf\xbf", "\\ud83f\\udffe", "\xc0\xaf",
		"\xed\xa0\x80", "\\ud800", "\xff"};
	char payload[512];
	struct command c;
	struct command_reply reply;

	for (size_t i = 0; i < ARRAY_LEN(every); i++)
		for (const char *at = strstr(every[i].payload, "\":\""); at;
			at = strstr(at + 1, "\":\""))
			for (size_t k = 0; k < ARRAY_LEN(bad); k++) {
				snprintf(payload, sizeof(payload), "%.*sx%s%s",
					(int)(at + 3 - every[i].payload), every[i].payload, bad[k],
					at + 3);
				assert_true(parse(every[i].verb, payload, &c, &reply) < 0);
				assert_true(reply.error == COMMAND_ERROR_BAD_VALUE ||
					    reply.error == COMMAND_ERROR_BAD_JSON);
				assert_true(reply.message[0]);
			}
	parse("cue", "{\"athlete\":\"Zo\\u0085e\",\"code\":\"STOP\"}", &c, &reply);
	assert_string_equal(reply.message,
		"'athlete' contains a character that cannot be seen (U+0085); remove it");
}

static void a_name_has_no_space_at_an_end(void **state)
{
	struct command c;
	struct command_reply reply;

	assert_true(parse("session-end", "{\"kit\":\" 9\"}", &c, &reply) < 0);
	assert_true(parse("session-end", "{\"kit\":\"9 \"}", &c, &reply) < 0);
	assert_true(parse("session-end", "{\"kit\":\" \"}", &c, &reply) < 0);
	assert_int_equal(parse("session-end", "{\"kit\":\"mat 9\"}", &c, &reply), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verb_is_read),
		cmocka_unit_test(optional_members_may_be_missing),
		cmocka_unit_test(all_other_members_are_required),
		cmocka_unit_test(errors_name_the_cause),
		cmocka_unit_test(a_refused_word_is_answered_with_the_allowed_ones),
		cmocka_unit_test(a_large_payload_is_refused_unread),
		cmocka_unit_test(every_prefix_is_an_error),
		cmocka_unit_test(every_mutation_is_an_error_or_a_command),
		cmocka_unit_test(what_cannot_be_seen_is_refused_in_every_member),
		cmocka_unit_test(a_name_has_no_space_at_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
