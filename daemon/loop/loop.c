// SPDX-License-Identifier: MIT
#include "coxad/loop/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/notify.h"

#define CHECKS_MAX 8
/* Three times a period, so that one late turn is not fatal. */
#define FEEDS_PER_PERIOD 3

struct loop {
	sd_event *event;
	struct loop_ops ops;
	void *user;
	sd_event_source *signal_source[3];
	sd_event_source *watchdog_source;
	uint64_t watchdog_period_us;
	struct {
		const char *name;
		bool (*is_alive)(void *user);
		void *user;
		bool was_dead; /* logged already */
	} check[CHECKS_MAX];
	size_t n_checks;
	bool is_stopping, is_terminating;
};

static const int loop_signals[] = {SIGINT, SIGTERM, SIGHUP};

int loop_block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(loop_signals) / sizeof(loop_signals[0]); i++)
		sigaddset(&set, loop_signals[i]);
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return -errno;
	return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static int on_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *user)
{
	struct loop *loop = user;

	if (info->ssi_signo == SIGHUP) {
		loop->ops.reload(loop->user);
		return 0;
	}
	if (loop->is_terminating) {
		loop_stop(loop);
		return 0;
	}
	loop->is_terminating = true;
	loop->ops.terminate(loop->user);
	return 0;
}

static bool is_progressing(struct loop *loop)
{
	bool is_good = true;

	for (size_t i = 0; i < loop->n_checks; i++) {
		bool is_alive = loop->check[i].is_alive(loop->check[i].user);

		if (!is_alive && !loop->check[i].was_dead)
			journal_write(LOG_ERR, "coxad",
				"%s is stuck: systemd will restart coxad unless it recovers",
				loop->check[i].name);
		loop->check[i].was_dead = !is_alive;
		is_good = is_good && is_alive;
	}
	return is_good;
}

static int on_watchdog(sd_event_source *source, uint64_t now_us, void *user)
{
	struct loop *loop = user;

	if (is_progressing(loop))
		notify_watchdog();
	sd_event_source_set_time_relative(source, loop->watchdog_period_us / FEEDS_PER_PERIOD);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int add_sources(struct loop *loop)
{
	int r;

	for (size_t i = 0; i < sizeof(loop_signals) / sizeof(loop_signals[0]); i++) {
		r = sd_event_add_signal(
			loop->event, &loop->signal_source[i], loop_signals[i], on_signal, loop);
		if (r < 0)
			return r;
	}
	loop->watchdog_period_us = notify_watchdog_us();
	if (!loop->watchdog_period_us)
		return 0;
	return sd_event_add_time_relative(
		loop->event, &loop->watchdog_source, CLOCK_MONOTONIC, 0, 0, on_watchdog, loop);
}

int loop_new(const struct loop_ops *ops, void *user, struct loop **ret)
{
	struct loop *loop = alloc_zero(1, sizeof(*loop));
	int r;

	loop->ops = *ops;
	loop->user = user;
	r = sd_event_new(&loop->event);
	if (r >= 0)
		r = add_sources(loop);
	if (r < 0) {
		loop_free(loop);
		return r;
	}
	*ret = loop;
	return 0;
}

struct loop *loop_free(struct loop *loop)
{
	int fd;

	if (!loop)
		return NULL;
	for (size_t i = 0; i < sizeof(loop_signals) / sizeof(loop_signals[0]); i++)
		sd_event_source_disable_unref(loop->signal_source[i]);
	sd_event_source_disable_unref(loop->watchdog_source);
	fd = loop->event ? sd_event_get_fd(loop->event) : -1;
	sd_event_unref(loop->event);
	/* Each source holds the event, and the event its epoll fd: if that is still open, a source
	 * is left. */
	if (fd >= 0 && fcntl(fd, F_GETFD) >= 0)
		journal_write(LOG_ERR, "coxad",
			"bug: event sources are still registered at exit; please report it");
	free(loop);
	return NULL;
}

sd_event *loop_event(struct loop *loop)
{
	return loop->event;
}

int loop_add_check(struct loop *loop, const char *name, bool (*is_alive)(void *user), void *user)
{
	if (loop->n_checks >= CHECKS_MAX)
		return -ENOSPC;
	loop->check[loop->n_checks].name = name;
	loop->check[loop->n_checks].is_alive = is_alive;
	loop->check[loop->n_checks].user = user;
	loop->n_checks++;
	return 0;
}

int loop_run(struct loop *loop)
{
	loop->is_stopping = false;
	while (!loop->is_stopping) {
		int r = sd_event_run(loop->event, UINT64_MAX);

		if (r < 0)
			return r;
	}
	return 0;
}

int loop_run_until(struct loop *loop, int64_t until_us, bool (*is_done)(void *user), void *user)
{
	loop->is_stopping = false;
	while (!loop->is_stopping && !is_done(user)) {
		int64_t left_us = until_us - clock_now_us();
		int r = left_us > 0 ? sd_event_run(loop->event, (uint64_t)left_us) : 0;

		if (r < 0 || left_us <= 0)
			return r;
	}
	return 0;
}

void loop_stop(struct loop *loop)
{
	loop->is_stopping = true;
}
