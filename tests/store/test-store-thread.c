// SPDX-License-Identifier: MIT
/* Jobs that take their time: their order, the loop meanwhile, a disk that never answers. Run it under
 * ThreadSanitizer too (--enable-sanitizers=thread).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/store/store-thread.h"

#define JOBS 2000

static struct {
	sd_event *loop;
	struct store_thread *thread;
	unsigned n_run; /* of the store thread */
	unsigned n_done, n_more;
	int gate[2]; /* a job waits for a byte from it */
} t;

struct job {
	struct store_job job;
	unsigned number;
};

static int set_up(void **state)
{
	t.n_run = t.n_done = t.n_more = 0;
	assert_int_equal(pipe(t.gate), 0);
	assert_true(sd_event_new(&t.loop) >= 0);
	assert_int_equal(store_thread_new(t.loop, &t.thread), 0);
	return 0;
}

static int tear_down(void **state)
{
	store_thread_free(t.thread, 60 * US_PER_S);
	sd_event_unref(t.loop);
	close(t.gate[0]);
	close(t.gate[1]);
	return 0;
}

static void run_next(struct store_job *job)
{
	assert_int_equal(((struct job *)job)->number, t.n_run++);
}

static void run_gate(struct store_job *job)
{
	char byte;

	assert_int_equal(read(t.gate[0], &byte, 1), 1);
	run_next(job);
}

static void done(struct store_job *job)
{
	assert_int_equal(((struct job *)job)->number, t.n_done++);
	free(job);
}

static void post(void (*run)(struct store_job *), unsigned number)
{
	struct job *job = alloc_zero(1, sizeof(*job));

	*job = (struct job){.job = {.run = run, .done = done}, .number = number};
	store_thread_post(t.thread, &job->job);
}

static void done_and_more(struct store_job *job)
{
	unsigned number = ((struct job *)job)->number;

	done(job);
	if (t.n_more-- > 0)
		post(run_next, number + 1);
}

static void jobs_run_and_come_back_in_order(void **state)
{
	for (unsigned i = 0; i < JOBS; i++)
		post(run_next, i);
	while (t.n_done < JOBS)
		assert_true(sd_event_run(t.loop, UINT64_MAX) >= 0);
	assert_int_equal(store_thread_busy_us(t.thread), 0);
}

static void waiting_includes_what_a_job_posts(void **state)
{
	struct job *job = alloc_zero(1, sizeof(*job));

	t.n_more = 1;
	*job = (struct job){.job = {.run = run_next, .done = done_and_more}};
	store_thread_post(t.thread, &job->job);
	assert_true(store_thread_wait(t.thread, T_NEVER));
	assert_int_equal(t.n_done, 2);
}

/* The loop turns, and a job that runs long is not taken for a thread that is gone. */
static void a_long_job_is_seen(void **state)
{
	post(run_gate, 0);
	post(run_next, 1);
	while (!store_thread_busy_us(t.thread))
		assert_true(sd_event_run(t.loop, 1000) >= 0);
	assert_false(store_thread_wait(t.thread, clock_now_us() + US_PER_MS));
	assert_true(store_thread_is_alive(t.thread));
	assert_int_equal(t.n_done, 0);
	assert_int_equal(write(t.gate[1], "x", 1), 1);
	assert_true(store_thread_wait(t.thread, T_NEVER));
	assert_int_equal(t.n_done, 2);
}

static void a_disk_that_never_answers_is_left(void **state)
{
	struct store_thread *stuck;

	post(run_gate, 0);
	stuck = t.thread;
	t.thread = store_thread_free(t.thread, US_PER_MS);
	assert_null(t.thread);
	/* It is still there; so that nothing leaks here, it may end after all. */
	assert_int_equal(write(t.gate[1], "x", 1), 1);
	assert_true(store_thread_wait(stuck, T_NEVER));
	store_thread_free(stuck, 60 * US_PER_S);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(jobs_run_and_come_back_in_order),
		TEST(waiting_includes_what_a_job_posts),
		TEST(a_long_job_is_seen),
		TEST(a_disk_that_never_answers_is_left),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
