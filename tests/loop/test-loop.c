// SPDX-License-Identifier: MIT
/* The loop as the service manager sees it: signals, watchdog, messages on the notification socket,
 * lines on standard error.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/loop.h"
#include "coxad/loop/notify.h"

#define DEADLINE_MS 20000

struct rig {
	struct loop *loop;
	unsigned terminates, reloads;
	bool is_alive;
	int fd; /* the service manager's end */
	char path[64];
};

static void on_terminate(void *user)
{
	struct rig *rig = user;

	rig->terminates++;
	loop_stop(rig->loop);
}

static void on_reload(void *user)
{
	struct rig *rig = user;

	rig->reloads++;
	loop_stop(rig->loop);
}

static const struct loop_ops ops = {.terminate = on_terminate, .reload = on_reload};

static bool is_alive(void *user)
{
	struct rig *rig = user;

	return rig->is_alive;
}

/* The service manager: a datagram socket whose name is in NOTIFY_SOCKET. */
static int set_up(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct rig *rig = alloc_zero(1, sizeof(*rig));

	snprintf(rig->path, sizeof(rig->path), "/tmp/coxad-notify-%d", (int)getpid());
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", rig->path);
	unlink(rig->path);
	rig->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(rig->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setenv("NOTIFY_SOCKET", rig->path, 1);
	*state = rig;
	return 0;
}

static int tear_down(void **state)
{
	struct rig *rig = *state;

	unlink(rig->path);
	close(rig->fd);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	free(rig);
	return 0;
}

/* The next datagram; fails the test if none comes. */
static void receive(struct rig *rig, char *text, size_t size)
{
	struct pollfd fd = {.fd = rig->fd, .events = POLLIN};
	ssize_t n;

	assert_int_equal(poll(&fd, 1, DEADLINE_MS), 1);
	n = read(rig->fd, text, size - 1);
	assert_true(n > 0);
	text[n] = '\0';
}

static void signals_call_their_ops(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(loop_new(&ops, rig, &rig->loop), 0);
	kill(getpid(), SIGHUP);
	assert_int_equal(loop_run(rig->loop), 0);
	assert_int_equal(rig->reloads, 1);
	kill(getpid(), SIGTERM);
	assert_int_equal(loop_run(rig->loop), 0);
	assert_int_equal(rig->terminates, 1);
	/* A second one ends the loop without asking again. */
	kill(getpid(), SIGINT);
	assert_int_equal(loop_run(rig->loop), 0);
	assert_int_equal(rig->terminates, 1);
	loop_free(rig->loop);
}

static void runs_until_done_or_late(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(loop_new(&ops, rig, &rig->loop), 0);
	kill(getpid(), SIGHUP);
	/* Late already: does not run at all. */
	assert_int_equal(loop_run_until(rig->loop, clock_now_us(), is_alive, rig), 0);
	assert_int_equal(rig->reloads, 0);
	/* Stopped before it is done. */
	assert_int_equal(loop_run_until(rig->loop, INT64_MAX, is_alive, rig), 0);
	assert_int_equal(rig->reloads, 1);
	assert_int_equal(loop_run_until(rig->loop, clock_now_us() + 1000, is_alive, rig), 0);
	rig->is_alive = true;
	assert_int_equal(loop_run_until(rig->loop, INT64_MAX, is_alive, rig), 0);
	loop_free(rig->loop);
}

static void the_manager_is_notified(void **state)
{
	struct rig *rig = *state;
	char text[256];

	notify_ready();
	receive(rig, text, sizeof(text));
	assert_string_equal(text, "READY=1");
	notify_status("%d wearables\nREADY=0", 3);
	receive(rig, text, sizeof(text));
	assert_string_equal(text, "STATUS=3 wearables");
	notify_reloading();
	receive(rig, text, sizeof(text));
	assert_non_null(strstr(text, "RELOADING=1"));
	assert_non_null(strstr(text, "MONOTONIC_USEC="));
	notify_stopping();
	receive(rig, text, sizeof(text));
	assert_string_equal(text, "STOPPING=1");
}

static int on_turn(sd_event_source *source, uint64_t usec, void *user)
{
	struct rig *rig = user;

	loop_stop(rig->loop);
	return 0;
}

static void run_for(struct rig *rig, uint64_t us)
{
	sd_event_source *timer;

	sd_event_add_time_relative(
		loop_event(rig->loop), &timer, CLOCK_MONOTONIC, us, 1, on_turn, rig);
	assert_int_equal(loop_run(rig->loop), 0);
	sd_event_source_disable_unref(timer);
}

static unsigned feeds(struct rig *rig)
{
	struct pollfd fd = {.fd = rig->fd, .events = POLLIN};
	unsigned n = 0;
	char text[64];

	while (poll(&fd, 1, 0) > 0) {
		receive(rig, text, sizeof(text));
		n += !strcmp(text, "WATCHDOG=1");
	}
	return n;
}

static void the_watchdog_is_fed_only_while_there_is_progress(void **state)
{
	struct rig *rig = *state;
	_auto_free_ char *pid = alloc_printf("%d", (int)getpid());

	setenv("WATCHDOG_USEC", "60000", 1);
	setenv("WATCHDOG_PID", pid, 1);
	assert_int_equal(loop_new(&ops, rig, &rig->loop), 0);
	assert_int_equal(loop_add_check(rig->loop, "test", is_alive, rig), 0);
	rig->is_alive = true;
	run_for(rig, 600000);
	assert_true(feeds(rig) > 0);
	rig->is_alive = false;
	run_for(rig, 600000);
	assert_int_equal(feeds(rig), 0);
	rig->is_alive = true;
	run_for(rig, 600000);
	assert_true(feeds(rig) > 0);
	loop_free(rig->loop);
}

/* What a function writes to standard error. */
static void written_by(void (*write_it)(struct rig *rig), struct rig *rig, char *text, size_t size)
{
	FILE *file = tmpfile();
	int keep = dup(STDERR_FILENO);
	size_t n;

	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	write_it(rig);
	fflush(stderr);
	dup2(keep, STDERR_FILENO);
	close(keep);
	rewind(file);
	n = fread(text, 1, size - 1, file);
	text[n] = '\0';
	fclose(file);
}

static void leave_one(struct rig *rig)
{
	sd_event_source *left;

	sd_event_add_time_relative(
		loop_event(rig->loop), &left, CLOCK_MONOTONIC, 1000000, 0, on_turn, rig);
	loop_free(rig->loop);
	sd_event_source_disable_unref(left);
}

static void leave_none(struct rig *rig)
{
	loop_free(rig->loop);
}

static void sources_left_at_exit_are_reported(void **state)
{
	struct rig *rig = *state;
	char text[512];

	assert_int_equal(loop_new(&ops, rig, &rig->loop), 0);
	written_by(leave_one, rig, text, sizeof(text));
	assert_non_null(strstr(text, "bug: event sources are still registered"));
	assert_int_equal(loop_new(&ops, rig, &rig->loop), 0);
	written_by(leave_none, rig, text, sizeof(text));
	assert_string_equal(text, "");
}

static void write_many(struct rig *rig)
{
	struct journal_limit limit = {0};

	for (unsigned i = 0; i < 100; i++)
		journal_write_limited(&limit, LOG_WARNING, "device", "again");
	journal_write(LOG_DEBUG, "device", "not at this level");
	journal_write(LOG_NOTICE, "device", "one\nline: %s", "\x1b[31m");
}

static void lines_are_limited_filtered_and_kept_single(void **state)
{
	char text[4096];
	unsigned n = 0;

	journal_start(LOG_INFO);
	written_by(write_many, *state, text, sizeof(text));
	for (const char *at = text; (at = strstr(at, "again")); at++)
		n++;
	assert_int_equal(n, JOURNAL_LIMIT_BURST);
	assert_null(strstr(text, "not at this level"));
	assert_non_null(strstr(text, "coxad: notice: device: one line:  [31m\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(signals_call_their_ops),
		TEST(runs_until_done_or_late),
		TEST(the_manager_is_notified),
		TEST(the_watchdog_is_fed_only_while_there_is_progress),
		TEST(sources_left_at_exit_are_reported),
		TEST(lines_are_limited_filtered_and_kept_single),
	};
	if (loop_block_signals() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
