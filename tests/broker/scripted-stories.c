// SPDX-License-Identifier: MIT
#include "tests/broker/scripted-stories.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/broker/scripted-rig.h"

static void end_story(long delivered, long set_aside)
{
	scripted_rig_stop();
	assert_int_equal(pusher_gauge(&rig.pusher, "outbox_delivered"), delivered);
	assert_int_equal(pusher_gauge(&rig.pusher, "outbox_set_aside"), set_aside);
	assert_true(child_has(&rig.pusher, "alive 1"));
	scripted_rig_end();
}

static void a_reload_sends_what_was_set_aside(void **state)
{
	scripted_rig_begin(SCRIPTED_RULES("publish /run-2 close x4"));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "5", "--version", "4", "--stay", "--flush-ms", "300",
			"--aside-ms", "600000"));
	child_wait(&rig.broker, &rig.pusher, 0, "health messages_set_aside");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	/* The first attempt may be the one that is hung up on. */
	for (int i = 0;
		i < 50 && !child_has(&rig.scripted, "acknowledged test/athlete/1/pop/run-2"); i++) {
		child_kill(&rig.broker, &rig.pusher, SIGHUP);
		for (int k = 0; k < 10; k++)
			broker_read(&rig.broker, 50);
	}
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_wait(&rig.broker, &rig.pusher, 0, "health -messages_set_aside");
	end_story(5, 0);
}

static void a_new_connection_sends_what_was_set_aside(void **state)
{
	scripted_rig_begin(SCRIPTED_RULES("publish /run-2 code=90 x1", "publish /run-6 close x1"));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "6", "--rate", "4", "--stay", "--flush-ms", "300",
			"--aside-ms", "600000"));
	child_wait(&rig.broker, &rig.pusher, 0, "health messages_set_aside");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_wait(&rig.broker, &rig.pusher, 0, "health -messages_set_aside");
	end_story(6, 0);
}

/* Without a reload, and while the same connection lasts. */
static void what_was_set_aside_is_tried_again(void **state)
{
	scripted_rig_begin(SCRIPTED_RULES("publish /run-2 close x5", "publish /run-4 code=95 x2"));
	pusher_start(&rig.broker, &rig.pusher, PUSHER_OPTIONS("--n", "5", "--stay"));
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/0/pop/run-4");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-2");
	child_wait(&rig.broker, &rig.pusher, 0, "health -messages_set_aside");
	end_story(5, 0);
}

/* What was set aside does not take the connection from the others over and over. */
static void a_poisonous_message_does_not_loop(void **state)
{
	size_t at = 0;

	scripted_rig_begin(SCRIPTED_RULES(
		"publish /run-1 close", "publish /run-2 close", "publish /run-3 close"));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "5", "--stay", "--flush-ms", "300", "--aside-ms", "600000"));
	for (int i = 0; i < 3; i++)
		at = child_wait(&rig.broker, &rig.pusher, at, "): set aside");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	broker_read(&rig.broker, 1000);
	end_story(2, 3);
	/* Each three times, and once all at a time. */
}

/* Two bad payloads, then a good one on the same topic. */
static void a_good_message_of_a_bad_topic_is_not_held_up(const char *version)
{
	scripted_rig_begin(SCRIPTED_RULES("payload run-1\" close", "payload run-2\" close"));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "3", "--topic", "test/athlete/ana/alert", "--class", "5",
			"--version", version, "--stay", "--flush-ms", "300", "--aside-ms",
			"600000"));
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/ana/alert");
	child_wait(&rig.broker, &rig.pusher,
		child_wait(&rig.broker, &rig.pusher, 0, "): set aside"), "): set aside");
	child_kill(&rig.broker, &rig.pusher, SIGTERM);
	/* Three attempts with the first, one with the second, one with all. */
	assert_in_range(pusher_gauge(&rig.pusher, "broker_connections"), 2, 7);
	assert_false(child_has(&rig.pusher, "ana"));
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
	scripted_rig_begin(SCRIPTED_RULES(rule, "publish /run-15 stall x1"));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "20", "--rate", "20", "--version", version, "--stay",
			"--ack-ms", "700"));
	child_wait(&rig.broker, &rig.scripted, 0, "PUBLISH 2 test/athlete/0/pop/run-16");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/2/pop/run-15");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-20");
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

	scripted_rig_begin(SCRIPTED_RULES(rule));
	store = alloc_printf("%s/state", rig.broker.directory);
	for (int run = 0; run < 3; run++) {
		size_t from = rig.scripted.n;

		pusher_start(&rig.broker, &rig.pusher,
			PUSHER_OPTIONS("--n", "3", "--state", store, "--version", "4", "--stay",
				"--aside-ms", "600000", topic ? "--topic" : "--stay",
				topic ? topic : "--stay", topic ? "--retained" : "--stay"));
		child_wait(&rig.broker, &rig.pusher, 0, "health messages_set_aside");
		child_wait(&rig.broker, &rig.scripted, from,
			topic ? "acknowledged test/status" : "/pop/run-3");
		broker_read(&rig.broker, 500);
		child_kill(&rig.broker, &rig.pusher, run < 2 ? SIGKILL : SIGTERM);
		if (run < 2)
			child_done(&rig.pusher);
	}
	/* Once or twice among others, three times alone. */
	assert_in_range(pusher_gauge(&rig.pusher, "broker_connections"), 1, 7);
	assert_in_range(child_count(&rig.scripted, "CONNECT "), 3, 21);
	assert_int_equal(pusher_gauge(&rig.pusher, "outbox_set_aside"), 1);
	broker_done(&rig.broker);
}

static void a_restart_with_a_bad_event(void **state)
{
	check_restart("publish /run-2$ close", NULL);
}

static void a_restart_with_a_bad_state(void **state)
{
	check_restart("publish test/bad close", "test/bad");
}

/* The topic is known as bad in memory alone. After a restart its messages come first, being the oldest:
 * three connections tell it again, one more each other message of it, and the rest goes out. */
static void a_bad_topic_is_learned_again_after_a_restart(void **state)
{
	_auto_free_ char *store = NULL;
	size_t at = 0, from;

	scripted_rig_begin(SCRIPTED_RULES("publish test/bad close"));
	store = alloc_printf("%s/state", rig.broker.directory);
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "2", "--topic", "test/bad", "--state", store, "--stay",
			"--flush-ms", "300", "--aside-ms", "600000"));
	for (int i = 0; i < 2; i++)
		at = child_wait(&rig.broker, &rig.pusher, at, "): set aside");
	child_kill(&rig.broker, &rig.pusher, SIGKILL);
	child_done(&rig.pusher);
	from = rig.scripted.n;
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "6", "--rate", "4", "--run", "later", "--state", store,
			"--stay", "--flush-ms", "300", "--aside-ms", "600000"));
	for (int i = 3; i <= 8; i++) {
		_auto_free_ char *line =
			alloc_printf("acknowledged test/athlete/%d/pop/later-%d", (i - 3) % 3, i);

		child_wait(&rig.broker, &rig.scripted, from, line);
	}
	at = 0;
	for (int i = 0; i < 2; i++)
		at = child_wait(&rig.broker, &rig.pusher, at, "): set aside");
	child_wait(&rig.broker, &rig.pusher, 0, "health messages_set_aside");
	broker_read(&rig.broker, 500);
	child_kill(&rig.broker, &rig.pusher, SIGTERM);
	assert_in_range(pusher_gauge(&rig.pusher, "broker_connections"), 2, 7);
	end_story(6, 2);
}

/* An event for each code, which the broker answers with it once. */
static void check_codes(const char *action, const char *codes, long connections_max)
{
	char *rules[SCRIPTED_RULES_MAX] = {0};
	size_t n = strlen(codes) / 3;
	_auto_free_ char *number = alloc_printf("%zu", n);

	for (size_t i = 0; i < n; i++)
		rules[i] =
			alloc_printf("publish /run-%zu$ %s=%.2s x1", i + 1, action, codes + 3 * i);
	scripted_rig_begin((const char *const *)rules);
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", number, "--stay", "--aside-ms", "300"));
	for (size_t i = 1; i <= n; i++) {
		_auto_free_ char *line =
			alloc_printf("acknowledged test/athlete/%zu/pop/run-%zu", (i - 1) % 3, i);

		child_wait(&rig.broker, &rig.scripted, 0, line);
	}
	child_kill(&rig.broker, &rig.pusher, SIGTERM);
	assert_in_range(pusher_gauge(&rig.pusher, "broker_connections"), 1, connections_max);
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
	char *rules[SCRIPTED_RULES_MAX] = {0};
	size_t n = strlen(codes) / 3;

	for (size_t i = 0; i < n; i++)
		rules[i] = alloc_printf("connack %.2s x1", codes + 3 * i);
	scripted_rig_begin((const char *const *)rules);
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "3", "--version", version, "--stay"));
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/2/pop/run-3");
	child_kill(&rig.broker, &rig.pusher, SIGTERM);
	assert_true(pusher_gauge(&rig.pusher, "broker_attempts") >= (long)n);
	assert_int_equal(pusher_gauge(&rig.pusher, "broker_connections"), 1);
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

/* Those of SUBACK (table 3-9; 3.1.1: 0x80 alone), and one that does not belong there. What was refused is
 * asked for again while the connection and everything else goes on. */
static void check_suback(const char *version, const char *codes)
{
	char *rules[SCRIPTED_RULES_MAX] = {0};
	size_t n = strlen(codes) / 3, at = 0;

	for (size_t i = 0; i < n; i++)
		rules[i] = alloc_printf("suback %.2s x1", codes + 3 * i);
	scripted_rig_begin((const char *const *)rules);
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "3", "--version", version, "--stay", "--flush-ms", "100"));
	child_wait(&rig.broker, &rig.pusher, 0, "health broker_no_commands");
	for (size_t i = 0; i <= n; i++)
		at = child_wait(&rig.broker, &rig.scripted, at, "SUBSCRIBE 1");
	child_wait(&rig.broker, &rig.pusher, 0, "commands arrive again");
	child_wait(&rig.broker, &rig.pusher, 0, "health -broker_no_commands");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/2/pop/run-3");
	scripted_rig_stop();
	assert_int_equal(pusher_gauge(&rig.pusher, "broker_connections"), 1);
	end_story(3, 0);
	for (size_t i = 0; i < n; i++)
		free(rules[i]);
}

static void every_reason_of_suback(void **state)
{
	check_suback("5", "80 83 87 8f 91 97 9e a1 a2 fe ");
}

static void every_reason_of_suback_v4(void **state)
{
	check_suback("4", "80 80 ff ");
}

/* Everything else is answered. */
static void a_subscription_without_an_answer(void **state)
{
	scripted_rig_begin(SCRIPTED_RULES("on subscribe stall x5"));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "3", "--stay", "--flush-ms", "100", "--ack-ms", "500"));
	child_wait(&rig.broker, &rig.pusher, 0, "does not answer the subscription");
	child_wait(&rig.broker, &rig.pusher, 0, "health broker_no_commands");
	child_wait(&rig.broker, &rig.pusher, 0, "commands arrive again");
	child_wait(&rig.broker, &rig.pusher, 0, "health -broker_no_commands");
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/2/pop/run-3");
	scripted_rig_stop();
	assert_int_equal(pusher_gauge(&rig.pusher, "broker_connections"), 1);
	end_story(3, 0);
}

/* What keeps coxad from the broker has a code of its own, which goes when it is solved. */
static void begin_trouble(const char *rule, const char *code, const char *const *options)
{
	_auto_free_ char *told = alloc_printf("health %s broker", code);

	scripted_rig_begin(SCRIPTED_RULES(rule));
	pusher_start(&rig.broker, &rig.pusher, options);
	child_wait(&rig.broker, &rig.pusher, 0, told);
}

static void check_trouble(const char *rule, const char *code, const char *const *options)
{
	begin_trouble(rule, code, options);
	scripted_rig_end();
}

static void check_trouble_ends(const char *rule, const char *code, const char *const *options)
{
	_auto_free_ char *solved = alloc_printf("health -%s broker", code);

	begin_trouble(rule, code, options);
	child_wait(&rig.broker, &rig.pusher, 0, solved);
	scripted_rig_end();
}

static void no_connection_for_want_of_a_login(void **state)
{
	check_trouble_ends("connack 86 x40", "broker_login", PUSHER_OPTIONS("--n", "1", "--stay"));
}

static void no_connection_because_it_refuses(void **state)
{
	check_trouble_ends(
		"connack 89 x40", "broker_refused", PUSHER_OPTIONS("--n", "1", "--stay"));
}

static void no_connection_because_it_hangs_up(void **state)
{
	check_trouble_ends(
		"on connect close x40", "broker_unreachable", PUSHER_OPTIONS("--n", "1", "--stay"));
}

static void no_connection_for_want_of_tls(const char *rule)
{
	check_trouble(
		rule, "broker_tls", PUSHER_OPTIONS("--n", "1", "--stay", "--scheme", "mqtts"));
}

/* It takes the first bytes of TLS for a CONNECT, and the rest, which is random, for packets. */
static void no_tls_but_an_answer(void **state)
{
	no_connection_for_want_of_tls(NULL);
}

/* Fewer bytes than TLS has in the header of a record. */
static void no_tls_but_a_short_answer(void **state)
{
	no_connection_for_want_of_tls("on connected close");
}

static void no_tls_and_no_answer(void **state)
{
	no_connection_for_want_of_tls("on connect stall");
}

static void no_tls_and_a_short_call(void **state)
{
	no_connection_for_want_of_tls("on connect close");
}

static void no_connection_for_want_of_a_password(void **state)
{
	check_trouble(NULL, "broker_files",
		PUSHER_OPTIONS("--n", "1", "--stay", "--user", "u", "--password-file", "/none"));
}

/* RFC 6761, 6.4: no name server knows it. */
static void no_connection_for_want_of_a_name(void **state)
{
	check_trouble(NULL, "broker_unknown_host",
		PUSHER_OPTIONS("--n", "1", "--stay", "--host", "broker.invalid"));
}

/* No broker can get it: Paho refuses it. */
static void a_topic_that_is_no_text_holds_up_nothing(const char *version)
{
	scripted_rig_begin(SCRIPTED_RULES(NULL));
	pusher_start(&rig.broker, &rig.pusher,
		PUSHER_OPTIONS("--n", "5", "--version", version, "--stay", "--flush-ms", "300",
			"--bad-topic", "2"));
	child_wait(&rig.broker, &rig.scripted, 0, "acknowledged test/athlete/1/pop/run-5");
	child_wait(&rig.broker, &rig.pusher, 0, "health messages_set_aside");
	child_kill(&rig.broker, &rig.pusher, SIGTERM);
	assert_int_equal(pusher_gauge(&rig.pusher, "broker_connections"), 1);
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

const struct CMUnitTest scripted_stories[] = {
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
	cmocka_unit_test(a_bad_topic_is_learned_again_after_a_restart),
	cmocka_unit_test(every_reason_of_puback),
	cmocka_unit_test(every_reason_of_disconnect_1),
	cmocka_unit_test(every_reason_of_disconnect_2),
	cmocka_unit_test(every_reason_of_disconnect_3),
	cmocka_unit_test(every_reason_of_connack_1),
	cmocka_unit_test(every_reason_of_connack_2),
	cmocka_unit_test(every_reason_of_connack_v4),
	cmocka_unit_test(every_reason_of_suback),
	cmocka_unit_test(every_reason_of_suback_v4),
	cmocka_unit_test(a_subscription_without_an_answer),
	cmocka_unit_test(no_connection_for_want_of_a_login),
	cmocka_unit_test(no_connection_because_it_refuses),
	cmocka_unit_test(no_connection_because_it_hangs_up),
	cmocka_unit_test(no_tls_but_an_answer),
	cmocka_unit_test(no_tls_but_a_short_answer),
	cmocka_unit_test(no_tls_and_no_answer),
	cmocka_unit_test(no_tls_and_a_short_call),
	cmocka_unit_test(no_connection_for_want_of_a_password),
	cmocka_unit_test(no_connection_for_want_of_a_name),
	cmocka_unit_test(a_topic_that_is_no_text_v5),
	cmocka_unit_test(a_topic_that_is_no_text_v4),
};
const size_t scripted_stories_n = sizeof(scripted_stories) / sizeof(scripted_stories[0]);
