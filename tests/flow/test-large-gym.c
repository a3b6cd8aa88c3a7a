// SPDX-License-Identifier: MIT
/* The largest gym: every kit has four wearables and an athlete, and as many athletes again have trained
 * before and were told to stop. Nobody is forgotten, and a broker that comes back empty gets all.
 */
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
#include "coxad/flow/gateway-health.h"
#include "coxad/flow/gateway.h"

#define KITS      128
#define WORN      4
#define WEARABLES (KITS * WORN)
#define ATHLETES  (2 * KITS)
#define CONF_SIZE 262144
#define TOPICS    8192

static const char *const placements[WORN] = {"pelvis", "thigh-left", "thigh-right", "hip-right"};

static struct {
	struct conf *conf;
	struct gateway *gateway;
	unsigned in_inventory, in_health, errors;
	bool is_red[ATHLETES];
	size_t n_topics;
	char *topic[TOPICS]; /* that are retained, each once */
} gym;

static struct conf *read_gym(unsigned kits, unsigned wearables)
{
	_auto_free_ char *text = alloc_zero(CONF_SIZE, 1);
	struct conf_source source = {.name = "gym", .data = text};
	struct conf_errors errors = {0};
	struct conf *conf = NULL;
	int n = snprintf(text, CONF_SIZE,
		"[gateway]\nname = pi\nsite = gym\n[mqtt]\nhome-assistant = yes\n");

	for (unsigned k = 0; k < kits; k++)
		n += snprintf(text + n, (size_t)(CONF_SIZE - n),
			"[kit %u]\nexercise = supine-straight\nathlete = a%u\n", k, k);
	for (unsigned w = 0; w < wearables; w++)
		n += snprintf(text + n, (size_t)(CONF_SIZE - n),
			"[wearable %u]\naddress = C0:A5:00:00:%02X:%02X\nkit = %u\nplacement = %s\n",
			w, w / 256, w % 256, w / WORN % KITS,
			w < WEARABLES ? placements[w % WORN] : "lumbar");
	source.size = (size_t)n;
	conf_read(&source, 1, &conf, &errors);
	gym.errors = (unsigned)errors.n;
	conf_errors_done(&errors);
	return conf;
}

static unsigned count(const struct message *message, const char *text)
{
	size_t length = strlen(text);
	const char *end = message->payload + message->size, *at = message->payload;
	unsigned n = 0;

	while ((at = memmem(at, (size_t)(end - at), text, length))) {
		at += length;
		n++;
	}
	return n;
}

static void note_topic(const struct message *message)
{
	size_t i = 0;

	while (i < gym.n_topics && strcmp(gym.topic[i], message->topic) != 0)
		i++;
	assert_true(i < TOPICS);
	if (i < gym.n_topics && !message->size) {
		free(gym.topic[i]);
		gym.topic[i] = gym.topic[--gym.n_topics];
	} else if (i == gym.n_topics && message->size) {
		gym.topic[gym.n_topics++] = alloc_text(message->topic);
	}
}

static void on_message(void *user, const struct message *message)
{
	unsigned athlete;

	if (message->retain)
		note_topic(message);
	if (strstr(message->topic, "/inventory"))
		gym.in_inventory = count(message, "\"placement\":");
	if (strstr(message->topic, "/health"))
		gym.in_health = count(message, "\"subject\":");
	if (sscanf(message->topic, "coxa/v1/gym/athlete/a%u/alert", &athlete) == 1 &&
		athlete < ATHLETES)
		gym.is_red[athlete] |= count(message, "\"severity\":3") > 0;
	gym.errors += strstr(message->topic, "/result") && !count(message, "\"ok\":true");
}

static const struct gateway_ops ops = {.message = on_message};

static void command(unsigned at_s, const char *topic, const char *payload)
{
	struct capture_event event = {.kind = CAPTURE_COMMAND,
		.t_us = at_s * (int64_t)US_PER_S,
		.topic = topic,
		.payload = payload,
		.payload_size = strlen(payload)};

	gateway_event(gym.gateway, &event, NULL);
}

static void begin(void)
{
	struct capture_event header = {.kind = CAPTURE_HEADER,
		.t_us = US_PER_S,
		.wall_us = INT64_C(1795368600) * US_PER_S,
		.gateway = "pi"};

	gym.conf = read_gym(KITS, WEARABLES);
	assert_non_null(gym.conf);
	gym.gateway = gateway_new(
		&(struct gateway_settings){
			.conf = gym.conf, .run = "r", .first_seq = 1, .has_health = true},
		&ops, NULL);
	gateway_event(gym.gateway, &header, NULL);
}

static int teardown(void **state)
{
	gym.gateway = gateway_free(gym.gateway);
	gym.conf = conf_free(gym.conf);
	for (size_t i = 0; i < gym.n_topics; i++)
		free(gym.topic[i]);
	gym.n_topics = 0;
	return 0;
}

static void train(unsigned athlete)
{
	char payload[128];

	if (athlete >= KITS) {
		snprintf(payload, sizeof(payload),
			"{\"kit\":\"%u\",\"athlete\":\"a%u\",\"request\":\"r\"}", athlete - KITS,
			athlete);
		command(2 + athlete, "command/session-start", payload);
	}
	snprintf(payload, sizeof(payload),
		"{\"athlete\":\"a%u\",\"code\":\"sharp\",\"intensity\":8,\"request\":\"r\"}",
		athlete);
	command(2 + athlete, "command/symptom", payload);
}

static void note_again(void *user, const struct message *message)
{
	++*(size_t *)user;
}

static void nobody_is_forgotten(void **state)
{
	size_t again = 0;

	begin();
	for (unsigned i = 0; i < ATHLETES; i++)
		train(i);
	gateway_advance(gym.gateway, 400 * (int64_t)US_PER_S);
	assert_int_equal(gym.in_inventory, WEARABLES);
	assert_int_equal(gym.errors, 0);
	for (unsigned i = 0; i < ATHLETES; i++)
		assert_true(gym.is_red[i]);
	gateway_each_state(gym.gateway, note_again, &again);
	printf("%zu topics are retained\n", again);
	assert_int_equal(again, gym.n_topics);
	assert_true(again > 2 * WEARABLES + KITS + ATHLETES);
}

static void each_wearable_may_have_a_problem(void **state)
{
	struct health_report report = {HEALTH_STORE_DAMAGED, .text = "Something is wrong."};

	begin();
	for (unsigned i = 0; i < WEARABLES; i++) {
		report.subject = gym.conf->wearable[i].name;
		gateway_health_note(gym.gateway, 2 * (int64_t)US_PER_S, &report);
	}
	gateway_advance(gym.gateway, 3 * (int64_t)US_PER_S);
	assert_int_equal(gym.in_health, WEARABLES);
}

static void a_larger_one_is_refused(void **state)
{
	assert_null(read_gym(KITS + 1, WEARABLES));
	assert_int_equal(gym.errors, 1);
	assert_null(read_gym(KITS, WEARABLES + 1));
	assert_int_equal(gym.errors, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nobody_is_forgotten, teardown),
		cmocka_unit_test_teardown(each_wearable_may_have_a_problem, teardown),
		cmocka_unit_test_teardown(a_larger_one_is_refused, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
