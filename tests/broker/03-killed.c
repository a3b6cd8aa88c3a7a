// SPDX-License-Identifier: MIT
/* The daemon is killed a hundred times under load, and so is the broker: each id reported to be in
 * the outbox reaches the broker, duplicates have the same id, and the first copies of the events of
 * one athlete arrive in order. The seed is printed and can be set with COXAD_TEST_SEED;
 * COXAD_TEST_KILLS sets how often.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "tests/broker/broker.h"

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define IDS_MAX      100000
#define ATHLETES     3
#define BROKER_EVERY 20

static unsigned kills = 100;
static uint64_t random_state;

static unsigned random_below(unsigned n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(random_state >> 33) % n;
}

/* The number after text in a line, 0: not found. */
static long number_after(const char *line, const char *text)
{
	const char *at = strstr(line, text);

	return at ? strtol(at + strlen(text), NULL, 10) : 0;
}

static void note_committed(const struct child *pusher, unsigned char *committed)
{
	for (size_t i = 0; i < pusher->n; i++) {
		long id = number_after(pusher->line[i], "id run-");

		if (id > 0 && id < IDS_MAX && !strncmp(pusher->line[i], "id ", 3))
			committed[id] = 1;
	}
}

static void check_log(const struct child *mosquitto, const unsigned char *committed)
{
	_auto_free_ unsigned char *arrived = alloc_zero(IDS_MAX, 1);
	long newest[ATHLETES] = {0}, n = 0, copies = 0, missing = 0, early = 0;

	for (size_t i = 0; i < mosquitto->n; i++) {
		const char *line = mosquitto->line[i];
		long id = number_after(line, "/pop/run-");
		long athlete = number_after(line, "test/athlete/");

		if (!id || id >= IDS_MAX || !strstr(line, "Received PUBLISH"))
			continue;
		copies++;
		if (arrived[id])
			continue;
		arrived[id] = 1;
		if (id < newest[athlete])
			early++;
		newest[athlete] = id;
	}
	for (long id = 1; id < IDS_MAX; id++) {
		n += committed[id];
		missing += committed[id] && !arrived[id];
	}
	printf("# %ld committed, %ld missing, %ld copies too many, %ld out of order\n", n, missing,
		copies - n, early);
	assert_true(n > (long)kills);
	assert_int_equal(missing, 0);
	assert_int_equal(early, 0);
}

static void no_event_is_lost(void **state)
{
	_auto_free_ unsigned char *committed = alloc_zero(IDS_MAX, 1);
	_auto_free_ char *store = NULL;
	struct child pusher = {.fd = -1};
	struct broker b;

	broker_init(&b);
	store = alloc_printf("%s/state", b.directory);
	broker_start(&b);
	for (unsigned i = 0; i < kills; i++) {
		unsigned n = random_below(60);

		pusher_start(
			&b, &pusher, OPTIONS("--n", "100000", "--rate", "3000", "--state", store));
		child_wait(&b, &pusher, 0, "id ");
		while (child_count(&pusher, "id run-") < n)
			broker_read(&b, 100);
		if (i % BROKER_EVERY == BROKER_EVERY - 1)
			broker_kill(&b, SIGKILL);
		child_kill(&b, &pusher, SIGKILL);
		note_committed(&pusher, committed);
		child_done(&pusher);
		if (!b.mosquitto.pid)
			broker_start(&b);
	}
	pusher_start(&b, &pusher, OPTIONS("--n", "0", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_events"), 0);
	child_wait(&b, &b.mosquitto, 0, "Received DISCONNECT from pusher");
	check_log(&b.mosquitto, committed);
	broker_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_event_is_lost),
	};
	const char *seed = getenv("COXAD_TEST_SEED"), *set = getenv("COXAD_TEST_KILLS");

	random_state = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
	if (set)
		kills = (unsigned)atoi(set);
	printf("# COXAD_TEST_SEED=%llu\n", (unsigned long long)random_state);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
