// SPDX-License-Identifier: MIT
#pragma once
/* What becomes of a message that the broker does not take, so that it delays no other beyond its own
 * attempts:
 *
 *   refused for now (quota, access list)    held, sent again after 5 s, twice as long each time up
 *                                           to 5 min, and in a new connection
 *   ended LOSSES_MAX connections, alone     set aside
 *   refused for good (too large)            set aside
 *   next one of a topic that did so         one attempt, alone, behind all others; see bad-topics.h
 *
 * What is set aside is tried again alone and only while nothing else is to be sent: after 30 s,
 * twice as long each time up to an hour, in a new connection, and at a reload. One that ends the
 * connection again does not count as a new connection. Nothing set aside is given up, except that a
 * full outbox drops the lowest class first.
 */
#include <stdbool.h>
#include <stdint.h>

#include "daemon/mqtt/bad-topics.h"
#include "daemon/mqtt/mqtt.h"

struct sink_mqtt;
struct outbox_entry;

struct sink_aside {
	struct bad_topics bad_topics;
	bool is_careful;    /* one message at a time, to find the one that the broker hangs up on */
	bool was_probe;     /* the last connection was ended by one that had been put away */
	unsigned failures;  /* of such, in a row */
	int64_t next_us;    /* no other is tried before */
	uint64_t set_aside; /* so many, each counted once */
};

void sink_aside_up(struct sink_mqtt *sink);
/* While the outbox still has in flight what was. reason: of the broker's DISCONNECT, 0: none. */
void sink_aside_down(struct sink_mqtt *sink, int64_t reason);
/* At a reload, which may have been made because the broker was put right. */
void sink_aside_forgive(struct sink_mqtt *sink);

enum sink_aside_verdict { SINK_ASIDE_SEND, SINK_ASIDE_WAIT, SINK_ASIDE_PUT_AWAY };
/* Before an entry is sent. WAIT: not before what is in flight is acknowledged. PUT_AWAY: it was
 * held. */
enum sink_aside_verdict sink_aside_check(struct sink_mqtt *sink, struct outbox_entry *entry);
/* The entry in flight cannot be sent to any broker, or was refused by this one. It may be freed. */
void sink_aside_refused(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t reason);
/* The topic of an acknowledged message. */
void sink_aside_acked(struct sink_mqtt *sink, const char *topic);
/* After an entry in flight was acknowledged or put away: as many at a time as before? */
void sink_aside_settle(struct sink_mqtt *sink);
/* Takes out one of those set aside, if nothing else is to be sent and its time has come. */
bool sink_aside_probe(struct sink_mqtt *sink);
/* When the next is due; T_NEVER: none. */
int64_t sink_aside_due_us(const struct sink_mqtt *sink);
