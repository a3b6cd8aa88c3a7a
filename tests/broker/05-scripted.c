// SPDX-License-Identifier: MIT
/* A broker that misbehaves as it is told: what every such broker must get from us, and what it must
 * not keep from the other messages. Five events and the birth are sent in each case.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "tests/broker/broker.h"

#define RULES_MAX 48

static struct broker b;
static struct child scripted, pusher;

struct scripted_case {
	const char *name;
	const char *rule[RULES_MAX];
	const char *versions; /* "5", "4" or "54" */
	const char *said;     /* by the pusher, or NULL */
	long delivered, refused;
	long connections_max; /* 0: any number */
	unsigned bad_max;     /* how often the second event may be sent; 0: any number */
};

static const struct scripted_case cases[] = {
	/* Hangs up on one message. */
	{"close", {"publish /run-2 close"}, "54", "set aside", 4, 1, 5, 4},
	{"reset", {"publish /run-2 reset"}, "54", "set aside", 4, 1, 5, 4},
	{"disconnect malformed", {"publish /run-2 bye=81"}, "5", "set aside", 4, 1, 5, 4},
	{"disconnect protocol", {"publish /run-2 bye=82"}, "5", "set aside", 4, 1, 5, 4},
	{"disconnect unspecified", {"publish /run-2 bye=80"}, "5", "set aside", 4, 1, 5, 4},
	{"disconnect not authorized", {"publish /run-2 bye=87"}, "5", "set aside", 4, 1, 5, 4},
	{"disconnect quota", {"publish /run-2 bye=97"}, "5", "set aside", 4, 1, 5, 4},
	{"first event", {"publish /run-1 close"}, "54", "set aside", 4, 1, 5, 0},
	{"last event", {"publish /run-5 close"}, "54", "set aside", 4, 1, 5, 0},
	{"two events", {"publish /run-2 close", "publish /run-4 close"}, "54", "set aside", 3, 2, 9,
		4},
	{"stalls", {"publish /run-2 stall"}, "54", "set aside", 4, 1, 5, 4},
	{"acknowledges another", {"publish /run-2 wrong-id"}, "54", "set aside", 4, 1, 5, 4},
	{"birth", {"publish test/status close"}, "54", "was sent", 5, -1, 0, 0},
	{"any retained", {"publish ^retain bye=81"}, "54", "was sent", 5, -1, 0, 0},
	/* Hangs up a few times, for other reasons. */
	{"twice", {"publish /run-2 close x2"}, "54", NULL, 5, 0, 3, 3},
	{"once at each", {"publish * close x1"}, "54", NULL, 5, 0, 2, 0},
	/* Refuses for now. */
	{"0x80", {"publish /run-2 code=80 x3"}, "5", "for now", 5, 0, 1, 4},
	{"0x83", {"publish /run-2 code=83 x3"}, "5", "for now", 5, 0, 1, 4},
	{"0x87", {"publish /run-2 code=87 x3"}, "5", "for now", 5, 0, 1, 4},
	{"0x91", {"publish /run-2 code=91 x3"}, "5", "for now", 5, 0, 1, 4},
	{"0x93", {"publish /run-2 code=93 x3"}, "5", "for now", 5, 0, 1, 4},
	{"0x97", {"publish /run-2 code=97 x3"}, "5", "for now", 5, 0, 1, 4},
	{"0x9f", {"publish /run-2 code=9f x3"}, "5", "for now", 5, 0, 1, 4},
	{"all 0x97", {"publish * code=97 x20"}, "5", "for now", 5, 0, 1, 0},
	{"no subscribers", {"publish * code=10"}, "5", NULL, 5, 0, 1, 1},
	/* Refuses for good. */
	{"0x90", {"publish /run-2 code=90"}, "5", "set aside", 4, 1, 1, 1},
	{"0x99", {"publish /run-2 code=99"}, "5", "set aside", 4, 1, 1, 1},
	/* Lies. */
	{"acknowledges twice", {"publish * twice"}, "54", NULL, 5, 0, 1, 1},
	{"garbage", {"publish /run-2 garbage x1"}, "54", NULL, 5, 0, 3, 3},
	{"endless packet", {"publish /run-2 endless x1"}, "54", NULL, 5, 0, 3, 3},
	/* Every property of CONNACK (MQTT 5.0, 3.2.2.3) but those for authentication. */
	{"all properties",
		{"connack 00 "
		 "110000000021000524012501270001000012000361626322000a1f0002686928012900"
		 "2a0013000a1a0001611c00016126000161000162"},
		"5", NULL, 5, 0, 1, 1},
	/* Offers less. */
	{"no retain", {"connack 00 2500"}, "5", "no retained messages", 5, 0, 1, 1},
	{"no retained will", {"connack 9a x1", "connack 00 2500"}, "5", "no retained", 5, 0, 1, 1},
	{"no QoS", {"connack 00 2400"}, "5", "acknowledges nothing", 5, 0, 1, 1},
	{"no will QoS", {"connack 9b x1", "connack 00 2400"}, "5", "nothing", 5, 0, 1, 1},
	{"nothing", {"connack 9a x1", "connack 9b x1", "connack 00 24002500"}, "5", "nothing", 5, 0,
		1, 1},
	{"one at a time", {"connack 00 210001"}, "5", NULL, 5, 0, 1, 1},
	{"two at a time", {"connack 00 210002"}, "5", NULL, 5, 0, 1, 1},
	{"small packets", {"connack 00 27000000a0"}, "5", NULL, 5, 0, 1, 1},
	{"topic aliases", {"connack 00 220000"}, "5", NULL, 5, 0, 1, 1},
	/* Refuses to connect, or to subscribe. */
	{"busy", {"connack 89 x2"}, "5", "cannot connect to", 5, 0, 1, 1},
	{"unavailable", {"connack 03 x2"}, "4", "the server is unavailable (0x03)", 5, 0, 1, 1},
	{"hangs up on CONNECT", {"on connect close x2"}, "54", "cannot connect to", 5, 0, 1, 1},
	{"resets at CONNECT", {"on connect reset x2"}, "54", "cannot connect to", 5, 0, 1, 1},
	{"hangs up after CONNACK", {"on connected close x2"}, "54", NULL, 5, 0, 0, 0},
	{"resets after CONNACK", {"on connected reset x2"}, "54", NULL, 5, 0, 0, 0},
	{"goodbye after CONNACK", {"on connected bye=8b x2"}, "5", NULL, 5, 0, 0, 0},
	{"stalls at SUBSCRIBE", {"on subscribe stall x1"}, "54", NULL, 5, 0, 0, 0},
	{"goodbye at SUBSCRIBE", {"on subscribe bye=97 x2"}, "5", NULL, 5, 0, 0, 0},
	{"hangs up on SUBSCRIBE", {"on subscribe close x2"}, "54", NULL, 5, 0, 0, 0},
	{"no subscription", {"suback 87"}, "5", "will arrive: not authorized (0x87)", 5, 0, 1, 1},
	{"no such filter", {"suback 8f"}, "5", "is not valid (0x8f)", 5, 0, 1, 1},
	{"no wildcards", {"suback a2"}, "5", "no wildcards in subscriptions here (0xa2)", 5, 0, 1,
		1},
	{"no subscription", {"suback 80"}, "4", "no commands will arrive", 5, 0, 1, 1},
};

static void start_scripted(const char *const *rules)
{
	_auto_free_ char *program = alloc_printf("%s/tests/broker/scripted-broker", TOP_BUILDDIR);
	_auto_free_ char *port = alloc_printf("%u", b.port);
	const char *argv[RULES_MAX + 3] = {program, port};

	for (size_t i = 0; i < RULES_MAX && rules[i]; i++)
		argv[2 + i] = rules[i];
	child_start(&b, &scripted, "scripted", argv);
	child_wait(&b, &scripted, 0, "listening");
}

/* Each event got through, or was set aside. */
static void wait_for_events(const struct scripted_case *c)
{
	for (int i = 1; i <= 5; i++) {
		_auto_free_ char *sent = alloc_printf("/run-%d qos", i);
		_auto_free_ char *acknowledged = alloc_printf("/%u/pop/run-%d", (i - 1) % 3, i);
		_auto_free_ char *line = alloc_printf("acknowledged test/athlete%s", acknowledged);

		child_wait(&b, &scripted, 0, sent);
		if (c->delivered == 5 && !strstr(c->name, "QoS") && strcmp(c->name, "nothing"))
			child_wait(&b, &scripted, 0, line);
	}
	for (size_t i = 0, at = 0; (long)i < c->refused; i++)
		at = child_wait(&b, &pusher, at, "): set aside");
	if (c->said)
		child_wait(&b, &pusher, 0, c->said);
}

static void begin(const struct scripted_case *c, const char *version)
{
	broker_init(&b);
	scripted = pusher = (struct child){.fd = -1};
	print_message("%s, version %s\n", c->name, version);
	start_scripted(c->rule);
}

static void check_case(const struct scripted_case *c, const char *version)
{
	_auto_free_ char *store = NULL;

	begin(c, version);
	store = alloc_printf("%s/state", b.directory);
	pusher_start(&b, &pusher,
		(const char *const[]){"--n", "5", "--version", version, "--state", store,
			"--ack-ms", "700", "--stay", NULL});
	wait_for_events(c);
	child_kill(&b, &pusher, SIGTERM);
	child_kill(&b, &scripted, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), c->delivered);
	if (c->refused >= 0)
		assert_int_equal(pusher_gauge(&pusher, "outbox_refused"), c->refused);
	if (c->connections_max)
		assert_in_range(pusher_gauge(&pusher, "broker_connections"), 1, c->connections_max);
	if (c->bad_max)
		assert_in_range(child_count(&scripted, "/run-2 qos"), 1, c->bad_max);
	assert_int_equal(child_count(&scripted, "VIOLATION"), 0);
	broker_done(&b);
}

/* ---- stories ---- */

#define OPTIONS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define RULES(...)   ((const char *const[RULES_MAX]){__VA_ARGS__})

static void begin_story(const char *const *rules)
{
	broker_init(&b);
	scripted = pusher = (struct child){.fd = -1};
	start_scripted(rules);
}

static void end_story(long delivered, long set_aside)
{
	child_kill(&b, &pusher, SIGTERM);
	child_kill(&b, &scripted, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), delivered);
	assert_int_equal(pusher_gauge(&pusher, "outbox_set_aside"), set_aside);
	assert_true(child_has(&pusher, "alive 1"));
	assert_int_equal(child_count(&scripted, "VIOLATION"), 0);
	broker_done(&b);
}

static void a_reload_sends_what_was_set_aside(void **state)
{
	begin_story(RULES("publish /run-2 close x4"));
	pusher_start(&b, &pusher,
		OPTIONS("--n", "5", "--version", "4", "--stay", "--flush-ms", "300", "--aside-ms",
			"600000"));
	child_wait(&b, &pusher, 0, "health messages_set_aside");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	/* The first attempt may be the one that is hung up on. */
	for (int i = 0; i < 50 && !child_has(&scripted, "acknowledged test/athlete/1/pop/run-2");
		i++) {
		child_kill(&b, &pusher, SIGHUP);
		for (int k = 0; k < 10; k++)
			broker_read(&b, 50);
	}
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_wait(&b, &pusher, 0, "health -messages_set_aside");
	end_story(5, 0);
}

static void a_new_connection_sends_what_was_set_aside(void **state)
{
	begin_story(RULES("publish /run-2 code=90 x1", "publish /run-6 close x1"));
	pusher_start(&b, &pusher,
		OPTIONS("--n", "6", "--rate", "4", "--stay", "--flush-ms", "300", "--aside-ms",
			"600000"));
	child_wait(&b, &pusher, 0, "health messages_set_aside");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_wait(&b, &pusher, 0, "health -messages_set_aside");
	end_story(6, 0);
}

/* Without a reload, and while the same connection lasts. */
static void what_was_set_aside_is_tried_again(void **state)
{
	begin_story(RULES("publish /run-2 close x5", "publish /run-4 code=95 x2"));
	pusher_start(&b, &pusher, OPTIONS("--n", "5", "--stay"));
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/0/pop/run-4");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_wait(&b, &pusher, 0, "health -messages_set_aside");
	end_story(5, 0);
}

/* What was set aside does not take the connection from the others over and over. */
static void a_poisonous_message_does_not_loop(void **state)
{
	size_t at = 0;

	begin_story(RULES("publish /run-1 close", "publish /run-2 close", "publish /run-3 close"));
	pusher_start(&b, &pusher,
		OPTIONS("--n", "5", "--stay", "--flush-ms", "300", "--aside-ms", "600000"));
	for (int i = 0; i < 3; i++)
		at = child_wait(&b, &pusher, at, "): set aside");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	broker_read(&b, 1000);
	end_story(2, 3);
	/* Each three times, and once all at a time. */
}

/* Two bad payloads, then a good one on the same topic. */
static void a_good_message_of_a_bad_topic_is_not_held_up(const char *version)
{
	begin_story(RULES("payload run-1\" close", "payload run-2\" close"));
	pusher_start(&b, &pusher,
		OPTIONS("--n", "3", "--topic", "test/athlete/ana/alert", "--class", "5",
			"--version", version, "--stay", "--flush-ms", "300", "--aside-ms",
			"600000"));
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/ana/alert");
	child_wait(&b, &pusher, child_wait(&b, &pusher, 0, "): set aside"), "): set aside");
	child_kill(&b, &pusher, SIGTERM);
	/* Three attempts with the first, one with the second, one with all. */
	assert_in_range(pusher_gauge(&pusher, "broker_connections"), 2, 7);
	assert_false(child_has(&pusher, "ana"));
	end_story(1, 2);
}

static void a_good_message_of_a_bad_topic_v5(void **state)
{
	a_good_message_of_a_bad_topic_is_not_held_up("5");
}

static void a_good_message_of_a_bad_topic_v4(void **state)
{
	a_good_message_of_a_bad_topic_is_not_held_up("4");
}

/* After one spurious DISCONNECT, a stalled message again delays no other. */
static void the_window_recovers_after(const char *rule, const char *version)
{
	begin_story(RULES(rule, "publish /run-15 stall x1"));
	pusher_start(&b, &pusher,
		OPTIONS("--n", "20", "--rate", "20", "--version", version, "--stay", "--ack-ms",
			"700"));
	child_wait(&b, &scripted, 0, "PUBLISH 2 test/athlete/0/pop/run-16");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/2/pop/run-15");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-20");
	end_story(20, 0);
}

static void the_window_recovers_after_81(void **state)
{
	the_window_recovers_after("publish /run-2 bye=81 x1", "5");
}

static void the_window_recovers_after_93(void **state)
{
	the_window_recovers_after("publish /run-2 bye=93 x1", "5");
}

static void the_window_recovers_after_95(void **state)
{
	the_window_recovers_after("publish /run-2 bye=95 x1", "5");
}

static void the_window_recovers_after_a_hang_up(void **state)
{
	the_window_recovers_after("publish /run-2 close x1", "4");
}

/* What was set aside by an earlier run is found again, and no more than that is lost. */
static void check_restart(const char *rule, const char *topic)
{
	_auto_free_ char *store = NULL;

	begin_story(RULES(rule));
	store = alloc_printf("%s/state", b.directory);
	for (int run = 0; run < 3; run++) {
		size_t from = scripted.n;

		pusher_start(&b, &pusher,
			OPTIONS("--n", "3", "--state", store, "--version", "4", "--stay",
				"--aside-ms", "600000", topic ? "--topic" : "--stay",
				topic ? topic : "--stay", topic ? "--retained" : "--stay"));
		child_wait(&b, &pusher, 0, "health messages_set_aside");
		child_wait(&b, &scripted, from, topic ? "acknowledged test/status" : "/pop/run-3");
		broker_read(&b, 500);
		child_kill(&b, &pusher, run < 2 ? SIGKILL : SIGTERM);
		if (run < 2)
			child_done(&pusher);
	}
	/* Once or twice among others, three times alone. */
	assert_in_range(pusher_gauge(&pusher, "broker_connections"), 1, 7);
	assert_in_range(child_count(&scripted, "CONNECT "), 3, 21);
	assert_int_equal(pusher_gauge(&pusher, "outbox_set_aside"), 1);
	broker_done(&b);
}

static void a_restart_with_a_bad_event(void **state)
{
	check_restart("publish /run-2$ close", NULL);
}

static void a_restart_with_a_bad_state(void **state)
{
	check_restart("publish test/bad close", "test/bad");
}

/* An event for each code, which the broker answers with it once. */
static void check_codes(const char *action, const char *codes, long connections_max)
{
	char *rules[RULES_MAX] = {0};
	size_t n = strlen(codes) / 3;
	_auto_free_ char *number = alloc_printf("%zu", n);

	for (size_t i = 0; i < n; i++)
		rules[i] =
			alloc_printf("publish /run-%zu$ %s=%.2s x1", i + 1, action, codes + 3 * i);
	begin_story((const char *const *)rules);
	pusher_start(&b, &pusher, OPTIONS("--n", number, "--stay", "--aside-ms", "300"));
	for (size_t i = 1; i <= n; i++) {
		_auto_free_ char *line =
			alloc_printf("acknowledged test/athlete/%zu/pop/run-%zu", (i - 1) % 3, i);

		child_wait(&b, &scripted, 0, line);
	}
	child_kill(&b, &pusher, SIGTERM);
	assert_in_range(pusher_gauge(&pusher, "broker_connections"), 1, connections_max);
	end_story((long)n, 0);
	for (size_t i = 0; i < n; i++)
		free(rules[i]);
}

/* Those of PUBACK (MQTT 5.0, table 3-5), and some that do not belong there. */
static void every_reason_of_puback(void **state)
{
	check_codes("code", "80 83 87 90 91 97 99 81 82 93 95 96 9f fe ", 1);
}

/* Those of DISCONNECT (table 3-13), and some that do not belong there. */
static void every_reason_of_disconnect_1(void **state)
{
	check_codes("bye", "80 81 82 83 87 89 8b 8d 8f ", 50);
}

static void every_reason_of_disconnect_2(void **state)
{
	check_codes("bye", "90 93 94 95 96 97 98 99 9a 9b ", 50);
}

static void every_reason_of_disconnect_3(void **state)
{
	check_codes("bye", "9c 9d 9e 9f a0 a1 a2 8e 00 fe ", 50);
}

/* Those of CONNACK (table 3-1; 3.1.1: table 3.1). */
static void check_connack(const char *version, const char *codes)
{
	char *rules[RULES_MAX] = {0};
	size_t n = strlen(codes) / 3;

	for (size_t i = 0; i < n; i++)
		rules[i] = alloc_printf("connack %.2s x1", codes + 3 * i);
	begin_story((const char *const *)rules);
	pusher_start(&b, &pusher, OPTIONS("--n", "3", "--version", version, "--stay"));
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/2/pop/run-3");
	child_kill(&b, &pusher, SIGTERM);
	assert_true(pusher_gauge(&pusher, "broker_attempts") >= (long)n);
	assert_int_equal(pusher_gauge(&pusher, "broker_connections"), 1);
	end_story(3, 0);
	for (size_t i = 0; i < n; i++)
		free(rules[i]);
}

static void every_reason_of_connack_1(void **state)
{
	check_connack("5", "80 81 82 83 84 85 86 87 88 89 8a ");
}

static void every_reason_of_connack_2(void **state)
{
	check_connack("5", "8c 90 95 97 99 9a 9b 9c 9d 9f fe ");
}

static void every_reason_of_connack_v4(void **state)
{
	check_connack("4", "01 02 03 04 05 06 ff ");
}

/* No broker can get it: Paho refuses it. */
static void a_topic_that_is_no_text_holds_up_nothing(const char *version)
{
	begin_story(RULES(NULL));
	pusher_start(&b, &pusher,
		OPTIONS("--n", "5", "--version", version, "--stay", "--flush-ms", "300",
			"--bad-topic", "2"));
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	child_wait(&b, &pusher, 0, "health messages_set_aside");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "broker_connections"), 1);
	end_story(4, 1);
}

static void a_topic_that_is_no_text_v5(void **state)
{
	a_topic_that_is_no_text_holds_up_nothing("5");
}

static void a_topic_that_is_no_text_v4(void **state)
{
	a_topic_that_is_no_text_holds_up_nothing("4");
}

/* ---- many at once: each case in a process of its own ---- */

#define AT_ONCE   10
#define TESTS_MAX 256

static const struct scripted_case *current_case;
static const char *current_version;

static void one_case(void **state)
{
	check_case(current_case, current_version);
}

static const struct CMUnitTest case_test[] = {
	{"a broker that misbehaves delays nothing else", one_case, NULL, NULL, NULL}};
static const struct CMUnitTest others[] = {
	cmocka_unit_test(a_reload_sends_what_was_set_aside),
	cmocka_unit_test(a_new_connection_sends_what_was_set_aside),
	cmocka_unit_test(what_was_set_aside_is_tried_again),
	cmocka_unit_test(a_poisonous_message_does_not_loop),
	cmocka_unit_test(a_good_message_of_a_bad_topic_v5),
	cmocka_unit_test(a_good_message_of_a_bad_topic_v4),
	cmocka_unit_test(the_window_recovers_after_81),
	cmocka_unit_test(the_window_recovers_after_93),
	cmocka_unit_test(the_window_recovers_after_95),
	cmocka_unit_test(the_window_recovers_after_a_hang_up),
	cmocka_unit_test(a_restart_with_a_bad_event),
	cmocka_unit_test(a_restart_with_a_bad_state),
	cmocka_unit_test(every_reason_of_puback),
	cmocka_unit_test(every_reason_of_disconnect_1),
	cmocka_unit_test(every_reason_of_disconnect_2),
	cmocka_unit_test(every_reason_of_disconnect_3),
	cmocka_unit_test(every_reason_of_connack_1),
	cmocka_unit_test(every_reason_of_connack_2),
	cmocka_unit_test(every_reason_of_connack_v4),
	cmocka_unit_test(a_topic_that_is_no_text_v5),
	cmocka_unit_test(a_topic_that_is_no_text_v4),
};

struct job {
	const struct scripted_case *c; /* NULL: one of the others */
	const char *version;
	size_t other;
	FILE *output;
	pid_t pid;
	time_t began;
};

static struct job jobs[TESTS_MAX];
static size_t n_jobs;

static int run_job(const struct job *job)
{
	dup2(fileno(job->output), STDOUT_FILENO);
	dup2(fileno(job->output), STDERR_FILENO);
	if (!job->c) {
		const struct CMUnitTest one[] = {others[job->other]};

		return cmocka_run_group_tests(one, NULL, NULL);
	}
	current_case = job->c;
	current_version = job->version;
	return cmocka_run_group_tests(case_test, NULL, NULL);
}

static void start_job(struct job *job)
{
	job->began = time(NULL);
	job->output = tmpfile();
	assert(job->output);
	fflush(NULL);
	job->pid = fork();
	if (!job->pid)
		exit(run_job(job));
}

static void print_output(const struct job *job)
{
	char bytes[4096];
	size_t n;

	rewind(job->output);
	while ((n = fread(bytes, 1, sizeof(bytes), job->output)) > 0)
		fwrite(bytes, 1, n, stdout);
}

/* False: it failed. */
static bool end_job(pid_t pid, int status)
{
	for (size_t i = 0; i < n_jobs; i++) {
		if (jobs[i].pid != pid)
			continue;
		if (status)
			print_output(&jobs[i]);
		printf("%s %s%s%s, %ld s\n", status ? "FAIL" : "PASS",
			jobs[i].c ? jobs[i].c->name : others[jobs[i].other].name,
			jobs[i].c ? ", version " : "", jobs[i].c ? jobs[i].version : "",
			(long)(time(NULL) - jobs[i].began));
		fclose(jobs[i].output);
		fflush(stdout);
		return !status;
	}
	return true;
}

static bool is_chosen(const char *name, const char *filter)
{
	return !filter || strstr(name, filter);
}

static void add_jobs(const char *filter)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (is_chosen(others[i].name, filter))
			jobs[n_jobs++] = (struct job){.other = i};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (const char *v = cases[i].versions; *v; v++)
			if (is_chosen(cases[i].name, filter))
				jobs[n_jobs++] = (struct job){
					.c = &cases[i], .version = *v == '5' ? "5" : "4"};
}

/* 05-scripted [PART OF A NAME] */
int main(int argc, char **argv)
{
	size_t started = 0, running = 0, failed = 0;
	pid_t ended;
	int status;

	add_jobs(argc > 1 ? argv[1] : NULL);
	while (started < n_jobs || running) {
		if (started < n_jobs && running < AT_ONCE) {
			start_job(&jobs[started++]);
			running++;
			continue;
		}
		ended = wait(&status);
		failed += !end_job(ended, status);
		running--;
	}
	printf("%zu cases, %zu failed\n", n_jobs, failed);
	return failed ? 1 : 0;
}
