// SPDX-License-Identifier: MIT
#include "coxad/loop/thread.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

#include "coxad/base/units.h"

int thread_start(pthread_t *ret, const char *name, void *(*run)(void *user), void *user)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(ret, NULL, run, user);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!error)
		pthread_setname_np(*ret, name);
	return -error;
}

int thread_start_detached(const char *name, void *(*run)(void *user), void *user)
{
	pthread_t thread;
	int r = thread_start(&thread, name, run, user);

	if (!r)
		pthread_detach(thread);
	return r;
}

void thread_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

bool thread_wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_us)
{
	struct timespec until = {
		.tv_sec = until_us / US_PER_S, .tv_nsec = until_us % US_PER_S * INT64_C(1000)};

	return pthread_cond_timedwait(condition, lock, &until) != ETIMEDOUT;
}
