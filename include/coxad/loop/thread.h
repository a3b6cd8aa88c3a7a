// SPDX-License-Identifier: MIT
#pragma once
/* Starts the threads beside that of the loop, and waits for what they do. Any thread. */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* All signals are left to the loop. The name has 15 characters at most. -errno. */
int thread_start(pthread_t *ret, const char *name, void *(*run)(void *user), void *user);
/* The same for a thread that nobody waits for. */
int thread_start_detached(const char *name, void *(*run)(void *user), void *user);
/* A condition for thread_wait_until. */
void thread_condition_init(pthread_cond_t *condition);
/* As pthread_cond_wait, until clock_now_us() is until_us; false: it is. */
bool thread_wait_until(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_us);
