// SPDX-License-Identifier: MIT
/* A broker that misbehaves as it is told: what every such broker must get from us, and what it must
 * not keep from the other messages. Five events and the birth are sent in each case.
 */
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

#define RULES_MAX 4

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
	{"birth", {"publish test/status close"}, "54", "before it is set aside", 5, -1, 0, 0},
	{"any retained", {"publish ^retain bye=81"}, "54", "before it is set aside", 5, -1, 0, 0},
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
	{"unavailable", {"connack 03 x2"}, "4", "server unavailable", 5, 0, 1, 1},
	{"hangs up on CONNECT", {"on connect close x2"}, "54", "cannot connect to", 5, 0, 1, 1},
	{"hangs up on SUBSCRIBE", {"on subscribe close x2"}, "54", NULL, 5, 0, 0, 0},
	{"no subscription", {"suback 87"}, "5", "no commands will arrive", 5, 0, 1, 1},
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
		if (c->said && !strcmp(c->said, "for now"))
			child_wait(&b, &scripted, 0, line);
	}
	for (size_t i = 0, at = 0; (long)i < c->refused; i++)
		at = child_wait(&b, &pusher, at, ": set aside");
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

static void a_broker_that_misbehaves_delays_nothing_else(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (const char *v = cases[i].versions; *v; v++)
			check_case(&cases[i], *v == '5' ? "5" : "4");
}

static void a_reload_sends_what_was_set_aside(void **state)
{
	static const struct scripted_case c = {
		.name = "reload", .rule = {"publish /run-2 close x4"}};

	begin(&c, "4");
	pusher_start(
		&b, &pusher, (const char *const[]){"--n", "5", "--version", "4", "--stay", NULL});
	child_wait(&b, &pusher, 0, "set aside");
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	child_kill(&b, &pusher, SIGHUP);
	child_wait(&b, &scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 5);
	assert_int_equal(pusher_gauge(&pusher, "outbox_held"), 0);
	broker_done(&b);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_broker_that_misbehaves_delays_nothing_else),
		cmocka_unit_test(a_reload_sends_what_was_set_aside),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
