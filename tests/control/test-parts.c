// SPDX-License-Identifier: MIT
/* The parts of the service that need no bus. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/store/athlete-export.h"
#include "daemon/control/caller-rate.h"
#include "daemon/control/state-text.h"

static unsigned taken(struct caller_rate *rate, const char *name, int64_t now_us, unsigned n)
{
	unsigned count = 0;

	for (unsigned i = 0; i < n; i++)
		count += caller_rate_take(rate, name, now_us);
	return count;
}

static void a_flood_uses_up_its_own_share(void **state)
{
	struct caller_rate rate = {0};

	assert_int_equal(taken(&rate, ":1.1", US_PER_S, 1000), 200);
	assert_int_equal(taken(&rate, ":1.2", US_PER_S, 10), 10);
	assert_int_equal(taken(&rate, ":1.1", 2 * US_PER_S, 1000), 20);
}

static void long_answers_cost_more(void **state)
{
	struct caller_rate rate = {0};

	caller_rate_charge(&rate, ":1.1", US_PER_S, 150 * CALLER_RATE_BYTES);
	assert_int_equal(taken(&rate, ":1.1", US_PER_S, 1000), 50);
	caller_rate_charge(&rate, ":1.1", US_PER_S, SIZE_MAX);
	assert_int_equal(taken(&rate, ":1.1", US_PER_S, 1000), 0);
}

static void of_too_many_the_quietest_is_forgotten(void **state)
{
	struct caller_rate rate = {0};
	char name[32];

	assert_int_equal(taken(&rate, ":1.0", US_PER_S, 1000), 200);
	for (unsigned i = 1; i < CALLER_RATE_MAX; i++) {
		snprintf(name, sizeof(name), ":1.%u", i);
		assert_int_equal(taken(&rate, name, 2 * US_PER_S, 1000), 200);
	}
	assert_int_equal(taken(&rate, ":2.0", 2 * US_PER_S, 1), 1);
	/* The one that was forgotten is a new caller; the others are known. */
	assert_int_equal(taken(&rate, name, 2 * US_PER_S, 1000), 0);
	assert_int_equal(taken(&rate, ":1.0", 2 * US_PER_S, 1000), 200);
}

static void states_are_one_object(void **state)
{
	struct message of_base = {
		.topic = "b/c/kit/\"3\"/session", .payload = "{\"a\":1}", .size = 7};
	struct message elsewhere = {.topic = "homeassistant/x", .payload = "{}", .size = 2};
	struct message removed = {.topic = "b/c/kit/4/session"};
	struct state_text text;
	char *json;

	state_text_begin(&text, "b/c");
	for (unsigned i = 0; i < 2000; i++)
		state_text_add(&text, i % 3 == 0 ? &of_base : i % 3 == 1 ? &elsewhere : &removed);
	json = state_text_end(&text);
	assert_memory_equal(json, "{\"kit/\\\"3\\\"/session\":{\"a\":1},\"kit", 33);
	assert_int_equal(
		strlen(json), 2 + 667 * strlen("\"kit/\\\"3\\\"/session\":{\"a\":1},") - 1);
	free(json);
	assert_null(state_text_below("b/cd/kit", "b/c"));
	assert_null(state_text_below("b/c", "b/c"));
}

static void only_what_is_about_the_athlete_is_exported(void **state)
{
	static const struct {
		const char *kind, *name, *text;
	} offered[] = {{"athlete", "ana", "{\"pops\":3}"}, {"athlete", "anabel", "{}"},
		{"calibration", "3", "{\"athlete\":\"ana\"}"},
		{"calibration", "4", "{\"athlete\":\"bea\"}"},
		{"retained", "coxa/v1/x/athlete/ana/alerts", "1"}, {"wearable", "ana", "{}"},
		{"outbox", "coxa/v1/x/athlete/anabel/pop", "{}"}, {"outbox", "x", "no JSON"},
		{"outbox", "coxa/v1/x/athlete/ana/pop", "no JSON"}};
	struct athlete_export *all = athlete_export_new("ana");
	json_t *json;
	char *text;
	size_t n;

	for (size_t i = 0; i < sizeof(offered) / sizeof(offered[0]); i++)
		athlete_export_offer(all, offered[i].kind, offered[i].name, offered[i].text,
			strlen(offered[i].text));
	text = athlete_export_end(all, &n);
	assert_int_equal(n, 4);
	json = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "entries")), 4);
	assert_string_equal(json_string_value(json_object_get(json, "athlete")), "ana");
	json_decref(json);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_flood_uses_up_its_own_share),
		cmocka_unit_test(long_answers_cost_more),
		cmocka_unit_test(of_too_many_the_quietest_is_forgotten),
		cmocka_unit_test(states_are_one_object),
		cmocka_unit_test(only_what_is_about_the_athlete_is_exported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
