// SPDX-License-Identifier: MIT
/* Radios that say what they must not, more names than there are radios, where anybody may publish, and one that
 * has the others wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/flow/radio-hub.h"

#define START_US (100 * (int64_t)US_PER_S)

static struct radio_hub *hub;
static int64_t now_us;

static void on_event(void *user, const struct capture_event *event)
{
}

static bool serves(void *user, const char *radio, const char *address)
{
	return false;
}

static void on_message(void *user, const char *radio, const char *text, size_t size)
{
}

static bool is_of_the_site(void *user, const char *radio)
{
	return strncmp(radio, "real-", 5) == 0;
}

static const char *waiting = "";

static bool waits(void *user, const char *radio)
{
	return strcmp(radio, waiting) == 0;
}

static const struct radio_hub_ops ops = {.event = on_event,
	.serves = serves,
	.knows = is_of_the_site,
	.waits = waits,
	.flow = on_message,
	.clock = on_message};

static int teardown(void **state)
{
	hub = radio_hub_free(hub);
	return 0;
}

static void batch(const char *radio, const char *text)
{
	radio_hub_batch(hub, radio, text, strlen(text), now_us);
}

/* NULL: it has no place. */
static const struct radio_hub_status *status_of(const char *name)
{
	static struct radio_hub_status status;

	for (unsigned i = 0; radio_hub_status(hub, i, &status); i++)
		if (strcmp(status.name, name) == 0)
			return &status;
	return NULL;
}

static bool has_place(const char *name)
{
	return status_of(name) != NULL;
}

static void answer(const char *name, int64_t boot)
{
	char text[128];
	int n = snprintf(text, sizeof(text),
		"{\"n\":1,\"t1\":%lld,\"boot\":%lld,\"t2\":5,\"t3\":5}", (long long)now_us,
		(long long)boot);

	radio_hub_advance(hub, now_us);
	radio_hub_clock(hub, name, text, (size_t)n, now_us + 1);
}

/* A batch of it is taken: it has a clock, and a number. */
static void take_one(const char *name)
{
	char text[128];

	batch(name, "nonsense\n");
	answer(name, 7);
	snprintf(text, sizeof(text),
		"{\"coxa_radio\":1,\"radio\":\"%s\",\"boot\":7,\"seq\":1,\"n\":0}\n", name);
	batch(name, text);
}

#define HEAD(boot, number)                                                                         \
	"{\"coxa_radio\":1,\"radio\":\"mat-0\",\"boot\":" boot ",\"seq\":" number ",\"n\":1}\n"
#define COMMAND "{\"t\":1,\"e\":\"command\",\"topic\":\"command/session-end\",\"payload\":{}}\n"

static void what_must_not_be_said_is_counted(void **state)
{
	const struct radio_hub_status *status;

	now_us = START_US;
	hub = radio_hub_new(&ops, NULL);
	take_one("mat-0");
	batch("mat-1", HEAD("7", "2") COMMAND);
	batch("mat-0", HEAD("7", "2") COMMAND);
	batch("mat-0", HEAD("7", "2") COMMAND);
	batch("mat-0", HEAD("8", "1") COMMAND);
	radio_hub_clock(hub, "mat-0", "nonsense", 8, now_us);
	status = status_of("mat-0");
	assert_int_equal(status->events, 0);
	assert_int_equal(status->count[RADIO_REASON_KIND], 1);
	assert_int_equal(status->count[RADIO_REASON_DUPLICATE], 1);
	assert_int_equal(status->count[RADIO_REASON_SYNTAX], 1);
	assert_int_equal(status->undated, 1);
	assert_int_equal(status->clock_refused, 1);
	assert_int_equal(status_of("mat-1")->count[RADIO_REASON_SENDER], 1);
}

static void names_without_end_keep_nobody_out(void **state)
{
	char name[16];

	now_us = START_US;
	hub = radio_hub_new(&ops, NULL);
	take_one("real-1");
	take_one("guest");
	assert_int_equal(radio_hub_refused(hub), 0);
	for (unsigned i = 2; i < FLEET_RADIOS_MAX; i++) {
		snprintf(name, sizeof(name), "x%u", i);
		batch(name, "nonsense\n");
	}
	batch("y", "nonsense\n");
	assert_int_equal(radio_hub_refused(hub), 1);
	batch("real-2", "nonsense\n");
	assert_true(has_place("real-2") && !has_place("x2"));
	/* What was taken from it is not on disk. */
	now_us += 2 * 3600 * (int64_t)US_PER_S;
	for (unsigned i = 0; i < 2 * FLEET_RADIOS_MAX; i++) {
		snprintf(name, sizeof(name), "z%u", i);
		batch(name, "nonsense\n");
	}
	assert_true(has_place("real-1") && has_place("real-2") && has_place("guest"));
	radio_hub_mark(hub);
	radio_hub_settle(hub);
	batch("real-3", "nonsense\n");
	assert_true(has_place("real-3") && has_place("guest"));
	now_us += 60 * (int64_t)US_PER_S;
	for (unsigned i = 0; i < FLEET_RADIOS_MAX - 4; i++) {
		snprintf(name, sizeof(name), "u%u", i);
		batch(name, "nonsense\n");
	}
	assert_true(has_place("guest"));
	batch("v", "nonsense\n");
	assert_true(has_place("v") && !has_place("guest"));
	assert_true(has_place("real-1") && has_place("real-2") && has_place("real-3"));
}

static void what_waits_for_one_radio_is_not_done_and_nothing_else_waits(void **state)
{
	now_us = START_US;
	hub = radio_hub_new(&ops, NULL);
	take_one("real-1");
	take_one("real-2");
	waiting = "real-1";
	radio_hub_mark(hub);
	radio_hub_settle(hub);
	assert_int_equal(status_of("real-1")->marked, 0);
	assert_int_equal(status_of("real-1")->done, 0);
	assert_int_equal(status_of("real-2")->marked, 1);
	assert_int_equal(status_of("real-2")->done, 1);
	waiting = "";
	radio_hub_mark(hub);
	assert_int_equal(status_of("real-1")->marked, 1);
	assert_int_equal(status_of("real-1")->done, 0);
	radio_hub_settle(hub);
	assert_int_equal(status_of("real-1")->done, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_must_not_be_said_is_counted, teardown),
		cmocka_unit_test_teardown(names_without_end_keep_nobody_out, teardown),
		cmocka_unit_test_teardown(
			what_waits_for_one_radio_is_not_done_and_nothing_else_waits, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
