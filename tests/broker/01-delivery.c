// SPDX-License-Identifier: MIT
/* Normal delivery, and a broker that is away, killed, frozen or slow. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/broker/broker.h"

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})

static struct broker b;
static struct child pusher, other;

static int set_up(void **state)
{
	broker_init(&b);
	pusher = other = (struct child){.fd = -1};
	return 0;
}

static int tear_down(void **state)
{
	broker_done(&b);
	return 0;
}

/* Ids in the order in which the broker received them first; counts in *ret_copies all copies. */
static size_t first_arrivals(long *ids, size_t room, size_t *ret_copies)
{
	size_t n = 0;

	*ret_copies = 0;
	for (size_t i = 0; i < b.mosquitto.n; i++) {
		const char *at = strstr(b.mosquitto.line[i], "/pop/run-");
		size_t k = 0;
		long id;

		if (!at || !strstr(b.mosquitto.line[i], "Received PUBLISH"))
			continue;
		id = strtol(at + strlen("/pop/run-"), NULL, 10);
		(*ret_copies)++;
		while (k < n && ids[k] != id)
			k++;
		if (k == n && n < room)
			ids[n++] = id;
	}
	return n;
}

/* 1 to n, each, in order. */
static void assert_all_arrived(long n)
{
	_auto_free_ long *ids = alloc_zero((size_t)n + 1, sizeof(long));
	size_t copies;

	assert_int_equal(first_arrivals(ids, (size_t)n + 1, &copies), n);
	for (long i = 0; i < n; i++)
		assert_int_equal(ids[i], i + 1);
}

static void delivered_in_order_with_birth_and_goodbye(void **state)
{
	_auto_free_ char *store = alloc_printf("%s/state", b.directory);

	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "500", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	child_wait(&b, &b.mosquitto, 0, "Received DISCONNECT from pusher");
	assert_all_arrived(500);
	assert_int_equal(child_count(&b.mosquitto, "'test/status'"), 1);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 500);
	assert_int_equal(pusher_gauge(&pusher, "outbox_not_on_disk"), 0);
	/* No small packet waits for the acknowledgement of one before it. */
	assert_true(child_has(&pusher, "sockets 1 1"));
	assert_false(child_has(&pusher, "bug:"));
}

/* A red flag is a pop, an alert and a cue at once: one wait for the disk, not three; and what comes
 * while it is waited for is one more. There are further commits that delete what was acknowledged. */
static void one_turn_is_at_most_one_commit(void **state)
{
	_auto_free_ char *store = alloc_printf("%s/state", b.directory);

	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "600", "--burst", "30", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_all_arrived(600);
	assert_in_range(pusher_gauge(&pusher, "outbox_commits"), 1, 20 + 600 / 10);
	assert_int_equal(pusher_gauge(&pusher, "outbox_not_on_disk"), 0);
}

static void mqtt_3_1_1_works(void **state)
{
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "50", "--version", "4"));
	assert_int_equal(child_end(&b, &pusher), 0);
	child_wait(&b, &b.mosquitto, 0, "Received DISCONNECT from pusher");
	assert_true(child_has(&b.mosquitto, "as pusher (p2"));
	/* mosquitto 2.0 calls 3.1.1 p2. */
	assert_all_arrived(50);
}

static void an_absent_broker_gets_everything_late(void **state)
{
	_auto_free_ char *store = alloc_printf("%s/state", b.directory);
	_auto_free_ char *port = alloc_printf("%u", b.port);

	pusher_start(&b, &pusher, OPTIONS("--n", "30", "--state", store, "--stay"));
	child_wait(&b, &pusher, 0, "id run-30");
	child_wait(&b, &pusher, 0, "cannot connect to");
	/* Killed during the outage: the next run sends them. */
	child_kill(&b, &pusher, SIGKILL);
	broker_start(&b);
	child_start(&b, &other, "sub",
		(const char *const[]){"mosquitto_sub", "-V", "5", "-p", port, "-t",
			"test/athlete/#", "-F", "%t %p", "-C", "31", "-q", "1", NULL});
	child_wait(&b, &b.mosquitto, 0, "Received SUBSCRIBE");
	child_done(&pusher);
	pusher_start(&b, &pusher, OPTIONS("--n", "1", "--state", store));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_true(child_has(&pusher, "first 31"));
	assert_int_equal(child_end(&b, &other), 0);
	assert_all_arrived(31);
	assert_int_equal(child_count(&other, "\"late_ms\":"), 31);
}

static void a_restarted_broker_gets_the_rest(void **state)
{
	_auto_free_ char *store = alloc_printf("%s/state", b.directory);

	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "2000", "--rate", "2000", "--state", store));
	for (int i = 1; i <= 3; i++) {
		_auto_free_ char *mark = alloc_printf("id run-%d", i * 400);

		child_wait(&b, &pusher, 0, mark);
		broker_kill(&b, SIGKILL);
		broker_start(&b);
	}
	assert_int_equal(child_end(&b, &pusher), 0);
	child_wait(&b, &b.mosquitto, 0, "Received DISCONNECT from pusher");
	assert_all_arrived(2000);
}

static void a_frozen_broker_is_disconnected_and_retried(void **state)
{
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "300", "--rate", "300", "--ack-ms", "500"));
	child_wait(&b, &pusher, 0, "id run-50");
	broker_kill(&b, SIGSTOP);
	child_wait(&b, &pusher, 0, "no acknowledgement for");
	child_wait(&b, &pusher, 0, "id run-250");
	broker_kill(&b, SIGCONT);
	assert_int_equal(child_end(&b, &pusher), 0);
	child_wait(&b, &b.mosquitto, 0, "Received DISCONNECT from pusher");
	assert_all_arrived(300);
}

static void a_small_receive_maximum_is_respected(void **state)
{
	b.listener = alloc_text("");
	b.extra = alloc_text("allow_anonymous true\nmax_inflight_messages 3");
	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "200"));
	assert_int_equal(child_end(&b, &pusher), 0);
	child_wait(&b, &b.mosquitto, 0, "Received DISCONNECT from pusher");
	assert_all_arrived(200);
	assert_int_equal(pusher_gauge(&pusher, "broker_connections"), 1);
}

static void a_full_outbox_keeps_the_newest_and_reports_it(void **state)
{
	long ids[32];
	size_t copies;

	pusher_start(&b, &pusher, OPTIONS("--n", "100", "--max-events", "20", "--stay"));
	child_wait(&b, &pusher, 0, "id run-100");
	assert_true(child_has(&pusher, "the outbox is full"));
	broker_start(&b);
	child_wait(&b, &b.mosquitto, 0, "/pop/run-100'");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(first_arrivals(ids, 32, &copies), 20);
	assert_int_equal(ids[0], 81);
	assert_int_equal(pusher_gauge(&pusher, "outbox_dropped_full"), 80);
}

static void an_expired_cue_is_not_sent(void **state)
{
	pusher_start(
		&b, &pusher, OPTIONS("--n", "3", "--expiry", "1", "--stay", "--flush-ms", "100"));
	child_wait(&b, &pusher, 0, "id run-3");
	/* Each attempt to connect takes a fraction of a second. */
	for (size_t i = 0, at = 0; i < 5; i++)
		at = child_wait(&b, &pusher, at, "cannot connect to");
	child_kill(&b, &pusher, SIGTERM);
	assert_true(
		pusher_gauge(&pusher, "outbox_expired") + pusher_gauge(&pusher, "outbox_events") ==
		3);
}

static void a_reply_goes_to_the_response_topic(void **state)
{
	_auto_free_ char *port = alloc_printf("%u", b.port);

	broker_start(&b);
	/* Retained before we connect: passed on as retained. */
	child_start(&b, &other, "pub",
		(const char *const[]){"mosquitto_pub", "-V", "5", "-p", port, "-t",
			"test/command/identify", "-r", "-m", "{\"wearable\":\"x\"}", NULL});
	assert_int_equal(child_end(&b, &other), 0);
	pusher_start(&b, &pusher, OPTIONS("--n", "1", "--stay"));
	child_wait(&b, &pusher, 0, "command command/identify 16 1 -");
	child_done(&other);
	child_start(&b, &other, "pub",
		(const char *const[]){"mosquitto_pub", "-V", "5", "-p", port, "-t",
			"test/command/calibrate", "-m", "{}", "-D", "publish", "response-topic",
			"test/reply/here", "-D", "publish", "correlation-data", "c1", NULL});
	assert_int_equal(child_end(&b, &other), 0);
	child_wait(&b, &pusher, 0, "command command/calibrate 2 0 test/reply/here");
	child_wait(&b, &b.mosquitto, 0, "'test/reply/here'");
	/* Without a response topic, the result topic is used. */
	child_done(&other);
	child_start(&b, &other, "pub",
		(const char *const[]){"mosquitto_pub", "-V", "5", "-p", port, "-t",
			"test/command/cue", "-m", "{}", NULL});
	assert_int_equal(child_end(&b, &other), 0);
	child_wait(&b, &pusher, 0, "command command/cue 2 0 -");
	child_wait(&b, &b.mosquitto, 0, "'test/command/x/result'");
	child_kill(&b, &pusher, SIGTERM);
	/* Our own result is not received as a command. */
	assert_int_equal(child_count(&pusher, "command command/"), 3);
}

/* What arrived while it was held is sent then, after the birth; a command is left to others. */
static void nothing_is_published_while_it_is_held(void **state)
{
	_auto_free_ char *port = alloc_printf("%u", b.port);
	_auto_free_ char *store = alloc_printf("%s/state", b.directory);

	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "20", "--state", store, "--stay", "--held"));
	child_wait(&b, &pusher, 0, "id run-20");
	child_wait(&b, &b.mosquitto, 0, "Sending SUBACK to pusher");
	child_start(&b, &other, "pub",
		(const char *const[]){"mosquitto_pub", "-p", port, "-q", "1", "-t",
			"test/command/cue", "-m", "{}", NULL});
	assert_int_equal(child_end(&b, &other), 0);
	child_wait(&b, &b.mosquitto, 0, "Received PUBACK from pusher");
	assert_int_equal(child_count(&b.mosquitto, "Received PUBLISH from pusher"), 0);
	assert_false(child_has(&pusher, "online"));
	child_kill(&b, &pusher, SIGHUP);
	child_wait(&b, &b.mosquitto, 0, "/pop/run-20'");
	child_kill(&b, &pusher, SIGTERM);
	assert_all_arrived(20);
	assert_int_equal(child_count(&pusher, "command command/"), 0);
	assert_int_equal(child_count(&b.mosquitto, "'test/status'"), 1);
}

static void one_that_is_held_ends_soon(void **state)
{
	_auto_free_ char *store = alloc_printf("%s/state", b.directory);

	broker_start(&b);
	pusher_start(&b, &pusher, OPTIONS("--n", "20", "--state", store, "--held"));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_events"), 20);
	assert_true(child_has(&pusher, "alive 1"));
}

static void the_will_is_published_after_a_kill(void **state)
{
	_auto_free_ char *port = alloc_printf("%u", b.port);

	broker_start(&b);
	child_start(&b, &other, "sub",
		(const char *const[]){"mosquitto_sub", "-V", "5", "-p", port, "-t", "test/status",
			"-C", "2", NULL});
	child_wait(&b, &b.mosquitto, 0, "Received SUBSCRIBE");
	pusher_start(&b, &pusher, OPTIONS("--n", "1", "--stay"));
	child_wait(&b, &other, 0, "online");
	child_kill(&b, &pusher, SIGKILL);
	child_wait(&b, &other, 0, "offline");
	assert_int_equal(child_end(&b, &other), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(delivered_in_order_with_birth_and_goodbye),
		TEST(one_turn_is_at_most_one_commit),
		TEST(mqtt_3_1_1_works),
		TEST(an_absent_broker_gets_everything_late),
		TEST(a_restarted_broker_gets_the_rest),
		TEST(a_frozen_broker_is_disconnected_and_retried),
		TEST(a_small_receive_maximum_is_respected),
		TEST(a_full_outbox_keeps_the_newest_and_reports_it),
		TEST(an_expired_cue_is_not_sent),
		TEST(a_reply_goes_to_the_response_topic),
		TEST(nothing_is_published_while_it_is_held),
		TEST(one_that_is_held_ends_soon),
		TEST(the_will_is_published_after_a_kill),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
