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
#include "coxad/flow/gateway-health.h"
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

struct output {
	char *text; /* all messages, a line each */
	size_t size;
	unsigned n;
	char remembered[8192]; /* lines "kind name" or "-kind name" */
};

struct rig {
	struct conf *conf;
	struct output output;
	struct gateway *gateway;
};

static void on_message(void *user, const struct message *message)
{
	struct output *output = user;
	static char line[65536];
	int n = message_print_line(message, line, sizeof(line));

	assert_true(n > 0);
	output->text = realloc(output->text, output->size + (size_t)n + 1);
	memcpy(output->text + output->size, line, (size_t)n);
	output->size += (size_t)n;
	output->text[output->size] = '\0';
	output->n++;
}

static void on_remember(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	struct output *output = user;
	size_t at = strlen(output->remembered);

	snprintf(output->remembered + at, sizeof(output->remembered) - at, "%s%s %s\n",
		size ? "" : "-", history_kind_to_string(kind), name);
}

static const struct gateway_ops ops = {.message = on_message, .remember = on_remember};

static void rig_open(struct rig *rig, const char *run)
{
	struct conf_source source = {"test.conf", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};
	struct gateway_settings settings = {.run = run, .first_seq = 1};

	*rig = (struct rig){0};
	assert_int_equal(conf_read(&source, 1, &rig->conf, &errors), 0);
	conf_errors_done(&errors);
	settings.conf = rig->conf;
	rig->gateway = gateway_new(&settings, &ops, &rig->output);
}

static void rig_close(struct rig *rig)
{
	gateway_free(rig->gateway);
	conf_free(rig->conf);
	free(rig->output.text);
}

static void drop_output(struct rig *rig)
{
	free(rig->output.text);
	rig->output = (struct output){0};
}

static void give(struct rig *rig, struct capture_event event)
{
	gateway_event(rig->gateway, &event, NULL);
}

static void begin(struct rig *rig)
{
	give(rig, (struct capture_event){.kind = CAPTURE_HEADER,
			  .t_us = US_PER_S,
			  .wall_us = INT64_C(1795368600) * US_PER_S,
			  .gateway = "pi"});
}

static void command(
	struct rig *rig, int64_t t_us, const char *topic, const char *payload, bool is_retained)
{
	give(rig, (struct capture_event){.kind = CAPTURE_COMMAND,
			  .t_us = t_us,
			  .topic = topic,
			  .payload = payload,
			  .payload_size = strlen(payload),
			  .is_retained = is_retained});
}

/* A deadline in the past looks like a gateway that stands still: the watchdog would not be fed. */
static void nothing_is_overdue_after_the_start(void **state)
{
	struct rig rig;

	rig_open(&rig, "r");
	begin(&rig);
	assert_true(gateway_deadline(rig.gateway) > US_PER_S);
	rig_close(&rig);
}

static void motion(struct rig *rig, int64_t t_us, unsigned sequence)
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
	give(rig, (struct capture_event){.kind = CAPTURE_NOTIFY,
			  .t_us = t_us + 12000,
			  .address = pelvis,
			  .characteristic = uuid,
			  .value = packet,
			  .size = sizeof(packet)});
}

static void connect_pelvis(struct rig *rig, int64_t t_us)
{
	struct uuid uuid;

	uuid_from_string("c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", &uuid);
	give(rig, (struct capture_event){
			  .kind = CAPTURE_CONNECTED, .t_us = t_us, .address = pelvis, .mtu = 247});
	give(rig, (struct capture_event){.kind = CAPTURE_READ,
			  .t_us = t_us + 1000,
			  .address = pelvis,
			  .characteristic = uuid,
			  .value = info,
			  .size = sizeof(info)});
}

static unsigned count(const struct rig *rig, const char *what)
{
	unsigned n = 0;

	for (const char *at = rig->output.text; at && (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void publishes_states_at_start_and_offline_at_the_end(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	assert_int_equal(count(&rig, "gateway/pi/status"), 1);
	assert_int_equal(count(&rig, "\"online\""), 1);
	assert_int_equal(count(&rig, "wearable/3-pelvis/status"), 1);
	assert_int_equal(count(&rig, "\"absent\""), 1);
	assert_int_equal(count(&rig, "kit/3/session"), 1);
	assert_int_equal(count(&rig, "kit/4/session"), 0);
	gateway_finish(rig.gateway, 2 * US_PER_S, false);
	assert_int_equal(count(&rig, "\"offline\""), 1);
	rig_close(&rig);
}

static void publishes_nothing_before_the_header(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	connect_pelvis(&rig, US_PER_S);
	gateway_advance(rig.gateway, 100 * US_PER_S);
	gateway_finish(rig.gateway, 100 * US_PER_S, false);
	assert_int_equal(rig.output.n, 0);
	assert_true(gateway_deadline(rig.gateway) == T_NEVER);
	rig_close(&rig);
}

static void state_follows_the_data(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	connect_pelvis(&rig, 2 * US_PER_S);
	drop_output(&rig);
	for (unsigned i = 0; i < 40; i++)
		motion(&rig, 3 * US_PER_S + i * 76920, i);
	assert_true(count(&rig, "\"streaming\"") >= 1);
	drop_output(&rig);
	gateway_advance(rig.gateway, 20 * US_PER_S);
	assert_true(count(&rig, "\"silent\"") >= 1);
	rig_close(&rig);
}

static void bad_commands_are_refused_and_change_nothing(void **state)
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
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		drop_output(&rig);
		command(&rig, 2 * US_PER_S, bad[i].topic, bad[i].payload, false);
		assert_int_equal(rig.output.n, 1);
		assert_int_equal(count(&rig, bad[i].error), 1);
		assert_int_equal(count(&rig, "\"ok\":false"), 1);
		assert_int_equal(count(&rig, "/result\""), 1);
	}
	rig_close(&rig);
}

static void ignores_retained_commands(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	drop_output(&rig);
	command(&rig, 2 * US_PER_S, "command/session-start", "{\"kit\":\"4\",\"athlete\":\"bob\"}",
		true);
	assert_int_equal(rig.output.n, 0);
	command(&rig, 2 * US_PER_S, "command/session-start", "{\"kit\":\"4\",\"athlete\":\"bob\"}",
		false);
	assert_int_equal(count(&rig, "kit/4/session"), 1);
	rig_close(&rig);
}

static void play(struct rig *rig, bool is_late)
{
	begin(rig);
	connect_pelvis(rig, 2 * US_PER_S);
	for (unsigned i = 0; i < 400; i++) {
		/* Late by chance, like the live loop. */
		if (is_late && i % 7 == 0)
			gateway_advance(rig->gateway, 3 * US_PER_S + i * 76920 + 11000);
		motion(rig, 3 * US_PER_S + i * 76920, i);
		if (i == 100)
			command(rig, 3 * US_PER_S + i * 76920 + 12000, "command/symptom",
				"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	}
	if (!is_late)
		while (gateway_deadline(rig->gateway) <= 200 * US_PER_S)
			gateway_advance(rig->gateway, gateway_deadline(rig->gateway));
	gateway_advance(rig->gateway, 200 * US_PER_S);
	gateway_finish(rig->gateway, 200 * US_PER_S, false);
}

static void a_late_loop_publishes_the_same(void **state)
{
	struct rig exact, late;

	rig_open(&exact, NULL);
	rig_open(&late, NULL);
	play(&exact, false);
	play(&late, true);
	assert_true(exact.output.n > 50);
	assert_string_equal(exact.output.text, late.output.text);
	rig_close(&exact);
	rig_close(&late);
}

static void ids_begin_with_the_run(void **state)
{
	struct rig rig;

	rig_open(&rig, "abcdef");
	begin(&rig);
	command(&rig, 2 * US_PER_S, "command/symptom", "{\"athlete\":\"ana\",\"code\":\"sharp\"}",
		false);
	gateway_advance(rig.gateway, 300 * US_PER_S);
	assert_true(count(&rig, "\"id\":\"abcdef-") >= 1);
	rig_close(&rig);
}

static void publishes_stats_at_their_interval(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	gateway_advance(rig.gateway, 101 * US_PER_S);
	assert_int_equal(count(&rig, "gateway/pi/stats"), 10);
	rig_close(&rig);
}

static void unknown_wearables_are_only_counted(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	drop_output(&rig);
	give(&rig, (struct capture_event){.kind = CAPTURE_CONNECTED,
			   .t_us = 2 * US_PER_S,
			   .address = "00:11:22:33:44:55",
			   .mtu = 23});
	assert_int_equal(rig.output.n, 0);
	gateway_advance(rig.gateway, 12 * US_PER_S);
	assert_int_equal(count(&rig, "\"drops_unknown_wearable\":1"), 1);
	rig_close(&rig);
}

static void republishes_only_the_newest_states(void **state)
{
	struct rig rig;

	rig_open(&rig, NULL);
	begin(&rig);
	connect_pelvis(&rig, 2 * US_PER_S);
	for (unsigned i = 0; i < 100; i++)
		motion(&rig, 3 * US_PER_S + i * 76920, i);
	drop_output(&rig);
	gateway_republish(rig.gateway);
	assert_int_equal(count(&rig, "wearable/3-pelvis/status"), 1);
	assert_int_equal(count(&rig, "\"streaming\""), 1);
	assert_int_equal(count(&rig, "\"retain\":true"), rig.output.n);
	rig_close(&rig);
}

/* A board without a real-time clock: it is an hour earlier than what is remembered. */
static void what_is_remembered_has_happened(void **state)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);
	_auto_free_ char *text = NULL;
	struct wall_clock clock = {0};
	struct rig rig;

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
	rig_open(&rig, "run");
	gateway_restore(rig.gateway, HISTORY_KIND_ATHLETE, "ana", text, strlen(text));
	begin(&rig);
	/* What was told stays, and yet has happened: the pop becomes final in due time. */
	assert_non_null(strstr(rig.output.text, "\"since\":\"2026-11-22T18:30:00.000Z\""));
	assert_true(gateway_is_pending(rig.gateway));
	gateway_advance(rig.gateway, 200 * US_PER_S);
	assert_false(gateway_is_pending(rig.gateway));
	rig_close(&rig);
}

/* A kit and a wearable removed, a site renamed, discovery switched off: what the broker keeps of
 * these is cleared, and nothing else. */
static void clears_stale_retained_topics(void **state)
{
	static const char *const gone[] = {"coxa/v1/gym/wearable/3-hip/status",
		"coxa/v1/gym/kit/5/session", "coxa/v1/gym/gateway/old/status",
		"coxa/v1/north/athlete/ana/summary",
		"homeassistant/device/coxad_pi_3-pelvis/config"};
	static const char *const kept[] = {"coxa/v1/gym/wearable/3-pelvis/status",
		"coxa/v1/gym/kit/4/calibration", "coxa/v1/gym/gateway/pi/status",
		"coxa/v1/gym/athlete/eve/summary"};
	char line[256];
	struct rig rig;

	rig_open(&rig, "run");
	for (size_t i = 0; i < ARRAY_LEN(gone); i++)
		gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, gone[i], "1", 1);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, kept[i], "1", 1);
	/* Erasing an athlete marks her topics. */
	gateway_restore(
		rig.gateway, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/bea/summary", "0", 1);
	begin(&rig);
	assert_int_equal(count(&rig, "\"coxa/v1/gym/athlete/bea/summary\",\"qos\":1,"
				     "\"retain\":true,\"payload\":null"),
		1);
	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		snprintf(line, sizeof(line), "\"%s\",\"qos\":1,\"retain\":true,\"payload\":null",
			gone[i]);
		assert_int_equal(count(&rig, line), 1);
		snprintf(line, sizeof(line), "-retained %s\n", gone[i]);
		assert_non_null(strstr(rig.output.remembered, line));
	}
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		snprintf(line, sizeof(line), "-retained %s\n", kept[i]);
		assert_null(strstr(rig.output.remembered, line));
	}
	/* Each topic is remembered with its first message. */
	assert_non_null(
		strstr(rig.output.remembered, "\nretained coxa/v1/gym/wearable/3-pelvis/status\n"));
	drop_output(&rig);
	connect_pelvis(&rig, 2 * US_PER_S);
	assert_true(count(&rig, "wearable/3-pelvis/status") > 0);
	assert_null(strstr(rig.output.remembered, "retained"));
	rig_close(&rig);
}

static void a_topic_that_no_broker_takes_is_forgotten(void **state)
{
	static const char *const bad[] = {"coxa/v1/north/athlete/a\xc2\x85/summary",
		"coxa/v1/north/athlete/a+/summary", "coxa/v1/gym/athlete/\xff/alerts"};
	char line[256];
	struct rig rig;

	rig_open(&rig, "run");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, bad[i], i ? "0" : "1", 1);
	begin(&rig);
	assert_int_equal(count(&rig, "\"payload\":null"), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(line, sizeof(line), "-retained %s\n", bad[i]);
		assert_non_null(strstr(rig.output.remembered, line));
	}
	rig_close(&rig);
}

/* Its symptom is open, its alert is listed, and its pop keeps its id and facts and takes the
 * symptom that comes now. */
static void reads_the_memory_of_an_earlier_version(void **state)
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
	struct rig rig;

	rig_open(&rig, "run");
	gateway_restore(rig.gateway, HISTORY_KIND_ATHLETE, "ana", text, strlen(text));
	begin(&rig);
	assert_int_equal(count(&rig, "\"alert\":\"r1-a1\""), 1);
	drop_output(&rig);
	command(&rig, 2 * US_PER_S, "command/symptom",
		"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	assert_int_equal(count(&rig, "\"id\":\"r1-p4\",\"time\""), 1);
	/* The pop, its alert, and the list with that alert in it. */
	assert_int_equal(count(&rig, "\"class\":\"red_flag\""), 3);
	assert_int_equal(count(&rig, "\"levels_db\":{\"pelvis\":-17"), 1);
	assert_int_equal(count(&rig, "\"elevation_deg\":41"), 1);
	assert_int_equal(count(&rig, "\"confidence\":{\"total\":0.9"), 1);
	rig_close(&rig);
}

static void live_open(struct rig *rig)
{
	struct gateway_settings settings = {.run = "r", .first_seq = 1, .has_health = true};

	rig_open(rig, "r");
	gateway_free(rig->gateway);
	settings.conf = rig->conf;
	rig->gateway = gateway_new(&settings, &ops, &rig->output);
}

static void report(struct rig *rig, int64_t now_us, enum health_code code, const char *text)
{
	gateway_health_note(rig->gateway, now_us, &(struct health_report){code, "broker", text});
	gateway_advance(rig->gateway, now_us);
}

static void publishes_what_is_wrong_on_change(void **state)
{
	static const char ok[] = "\"retain\":true,\"payload\":{\"state\":\"ok\",\"problems\":[]}";
	struct rig rig;

	live_open(&rig);
	begin(&rig);
	assert_non_null(strstr(rig.output.text, "/gateway/pi/health\",\"qos\":1,"));
	assert_non_null(strstr(rig.output.text, ok));
	drop_output(&rig);
	report(&rig, 5 * US_PER_S, HEALTH_MESSAGES_HELD, "first");
	assert_non_null(strstr(rig.output.text,
		"{\"state\":\"warning\",\"problems\":[{\"code\":\"messages_held\",\"severity\":"
		"\"warning\",\"subject\":\"broker\",\"since\":\"2026-11-22T"));
	drop_output(&rig);
	/* At most one a second; the newest, the worst first. */
	report(&rig, 5 * US_PER_S + 1, HEALTH_MESSAGES_HELD, "second");
	report(&rig, 5 * US_PER_S + 2, HEALTH_MESSAGES_SET_ASIDE, "third");
	report(&rig, 5 * US_PER_S + 3, HEALTH_MESSAGES_SET_ASIDE, "third");
	assert_null(rig.output.text);
	gateway_advance(rig.gateway, 6 * US_PER_S);
	assert_int_equal(rig.output.n, 1);
	assert_true(strstr(rig.output.text, "third") < strstr(rig.output.text, "second"));
	assert_non_null(strstr(rig.output.text, "{\"state\":\"failure\""));
	drop_output(&rig);
	report(&rig, 9 * US_PER_S, HEALTH_MESSAGES_HELD, NULL);
	report(&rig, 10 * US_PER_S, HEALTH_MESSAGES_SET_ASIDE, NULL);
	assert_non_null(strstr(rig.output.text, ok));
	rig_close(&rig);
}

static void a_replay_publishes_no_health(void **state)
{
	struct rig rig;

	rig_open(&rig, "r");
	begin(&rig);
	report(&rig, 5 * US_PER_S, HEALTH_MESSAGES_HELD, "first");
	assert_null(strstr(rig.output.text, "health"));
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_overdue_after_the_start),
		cmocka_unit_test(publishes_states_at_start_and_offline_at_the_end),
		cmocka_unit_test(publishes_nothing_before_the_header),
		cmocka_unit_test(what_is_remembered_has_happened),
		cmocka_unit_test(reads_the_memory_of_an_earlier_version),
		cmocka_unit_test(state_follows_the_data),
		cmocka_unit_test(bad_commands_are_refused_and_change_nothing),
		cmocka_unit_test(ignores_retained_commands),
		cmocka_unit_test(a_late_loop_publishes_the_same),
		cmocka_unit_test(ids_begin_with_the_run),
		cmocka_unit_test(publishes_stats_at_their_interval),
		cmocka_unit_test(publishes_what_is_wrong_on_change),
		cmocka_unit_test(a_replay_publishes_no_health),
		cmocka_unit_test(unknown_wearables_are_only_counted),
		cmocka_unit_test(republishes_only_the_newest_states),
		cmocka_unit_test(clears_stale_retained_topics),
		cmocka_unit_test(a_topic_that_no_broker_takes_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
