// SPDX-License-Identifier: MIT
/* A broker that misbehaves as it is told: what every such broker must get from us, and what it must
 * not keep from the other messages. Five events and the birth are sent in each case.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/broker/scripted-rig.h"
#include "tests/broker/scripted-stories.h"
#include "tests/broker/side-by-side.h"

struct scripted_case {
	const char *name;
	const char *rule[SCRIPTED_RULES_MAX];
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
	{"busy", {"connack 89 x2"}, "5", "the server is busy (0x89)", 5, 0, 1, 1},
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

/* Each event got through, or was set aside. */
static void wait_for_events(const struct scripted_case *c)
{
	for (int i = 1; i <= 5; i++) {
		_auto_free_ char *sent = alloc_printf("/run-%d qos", i);
		_auto_free_ char *acknowledged = alloc_printf("/%u/pop/run-%d", (i - 1) % 3, i);
		_auto_free_ char *line = alloc_printf("acknowledged test/athlete%s", acknowledged);

		child_wait(&rig.broker, &rig.scripted, 0, sent);
		if (c->delivered == 5 && !strstr(c->name, "QoS") && strcmp(c->name, "nothing"))
			child_wait(&rig.broker, &rig.scripted, 0, line);
	}
	for (size_t i = 0, at = 0; (long)i < c->refused; i++)
		at = child_wait(&rig.broker, &rig.pusher, at, "): set aside");
	if (c->said)
		child_wait(&rig.broker, &rig.pusher, 0, c->said);
}

static void check_case(const struct scripted_case *c, const char *version)
{
	_auto_free_ char *store = NULL;

	print_message("%s, version %s\n", c->name, version);
	scripted_rig_begin(c->rule);
	store = alloc_printf("%s/state", rig.broker.directory);
	pusher_start(&rig.broker, &rig.pusher,
		(const char *const[]){"--n", "5", "--version", version, "--state", store,
			"--ack-ms", "700", "--aside-ms", "600000", "--stay", NULL});
	wait_for_events(c);
	scripted_rig_stop();
	assert_int_equal(pusher_gauge(&rig.pusher, "outbox_delivered"), c->delivered);
	if (c->refused >= 0)
		assert_int_equal(pusher_gauge(&rig.pusher, "outbox_refused"), c->refused);
	if (c->connections_max)
		assert_in_range(
			pusher_gauge(&rig.pusher, "broker_connections"), 1, c->connections_max);
	if (c->bad_max)
		assert_in_range(child_count(&rig.scripted, "/run-2 qos"), 1, c->bad_max);
	scripted_rig_end();
}

struct chosen_case {
	char *name;
	const struct scripted_case *c;
	const char *version;
};

static void one_case(void **state)
{
	const struct chosen_case *chosen = *state;

	check_case(chosen->c, chosen->version);
}

/* Kept to the end of the program. */
static void add_case(const struct scripted_case *c, const char *version, const char *filter)
{
	struct chosen_case *chosen = alloc_zero(1, sizeof(*chosen));

	*chosen =
		(struct chosen_case){alloc_printf("%s, version %s", c->name, version), c, version};
	if (!filter || strstr(chosen->name, filter))
		side_by_side_add(chosen->name, one_case, chosen);
}

/* 05-scripted [PART OF A NAME] */
int main(int argc, char **argv)
{
	const char *filter = argc > 1 ? argv[1] : NULL;

	for (size_t i = 0; i < scripted_stories_n; i++)
		if (!filter || strstr(scripted_stories[i].name, filter))
			side_by_side_add(
				scripted_stories[i].name, scripted_stories[i].test_func, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (const char *v = cases[i].versions; *v; v++)
			add_case(&cases[i], *v == '5' ? "5" : "4", filter);
	return side_by_side_run();
}
