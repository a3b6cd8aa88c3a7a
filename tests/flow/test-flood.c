// SPDX-License-Identifier: MIT
/* Sources that flood: ana's wearable, or somebody who commands about her. Each is held to its share, and
 * bob's red flag comes as if nothing happened.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/flow/gateway.h"
#include "coxad/wire/message.h"

static const char conf_text[] = "[gateway]\nname = pi\nsite = gym\n"
				"[kit 1]\nexercise = supine-straight\nathlete = ana\n"
				"[kit 2]\nexercise = supine-straight\nathlete = bob\n"
				"[wearable a]\naddress = C0:A5:00:00:01:01\nkit = 1\n"
				"placement = hip-right\n"
				"[wearable b]\naddress = C0:A5:00:00:02:01\nkit = 2\n"
				"placement = hip-right\n";
static const char address_a[] = "C0:A5:00:00:01:01", address_b[] = "C0:A5:00:00:02:01";
/* Sensor Information: profile 1, motion, pop, symptom, 8 g, 1000 degrees/s, 104 Hz, boot 7. */
static const uint8_t info[20] = {
	1, 0x0b, 8, 0, 0xe8, 3, 104, 0, 0, 0, 0, 0, 7, 0, 0, 0, 64, 0, 0, 0};

enum { INFO = 0x02, MOTION = 0x04, POP = 0x05, SYMPTOM = 0x07 };

struct seen {
	unsigned events, alerts_of_ana, alerts_of_bob, busy, ok, red_of_bob, told;
	bool has_flood_in_health, has_flood_in_stats;
};

static struct seen seen;
static struct conf *conf;
static struct gateway *gateway;
static int64_t told_us; /* by a radio that was cut off; 0: there is none */

static bool has(const struct message *message, const char *text)
{
	return memmem(message->payload, message->size, text, strlen(text)) != NULL;
}

static void on_message(void *user, const struct message *message)
{
	seen.events += message->is_event;
	seen.alerts_of_ana +=
		strstr(message->topic, "athlete/ana/alert") && !strstr(message->topic, "/alerts");
	if (strstr(message->topic, "athlete/bob/alert") && !strstr(message->topic, "/alerts")) {
		seen.alerts_of_bob++;
		seen.red_of_bob += has(message, "\"severity\":3");
	}
	if (strstr(message->topic, "/result")) {
		seen.busy += has(message, "\"busy\"");
		seen.ok += has(message, "\"ok\":true");
	}
	seen.has_flood_in_health |=
		strstr(message->topic, "/health") &&
		(has(message, "wearable_floods") || has(message, "commands_flood"));
	seen.has_flood_in_stats |= strstr(message->topic, "/stats") && has(message, "_over_rate") &&
				   !(has(message, "\"symptoms_over_rate\":0,") &&
					   has(message, "\"pops_over_rate\":0,") &&
					   has(message, "\"commands_over_rate\":0"));
}

static size_t on_gauges(void *user, struct stat_entry *entries, size_t capacity)
{
	return 0;
}

static void on_flooded(void *user, const char *subject, const char *text)
{
	assert_null(strstr(text, "ana"));
	seen.told++;
}

static const struct gateway_ops ops = {
	.message = on_message, .gauges = on_gauges, .flooded = on_flooded};

static void notify(
	int64_t t_us, const char *address, unsigned number, const void *value, size_t size)
{
	char text[UUID_TEXT_SIZE];
	struct capture_event event = {.kind = number == INFO ? CAPTURE_READ : CAPTURE_NOTIFY,
		.t_us = t_us,
		.address = address,
		.value = value,
		.size = size};

	if (told_us) {
		event.radio = "mat-1";
		event.t_us = told_us;
		event.delay_us = told_us - t_us;
	}

	snprintf(text, sizeof(text), "c0a500%02x-9bc6-4808-a8bd-20fbe3fc7d8c", number);
	assert_int_equal(uuid_from_string(text, &event.characteristic), 0);
	gateway_event(gateway, &event, NULL);
}

static void put_time(uint8_t *at, int64_t t_us)
{
	uint32_t time = (uint32_t)t_us;

	memcpy(at, &time, sizeof(time));
}

static void motion(int64_t t_us, const char *address, unsigned sequence)
{
	uint8_t packet[8 + 12 * 8] = {(uint8_t)sequence, (uint8_t)(sequence >> 8)};

	put_time(packet + 2, t_us - 7 * 9615);
	packet[6] = 9615 & 0xff;
	packet[7] = 9615 >> 8;
	for (unsigned i = 0; i < 8; i++) {
		packet[8 + 12 * i] = (uint8_t)(sequence + i); /* noise */
		packet[8 + 12 * i + 5] = 4096 >> 8;           /* z up: 1 g of 8 */
	}
	notify(t_us, address, MOTION, packet, sizeof(packet));
}

static void symptom(int64_t t_us, const char *address, unsigned n)
{
	uint8_t packet[10] = {(uint8_t)n, (uint8_t)(n >> 8)};

	put_time(packet + 2, t_us - 5000);
	packet[6] = (uint8_t)(1 + n % 9);
	packet[7] = (uint8_t)(n / 9 % 8);
	packet[8] = (uint8_t)(n / 72 % 4);
	packet[9] = (uint8_t)(n % 10 + 1);
	notify(t_us, address, SYMPTOM, packet, sizeof(packet));
}

static void pop(int64_t t_us, const char *address, unsigned n)
{
	uint8_t packet[20] = {(uint8_t)n, (uint8_t)(n >> 8), 0, 0, 0, 0, 0xe2, 30, 10, 5, 0x90, 1,
		12, 60, 20, 1, 0x80, 3, 40, 0};

	put_time(packet + 2, t_us - 5000);
	notify(t_us, address, POP, packet, sizeof(packet));
}

static void command(int64_t t_us, const char *verb, const char *payload)
{
	gateway_event(gateway,
		&(struct capture_event){.kind = CAPTURE_COMMAND,
			.t_us = t_us,
			.topic = verb,
			.payload = payload,
			.payload_size = strlen(payload)},
		NULL);
}

static int set_up(void **state)
{
	struct conf_source source = {"test.conf", conf_text, sizeof(conf_text) - 1};
	struct conf_errors errors = {0};
	struct gateway_settings settings = {.run = "r", .first_seq = 1, .has_health = true};

	assert_int_equal(conf_read(&source, 1, &conf, &errors), 0);
	settings.conf = conf;
	gateway = gateway_new(&settings, &ops, NULL);
	gateway_event(gateway,
		&(struct capture_event){.kind = CAPTURE_HEADER,
			.t_us = US_PER_S,
			.wall_us = INT64_C(1795368600) * US_PER_S,
			.gateway = "pi"},
		NULL);
	for (unsigned i = 0; i < 2; i++) {
		const char *address = i ? address_b : address_a;

		gateway_event(gateway,
			&(struct capture_event){.kind = CAPTURE_CONNECTED,
				.t_us = 2 * US_PER_S,
				.address = address,
				.mtu = 247},
			NULL);
		notify(2 * US_PER_S, address, INFO, info, sizeof(info));
	}
	for (unsigned i = 0; i < 100; i++) {
		motion(2 * US_PER_S + i * 76920, address_a, i);
		motion(2 * US_PER_S + i * 76920, address_b, i);
	}
	seen = (struct seen){0};
	return 0;
}

static int tear_down(void **state)
{
	gateway_free(gateway);
	conf_free(conf);
	return 0;
}

#define BEGIN_US (10 * (int64_t)US_PER_S)
#define END_US   (70 * (int64_t)US_PER_S)

/* 100 a second from ana's wearable for a minute. In the middle bob reports a sharp pain, once. */
static void flood(void (*send)(int64_t t_us, const char *address, unsigned n))
{
	unsigned n = 0;

	for (int64_t t_us = BEGIN_US; t_us < END_US; t_us += 10000, n++) {
		send(t_us, address_a, n);
		if (t_us != (BEGIN_US + END_US) / 2)
			continue;
		assert_int_equal(seen.alerts_of_bob, 0);
		symptom(t_us, address_b, 1 + 9 * 2);
		assert_int_equal(seen.red_of_bob, 1);
	}
	gateway_advance(gateway, END_US + 300 * (int64_t)US_PER_S);
	assert_true(seen.told > 0);
	assert_true(seen.has_flood_in_health);
	assert_true(seen.has_flood_in_stats);
	print_message("%u events, %u alerts of ana\n", seen.events, seen.alerts_of_ana);
}

static void symptoms_do_not_fill_the_outbox(void **state)
{
	flood(symptom);
	assert_in_range(seen.alerts_of_ana, 10, 60);
	assert_in_range(seen.events, 10, 400);
}

static void pops_do_not_fill_the_outbox(void **state)
{
	flood(pop);
	assert_in_range(seen.events, 100, 2000);
}

static void what_a_person_reports_is_never_left_out(void **state)
{
	unsigned n = 0;

	/* One in two seconds, each another. */
	for (int64_t t_us = BEGIN_US; t_us < BEGIN_US + 600 * (int64_t)US_PER_S; t_us += 2100000)
		symptom(t_us, address_a, n++);
	assert_int_equal(seen.told, 0);
	assert_true(seen.alerts_of_ana >= n);
}

static void what_a_radio_tells_late_is_no_flood(void **state)
{
	unsigned n = 0;

	told_us = BEGIN_US + 600 * (int64_t)US_PER_S;
	for (int64_t t_us = BEGIN_US; t_us < told_us; t_us += 2100000, n++) {
		symptom(t_us, address_a, n);
		pop(t_us + 500000, address_a, 2 * n);
		pop(t_us + 900000, address_a, 2 * n + 1);
	}
	assert_int_equal(seen.told, 0);
	assert_true(seen.alerts_of_ana >= n);
	told_us = 0;
}

static void an_alert_is_raised_even_in_a_flood(void **state)
{
	for (unsigned n = 0; n < 1000; n++)
		symptom(BEGIN_US + n * 10000, address_a, n);
	command(BEGIN_US + 10 * (int64_t)US_PER_S, "command/clear-symptoms",
		"{\"athlete\":\"ana\",\"by\":\"tom\"}");
	assert_int_equal(seen.ok, 1);
	seen.alerts_of_ana = 0;
	symptom(BEGIN_US + 10 * (int64_t)US_PER_S + 1000, address_a, 1 + 9 * 3 + 72);
	assert_int_equal(seen.alerts_of_ana, 1);
}

static void commands_about_one_athlete_leave_the_others_alone(void **state)
{
	static const char *const codes[] = {"sharp", "shooting", "numb", "locking"};
	char payload[128];
	unsigned n = 0;

	for (int64_t t_us = BEGIN_US; t_us < BEGIN_US + 20 * (int64_t)US_PER_S; t_us += 1000, n++) {
		snprintf(payload, sizeof(payload), "{\"athlete\":\"ana\",\"code\":\"%s\"}",
			codes[n % 4]);
		command(t_us, "command/symptom", payload);
		if (n % 1000 == 500)
			command(t_us, "command/session-end", "{\"kit\":\"none\"}");
	}
	assert_true(seen.busy > 19000);
	assert_in_range(seen.ok, 60, 110);
	assert_in_range(seen.events, 10, 600);
	seen.ok = 0;
	command(BEGIN_US + 20 * (int64_t)US_PER_S, "command/symptom",
		"{\"athlete\":\"bob\",\"code\":\"sharp\",\"site\":\"hip\",\"side\":\"right\"}");
	assert_int_equal(seen.ok, 1);
	assert_int_equal(seen.red_of_bob, 1);
	gateway_advance(gateway, BEGIN_US + 40 * (int64_t)US_PER_S);
	assert_true(seen.told > 0 && seen.has_flood_in_health && seen.has_flood_in_stats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(symptoms_do_not_fill_the_outbox),
		TEST(pops_do_not_fill_the_outbox),
		TEST(what_a_person_reports_is_never_left_out),
		TEST(what_a_radio_tells_late_is_no_flood),
		TEST(an_alert_is_raised_even_in_a_flood),
		TEST(commands_about_one_athlete_leave_the_others_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
