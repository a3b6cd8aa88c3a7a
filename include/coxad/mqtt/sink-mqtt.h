// SPDX-License-Identifier: MIT
#pragma once
/* Messages to the broker, and commands from it. Events go through the outbox on disk, of each state
 * only the newest is kept, samples are sent at once or dropped. Owns the outbox, its store and the
 * connection. One thread, on the given loop (Paho's threads end at the mailbox, and the store thread
 * has jobs of its own).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/base/trace.h"
#include "coxad/config/conf.h"
#include "coxad/core/health.h"
#include "coxad/store/ahead.h"
#include "coxad/store/store-thread.h"
#include "coxad/wire/message.h"

struct sink_mqtt;
struct outbox_persister;
struct mqtt_timing;

struct sink_mqtt_ops {
	/* Borrowed during the call. */
	void (*command)(void *user, const struct command_request *request);
	/* Connected: the retained states are to be published again. */
	void (*online)(void *user);
	/* Disconnected. May be NULL. */
	void (*offline)(void *user);
	/* The disk fails, and events that only memory has are about to be sent. May be NULL. */
	void (*unsafe)(void *user);
	/* The broker retains nothing on this topic any more. Must not push. May be NULL. */
	void (*removed)(void *user, const char *topic);
	/* A problem that is there, still or again, or is solved. May be NULL. */
	void (*health)(void *user, const struct health_report *report);
};

struct sink_mqtt_options {
	const struct tracer *tracer; /* borrowed for life, NULL: off */
	const struct conf *conf;
	/* Borrowed for life; NULL: the loop waits for the disk. */
	struct store_thread *store_thread;
	struct ahead *ahead; /* what goes to disk with the events; borrowed for life; or NULL */
	/* NULL, or a directory that cannot be used: memory only, with a warning. */
	const char *state_directory;
	const struct message *will; /* what the broker publishes when coxad is gone; or NULL */
	const struct mqtt_timing *timing; /* NULL: that of a gym. Tests wait less. */
};

/* Copies the options. -EBUSY: another coxad has the directory. -EINVAL: no broker is configured. */
int sink_mqtt_new(sd_event *loop, const struct sink_mqtt_options *options,
	const struct sink_mqtt_ops *ops, void *user, struct sink_mqtt **ret);
struct sink_mqtt *sink_mqtt_free(struct sink_mqtt *sink);
/* Applies the limits at once, and reconnects if [mqtt] changed. On -errno (no broker, no file
 * descriptors left) the previous connection is kept. */
int sink_mqtt_reload(struct sink_mqtt *sink, const struct conf *conf);
/* The seq for the first event of this run: one more than the last that was ever used, or if that is
 * not known, one that no earlier run can have used. */
uint64_t sink_mqtt_first_seq(const struct sink_mqtt *sink, bool *ret_is_known);
/* Held, also while connected, it is as if there were no connection: nothing is published and no command
 * taken. Then no longer: `online` is called if there is one. */
void sink_mqtt_hold(struct sink_mqtt *sink, bool is_held);
/* Copies. What is pushed in one turn of the loop goes to disk in one commit at its end, and only
 * then to the broker, so a kill can lose only what nobody has seen yet. */
void sink_mqtt_push(struct sink_mqtt *sink, const struct message *message);
/* Runs the loop until all is acknowledged or the time is up, then disconnects cleanly. */
void sink_mqtt_flush(struct sink_mqtt *sink, int64_t timeout_us);
/* What the broker has not acknowledged. */
void sink_mqtt_each(struct sink_mqtt *sink,
	void (*each)(void *user, const char *topic, const void *payload, size_t size), void *user);
/* The disk cannot be written, so events are sent that only memory has. */
bool sink_mqtt_is_in_memory(const struct sink_mqtt *sink);
/* Every event is on disk, or the disk cannot be written. */
bool sink_mqtt_is_safe(const struct sink_mqtt *sink);
/* For a copy of what is on disk; borrowed. */
const struct outbox_persister *sink_mqtt_persister(const struct sink_mqtt *sink);
/* What was refused or set aside is sent again. How many messages that is. */
size_t sink_mqtt_requeue(struct sink_mqtt *sink);
/* Counters and gauges for the stats. Returns how many it wrote. */
size_t sink_mqtt_gauges(const struct sink_mqtt *sink, struct stat_entry *entries, size_t capacity);
/* For the watchdog: false if the outbox makes no progress although the broker is connected. */
bool sink_mqtt_is_alive(const struct sink_mqtt *sink);
