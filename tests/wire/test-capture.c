// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/capture.h"
#include "coxad/wire/wall-text.h"
#include "coxad/wire/command.h"

#define WALL "\"wall\":\"2026-11-22T17:30:00.000Z\""
#define HEADER                                                                                     \
	"{\"coxa_capture\":1,\"t\":100,\"wall\":\"2026-11-22T17:30:00.000Z\",\"gateway\":\"g\"}"

static struct capture_decoder *begun(void)
{
	struct capture_decoder *decoder = capture_decoder_new();
	struct capture_event event;
	const char *error = "";

	if (capture_decode(decoder, HEADER, strlen(HEADER), &event, &error) != 1)
		fail_msg("%s", error);
	assert_int_equal(event.kind, CAPTURE_HEADER);
	assert_int_equal(event.t_us, 100);
	assert_int_equal(event.wall_us, INT64_C(1795368600000000));
	assert_string_equal(event.gateway, "g");
	assert_null(event.run);
	return decoder;
}

static void good(struct capture_decoder *decoder, const char *line, struct capture_event *ret)
{
	const char *error = "";

	if (capture_decode(decoder, line, strlen(line), ret, &error) != 1)
		fail_msg("%s: %s", line, error);
}

static void bad(const char *line, const char *expected)
{
	struct capture_decoder *decoder = begun();
	struct capture_event event = {.mtu = 7}, next;
	const char *error = NULL;

	assert_int_equal(capture_decode(decoder, line, strlen(line), &event, &error), -22);
	assert_int_equal(event.mtu, 7);
	assert_string_equal(error, expected);
	/* The caller may continue to read. */
	good(decoder, "{\"t\":200,\"e\":\"rssi\",\"w\":\"C0:A5:00:00:00:01\",\"dbm\":-60}", &next);
	capture_decoder_free(decoder);
}

static void each_kind_is_read(void **state)
{
	struct capture_decoder *decoder = begun();
	struct capture_event e;
	const char *error;

	good(decoder, "{\"t\":100,\"e\":\"connected\",\"w\":\"c0:a5:00:00:00:01\",\"mtu\":247}",
		&e);
	assert_null(e.adapter);
	assert_int_equal(e.bond, WEARABLE_BOND_UNKNOWN);
	good(decoder,
		"{\"t\":100,\"e\":\"connected\",\"w\":\"c0:a5:00:00:00:01\",\"mtu\":247,"
		"\"adapter\":\"71AB\",\"bonded\":false}",
		&e);
	assert_int_equal(e.bond, WEARABLE_BOND_NONE);
	assert_string_equal(e.adapter, "71AB");
	assert_int_equal(e.kind, CAPTURE_CONNECTED);
	assert_string_equal(e.address, "C0:A5:00:00:00:01");
	assert_int_equal(e.mtu, 247);
	good(decoder,
		"{\"t\":101,\"e\":\"notify\",\"w\":\"C0:A5:00:00:00:01\",\"c\":\"2a19\",\"v\":"
		"\"0aFf\","
		"\"later\":{}}\r",
		&e);
	assert_int_equal(e.kind, CAPTURE_NOTIFY);
	assert_int_equal(e.size, 2);
	assert_int_equal(e.value[1], 0xff);
	assert_true(uuid_is_equal(&e.characteristic, &UUID_SIG(0x2a19)));
	good(decoder,
		"{\"t\":101,\"e\":\"read\",\"w\":\"C0:A5:00:00:00:01\",\"c\":\"2a19\",\"v\":\"\"}",
		&e);
	assert_int_equal(e.kind, CAPTURE_READ);
	assert_int_equal(e.size, 0);
	assert_int_equal(capture_decode(decoder, "  \t", 3, &e, &error), 0);
	good(decoder,
		"{\"t\":102,\"e\":\"command\",\"topic\":\"command/calibrate\",\"payload\":{ "
		"\"kit\" : \"3\"}}",
		&e);
	assert_string_equal(e.topic, "command/calibrate");
	assert_int_equal(e.payload_size, strlen(e.payload));
	assert_string_equal(e.payload, "{\"kit\":\"3\"}");
	assert_false(e.is_retained);
	good(decoder,
		"{\"t\":102,\"e\":\"command\",\"topic\":\"x\",\"payload\":{},\"retained\":true}",
		&e);
	assert_true(e.is_retained);
	good(decoder, "{\"t\":103,\"e\":\"wall\",\"wall\":\"2026-11-22T18:30:00+01:00\"}", &e);
	assert_int_equal(e.wall_us, INT64_C(1795368600000000));
	good(decoder,
		"{\"t\":104,\"e\":\"disconnected\",\"w\":\"C0:A5:00:00:00:01\",\"why\":"
		"\"timeout\"}",
		&e);
	assert_string_equal(e.why, "timeout");
	good(decoder, "{\"t\":104,\"e\":\"rssi\",\"w\":\"C0:A5:00:00:00:01\",\"dbm\":-69}", &e);
	assert_int_equal(e.rssi_dbm, -69);
	capture_decoder_free(decoder);
}

static void errors_name_the_cause(void **state)
{
	bad("{\"t\":100,\"e\":\"connected\",\"w\":\"C0:A5:00:00:00:01\",\"adapter\":\"71ab\"}",
		"'adapter' must be two bytes like 7113");
	bad("{\"t\":100,\"e\":\"connected\",\"w\":\"C0:A5:00:00:00:01\",\"bonded\":1}",
		"'bonded' must be true or false");
	bad("{\"t\":100,\"e\":\"connected\",\"w\":\"C0:A5:00:00:00:01\",\"adapter\":7}",
		"'adapter' must be two bytes like 7113");
	bad("{\"t\":4000000000000000000,\"e\":\"rssi\",\"w\":\"C0:A5:00:00:00:01\",\"dbm\":-6}",
		"'t' is more than a month later than in the line before");
	bad("{\"t\":99,\"e\":\"rssi\",\"w\":\"C0:A5:00:00:00:01\",\"dbm\":-6}",
		"'t' is earlier than in the line before");
	bad("{\"t\":101,\"e\":\"reboot\"}", "unknown event 'reboot'");
	bad("{\"t\":101}", "'e' must be a string");
	bad("{\"e\":\"rssi\"}", "'t' must be a whole number");
	bad("{\"t\":1.5,\"e\":\"rssi\"}", "'t' must be a whole number");
	bad("{\"t\":-1,\"e\":\"rssi\"}", "'t' is out of range");
	bad("[]", "not a JSON object");
	bad(HEADER, "a second header");
	bad("{\"t\":101,\"e\":\"rssi\",\"w\":\"C0:A5\",\"dbm\":-6}",
		"'w' must be an address like C0:A5:00:00:00:01");
	bad("{\"t\":101,\"e\":\"read\",\"w\":\"C0:A5:00:00:00:01\",\"c\":\"2a1\",\"v\":\"\"}",
		"'c' must be a UUID");
	bad("{\"t\":101,\"e\":\"read\",\"w\":\"C0:A5:00:00:00:01\",\"c\":\"2a19\",\"v\":\"0g\"}",
		"'v' must be hexadecimal");
	bad("{\"t\":101,\"e\":\"read\",\"w\":\"C0:A5:00:00:00:01\",\"c\":\"2a19\",\"v\":\"0\"}",
		"'v' must be whole bytes, at most 600");
	bad("{\"t\":101,\"e\":\"wall\",\"wall\":\"yesterday\"}",
		"'wall' must be a UTC time like 2026-11-22T17:30:00.000Z");
	bad("{\"t\":101,\"e\":\"command\",\"topic\":\"x\"}", "'payload' is missing");
}

static void the_first_line_is_a_header(void **state)
{
	static const char *const lines[] = {
		"{\"t\":1,\"e\":\"wall\",\"wall\":\"2026-11-22T17:30:00.000Z\"}",
		"{\"coxa_capture\":3,\"t\":1," WALL ",\"gateway\":\"g\"}",
		"{\"coxa_capture\":1," WALL ",\"gateway\":\"g\"}",
		"{\"coxa_capture\":1,\"t\":1," WALL ",\"gateway\":\"g\\u0085\"}",
		"{\"coxa_capture\":1,\"t\":1," WALL ",\"gateway\":\"g\",\"run\":\"\\ufffe\"}",
		"{\"coxa_capture\":1,\"t\":1,\"gateway\":\"g\"}",
		"{\"coxa_capture\":1,\"t\":1," WALL "}",
		"", /* an empty file is not a header, but not an error either */
	};
	struct capture_event event;
	const char *error;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct capture_decoder *decoder = capture_decoder_new();

		assert_int_equal(
			capture_decode(decoder, lines[i], strlen(lines[i]), &event, &error),
			lines[i][0] ? -22 : 0);
		capture_decoder_free(decoder);
	}
}

static void round_trip(const struct capture_event *event, struct capture_event *ret)
{
	static struct capture_decoder *decoder;
	char line[CAPTURE_LINE_MAX + 2];
	int n = capture_encode(event, line, sizeof(line));

	capture_decoder_free(decoder);
	decoder = begun();
	assert_true(n > 0);
	assert_int_equal(line[n - 1], '\n');
	assert_int_equal(strlen(line), n);
	line[n - 1] = '\0';
	good(decoder, line, ret);
}

static void written_lines_read_back(void **state)
{
	uint8_t value[CAPTURE_VALUE_MAX];
	struct capture_event e = {.kind = CAPTURE_NOTIFY,
		.t_us = 1822867117,
		.address = "C0:A5:00:00:00:01",
		.characteristic = UUID_SIG(0x2a19),
		.value = value,
		.size = sizeof(value)};
	struct capture_event back;

	for (size_t i = 0; i < sizeof(value); i++)
		value[i] = (uint8_t)i;
	round_trip(&e, &back);
	assert_int_equal(back.t_us, e.t_us);
	assert_int_equal(back.size, e.size);
	assert_memory_equal(back.value, value, sizeof(value));
	e = (struct capture_event){.kind = CAPTURE_DISCONNECTED,
		.t_us = 200,
		.address = e.address,
		.why = "it said \"no\"\n"};
	round_trip(&e, &back);
	assert_string_equal(back.why, e.why);
	e = (struct capture_event){
		.kind = CAPTURE_WALL, .t_us = 200, .wall_us = INT64_C(1795368600123000)};
	round_trip(&e, &back);
	assert_int_equal(back.wall_us, e.wall_us);
	for (unsigned bond = WEARABLE_BOND_UNKNOWN; bond <= WEARABLE_BOND_KEPT; bond++) {
		round_trip(&(struct capture_event){.kind = CAPTURE_CONNECTED,
				   .t_us = 200,
				   .address = "C0:A5:00:00:00:01",
				   .bond = (enum wearable_bond)bond},
			&back);
		assert_int_equal(back.bond, bond);
	}
}

/* Versions 1 and 2 alike; a configuration may be longer than any other line. */
static void a_configuration_is_read_back(void **state)
{
	static const char two[] =
		"{\"coxa_capture\":2,\"t\":1,\"wall\":\"2026-11-22T17:30:00.000Z\",\"gateway\":\"g\"}";
	static char text[CAPTURE_CONFIG_MAX], line[CAPTURE_CONFIG_MAX], note[CAPTURE_LINE_MAX + 64];
	struct capture_event back, e = {.kind = CAPTURE_CONFIG, .t_us = 200, .text = text};
	struct capture_decoder *decoder = begun();
	const char *error = NULL;

	memset(text, '#', CAPTURE_CONFIG_MAX - 200);
	memcpy(text, "[kit \"a\"]\n", 10);
	e.text_size = strlen(text);
	e.config_hash = "0123456789abcdef";
	assert_true(capture_encode(&e, line, sizeof(line)) > CAPTURE_LINE_MAX);
	line[strlen(line) - 1] = '\0';
	good(decoder, line, &back);
	assert_int_equal(back.text_size, e.text_size);
	assert_string_equal(back.text, text);
	assert_string_equal(back.config_hash, e.config_hash);
	capture_decoder_free(decoder);
	decoder = capture_decoder_new();
	assert_int_equal(capture_decode(decoder, two, strlen(two), &back, &error), 1);
	good(decoder, "{\"t\":2,\"e\":\"config\",\"text\":\"\"}", &back);
	assert_null(back.config_hash);
	snprintf(note, sizeof(note), "{\"t\":3,\"e\":\"rssi\",\"dbm\":1,\"x\":\"%*s\"}",
		CAPTURE_LINE_MAX, "");
	assert_int_equal(capture_decode(decoder, note, strlen(note), &back, &error), -22);
	assert_non_null(strstr(error, "allowed: 16384"));
	capture_decoder_free(decoder);
	bad("{\"t\":200,\"e\":\"config\"}", "'text' must be a string");
	bad("{\"t\":200,\"e\":\"config\",\"text\":\"\",\"config_hash\":\"0123456789ABCDEF\"}",
		"'config_hash' must be 16 hexadecimal digits");
	bad("{\"t\":200,\"e\":\"config\",\"text\":\"\",\"config_hash\":7}",
		"'config_hash' must be 16 hexadecimal digits");
}

/* With version 1 in the header too: the recorder cannot change it in a pipe. */
static void what_a_radio_adds_is_read_back(void **state)
{
	struct capture_event back, e = {.kind = CAPTURE_RSSI,
					   .t_us = 200,
					   .address = "C0:A5:00:00:00:01",
					   .rssi_dbm = -60};
	struct capture_decoder *decoder = begun();
	char line[256];

	assert_false(capture_needs_new(&e));
	round_trip(&e, &back);
	assert_int_equal(back.delay_us, 0);
	assert_int_equal(back.unc_us, 0);
	assert_null(back.radio);
	e.delay_us = 170;
	e.unc_us = 12;
	e.radio = "mat-1";
	assert_true(capture_needs_new(&e));
	capture_encode(&e, line, sizeof(line));
	assert_string_equal(line,
		"{\"t\":200,\"e\":\"rssi\",\"w\":\"C0:A5:00:00:00:01\",\"dbm\":-60,"
		"\"a\":30,\"u\":12,\"r\":\"mat-1\"}\n");
	round_trip(&e, &back);
	assert_int_equal(back.delay_us, 170);
	assert_int_equal(back.unc_us, 12);
	assert_string_equal(back.radio, "mat-1");
	/* A command comes through no radio. */
	good(decoder,
		"{\"t\":300,\"e\":\"command\",\"topic\":\"x\",\"payload\":{},\"a\":7,\"r\":1}",
		&back);
	assert_int_equal(back.delay_us, 0);
	assert_null(back.radio);
	capture_decoder_free(decoder);
}

static void an_arrival_stays_when_the_event_is_taken_later(void **state)
{
	struct capture_event here = {.t_us = 100},
			     there = {.t_us = 100, .delay_us = 30, .radio = "mat-1"};

	capture_postpone(&there, 90);
	assert_true(there.t_us == 100 && there.delay_us == 30);
	capture_postpone(&there, 150);
	assert_true(there.t_us == 150 && there.delay_us == 80);
	/* On the clock of the gateway itself, which is what is taken. */
	capture_postpone(&here, 150);
	assert_true(here.t_us == 150 && here.delay_us == 0);
}

static void a_radio_cannot_say_anything(void **state)
{
#define RSSI(members)                                                                              \
	"{\"t\":200,\"e\":\"rssi\",\"w\":\"C0:A5:00:00:00:01\",\"dbm\":-6," members "}"
	bad(RSSI("\"a\":201"), "'a' is out of range");
	bad(RSSI("\"a\":-1"), "'a' is out of range");
	bad(RSSI("\"a\":1.5"), "'a' must be a whole number");
	bad(RSSI("\"a\":null"), "'a' must be a whole number");
	bad(RSSI("\"u\":-1"), "'u' is out of range");
	bad(RSSI("\"u\":2678400000001"), "'u' is out of range");
	bad(RSSI("\"u\":\"1\""), "'u' must be a whole number");
	bad(RSSI("\"r\":\"\""), "'r' must be the name of a radio");
	bad(RSSI("\"r\":\"a/b\""), "'r' must be the name of a radio");
	bad(RSSI("\"r\":\"\\u0007\""), "'r' must be the name of a radio");
	bad(RSSI("\"r\":\"012345678901234567890123456789012\""), "'r' must be the name of a radio");
	bad(RSSI("\"r\":7"), "'r' must be the name of a radio");
#undef RSSI
}

static void lines_have_the_documented_form(void **state)
{
	static const uint8_t value[] = {0x0a, 0x00};
	struct capture_event e = {.kind = CAPTURE_NOTIFY,
		.t_us = 10250331,
		.address = "C0:A5:00:00:00:01",
		.value = value,
		.size = 2};
	char line[256];

	uuid_from_string("c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", &e.characteristic);
	assert_int_equal(capture_encode(&e, line, 10), -105);
	capture_encode(&e, line, sizeof(line));
	assert_string_equal(line, "{\"t\":10250331,\"e\":\"notify\",\"w\":\"C0:A5:00:00:00:01\","
				  "\"c\":\"c0a50004-9bc6-4808-"
				  "a8bd-20fbe3fc7d8c\",\"v\":\"0a00\"}\n");
	e = (struct capture_event){.kind = CAPTURE_HEADER,
		.t_us = 5,
		.wall_us = INT64_C(1795368600000000),
		.gateway = "pi",
		.run = "r1"};
	capture_encode(&e, line, sizeof(line));
	assert_string_equal(line,
		"{\"coxa_capture\":1,\"t\":5,\"wall\":\"2026-11-22T17:30:00.000Z\","
		"\"gateway\":\"pi\",\"run\":\"r1\"}\n");
}

/* A replay must do what the live run did, even with an invalid command. */
static void a_command_is_judged_the_same_after_a_capture(void **state)
{
	static char large[COMMAND_PAYLOAD_MAX + 300], exact[COMMAND_PAYLOAD_MAX + 1], spaced[4096],
		wide[4000] = "{\"request\":\"q\",\"kit\":\"9\",\"x\":[1e9",
		invalid[] = "{\"kit\":\"\xff\"}";
	const char *const payloads[] = {"{\"kit\":\"9\"}", " { \"kit\" : \"9\",\n\"more\":[1,{}] }",
		"", "nonsense", "\"text\"", "[1,2]", "null", "{\"kit\":\"9\"",
		"{\"kit\":\"9\",\"kit\":\"8\"}", "{\"kit\":\"\\u0000\"}", "\x01\x02\x03", invalid,
		large, exact, spaced, wide, "{\"kit\":9}"};

	memset(large, '{', sizeof(large) - 1);
	memset(exact, ' ', sizeof(exact) - 1);
	memcpy(exact, "{\"kit\":\"9\"}", 11);
	memset(spaced, '\n', sizeof(spaced) - 1);
	memcpy(spaced, "[\"\xc3\xa4", 4);
	for (size_t at = strlen(wide); at < sizeof(wide) - 10; at += 4)
		memcpy(wide + at, ",1e9", 5);
	strcat(wide, "]}");
	for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
		struct capture_event back, e = {.kind = CAPTURE_COMMAND,
						   .t_us = 200,
						   .topic = "command/session-end",
						   .payload = payloads[i],
						   .payload_size = strlen(payloads[i])};
		struct command live, replayed;
		struct command_reply said, again;
		int r = command_parse(
			"session-end", payloads[i], strlen(payloads[i]), &live, &said);

		round_trip(&e, &back);
		assert_int_equal(command_parse("session-end", back.payload, back.payload_size,
					 &replayed, &again),
			r);
		assert_int_equal(said.error, again.error);
		assert_string_equal(said.message, again.message);
		assert_memory_equal(&live, &replayed, sizeof(live));
	}
}

static void wall_times_are_read_and_written(void **state)
{
	static const struct {
		const char *text;
		int64_t wall_us;
	} good_[] = {{"1970-01-01T00:00:00Z", 0},
		{"2000-02-29T12:00:00.5Z", INT64_C(951825600500000)},
		{"2026-11-22T17:30:00.000Z", INT64_C(1795368600000000)},
		{"2026-11-22t17:30:00.123456789z", INT64_C(1795368600123456)},
		{"2026-11-22T23:00:00+05:30", INT64_C(1795368600000000)},
		{"9999-12-31T23:59:59.999Z", INT64_C(253402300799999000)}};
	static const char *const bad_[] = {"", "2026", "2026-13-01T00:00:00Z",
		"2026-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T17:30:00",
		"2026-11-22T17:30:00.Z", "2026-11-22T17:30:00.0000000000Z", "2026-11-22T17:30:00Zx",
		"1969-12-31T23:59:59Z", "2026-11-22T17:30:00+24:00", "2026-1-22T17:30:00Z"};
	char text[WALL_TEXT_SIZE];
	int64_t wall_us = 7;

	for (size_t i = 0; i < ARRAY_LEN(good_); i++) {
		assert_int_equal(wall_text_read(good_[i].text, &wall_us), 0);
		assert_int_equal(wall_us, good_[i].wall_us);
	}
	wall_us = 7;
	for (size_t i = 0; i < ARRAY_LEN(bad_); i++)
		assert_int_equal(wall_text_read(bad_[i], &wall_us), -22);
	assert_int_equal(wall_us, 7);
	for (int64_t t = 0; t < INT64_C(253402300800000000); t += INT64_C(86399123000) * 37) {
		wall_text_write(t, text);
		assert_int_equal(wall_text_read(text, &wall_us), 0);
		assert_int_equal(wall_us, t);
	}
	wall_text_write(-5, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	wall_text_write(INT64_MAX, text);
	assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_is_read),
		cmocka_unit_test(errors_name_the_cause),
		cmocka_unit_test(the_first_line_is_a_header),
		cmocka_unit_test(written_lines_read_back),
		cmocka_unit_test(a_configuration_is_read_back),
		cmocka_unit_test(what_a_radio_adds_is_read_back),
		cmocka_unit_test(an_arrival_stays_when_the_event_is_taken_later),
		cmocka_unit_test(a_radio_cannot_say_anything),
		cmocka_unit_test(lines_have_the_documented_form),
		cmocka_unit_test(a_command_is_judged_the_same_after_a_capture),
		cmocka_unit_test(wall_times_are_read_and_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
