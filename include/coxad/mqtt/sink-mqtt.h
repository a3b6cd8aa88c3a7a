// SPDX-License-Identifier: MIT
#pragma once
/* Messages to the broker: events through the outbox on disk, states kept as the newest, samples
 * straight or not at all; and commands back. Owns the outbox, its store, the Paho client and the
 * reconnecting. One thread, on the given loop (Paho's threads end at the mailbox).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/config/conf.h"
#include "coxad/wire/message.h"

struct sink_mqtt;

struct sink_mqtt_ops {
	/* Borrowed during the call. */
	void (*command)(void *user, const struct command_request *request);
	/* The broker took the session: retained states are to be published again. */
	void (*online)(void *user);
	/* It is gone, or the session ended. May be NULL. */
	void (*offline)(void *user);
	/* Events are about to be put on disk, and then sent: what must not be behind them there is
	 * to be written now. May be NULL. */
	void (*settling)(void *user);
};

/* state_directory NULL, or a disk that does not take it: memory only, with a warning. will: the
 * message that the broker publishes when coxad is gone; copied, may be NULL. -EBUSY: another coxad
 * has the directory. -EINVAL: no broker is named. */
int sink_mqtt_new(sd_event *loop, const struct conf *conf, const char *state_directory,
	const struct message *will, const struct sink_mqtt_ops *ops, void *user,
	struct sink_mqtt **ret);
struct sink_mqtt *sink_mqtt_free(struct sink_mqtt *sink);
/* The bounds at once; a new session where [mqtt] changed. On -errno (no broker named, no file
 * descriptors left) the session of before goes on. */
int sink_mqtt_reload(struct sink_mqtt *sink, const struct conf *conf);
/* The seq for the first event of this run: one above the last that was ever stored. */
uint64_t sink_mqtt_first_seq(const struct sink_mqtt *sink);
/* Copies. What is pushed in one turn of the loop goes to disk in one commit at its end, and only
 * then to the broker: what nobody has seen yet is all that a kill can take. */
void sink_mqtt_push(struct sink_mqtt *sink, const struct message *message);
/* All that was pushed is on disk when this returns (or the trouble is counted and logged) and on
 * its way. */
void sink_mqtt_settle(struct sink_mqtt *sink);
/* Turns the loop until all is acknowledged or the time is up; then disconnects cleanly. */
void sink_mqtt_flush(struct sink_mqtt *sink, int64_t timeout_us);
/* Counters and gauges for the stats. Returns how many were written. */
size_t sink_mqtt_gauges(const struct sink_mqtt *sink, struct stat_entry *entries, size_t capacity);
/* For the watchdog: false where the outbox makes no progress though the broker is there. */
bool sink_mqtt_is_alive(const struct sink_mqtt *sink);
