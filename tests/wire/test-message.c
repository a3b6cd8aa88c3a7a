// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "coxad/base/alloc.h"
#include "coxad/base/diag.h"
#include "coxad/config/conf-read.h"
#include "coxad/wire/message-home-assistant.h"
#include "coxad/wire/message-print.h"
#include "coxad/wire/message.h"
#include "daemon/wire/message-text.h"

static const char conf_text[] =
	"[gateway]\nname = pi\nsite = gym\n[kit 9]\nexercise = hang\n[wearable hip]\n"
	"address = C0:A5:00:00:09:01\nkit = 9\nplacement = hip-left\n";

struct fixture {
	struct conf *conf;
	struct wall_clock clock;
	struct message_encoder *encoder;
};

static int setup(void **state)
{
	struct conf_source source = {"test", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};
	struct fixture *f = new0(struct fixture);

	if (conf_read(&source, 1, &f->conf, &errors) < 0)
		return -1;
	wall_clock_set(&f->clock, 1000000, INT64_C(1795368600000000));
	f->encoder = message_encoder_new(f->conf, &f->clock, "r1", 41);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	message_encoder_free(f->encoder);
	conf_free(f->conf);
	free(f);
	return 0;
}

static struct message encode(struct fixture *f, enum result_kind kind, const void *what)
{
	struct result result = {.kind = kind, .posture = what};
	struct message m = {0};

	assert_int_equal(message_encode(f->encoder, 2000000, &result, &m), 0);
	assert_int_equal(m.size, strlen(m.payload));
	return m;
}

static struct pop_result some_pop(void)
{
	struct pop_result pop = {.id = "r1-p1",
		.rev = 2,
		.supersedes = 1,
		.state = POP_STATE_FINAL,
		.athlete = "ana",
		.kit = "9",
		.t_pop_us = 1500499,
		.time_uncertainty_ms = 3.14,
		.site = PLACEMENT_HIP_LEFT,
		.class = POP_CLASS_RED_FLAG,
		.severity = 3,
		.confidence = {1, 0.87654, 0.5, 1, NAN},
		.phase = PHASE_LOWER,
		.side = SIDE_LEFT,
		.rep = 4,
		.elevation_deg = 38.4499,
		.hip_flexion_deg = -0.04,
		.pelvic_tilt_deg = NAN,
		.lumbar_extension_deg = INFINITY,
		.speed_deg_s = -29.96,
		.form_total = 12,
		.pattern = PATTERN_UNSPECIFIED,
		.reasons = CODE_BIT(PAIN_AFTER_POP) | CODE_BIT(PAIN_SHARP),
		.n_cues = 1,
		.cues = {{CUE_STOP, NAN}},
		.n_symptoms = 1,
		.symptoms = {"r1-s1"}};

	for (unsigned i = 0; i < PLACEMENT_COUNT; i++)
		pop.levels_db[i] = NAN;
	pop.levels_db[PLACEMENT_HIP_LEFT] = -18.25;
	return pop;
}

static void a_pop_has_exactly_these_bytes(void **state)
{
	struct fixture *f = *state;
	struct pop_result pop = some_pop();
	struct message m = encode(f, RESULT_POP, &pop);
	char expected[2048];

	snprintf(expected, sizeof(expected),
		"{\"id\":\"r1-p1\",\"time\":\"2026-11-22T17:30:00.500Z\",\"time_uncertainty_ms\":3."
		"2,"
		"\"gateway\":\"pi\",\"seq\":41,\"rev\":2,\"state\":\"final\",\"supersedes\":1,"
		"\"athlete\":\"ana\",\"kit\":\"9\",\"t_pop_us\":1500499,\"site\":\"hip-left\","
		"\"levels_db\":{\"hip-left\":-18.3},\"class\":\"red_flag\",\"severity\":3,"
		"\"confidence\":{\"total\":1.0,\"origin\":0.877,\"posture\":0.5,\"symptom\":1.0,"
		"\"margin\":null},\"phase\":\"lower\",\"side\":\"left\",\"rep\":4,"
		"\"elevation_deg\":38.4,\"hip_flexion_deg\":0.0,\"pelvic_tilt_deg\":null,"
		"\"lumbar_extension_deg\":null,\"speed_deg_s\":-30.0,\"form\":{\"total\":12.0,"
		"\"f1\":0.0,\"f2\":0.0,\"f3\":0.0,\"f4\":0.0,\"f5\":0.0,\"f6\":0.0,\"f7\":0.0},"
		"\"pattern\":\"UNSPECIFIED\",\"reasons\":[\"PAIN_SHARP\",\"PAIN_AFTER_POP\"],"
		"\"cues\":[{\"code\":\"STOP\",\"argument\":null}],\"symptoms\":[\"r1-s1\"],"
		"\"config_hash\":\"%s\"}",
		f->conf->hash);
	assert_string_equal(m.payload, expected);
	assert_string_equal(m.topic, "coxa/v1/gym/athlete/ana/pop");
	assert_int_equal(m.t_us, 2000000);
	assert_int_equal(m.qos, 1);
	assert_false(m.retain);
	assert_int_equal(m.class, MESSAGE_CLASS_POP);
	assert_true(m.is_event);
	assert_string_equal(m.id, "r1-p1");
	assert_int_equal(m.seq, 41);
}

static void an_override_names_person_and_reason(void **state)
{
	struct pop_result pop = some_pop();
	struct message m;

	strcpy(pop.override_by, "tom");
	strcpy(pop.override_reason, "heard the mat");
	m = encode(*state, RESULT_POP, &pop);
	assert_non_null(
		strstr(m.payload, ",\"override\":{\"by\":\"tom\",\"reason\":\"heard the mat\"}}"));
}

static void ids_are_unique_and_seq_counts_events_only(void **state)
{
	struct fixture *f = *state;
	struct cue_result cue = {.athlete = "ana", .cue = {CUE_BRACE, NAN}};
	struct posture_result posture = {.athlete = "ana"};
	struct alert_result alert = {
		.athlete = "ana", .alert = "r1-a1", .class = POP_CLASS_RED_FLAG};
	struct message m = encode(f, RESULT_CUE, &cue);
	char first[ID_SIZE];

	strcpy(first, m.id);
	assert_int_equal(m.seq, 41);
	assert_int_equal(m.expiry_s, 5);
	m = encode(f, RESULT_POSTURE, &posture);
	assert_false(m.is_event);
	assert_null(m.id);
	m = encode(f, RESULT_CUE, &cue);
	assert_int_equal(m.seq, 42);
	assert_string_not_equal(m.id, first);
	m = encode(f, RESULT_ALERT, &alert);
	assert_string_equal(m.id, "r1-a1");
	alert.state = ALERT_STATE_UPDATED;
	m = encode(f, RESULT_ALERT, &alert);
	assert_string_not_equal(m.id, "r1-a1");
	assert_non_null(strstr(m.payload, "\"alert\":\"r1-a1\""));
	assert_non_null(strstr(m.payload, "\"label\":\"Stop and check with the athlete\""));
}

static void states_end_as_empty_retained_messages(void **state)
{
	struct session_result session = {.kit = "9"};
	struct alerts_result *alerts = new0(struct alerts_result);
	struct message m = encode(*state, RESULT_SESSION, &session);

	assert_string_equal(m.topic, "coxa/v1/gym/kit/9/session");
	assert_true(m.retain);
	assert_int_equal(m.size, 0);
	strcpy(alerts->athlete, "ana");
	m = encode(*state, RESULT_ALERTS, alerts);
	assert_true(m.retain);
	assert_int_equal(m.size, 0);
	alerts->n = 1;
	strcpy(alerts->open[0].alert, "r1-a1");
	m = encode(*state, RESULT_ALERTS, alerts);
	assert_non_null(strstr(m.payload, "\"alerts\":[{\"id\":\"r1-a1\",\"alert\":\"r1-a1\""));
	free(alerts);
}

static void an_invalid_name_makes_no_topic(void **state)
{
	struct fixture *f = *state;
	struct posture_result posture = {0};
	struct wearable_result wearable = {.wearable = 1};
	struct result result = {.kind = RESULT_POSTURE, .posture = &posture};
	struct message m;

	assert_true(message_encode(f->encoder, 0, &result, &m) < 0);
	result = (struct result){.kind = RESULT_WEARABLE, .wearable = &wearable};
	assert_true(message_encode(f->encoder, 0, &result, &m) < 0);
}

static void a_reply_is_published_below_its_verb(void **state)
{
	struct fixture *f = *state;
	struct command_reply reply = {
		.request = "q-7", .error = COMMAND_ERROR_UNKNOWN_KIT, .message = "no kit \"x\""};
	struct message m;

	message_encode_reply(f->encoder, 5, "calibrate", &reply, &m);
	assert_string_equal(m.topic, "coxa/v1/gym/command/calibrate/result");
	assert_string_equal(m.payload,
		"{\"request\":\"q-7\",\"ok\":false,\"error\":\"unknown_kit\","
		"\"message\":\"no kit \\\"x\\\"\"}");
	assert_false(m.is_event || m.retain);
	reply.request[0] = '\0';
	reply.error = COMMAND_ERROR_NONE;
	message_encode_reply(f->encoder, 5, "a/#", &reply, &m);
	assert_string_equal(m.topic, "coxa/v1/gym/command/unknown/result");
	assert_string_equal(m.payload, "{\"ok\":true}");
}

static void addresses_are_never_published(void **state)
{
	struct fixture *f = *state;
	const char *adapters[] = {"00:1A:7D:DA:71:13"};
	struct gateway_status status = {true, 1000000, "0.1.0", adapters, 1};
	struct wearable_result wearable = {.driver = "coxa", .last_drop = REASON_CHECK};
	struct message m;

	message_encode_status(f->encoder, 5, &status, &m);
	assert_non_null(strstr(m.payload, "\"adapters\":[\"7113\"]"));
	assert_string_equal(m.topic, "coxa/v1/gym/gateway/pi/status");
	m = encode(f, RESULT_WEARABLE, &wearable);
	assert_string_equal(m.topic, "coxa/v1/gym/wearable/hip/status");
	assert_null(strstr(m.payload, "C0:A5"));
	message_home_assistant_encode(f->encoder, 5, 0, &m);
	assert_null(strstr(m.payload, "C0:A5"));
	assert_string_equal(m.topic, "homeassistant/device/coxad_pi_hip/config");
}

static void printed_lines_show_what_is_published(void **state)
{
	struct message m = {
		.t_us = 7, .topic = "a/\"b\"", .payload = "{\"x\":1.5}", .size = 9, .qos = 1};
	char line[128];
	int n = message_print_line(&m, line, sizeof(line));

	assert_string_equal(line,
		"{\"t\":7,\"topic\":\"a/"
		"\\\"b\\\"\",\"qos\":1,\"retain\":false,\"payload\":{\"x\":1.5}}\n");
	assert_int_equal(n, strlen(line));
	assert_int_equal(message_print_line(&m, line, (size_t)n), -105);
	m.size = 0;
	m.retain = true;
	message_print_line(&m, line, sizeof(line));
	assert_non_null(strstr(line, "\"retain\":true,\"payload\":null}\n"));
}

static void late_ms_is_added_at_the_end(void **state)
{
	char text[64];

	assert_int_equal(message_print_late("{\"x\":1}", 7, 1500, text, sizeof(text)), 22);
	assert_string_equal(text, "{\"x\":1,\"late_ms\":1500}");
	message_print_late("{}", 2, 0, text, sizeof(text));
	assert_string_equal(text, "{\"late_ms\":0}");
	assert_int_equal(message_print_late("{\"x\":1}", 7, 1500, text, 22), -105);
	assert_int_equal(message_print_late("", 0, 1500, text, sizeof(text)), -22);
	assert_int_equal(message_print_late("[1]", 3, 1500, text, sizeof(text)), -22);
}

static size_t characters(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}

static void every_code_has_a_short_text(void **state)
{
	char text[TEXT_SIZE];

	for (unsigned i = 0; i < POP_CLASS_COUNT; i++) {
		assert_true(message_text_label((enum pop_class)i)[0]);
		assert_true(characters(message_text_label((enum pop_class)i)) <= MESSAGE_TEXT_MAX);
	}
	assert_string_equal(
		message_text_label(POP_CLASS_RED_FLAG), "Stop and check with the athlete");
	for (unsigned i = 1; i < CUE_COUNT; i++) {
		struct cue cue = {(enum cue_code)i, NAN};

		assert_true(message_text_cue(&cue, text, sizeof(text))[0]);
		assert_true(characters(text) <= MESSAGE_TEXT_MAX);
		cue.argument = 45;
		assert_true(
			characters(message_text_cue(&cue, text, sizeof(text))) <= MESSAGE_TEXT_MAX);
		if (i == CUE_REDUCE_RANGE)
			assert_string_equal(text, "Lower only to 45°, then come back up.");
	}
}

static json_t *schema(const char *name)
{
	const char *top = getenv("COXAD_TOP_SRCDIR");
	char *path = alloc_printf("%s/doc/schemas/%s.json", top ? top : TOP_SRCDIR, name);
	json_error_t error;
	json_t *json = json_load_file(path, 0, &error);

	if (!json)
		fail_msg("%s: %s", path, error.text);
	free(path);
	return json;
}

#define WORDS(def, count, expression, skip)                                                        \
	do {                                                                                       \
		json_t *words_ = json_object_get(                                                  \
			json_object_get(json_object_get(defs, "$defs"), def), "enum");             \
		assert_int_equal(json_array_size(words_), (count) - (skip));                       \
		for (unsigned i = skip; i < (count); i++)                                          \
			assert_string_equal(json_string_value(json_array_get(words_, i - (skip))), \
				expression);                                                       \
	} while (0)

static void schemas_list_the_same_words_as_the_tables(void **state)
{
	json_t *defs = schema("defs");

	WORDS("placement", PLACEMENT_COUNT, placement_to_string(i), 0);
	WORDS("exercise", EXERCISE_COUNT, exercise_to_string(i), 0);
	WORDS("phase", PHASE_COUNT, phase_to_string(i), 0);
	WORDS("side", SIDE_COUNT, side_to_string(i), 0);
	WORDS("symptom", SYMPTOM_COUNT, symptom_code_to_string(i), 0);
	WORDS("body_site", BODY_SITE_COUNT, body_site_to_string(i), 0);
	WORDS("pop_class", POP_CLASS_COUNT, pop_class_to_string(i), 0);
	WORDS("pop_state", POP_STATE_COUNT, pop_state_to_string(i), 0);
	WORDS("pattern", PATTERN_COUNT, pattern_to_string(i), 0);
	WORDS("cue", CUE_COUNT, cue_code_to_string(i), 0);
	WORDS("calibration_step", CALIBRATION_STEP_COUNT, calibration_step_to_string(i), 0);
	WORDS("calibration_state", CALIBRATION_STATE_COUNT, calibration_state_to_string(i), 0);
	WORDS("calibration_code", CALIBRATION_CODE_COUNT, calibration_code_to_string(i), 1);
	WORDS("calibration_lack", CALIBRATION_LACK_COUNT, calibration_lack_to_string(i), 0);
	WORDS("alert_state", ALERT_STATE_COUNT, alert_state_to_string(i), 0);
	WORDS("wearable_state", WEARABLE_STATE_COUNT, wearable_state_to_string(i), 0);
	WORDS("code", CODE_COUNT, code_to_string(i), 0);
	WORDS("reason", REASON_COUNT, reason_to_string(i), 0);
	WORDS("command_error", COMMAND_ERROR_COUNT, command_error_to_string(i), 1);
	json_decref(defs);
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		char name[64];

		snprintf(name, sizeof(name), "command-%s", command_verb_to_string(i));
		json_decref(schema(name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pop_has_exactly_these_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_override_names_person_and_reason, setup, teardown),
		cmocka_unit_test_setup_teardown(
			ids_are_unique_and_seq_counts_events_only, setup, teardown),
		cmocka_unit_test_setup_teardown(
			states_end_as_empty_retained_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(an_invalid_name_makes_no_topic, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_reply_is_published_below_its_verb, setup, teardown),
		cmocka_unit_test_setup_teardown(addresses_are_never_published, setup, teardown),
		cmocka_unit_test(printed_lines_show_what_is_published),
		cmocka_unit_test(late_ms_is_added_at_the_end),
		cmocka_unit_test(every_code_has_a_short_text),
		cmocka_unit_test(schemas_list_the_same_words_as_the_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
