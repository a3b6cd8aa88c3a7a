// SPDX-License-Identifier: MIT
#pragma once
/* The one thread that waits for the disk, so that the loop never does. Jobs run one after another in
 * the order in which they were posted, and come back to the loop in that order. Whoever posts keeps a
 * bound of its own on what is under way. Owns a thread and an eventfd on the loop. All functions are
 * for the loop's thread.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct store_thread;

/* The first member of the poster's own struct. */
struct store_job {
	/* On the thread. May wait for the disk; touches only what no other thread does meanwhile. */
	void (*run)(struct store_job *job);
	/* On the loop, afterwards. Takes the job. May post another. */
	void (*done)(struct store_job *job);
	struct store_job *next; /* private */
};

/* -errno: no thread or descriptor left. */
int store_thread_new(sd_event *loop, struct store_thread **ret);
/* Lets what was posted run, for at most timeout_us; then gives up on the disk, and leaves thread and
 * jobs to the end of the process. */
struct store_thread *store_thread_free(struct store_thread *thread, int64_t timeout_us);
/* Takes the job. */
void store_thread_post(struct store_thread *thread, struct store_job *job);
/* Blocks until all jobs are done, those posted by `done` too, or until until_us. False: the time is
 * up. */
bool store_thread_wait(struct store_thread *thread, int64_t until_us);
/* For how long the job that runs now has been running; 0: none does. */
int64_t store_thread_busy_us(struct store_thread *thread);
/* For the watchdog: false if jobs wait and none is run. A job that waits for the disk is none of its
 * business: a restart would not mend the disk. */
bool store_thread_is_alive(struct store_thread *thread);
