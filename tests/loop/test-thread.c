// SPDX-License-Identifier: MIT
/* Threads take no signals, are named, and are waited for by the monotonic clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/thread.h"

#define PATIENCE_US (120 * US_PER_S)

struct seen {
	pthread_mutex_t lock;
	pthread_cond_t done;
	bool is_done;
	sigset_t blocked;
	char name[16];
};

static void *run(void *user)
{
	struct seen *seen = user;

	pthread_mutex_lock(&seen->lock);
	pthread_sigmask(SIG_SETMASK, NULL, &seen->blocked);
	pthread_getname_np(pthread_self(), seen->name, sizeof(seen->name));
	seen->is_done = true;
	pthread_cond_signal(&seen->done);
	pthread_mutex_unlock(&seen->lock);
	return NULL;
}

/* With the lock. */
static void wait_for(struct seen *seen)
{
	int64_t until_us = clock_now_us() + PATIENCE_US;

	while (!seen->is_done)
		assert_true(thread_wait_until(&seen->done, &seen->lock, until_us));
}

static void init(struct seen *seen)
{
	*seen = (struct seen){0};
	pthread_mutex_init(&seen->lock, NULL);
	thread_condition_init(&seen->done);
}

static void done(struct seen *seen)
{
	pthread_cond_destroy(&seen->done);
	pthread_mutex_destroy(&seen->lock);
}

static void signals_are_left_to_the_loop(void **state)
{
	struct seen seen;
	sigset_t before, after;
	pthread_t thread;

	init(&seen);
	pthread_sigmask(SIG_SETMASK, NULL, &before);
	pthread_mutex_lock(&seen.lock);
	assert_int_equal(thread_start(&thread, "fifteen-letters", run, &seen), 0);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	wait_for(&seen);
	pthread_mutex_unlock(&seen.lock);
	pthread_join(thread, NULL);
	assert_string_equal(seen.name, "fifteen-letters");
	assert_int_equal(sigismember(&seen.blocked, SIGTERM), 1);
	assert_int_equal(sigismember(&seen.blocked, SIGXFSZ), 1);
	assert_int_equal(sigismember(&after, SIGTERM), sigismember(&before, SIGTERM));
	done(&seen);
}

static void nobody_waits_for_a_detached_one(void **state)
{
	/* The thread may still be at its end when the test is not. */
	static struct seen seen;

	init(&seen);
	pthread_mutex_lock(&seen.lock);
	assert_int_equal(thread_start_detached("detached", run, &seen), 0);
	wait_for(&seen);
	pthread_mutex_unlock(&seen.lock);
	assert_string_equal(seen.name, "detached");
}

static void the_time_is_up(void **state)
{
	struct seen seen;

	init(&seen);
	pthread_mutex_lock(&seen.lock);
	assert_false(thread_wait_until(&seen.done, &seen.lock, clock_now_us() - 1));
	while (thread_wait_until(&seen.done, &seen.lock, clock_now_us() + 1000))
		;
	pthread_mutex_unlock(&seen.lock);
	done(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signals_are_left_to_the_loop),
		cmocka_unit_test(nobody_waits_for_a_detached_one),
		cmocka_unit_test(the_time_is_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
