// SPDX-License-Identifier: MIT
#include "coxad/store/store-thread.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "coxad/loop/thread.h"

/* A job that nobody picks up for this long: the thread is gone. */
#define IDLE_US (5 * US_PER_S)

struct queue {
	struct store_job *first, **end;
};

struct store_thread {
	pthread_t thread;
	bool is_started;
	int fd;
	sd_event_source *source;
	pthread_mutex_t lock;
	pthread_cond_t posted, finished;
	/* Under the lock: */
	struct queue waiting, ran;
	bool is_running, is_stopping, has_ended;
	int64_t since_us; /* a job began or ended */
	/* Of the loop: */
	unsigned n_under_way; /* posted, not yet done */
};

static void put(struct queue *queue, struct store_job *job)
{
	job->next = NULL;
	*queue->end = job;
	queue->end = &job->next;
}

static struct store_job *take(struct queue *queue)
{
	struct store_job *job = queue->first;

	if (!job)
		return NULL;
	queue->first = job->next;
	if (!queue->first)
		queue->end = &queue->first;
	return job;
}

static void wake(struct store_thread *thread)
{
	uint64_t one = 1;

	/* Fails only if the counter is full: then the loop is awake already. */
	while (write(thread->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static struct store_job *next_job(struct store_thread *thread)
{
	struct store_job *job;

	while (!(job = take(&thread->waiting)) && !thread->is_stopping)
		pthread_cond_wait(&thread->posted, &thread->lock);
	thread->is_running = job != NULL;
	thread->since_us = clock_now_us();
	return job;
}

static void *run(void *user)
{
	struct store_thread *thread = user;
	struct store_job *job;

	pthread_mutex_lock(&thread->lock);
	while ((job = next_job(thread))) {
		pthread_mutex_unlock(&thread->lock);
		job->run(job);
		pthread_mutex_lock(&thread->lock);
		put(&thread->ran, job);
		thread->is_running = false;
		thread->since_us = clock_now_us();
		pthread_cond_signal(&thread->finished);
		wake(thread);
	}
	thread->has_ended = true;
	pthread_cond_signal(&thread->finished);
	pthread_mutex_unlock(&thread->lock);
	return NULL;
}

static void finish(struct store_thread *thread)
{
	struct store_job *job;

	for (;;) {
		pthread_mutex_lock(&thread->lock);
		job = take(&thread->ran);
		pthread_mutex_unlock(&thread->lock);
		if (!job)
			return;
		thread->n_under_way--;
		job->done(job);
	}
}

static int on_finished(sd_event_source *source, int fd, uint32_t events, void *user)
{
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0) {
		/* store_thread_wait was faster. */
	}
	finish(user);
	return 0;
}

int store_thread_new(sd_event *loop, struct store_thread **ret)
{
	struct store_thread *thread = alloc_zero(1, sizeof(*thread));
	int r;

	pthread_mutex_init(&thread->lock, NULL);
	pthread_cond_init(&thread->posted, NULL);
	thread_condition_init(&thread->finished);
	thread->waiting.end = &thread->waiting.first;
	thread->ran.end = &thread->ran.first;
	thread->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = thread->fd < 0 ? -errno : 0;
	if (r >= 0)
		r = sd_event_add_io(
			loop, &thread->source, thread->fd, EPOLLIN, on_finished, thread);
	if (r >= 0)
		r = thread_start(&thread->thread, "coxad-store", run, thread);
	thread->is_started = r >= 0;
	if (!thread->is_started) {
		store_thread_free(thread, 0);
		return r;
	}
	*ret = thread;
	return 0;
}

/* Waits for a job to end, or for the thread; false: the time is up. With the lock. */
static bool wait_until(struct store_thread *thread, int64_t until_us)
{
	return thread_wait_until(&thread->finished, &thread->lock, until_us);
}

bool store_thread_wait(struct store_thread *thread, int64_t until_us)
{
	bool is_in_time = true;

	finish(thread);
	while (thread->n_under_way && is_in_time) {
		pthread_mutex_lock(&thread->lock);
		while (!thread->ran.first && is_in_time)
			is_in_time = wait_until(thread, until_us);
		pthread_mutex_unlock(&thread->lock);
		finish(thread);
	}
	return !thread->n_under_way;
}

/* False: it still waits for the disk. */
static bool stop(struct store_thread *thread, int64_t until_us)
{
	bool has_ended, is_in_time = true;

	pthread_mutex_lock(&thread->lock);
	thread->is_stopping = true;
	pthread_cond_signal(&thread->posted);
	while (!thread->has_ended && is_in_time)
		is_in_time = wait_until(thread, until_us);
	has_ended = thread->has_ended;
	pthread_mutex_unlock(&thread->lock);
	if (has_ended)
		pthread_join(thread->thread, NULL);
	return has_ended;
}

struct store_thread *store_thread_free(struct store_thread *thread, int64_t timeout_us)
{
	int64_t until_us = clock_now_us() + timeout_us;

	if (!thread)
		return NULL;
	thread->source = sd_event_source_disable_unref(thread->source);
	if (thread->is_started && !(store_thread_wait(thread, until_us) && stop(thread, T_NEVER))) {
		journal_write(LOG_ERR, "disk",
			"the disk does not answer: ending without what was to be written last");
		return NULL;
	}
	if (thread->fd >= 0)
		close(thread->fd);
	pthread_cond_destroy(&thread->posted);
	pthread_cond_destroy(&thread->finished);
	pthread_mutex_destroy(&thread->lock);
	free(thread);
	return NULL;
}

void store_thread_post(struct store_thread *thread, struct store_job *job)
{
	thread->n_under_way++;
	pthread_mutex_lock(&thread->lock);
	if (!thread->waiting.first && !thread->is_running)
		thread->since_us = clock_now_us();
	put(&thread->waiting, job);
	pthread_cond_signal(&thread->posted);
	pthread_mutex_unlock(&thread->lock);
}

int64_t store_thread_busy_us(struct store_thread *thread)
{
	int64_t busy_us;

	pthread_mutex_lock(&thread->lock);
	busy_us = thread->is_running ? clock_now_us() - thread->since_us : 0;
	pthread_mutex_unlock(&thread->lock);
	return busy_us;
}

bool store_thread_is_alive(struct store_thread *thread)
{
	bool is_alive;

	pthread_mutex_lock(&thread->lock);
	is_alive = thread->is_running || !thread->waiting.first ||
		   clock_now_us() - thread->since_us < IDLE_US;
	pthread_mutex_unlock(&thread->lock);
	return is_alive;
}
