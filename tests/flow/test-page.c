// SPDX-License-Identifier: MIT
/* What screens ask of the gateway: the inventory, live values while somebody watches, the history. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/flow/gateway-history.h"
#include "coxad/flow/gateway-inventory.h"
#include "coxad/flow/gateway.h"
#include "coxad/flow/gateway-reconfigure.h"

static const char conf_text[] = "[gateway]\nname = pi\nsite = gym\n"
				"[kit 3]\nexercise = supine-straight\nathlete = ana\n"
				"[kit 4]\nexercise = single\n"
				"[wearable 3-pelvis]\naddress = C0:A5:00:00:03:01\nkit = 3\n"
				"placement = pelvis\n"
				"[wearable 4-pelvis]\naddress = C0:A5:00:00:04:01\nkit = 4\n"
				"placement = pelvis\ndriver = witmotion\n";
static const char pelvis[] = "C0:A5:00:00:03:01";
/* Sensor Information: profile 1, streams, 8 g, 1000 degrees/s, 104 Hz, boot 7. */
static const uint8_t info[20] = {
	1, 0x11, 8, 0, 0xe8, 3, 104, 0, 0, 0, 0, 0, 7, 0, 0, 0, 64, 0, 0, 0};

struct rig {
	struct conf *conf;
	struct gateway *gateway;
	/* Of the topic that is looked for. */
	const char *topic;
	unsigned n;
	json_t *last;
	struct reply_to reply_to; /* of the last one, a copy */
	char reply_topic[64];
	/* Questions to the logbook. */
	uint64_t question[GATEWAY_HISTORY_MAX + 1];
	unsigned n_questions;
	struct logbook_query query;
	int ask_result;
};

static void on_message(void *user, const struct message *message)
{
	struct rig *rig = user;
	const char *at = strstr(message->topic, rig->topic);

	if (!at || strcmp(at, rig->topic) != 0)
		return;
	rig->n++;
	json_decref(rig->last);
	rig->last = json_loadb(message->payload, message->size, 0, NULL);
	assert_non_null(rig->last);
	rig->reply_to = message->reply_to;
	if (message->reply_to.topic)
		strcpy(rig->reply_topic, message->reply_to.topic);
}

static int on_ask(void *user, uint64_t question, const struct logbook_query *query)
{
	struct rig *rig = user;

	if (rig->ask_result < 0)
		return rig->ask_result;
	rig->question[rig->n_questions++] = question;
	rig->query = *query;
	return 0;
}

static const struct gateway_ops ops = {.message = on_message, .ask = on_ask};

static void give(struct rig *rig, struct capture_event event)
{
	gateway_event(rig->gateway, &event, NULL);
}

static void look_for(struct rig *rig, const char *topic)
{
	rig->topic = topic;
	rig->n = 0;
}

/* conf_text and more. */
static struct conf *read_conf(const char *more)
{
	_auto_free_ char *text = alloc_printf("%s%s", conf_text, more);
	struct conf_source source = {"test.conf", text, strlen(text)};
	struct conf_errors errors = {0};
	struct conf *ret = NULL;

	assert_int_equal(conf_read(&source, 1, &ret, &errors), 0);
	conf_errors_done(&errors);
	return ret;
}

static void reconfigure(struct rig *rig, int64_t t_us, const char *more)
{
	struct conf *fresh = read_conf(more);
	struct conf_change change;

	gateway_reconfigure(rig->gateway, t_us, fresh, &change);
	conf_merge_done(&change);
	conf_free(fresh);
}

static int begin(void **state)
{
	struct rig *rig = new0(struct rig);
	struct gateway_settings settings = {.run = "r", .first_seq = 1};

	rig->conf = read_conf("");
	settings.conf = rig->conf;
	rig->gateway = gateway_new(&settings, &ops, rig);
	look_for(rig, "gateway/pi/inventory");
	give(rig, (struct capture_event){.kind = CAPTURE_HEADER,
			  .t_us = US_PER_S,
			  .wall_us = INT64_C(1795368600) * US_PER_S,
			  .gateway = "pi"});
	*state = rig;
	return 0;
}

static int end(void **state)
{
	struct rig *rig = *state;

	json_decref(rig->last);
	gateway_free(rig->gateway);
	conf_free(rig->conf);
	free(rig);
	return 0;
}

static void command(struct rig *rig, int64_t t_us, const char *topic, const char *payload)
{
	give(rig, (struct capture_event){.kind = CAPTURE_COMMAND,
			  .t_us = t_us,
			  .topic = topic,
			  .payload = payload,
			  .payload_size = strlen(payload)});
}

static void notify(
	struct rig *rig, int64_t t_us, const char *uuid, const uint8_t *value, size_t size)
{
	struct capture_event event = {.kind = CAPTURE_NOTIFY,
		.t_us = t_us,
		.address = pelvis,
		.value = value,
		.size = size};

	uuid_from_string(uuid, &event.characteristic);
	give(rig, event);
}

static void tell_info(struct rig *rig, int64_t t_us)
{
	give(rig, (struct capture_event){.kind = CAPTURE_CONNECTED,
			  .t_us = t_us,
			  .address = pelvis,
			  .mtu = 247,
			  .bond = WEARABLE_BOND_NONE,
			  .adapter = "71AB"});
	notify(rig, t_us, "c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", info, sizeof(info));
}

/* Eight samples at rest, with z up. */
static void tell_motion(struct rig *rig, int64_t t_us, unsigned sequence)
{
	uint8_t packet[8 + 12 * 8] = {(uint8_t)sequence, (uint8_t)(sequence >> 8)};
	uint32_t time = (uint32_t)(t_us - 7 * 9615);

	memcpy(packet + 2, &time, sizeof(time));
	packet[6] = 9615 & 0xff;
	packet[7] = 9615 >> 8;
	for (unsigned i = 0; i < 8; i++)
		packet[8 + 12 * i + 5] = 4096 >> 8; /* 1 g of 8 */
	notify(rig, t_us, "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", packet, sizeof(packet));
}

static json_t *wearable_of(const struct rig *rig, size_t i)
{
	return json_array_get(json_object_get(rig->last, "wearables"), i);
}

static void the_inventory_says_what_is_known_and_again_when_it_changes(void **state)
{
	struct rig *rig = *state;
	const json_t *kits, *w;

	assert_int_equal(rig->n, 1);
	kits = json_object_get(rig->last, "kits");
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(kits, 0), "athlete")), "ana");
	assert_true(json_is_null(json_object_get(json_array_get(kits, 1), "athlete")));
	assert_true(json_is_null(json_object_get(wearable_of(rig, 0), "driver")));
	assert_int_equal(json_array_size(json_object_get(wearable_of(rig, 0), "streams")), 0);
	assert_string_equal(
		json_string_value(json_object_get(wearable_of(rig, 1), "driver")), "witmotion");
	assert_int_equal(json_array_size(json_object_get(wearable_of(rig, 1), "streams")), 2);
	assert_int_equal(json_array_size(json_object_get(wearable_of(rig, 1), "orders")), 0);
	tell_info(rig, 3 * US_PER_S);
	gateway_advance(rig->gateway, 5 * US_PER_S);
	assert_int_equal(rig->n, 2);
	w = wearable_of(rig, 0);
	assert_string_equal(json_string_value(json_object_get(w, "driver")), "coxa");
	/* Motion; the vibration motor is what it takes. */
	assert_int_equal(json_array_size(json_object_get(w, "streams")), 1);
	assert_int_equal(json_array_size(json_object_get(w, "orders")), 2);
	/* Nothing new is not told. */
	tell_info(rig, 6 * US_PER_S);
	gateway_inventory_changed(rig->gateway);
	gateway_advance(rig->gateway, 9 * US_PER_S);
	assert_int_equal(rig->n, 2);
	reconfigure(rig, 10 * US_PER_S, "[analysis]\nform-limit = 55\n");
	assert_int_equal(rig->n, 3);
	assert_true(json_number_value(json_object_get(
			    json_object_get(rig->last, "limits"), "form_limit")) == 55);
}

static void live_values_come_five_times_a_second_for_as_long_as_asked(void **state)
{
	struct rig *rig = *state;
	const json_t *gravity;

	tell_info(rig, 2 * US_PER_S);
	look_for(rig, "wearable/3-pelvis/live");
	for (unsigned i = 0; i < 300; i++) {
		int64_t t_us = 3 * US_PER_S + i * 8 * INT64_C(9615);

		tell_motion(rig, t_us, i);
		if (i == 100) {
			assert_int_equal(rig->n, 0);
			command(rig, t_us, "command/watch", "{\"kit\":\"3\",\"seconds\":4}");
		}
	}
	assert_int_equal(rig->n, 20);
	gravity = json_object_get(rig->last, "gravity");
	assert_true(fabs(json_number_value(json_array_get(gravity, 2)) - 1) < 0.01);
	assert_true(fabs(json_number_value(json_array_get(gravity, 0))) < 0.01);
	assert_true(json_is_true(json_object_get(rig->last, "is_still")));
	assert_true(json_number_value(json_object_get(rig->last, "turn_deg_s")) < 1);
	assert_true(json_is_null(json_object_get(rig->last, "level_db")));
}

/* An absent one is told as unknown, so that nobody takes silence for stillness. */
static void a_watch_only_gets_longer_and_unknown_values_are_null(void **state)
{
	struct rig *rig = *state;

	look_for(rig, "wearable/4-pelvis/live");
	command(rig, 10 * US_PER_S, "command/watch", "{\"kit\":\"4\",\"seconds\":10}");
	command(rig, 11 * US_PER_S, "command/watch", "{\"kit\":\"4\",\"seconds\":2}");
	gateway_advance(rig->gateway, 60 * US_PER_S);
	assert_int_equal(rig->n, 50);
	assert_true(json_is_null(json_object_get(rig->last, "gravity")));
	assert_true(json_is_null(json_object_get(rig->last, "is_still")));
	command(rig, 70 * US_PER_S, "command/watch", "{\"kit\":\"4\",\"seconds\":600}");
	gateway_advance(rig->gateway, 2000 * (int64_t)US_PER_S);
	assert_int_equal(rig->n, 50 + 3000);
	look_for(rig, "command/watch/result");
	command(rig, 2001 * (int64_t)US_PER_S, "command/watch", "{\"kit\":\"9\",\"seconds\":1}");
	assert_string_equal(json_string_value(json_object_get(rig->last, "error")), "unknown_kit");
	command(rig, 2002 * (int64_t)US_PER_S, "command/watch", "{\"kit\":\"4\",\"seconds\":601}");
	assert_string_equal(json_string_value(json_object_get(rig->last, "error")), "bad_value");
}

static void ask(struct rig *rig, int64_t t_us, const char *payload, const struct reply_to *to)
{
	struct capture_event event = {.kind = CAPTURE_COMMAND,
		.t_us = t_us,
		.topic = "command/history",
		.payload = payload,
		.payload_size = strlen(payload)};

	gateway_event(rig->gateway, &event, to);
}

static void the_answer_goes_where_the_question_came_from(void **state)
{
	struct rig *rig = *state;
	char topic[] = "coxa/v1/gym/reply/tab", correlation[] = "c7";
	struct reply_to to = {.topic = topic, .correlation = correlation, .correlation_size = 2};
	struct logbook_entry entry = {.seq = 77,
		.at_ms = 1795368601000,
		.kind = LOGBOOK_KIND_ACT,
		.athlete = "ana",
		.text = "{}",
		.size = 2};
	struct logbook_page page = {&entry, 1, true, true};

	look_for(rig, "command/history/result");
	ask(rig, 2 * US_PER_S,
		"{\"athlete\":\"ana\",\"request\":\"q\",\"kind\":[\"act\",\"pop\"],"
		"\"since\":\"2026-11-22T17:30:00Z\",\"limit\":5}",
		&to);
	assert_int_equal(rig->n, 0);
	assert_int_equal(rig->n_questions, 1);
	assert_int_equal(rig->query.kinds, 1 << LOGBOOK_KIND_ACT | 1 << LOGBOOK_KIND_POP);
	assert_int_equal(rig->query.since_ms, INT64_C(1795368600000));
	assert_int_equal(rig->query.limit, 5);
	assert_string_equal(rig->query.athlete, "ana");
	/* What it came with is gone by then. */
	memset(topic, 'x', sizeof(topic) - 1);
	memset(correlation, 'x', sizeof(correlation) - 1);
	gateway_history_answer(rig->gateway, rig->question[0], 0, &page);
	assert_int_equal(rig->n, 1);
	assert_string_equal(rig->reply_topic, "coxa/v1/gym/reply/tab");
	assert_int_equal(rig->reply_to.correlation_size, 2);
	assert_string_equal(json_string_value(json_object_get(rig->last, "request")), "q");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(rig->last, "data"), "next")),
		"77");
	/* Once. */
	gateway_history_answer(rig->gateway, rig->question[0], 0, &page);
	assert_int_equal(rig->n, 1);
}

static const char *error_of(const struct rig *rig)
{
	return json_string_value(json_object_get(rig->last, "error"));
}

static void what_cannot_be_answered_is_refused_with_a_code(void **state)
{
	struct rig *rig = *state;
	struct logbook_page empty = {.is_known = false};

	look_for(rig, "command/history/result");
	ask(rig, 2 * US_PER_S, "{\"athlete\":\"nobody\"}", NULL);
	gateway_history_answer(rig->gateway, rig->question[0], 0, &empty);
	assert_string_equal(error_of(rig), "unknown_athlete");
	/* Who is configured, and has done nothing yet, is known. */
	ask(rig, 3 * US_PER_S, "{\"athlete\":\"ana\"}", NULL);
	gateway_history_answer(rig->gateway, rig->question[1], 0, &empty);
	assert_null(error_of(rig));
	ask(rig, 4 * US_PER_S, "{\"athlete\":\"ana\"}", NULL);
	gateway_history_answer(rig->gateway, rig->question[2], -EIO, &empty);
	assert_string_equal(error_of(rig), "unavailable");
	rig->ask_result = -EBUSY;
	ask(rig, 5 * US_PER_S, "{\"athlete\":\"ana\"}", NULL);
	assert_string_equal(error_of(rig), "busy");
	rig->ask_result = 0;
	rig->n_questions = 0;
	for (unsigned i = 0; i < GATEWAY_HISTORY_MAX; i++)
		ask(rig, 6 * US_PER_S, "{\"athlete\":\"ana\"}", NULL);
	rig->n = 0;
	ask(rig, 7 * US_PER_S, "{\"athlete\":\"ana\"}", NULL);
	assert_int_equal(rig->n, 1);
	assert_string_equal(error_of(rig), "busy");
	gateway_history_answer(rig->gateway, rig->question[3], 0, &empty);
	ask(rig, 8 * US_PER_S, "{\"athlete\":\"ana\"}", NULL);
	assert_int_equal(rig->n, 2);
	/* The rest is forgotten with the gateway. */
}

static void a_bad_question_is_refused(void **state)
{
	static const char *const bad[] = {"{\"athlete\":\"ana\",\"kind\":\"posture\"}",
		"{\"athlete\":\"ana\",\"kind\":[]}", "{\"athlete\":\"ana\",\"kind\":[\"rep\",7]}",
		"{\"athlete\":\"ana\",\"since\":\"yesterday\"}",
		"{\"athlete\":\"ana\",\"since\":\"1234567890123456789\"}",
		"{\"athlete\":\"ana\",\"since\":7}", "{\"athlete\":\"ana\",\"limit\":0}",
		"{\"athlete\":\"ana\",\"limit\":201}", "{\"athlete\":\"ana\",\"limit\":\"9\"}"};
	struct rig *rig = *state;

	look_for(rig, "command/history/result");
	for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
		ask(rig, (2 + i) * US_PER_S, bad[i], NULL);
		assert_string_equal(error_of(rig), "bad_value");
	}
	ask(rig, 20 * US_PER_S, "{\"kind\":\"rep\"}", NULL);
	assert_string_equal(error_of(rig), "missing_member");
	assert_int_equal(rig->n_questions, 0);
}

static const char *status_text(const struct rig *rig, const char *key)
{
	return json_string_value(json_object_get(rig->last, key));
}

static void a_status_says_what_it_goes_through_and_when_it_last_spoke(void **state)
{
	static const uint8_t firmware[] = "1.4.2\0";
	struct rig *rig = *state;

	look_for(rig, "wearable/3-pelvis/status");
	tell_info(rig, 2 * US_PER_S);
	assert_string_equal(status_text(rig, "adapter"), "71AB");
	assert_true(json_is_false(json_object_get(rig->last, "is_bonded")));
	assert_null(status_text(rig, "last_data"));
	assert_null(status_text(rig, "firmware"));
	tell_motion(rig, 4 * US_PER_S, 1);
	notify(rig, 5 * US_PER_S, "00002a26-0000-1000-8000-00805f9b34fb", firmware, 6);
	gateway_advance(rig->gateway, 6 * US_PER_S);
	assert_string_equal(status_text(rig, "firmware"), "1.4.2");
	assert_string_equal(status_text(rig, "last_data"), "2026-11-22T17:30:03.000Z");
	give(rig, (struct capture_event){.kind = CAPTURE_DISCONNECTED,
			  .t_us = 8 * US_PER_S,
			  .address = pelvis,
			  .why = "timeout"});
	gateway_advance(rig->gateway, 10 * US_PER_S);
	assert_null(status_text(rig, "adapter"));
	assert_true(json_is_null(json_object_get(rig->last, "is_bonded")));
	assert_string_equal(status_text(rig, "last_data"), "2026-11-22T17:30:03.000Z");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(the_inventory_says_what_is_known_and_again_when_it_changes),
		TEST(live_values_come_five_times_a_second_for_as_long_as_asked),
		TEST(a_watch_only_gets_longer_and_unknown_values_are_null),
		TEST(the_answer_goes_where_the_question_came_from),
		TEST(what_cannot_be_answered_is_refused_with_a_code),
		TEST(a_bad_question_is_refused),
		TEST(a_status_says_what_it_goes_through_and_when_it_last_spoke),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
