// SPDX-License-Identifier: MIT
/* A kit is removed, and later another one takes its place: nothing of the first is told any more, and nothing
 * that was begun for it goes on for the second.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/config/conf-read.h"
#include "coxad/core/athlete-memory.h"
#include "coxad/flow/gateway-reconfigure.h"
#include "coxad/flow/gateway.h"
#include "coxad/wire/history-athlete.h"

#define NAMES_SIZE 256

struct rig {
	struct conf *conf;
	struct gateway *gateway;
	json_t *inventory; /* as it is retained */
	unsigned inventories;
	unsigned live[10];    /* by the kit's digit */
	bool has_session[10]; /* retained, and with an athlete */
	unsigned sessions[10];
};

/* The digit of "kit/4/session" and the like, -1: another topic. */
static int digit_of(const char *topic, const char *before, const char *after)
{
	const char *at = strstr(topic, before);

	if (!at || strcmp(at + strlen(before) + 1, after) != 0)
		return -1;
	return at[strlen(before)] - '0';
}

static void note_session(struct rig *rig, int kit, const json_t *payload)
{
	rig->has_session[kit] = json_is_string(json_object_get(payload, "athlete"));
	rig->sessions[kit]++;
}

static void on_message(void *user, const struct message *message)
{
	struct rig *rig = user;
	json_t *payload = json_loadb(message->payload, message->size, 0, NULL);
	int live = digit_of(message->topic, "/wearable/", "-pelvis/live");
	int session = digit_of(message->topic, "/kit/", "/session");

	if (live >= 0)
		rig->live[live]++;
	if (session >= 0)
		note_session(rig, session, payload);
	if (!strstr(message->topic, "/inventory")) {
		json_decref(payload);
		return;
	}
	assert_true(message->retain);
	json_decref(rig->inventory);
	rig->inventory = payload;
	rig->inventories++;
}

static const struct gateway_ops ops = {.message = on_message};

/* A kit for each digit, with a sensor on the pelvis. */
static struct conf *read_conf(const char *kits)
{
	_auto_free_ char *text = alloc_text("[gateway]\nname = pi\nsite = gym\n");
	struct conf_source source = {.name = "test.conf"};
	struct conf_errors errors = {0};
	struct conf *ret = NULL;

	for (const char *k = kits; *k; k++) {
		char *longer = alloc_printf("%s[kit %c]\nexercise = single\n[wearable %c-pelvis]\n"
					    "address = C0:A5:00:00:00:0%c\nkit = %c\n"
					    "placement = pelvis\n",
			text, *k, *k, *k, *k);

		free(text);
		text = longer;
	}
	source.data = text;
	source.size = strlen(text);
	assert_int_equal(conf_read(&source, 1, &ret, &errors), 0);
	conf_errors_done(&errors);
	return ret;
}

static void reconfigure(struct rig *rig, int64_t t_us, const char *kits)
{
	_auto_free_ struct conf_change *change = new0(struct conf_change);
	struct conf *fresh = read_conf(kits);

	gateway_reconfigure(rig->gateway, t_us, fresh, change);
	conf_merge_done(change);
	conf_free(fresh);
	/* At most one a second. */
	gateway_advance(rig->gateway, t_us + 2 * (int64_t)US_PER_S);
}

static int begin(void **state)
{
	struct rig *rig = new0(struct rig);
	struct gateway_settings settings = {.run = "r", .first_seq = 1};

	rig->conf = settings.conf = read_conf("34");
	rig->gateway = gateway_new(&settings, &ops, rig);
	gateway_event(rig->gateway,
		&(struct capture_event){.kind = CAPTURE_HEADER,
			.t_us = US_PER_S,
			.wall_us = INT64_C(1795368600) * US_PER_S,
			.gateway = "pi"},
		NULL);
	*state = rig;
	return 0;
}

static int end(void **state)
{
	struct rig *rig = *state;

	json_decref(rig->inventory);
	gateway_free(rig->gateway);
	conf_free(rig->conf);
	free(rig);
	return 0;
}

/* The names in a list of the inventory, in its order. */
static const char *names_of(const struct rig *rig, const char *list)
{
	static char text[NAMES_SIZE];
	const json_t *entry;
	size_t i;

	text[0] = '\0';
	json_array_foreach(json_object_get(rig->inventory, list), i, entry)
	{
		size_t n = strlen(text);

		snprintf(text + n, sizeof(text) - n, "%s%s", n ? " " : "",
			json_string_value(json_object_get(entry, "name")));
	}
	return text;
}

static void check_inventory(const struct rig *rig, const char *kits, const char *wearables)
{
	const json_t *entry;
	size_t i;

	assert_string_equal(names_of(rig, "kits"), kits);
	assert_string_equal(names_of(rig, "wearables"), wearables);
	json_array_foreach(json_object_get(rig->inventory, "wearables"), i, entry)
	{
		const char *kit = json_string_value(json_object_get(entry, "kit"));

		assert_int_equal(kit[0], json_string_value(json_object_get(entry, "name"))[0]);
	}
	assert_string_equal(
		json_string_value(json_object_get(rig->inventory, "config_hash")), rig->conf->hash);
}

static void the_inventory_has_what_is_there(void **state)
{
	struct rig *rig = *state;

	check_inventory(rig, "3 4", "3-pelvis 4-pelvis");
	reconfigure(rig, 10 * US_PER_S, "345");
	check_inventory(rig, "3 4 5", "3-pelvis 4-pelvis 5-pelvis");
	reconfigure(rig, 20 * US_PER_S, "35");
	check_inventory(rig, "3 5", "3-pelvis 5-pelvis");
	assert_int_equal(rig->inventories, 3);
	/* In the place of the one that is gone. */
	reconfigure(rig, 300 * US_PER_S, "356");
	assert_int_equal(conf_find_kit(rig->conf, "6"), 1);
	check_inventory(rig, "3 6 5", "3-pelvis 6-pelvis 5-pelvis");
	reconfigure(rig, 310 * US_PER_S, "");
	check_inventory(rig, "", "");
	assert_int_equal(rig->inventories, 5);
}

static void watch(struct rig *rig, int64_t t_us, const char *payload)
{
	gateway_event(rig->gateway,
		&(struct capture_event){.kind = CAPTURE_COMMAND,
			.t_us = t_us,
			.topic = "command/watch",
			.payload = payload,
			.payload_size = strlen(payload)},
		NULL);
}

static void a_watch_ends_with_its_kit(void **state)
{
	struct rig *rig = *state;
	unsigned before;

	watch(rig, 10 * US_PER_S, "{\"kit\":\"3\",\"seconds\":600}");
	watch(rig, 10 * US_PER_S, "{\"kit\":\"4\",\"seconds\":600}");
	gateway_advance(rig->gateway, 20 * US_PER_S);
	before = rig->live[4];
	assert_int_equal(before, 50);
	reconfigure(rig, 20 * US_PER_S, "3");
	gateway_advance(rig->gateway, 100 * US_PER_S);
	assert_int_equal(rig->live[4], before);
	/* It comes back, which nobody has asked to see. */
	reconfigure(rig, 100 * US_PER_S, "34");
	gateway_advance(rig->gateway, 110 * US_PER_S);
	assert_int_equal(rig->live[4], before);
	reconfigure(rig, 110 * US_PER_S, "3");
	reconfigure(rig, 300 * US_PER_S, "35");
	assert_int_equal(conf_find_kit(rig->conf, "5"), 1);
	gateway_advance(rig->gateway, 500 * US_PER_S);
	assert_int_equal(rig->live[5], 0);
	assert_int_equal(rig->live[3], 490 * 5);
	watch(rig, 500 * US_PER_S, "{\"kit\":\"5\",\"seconds\":2}");
	gateway_advance(rig->gateway, 510 * US_PER_S);
	assert_int_equal(rig->live[5], 10);
}

static void restore_late(struct rig *rig, const char *athlete, const char *kit)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);
	struct wall_clock clock = {0};
	_auto_free_ char *text = NULL;

	wall_clock_set(&clock, US_PER_S, INT64_C(1795368600) * US_PER_S);
	snprintf(memory->athlete, sizeof(memory->athlete), "%s", athlete);
	snprintf(memory->kit, sizeof(memory->kit), "%s", kit);
	memory->is_in_session = true;
	memory->exercise = EXERCISE_SINGLE;
	text = history_athlete_write(memory, &clock);
	gateway_restore_late(rig->gateway, HISTORY_KIND_ATHLETE, athlete, text, strlen(text));
}

/* From a slow disk. */
static void a_late_history_wakes_no_removed_kit(void **state)
{
	struct rig *rig = *state;
	unsigned sessions;

	restore_late(rig, "ana", "3");
	assert_true(rig->has_session[3]);
	reconfigure(rig, 10 * US_PER_S, "3");
	sessions = rig->sessions[4];
	restore_late(rig, "ben", "4");
	gateway_advance(rig->gateway, 20 * US_PER_S);
	assert_false(rig->has_session[4]);
	assert_int_equal(rig->sessions[4], sessions);
	reconfigure(rig, 20 * US_PER_S, "34");
	assert_false(rig->has_session[4]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(the_inventory_has_what_is_there),
		TEST(a_watch_ends_with_its_kit),
		TEST(a_late_history_wakes_no_removed_kit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
