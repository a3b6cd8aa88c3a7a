// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/core/time/wall-clock.h"
#include "coxad/flow/gateway.h"
#include "coxad/wire/history-athlete.h"
#include "coxad/wire/history.h"
#include "coxad/wire/message-print.h"

static const char conf_text[] = "[gateway]\nname = pi\nsite = gym\n"
				"[kit 3]\nexercise = supine-straight\nathlete = ana\n"
				"[kit 4]\nexercise = single\n"
				"[wearable 3-pelvis]\naddress = C0:A5:00:00:03:01\nkit = 3\n"
				"placement = pelvis\n";
static const char pelvis[] = "C0:A5:00:00:03:01";
/* Sensor Information: profile 1, motion, 8 g, 1000 degrees/s, 104 Hz, boot 7. */
static const uint8_t info[20] = {1, 1, 8, 0, 0xe8, 3, 104, 0, 0, 0, 0, 0, 7, 0, 0, 0, 64, 0, 0, 0};

struct said {
	char *text; /* the lines of all messages */
	size_t size;
	unsigned n;
	char remembered[8192]; /* "kind name" or "-kind name" a line */
};

struct room {
	struct conf *conf;
	struct said said;
	struct gateway *gateway;
};

static void on_message(void *user, const struct message *message)
{
	struct said *said = user;
	static char line[65536];
	int n = message_print_line(message, line, sizeof(line));

	assert_true(n > 0);
	said->text = realloc(said->text, said->size + (size_t)n + 1);
	memcpy(said->text + said->size, line, (size_t)n);
	said->size += (size_t)n;
	said->text[said->size] = '\0';
	said->n++;
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct said *said = user;
	size_t at = strlen(said->remembered);

	snprintf(said->remembered + at, sizeof(said->remembered) - at, "%s%s %s\n", size ? "" : "-",
		history_kind_to_string(kind), name);
}

static const struct gateway_ops ops = {.message = on_message, .remember = on_remember};

static void open_room(struct room *room, const char *run)
{
	struct conf_source source = {"test.conf", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};
	struct gateway_settings settings = {.run = run, .first_seq = 1};

	*room = (struct room){0};
	assert_int_equal(conf_read(&source, 1, &room->conf, &errors), 0);
	conf_errors_done(&errors);
	settings.conf = room->conf;
	room->gateway = gateway_new(&settings, &ops, &room->said);
}

static void close_room(struct room *room)
{
	gateway_free(room->gateway);
	conf_free(room->conf);
	free(room->said.text);
}

static void forget(struct room *room)
{
	free(room->said.text);
	room->said = (struct said){0};
}

static void give(struct room *room, struct capture_event event)
{
	gateway_event(room->gateway, &event, NULL);
}

static void begin(struct room *room)
{
	give(room, (struct capture_event){.kind = CAPTURE_HEADER,
			   .t_us = US_PER_S,
			   .wall_us = INT64_C(1795368600) * US_PER_S,
			   .gateway = "pi"});
}

static void command(
	struct room *room, int64_t t_us, const char *topic, const char *payload, bool is_retained)
{
	give(room, (struct capture_event){.kind = CAPTURE_COMMAND,
			   .t_us = t_us,
			   .topic = topic,
			   .payload = payload,
			   .payload_size = strlen(payload),
			   .is_retained = is_retained});
}

static void motion(struct room *room, int64_t t_us, unsigned sequence)
{
	uint8_t packet[8 + 12 * 8] = {(uint8_t)sequence, (uint8_t)(sequence >> 8)};
	uint32_t time = (uint32_t)(t_us - 7 * 9615);
	struct uuid uuid;

	uuid_from_string("c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", &uuid);
	memcpy(packet + 2, &time, sizeof(time));
	packet[6] = 9615 & 0xff;
	packet[7] = 9615 >> 8;
	for (unsigned i = 0; i < 8; i++)
		packet[8 + 12 * i + 5] = 4096 >> 8; /* z up: 1 g of 8 */
	give(room, (struct capture_event){.kind = CAPTURE_NOTIFY,
			   .t_us = t_us + 12000,
			   .address = pelvis,
			   .characteristic = uuid,
			   .value = packet,
			   .size = sizeof(packet)});
}

static void connect_pelvis(struct room *room, int64_t t_us)
{
	struct uuid uuid;

	uuid_from_string("c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", &uuid);
	give(room, (struct capture_event){
			   .kind = CAPTURE_CONNECTED, .t_us = t_us, .address = pelvis, .mtu = 247});
	give(room, (struct capture_event){.kind = CAPTURE_READ,
			   .t_us = t_us + 1000,
			   .address = pelvis,
			   .characteristic = uuid,
			   .value = info,
			   .size = sizeof(info)});
}

static unsigned count(const struct room *room, const char *what)
{
	unsigned n = 0;

	for (const char *at = room->said.text; at && (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void says_what_is_there_at_birth_and_what_went_at_the_end(void **state)
{
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	assert_int_equal(count(&room, "gateway/pi/status"), 1);
	assert_int_equal(count(&room, "\"online\""), 1);
	assert_int_equal(count(&room, "wearable/3-pelvis/status"), 1);
	assert_int_equal(count(&room, "\"absent\""), 1);
	assert_int_equal(count(&room, "kit/3/session"), 1);
	assert_int_equal(count(&room, "kit/4/session"), 0);
	gateway_finish(room.gateway, 2 * US_PER_S, false);
	assert_int_equal(count(&room, "\"offline\""), 1);
	close_room(&room);
}

static void nothing_is_said_before_the_header(void **state)
{
	struct room room;

	open_room(&room, NULL);
	connect_pelvis(&room, US_PER_S);
	gateway_advance(room.gateway, 100 * US_PER_S);
	gateway_finish(room.gateway, 100 * US_PER_S, false);
	assert_int_equal(room.said.n, 0);
	assert_true(gateway_deadline(room.gateway) == T_NEVER);
	close_room(&room);
}

static void state_follows_the_data(void **state)
{
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	connect_pelvis(&room, 2 * US_PER_S);
	forget(&room);
	for (unsigned i = 0; i < 40; i++)
		motion(&room, 3 * US_PER_S + i * 76920, i);
	assert_true(count(&room, "\"streaming\"") >= 1);
	forget(&room);
	gateway_advance(room.gateway, 20 * US_PER_S);
	assert_true(count(&room, "\"silent\"") >= 1);
	close_room(&room);
}

static void bad_commands_are_answered_and_change_nothing(void **state)
{
	static const struct {
		const char *topic, *payload, *error;
	} bad[] = {
		{"command/calibrate", "{", "bad_json"},
		{"command/calibrate", "[]", "bad_json"},
		{"command/calibrate", "{\"kit\":\"9\",\"step\":\"neutral\"}", "unknown_kit"},
		{"command/calibrate", "{\"kit\":\"3\"}", "missing_member"},
		{"command/calibrate", "{\"kit\":\"3\",\"step\":\"dance\"}", "bad_value"},
		{"command/session-start", "{\"kit\":\"4\"}", "missing_member"},
		{"command/session-end", "{\"kit\":\"4\"}", "no_session"},
		{"command/identify", "{\"wearable\":\"x\"}", "unknown_wearable"},
		{"command/identify", "{\"wearable\":\"3-pelvis\"}", "not_connected"},
		{"command/acknowledge", "{\"alert\":\"x-1\",\"by\":\"tom\"}", "unknown_alert"},
		{"command/symptom", "{\"athlete\":\"bob\",\"code\":\"sharp\"}", "unknown_athlete"},
		{"command/frobnicate", "{}", "unknown_verb"},
	};
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		forget(&room);
		command(&room, 2 * US_PER_S, bad[i].topic, bad[i].payload, false);
		assert_int_equal(room.said.n, 1);
		assert_int_equal(count(&room, bad[i].error), 1);
		assert_int_equal(count(&room, "\"ok\":false"), 1);
		assert_int_equal(count(&room, "/result\""), 1);
	}
	close_room(&room);
}

static void a_retained_command_is_not_obeyed(void **state)
{
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	forget(&room);
	command(&room, 2 * US_PER_S, "command/session-start", "{\"kit\":\"4\",\"athlete\":\"bob\"}",
		true);
	assert_int_equal(room.said.n, 0);
	command(&room, 2 * US_PER_S, "command/session-start", "{\"kit\":\"4\",\"athlete\":\"bob\"}",
		false);
	assert_int_equal(count(&room, "kit/4/session"), 1);
	close_room(&room);
}

static void play(struct room *room, bool is_late)
{
	begin(room);
	connect_pelvis(room, 2 * US_PER_S);
	for (unsigned i = 0; i < 400; i++) {
		/* The live loop comes when it comes. */
		if (is_late && i % 7 == 0)
			gateway_advance(room->gateway, 3 * US_PER_S + i * 76920 + 11000);
		motion(room, 3 * US_PER_S + i * 76920, i);
		if (i == 100)
			command(room, 3 * US_PER_S + i * 76920 + 12000, "command/symptom",
				"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	}
	if (!is_late)
		while (gateway_deadline(room->gateway) <= 200 * US_PER_S)
			gateway_advance(room->gateway, gateway_deadline(room->gateway));
	gateway_advance(room->gateway, 200 * US_PER_S);
	gateway_finish(room->gateway, 200 * US_PER_S, false);
}

static void a_loop_that_comes_late_says_the_same(void **state)
{
	struct room exact, late;

	open_room(&exact, NULL);
	open_room(&late, NULL);
	play(&exact, false);
	play(&late, true);
	assert_true(exact.said.n > 50);
	assert_string_equal(exact.said.text, late.said.text);
	close_room(&exact);
	close_room(&late);
}

static void ids_begin_with_the_run(void **state)
{
	struct room room;

	open_room(&room, "abcdef");
	begin(&room);
	command(&room, 2 * US_PER_S, "command/symptom", "{\"athlete\":\"ana\",\"code\":\"sharp\"}",
		false);
	gateway_advance(room.gateway, 300 * US_PER_S);
	assert_true(count(&room, "\"id\":\"abcdef-") >= 1);
	close_room(&room);
}

static void stats_come_in_their_rhythm(void **state)
{
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	gateway_advance(room.gateway, 101 * US_PER_S);
	assert_int_equal(count(&room, "gateway/pi/stats"), 10);
	close_room(&room);
}

static void strangers_are_counted_and_nothing_else(void **state)
{
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	forget(&room);
	give(&room, (struct capture_event){.kind = CAPTURE_CONNECTED,
			    .t_us = 2 * US_PER_S,
			    .address = "00:11:22:33:44:55",
			    .mtu = 23});
	assert_int_equal(room.said.n, 0);
	gateway_advance(room.gateway, 12 * US_PER_S);
	assert_int_equal(count(&room, "\"drops_unknown_wearable\":1"), 1);
	close_room(&room);
}

static void a_broker_that_forgot_gets_the_newest_state_only(void **state)
{
	struct room room;

	open_room(&room, NULL);
	begin(&room);
	connect_pelvis(&room, 2 * US_PER_S);
	for (unsigned i = 0; i < 100; i++)
		motion(&room, 3 * US_PER_S + i * 76920, i);
	forget(&room);
	gateway_republish(room.gateway);
	assert_int_equal(count(&room, "wearable/3-pelvis/status"), 1);
	assert_int_equal(count(&room, "\"streaming\""), 1);
	assert_int_equal(count(&room, "\"retain\":true"), room.said.n);
	close_room(&room);
}

/* A board without the time of day: its clock stands an hour before what it remembers. */
static void what_is_remembered_has_been(void **state)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);
	_auto_free_ char *text = NULL;
	struct wall_clock clock = {0};
	struct room room;

	wall_clock_set(&clock, 0, (INT64_C(1795368600) + 3600) * US_PER_S);
	strcpy(memory->athlete, "ana");
	strcpy(memory->kit, "3");
	memory->is_in_session = true;
	memory->n_open_pops = 1;
	memory->open_pop[0] = (struct memory_open_pop){.session = 1,
		.result = {.id = "early-1",
			.kit = "3",
			.rev = 1,
			.site = PLACEMENT_PELVIS,
			.class = POP_CLASS_BENIGN}};
	text = history_athlete_write(memory, &clock);
	open_room(&room, "run");
	gateway_restore(room.gateway, HISTORY_KIND_ATHLETE, "ana", text, strlen(text));
	begin(&room);
	/* The session goes on since now at the latest, the pop becomes final in its time. */
	assert_non_null(strstr(room.said.text, "\"since\":\"2026-11-22T17:30:00.000Z\""));
	assert_null(strstr(room.said.text, "2026-11-22T18:30"));
	assert_true(gateway_is_pending(room.gateway));
	gateway_advance(room.gateway, 200 * US_PER_S);
	assert_false(gateway_is_pending(room.gateway));
	close_room(&room);
}

/* A kit and a wearable that were taken out, a site that was renamed, a discovery switched off: what
 * the broker keeps of them goes, and nothing else. */
static void what_is_no_longer_there_leaves_the_broker(void **state)
{
	static const char *const gone[] = {"coxa/v1/gym/wearable/3-hip/status",
		"coxa/v1/gym/kit/5/session", "coxa/v1/gym/gateway/old/status",
		"coxa/v1/north/athlete/ana/summary",
		"homeassistant/device/coxad_pi_3-pelvis/config"};
	static const char *const kept[] = {"coxa/v1/gym/wearable/3-pelvis/status",
		"coxa/v1/gym/kit/4/calibration", "coxa/v1/gym/gateway/pi/status",
		"coxa/v1/gym/athlete/eve/summary"};
	char line[256];
	struct room room;

	open_room(&room, "run");
	for (size_t i = 0; i < ARRAY_LEN(gone); i++)
		gateway_restore(room.gateway, HISTORY_KIND_RETAINED, gone[i], "1", 1);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		gateway_restore(room.gateway, HISTORY_KIND_RETAINED, kept[i], "1", 1);
	/* An athlete's were marked when everything of hers was erased. */
	gateway_restore(
		room.gateway, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/bea/summary", "0", 1);
	begin(&room);
	assert_int_equal(count(&room, "\"coxa/v1/gym/athlete/bea/summary\",\"qos\":1,"
				      "\"retain\":true,\"payload\":null"),
		1);
	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		snprintf(line, sizeof(line), "\"%s\",\"qos\":1,\"retain\":true,\"payload\":null",
			gone[i]);
		assert_int_equal(count(&room, line), 1);
		snprintf(line, sizeof(line), "-retained %s\n", gone[i]);
		assert_non_null(strstr(room.said.remembered, line));
	}
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		snprintf(line, sizeof(line), "-retained %s\n", kept[i]);
		assert_null(strstr(room.said.remembered, line));
	}
	/* Each topic of this run is known by its first message. */
	assert_non_null(
		strstr(room.said.remembered, "\nretained coxa/v1/gym/wearable/3-pelvis/status\n"));
	forget(&room);
	connect_pelvis(&room, 2 * US_PER_S);
	assert_true(count(&room, "wearable/3-pelvis/status") > 0);
	assert_null(strstr(room.said.remembered, "retained"));
	close_room(&room);
}

/* What an earlier version stored is read: its symptom is open, its alert is listed, its pop takes
 * the symptom that comes now, under its old id and with what was known of it. */
static void an_earlier_versions_memory_goes_on(void **state)
{
	static const char text[] =
		"{\"athlete_memory\":1,\"athlete\":\"ana\",\"sessions\":4,\"benign_pops\":12,"
		"\"reps\":80,\"in_session\":true,\"kit\":\"3\",\"exercise\":\"supine-straight\","
		"\"since_us\":1795368000000000,\"session_reps\":7,\"session_red_flags\":0,"
		"\"pops\":[{\"session\":2,\"site\":\"pelvis\",\"phase\":\"lower\","
		"\"elevation_deg\":37.5,\"level_db\":-18.5}],\"symptoms\":[],\"alerts\":["
		"{\"alert\":\"r1-a1\",\"state\":\"raised\",\"athlete\":\"ana\",\"kit\":\"3\","
		"\"time_us\":1795368590000000,\"raised_us\":1795368590000000,\"severity\":2,"
		"\"class\":\"review\",\"reasons\":[],\"by\":\"\",\"pops\":[],\"symptoms\":[]}],"
		"\"open_pops\":[{\"id\":\"r1-p4\",\"kit\":\"3\",\"rev\":1,\"session\":5,"
		"\"time_us\":1795368595000000,\"time_uncertainty_ms\":3.1,\"site\":\"pelvis\","
		"\"class\":\"benign\",\"severity\":0,\"phase\":\"lower\",\"side\":\"left\","
		"\"rep\":6,\"elevation_deg\":41,\"level_db\":-17,\"reasons\":[\"FIRST_SEEN\"]}],"
		"\"sparc\":[-1.5]}";
	struct room room;

	open_room(&room, "run");
	gateway_restore(room.gateway, HISTORY_KIND_ATHLETE, "ana", text, strlen(text));
	begin(&room);
	assert_int_equal(count(&room, "\"alert\":\"r1-a1\""), 1);
	forget(&room);
	command(&room, 2 * US_PER_S, "command/symptom",
		"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	assert_int_equal(count(&room, "\"id\":\"r1-p4\",\"time\""), 1);
	/* The pop, its alert, and the list with that alert in it. */
	assert_int_equal(count(&room, "\"class\":\"red_flag\""), 3);
	assert_int_equal(count(&room, "\"levels_db\":{\"pelvis\":-17"), 1);
	assert_int_equal(count(&room, "\"elevation_deg\":41"), 1);
	assert_int_equal(count(&room, "\"confidence\":{\"total\":0.9"), 1);
	close_room(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_there_at_birth_and_what_went_at_the_end),
		cmocka_unit_test(nothing_is_said_before_the_header),
		cmocka_unit_test(what_is_remembered_has_been),
		cmocka_unit_test(an_earlier_versions_memory_goes_on),
		cmocka_unit_test(state_follows_the_data),
		cmocka_unit_test(bad_commands_are_answered_and_change_nothing),
		cmocka_unit_test(a_retained_command_is_not_obeyed),
		cmocka_unit_test(a_loop_that_comes_late_says_the_same),
		cmocka_unit_test(ids_begin_with_the_run),
		cmocka_unit_test(stats_come_in_their_rhythm),
		cmocka_unit_test(strangers_are_counted_and_nothing_else),
		cmocka_unit_test(a_broker_that_forgot_gets_the_newest_state_only),
		cmocka_unit_test(what_is_no_longer_there_leaves_the_broker),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
