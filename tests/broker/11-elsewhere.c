// SPDX-License-Identifier: MIT
/* Where the broker is: names with several addresses, a name server that does not answer, and another
 * broker after a reload. 40 s are what the slow name takes: whatever ends far below did not wait for
 * it.
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
#define AT_ONCE_S    20

static struct broker b;
static struct child old, new, pusher;
static char *new_port;

static void start_scripted(struct child *child, const char *port, const char *rule)
{
	_auto_free_ char *program = alloc_printf("%s/tests/broker/scripted-broker", TOP_BUILDDIR);
	const char *argv[] = {program, port, rule, NULL};

	child_start(&b, child, "scripted", argv);
	child_wait(&b, child, 0, "listening");
}

static int set_up(void **state)
{
	broker_init(&b);
	old = new = pusher = (struct child){.fd = -1};
	start_scripted(&new, "0", NULL);
	new_port = alloc_text(new.line[0] + strlen("listening "));
	return 0;
}

static int tear_down(void **state)
{
	broker_done(&b);
	free(new_port);
	return 0;
}

static void start_pusher(const char *const *options)
{
	_auto_free_ char *names = alloc_printf("%s/tests/broker/names.so", TOP_BUILDDIR);

	setenv("LD_PRELOAD", names, 1);
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
	pusher_start(&b, &pusher, options);
	unsetenv("LD_PRELOAD");
	unsetenv("ASAN_OPTIONS");
}

static void check_address(const char *host, bool is_six)
{
	_auto_free_ char *port = alloc_printf("%s%u", is_six ? "6:" : "", b.port);

	start_scripted(&old, port, NULL);
	start_pusher(OPTIONS("--host", host, "--n", "3"));
	assert_int_equal(child_end(&b, &pusher), 0);
	assert_int_equal(pusher_gauge(&pusher, "outbox_delivered"), 3);
	child_kill(&b, &old, SIGKILL);
	child_done(&old);
	child_done(&pusher);
}

static void each_address_is_tried(void **state)
{
	check_address("four.test", true);
	check_address("four.test", false);
	check_address("six.test", true);
	check_address("six.test", false);
}

static void a_slow_name_server_delays_no_reload(void **state)
{
	time_t began = time(NULL);

	start_pusher(
		OPTIONS("--host", "slow.test", "--n", "3", "--stay", "--reload-port", new_port));
	child_wait(&b, &pusher, 0, "names: asked");
	child_wait(&b, &pusher, 0, "the name server does not answer");
	child_kill(&b, &pusher, SIGHUP);
	child_wait(&b, &pusher, 0, "reload 0");
	child_wait(&b, &new, 0, "acknowledged test/athlete/2/pop/run-3");
	child_kill(&b, &pusher, SIGTERM);
	assert_true(child_has(&pusher, "alive 1"));
	assert_in_range(time(NULL) - began, 0, AT_ONCE_S);
}

static void a_slow_name_server_delays_no_end(void **state)
{
	time_t began = time(NULL);

	start_pusher(OPTIONS("--host", "slow.test", "--n", "3", "--stay", "--flush-ms", "300"));
	child_wait(&b, &pusher, 0, "names: asked");
	child_kill(&b, &pusher, SIGTERM);
	assert_int_equal(pusher.status, 0);
	assert_in_range(time(NULL) - began, 0, AT_ONCE_S);
}

static void leave(const char *version, const char *rule)
{
	_auto_free_ char *port = alloc_printf("%u", b.port);

	start_scripted(&old, port, rule);
	start_pusher(
		OPTIONS("--version", version, "--n", "3", "--stay", "--reload-port", new_port));
	child_wait(&b, &old, 0, "acknowledged test/athlete/2/pop/run-3");
}

static void check_goodbye(const char *version)
{
	size_t at;

	leave(version, "payload offline ack");
	child_kill(&b, &pusher, SIGHUP);
	at = child_wait(&b, &old, 0, "PUBLISH 1 test/status qos 1 retain 1");
	at = child_wait(&b, &old, at, "PUBLISH 1 test/status qos 1 retain 1");
	at = child_wait(&b, &old, at, "matched offline");
	child_wait(&b, &old, at, "DISCONNECT 1 code 00");
	child_wait(&b, &new, 0, "PUBLISH 1 test/status qos 1 retain 1");
	child_kill(&b, &pusher, SIGTERM);
}

static void the_old_broker_is_told_v5(void **state)
{
	check_goodbye("5");
}

static void the_old_broker_is_told_v4(void **state)
{
	check_goodbye("4");
}

static void a_dead_broker_is_left_all_the_same(void **state)
{
	time_t began = time(NULL);

	leave("5", NULL);
	kill(old.pid, SIGSTOP);
	child_kill(&b, &pusher, SIGHUP);
	child_wait(&b, &new, 0, "PUBLISH 1 test/status qos 1 retain 1");
	child_kill(&b, &pusher, SIGTERM);
	assert_in_range(time(NULL) - began, 0, AT_ONCE_S);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(each_address_is_tried),
		TEST(a_slow_name_server_delays_no_reload),
		TEST(a_slow_name_server_delays_no_end),
		TEST(the_old_broker_is_told_v5),
		TEST(the_old_broker_is_told_v4),
		TEST(a_dead_broker_is_left_all_the_same),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
