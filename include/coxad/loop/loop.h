// SPDX-License-Identifier: MIT
#pragma once
/* The one event loop: creation, signals, the watchdog, the leak report at the end. The watchdog is
 * fed from a timer of ours and only while every named check says that its part makes progress;
 * sd_event's own watchdog would prove no more than that the loop turns. One thread.
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

/* First thing in main, before any thread is made: SIGINT, SIGTERM and SIGHUP are left to the loop,
 * SIGPIPE is ignored. */
int loop_block_signals(void);
int loop_new(const struct loop_ops *ops, void *user, struct loop **ret);
/* Says so, as a bug, where event sources are still registered. Returns NULL. */
struct loop *loop_free(struct loop *loop);
/* Borrowed. */
sd_event *loop_event(struct loop *loop);
/* name is borrowed for ever. -ENOSPC past 8. */
int loop_add_check(struct loop *loop, const char *name, bool (*is_alive)(void *user), void *user);

/* Turns until loop_stop. The loop can be turned again afterwards (sink_mqtt_flush does). 0 or
 * -errno. */
int loop_run(struct loop *loop);
/* The same, no longer than until it is done or that time has come. */
int loop_run_until(struct loop *loop, int64_t until_us, bool (*is_done)(void *user), void *user);
void loop_stop(struct loop *loop);
