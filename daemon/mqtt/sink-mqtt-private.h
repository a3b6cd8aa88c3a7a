// SPDX-License-Identifier: MIT
#pragma once
/* The state that the two halves of the sink share: sink-mqtt.c owns the parts and accepts what is
 * pushed, sink-delivery.c brings it to the broker.
 */
#include "coxad/loop/journal.h"
#include "coxad/mqtt/sink-mqtt.h"
#include "coxad/outbox/outbox.h"
#include "coxad/store/outbox-persister.h"
#include "daemon/mqtt/mqtt.h"
#include "daemon/mqtt/sink-aside.h"
#include "daemon/mqtt/sink-health.h"

struct sink_mqtt {
	sd_event *loop;
	struct sink_mqtt_ops ops;
	void *user;
	struct outbox *outbox;
	struct outbox_persister *persister;
	struct mqtt *mqtt;
	sd_event_source *tick;
	sd_event_source *retry; /* when the next held message is due */
	sd_event_source *health_timer;
	sd_event_source *settle; /* at the end of a turn in which something was pushed */
	char *base;
	struct message will; /* strings owned */
	struct mqtt_timing timing;
	bool is_open; /* sink_mqtt_new has got so far that ops may be called */
	bool is_held; /* by the user */
	bool is_v5;
	bool is_greeting; /* inside ops.online: what is pushed now goes first */
	bool is_ending;
	unsigned window; /* of this connection, when not careful */
	bool has_acked;  /* in this connection */
	struct sink_aside aside;
	struct sink_health health;
	char beside[NAME_SIZE]; /* the other gateway of the site that is told of; empty: none */
	uint64_t
		command_since; /* the token when the command that is carried out began; 0: none is */
	uint64_t samples_dropped, held, response_topics_refused;
	uint64_t samples_late; /* of those dropped: while connected */
	int64_t acked_us;      /* when the last acknowledgement came, or the connection */
	struct journal_limit full_limit, refused_limit, held_limit, response_limit;
	struct trace trace;
};

/* Something may be published. */
static inline bool sink_mqtt_is_open(const struct sink_mqtt *sink)
{
	return !sink->is_held && mqtt_is_up(sink->mqtt);
}
