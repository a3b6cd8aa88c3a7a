// SPDX-License-Identifier: MIT
#pragma once
/* The one event loop: creation, signals, the watchdog, the leak report at the end. The watchdog is
 * fed from a timer, and only while every named check reports progress; sd_event's own watchdog would
 * only prove that the loop turns. One thread.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct loop;

struct loop_ops {
	void (*terminate)(void *user); /* SIGINT or SIGTERM; a second one ends loop_run at once */
	void (*reload)(void *user);    /* SIGHUP */
};

/* First thing in main, before any thread starts: leaves SIGINT, SIGTERM and SIGHUP to the loop,
 * ignores SIGPIPE. */
int loop_block_signals(void);
int loop_new(const struct loop_ops *ops, void *user, struct loop **ret);
/* Logs a bug if event sources are still registered. */
struct loop *loop_free(struct loop *loop);
/* Borrowed. */
sd_event *loop_event(struct loop *loop);
/* name is borrowed for as long as the loop lives. -ENOSPC past 8. */
int loop_add_check(struct loop *loop, const char *name, bool (*is_alive)(void *user), void *user);

/* Runs until loop_stop; can be run again afterwards (sink_mqtt_flush does). -errno. */
int loop_run(struct loop *loop);
/* The same, but ends when it is done or the time has come. */
int loop_run_until(struct loop *loop, int64_t until_us, bool (*is_done)(void *user), void *user);
void loop_stop(struct loop *loop);
