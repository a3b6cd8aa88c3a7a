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

struct sink_mqtt {
	sd_event *loop;
	struct sink_mqtt_ops ops;
	void *user;
	struct outbox *outbox;
	struct outbox_persister *persister;
	struct mqtt *mqtt;
	sd_event_source *tick;
	sd_event_source *settle; /* at the end of a turn in which something was pushed */
	char *base;
	struct message will; /* strings owned */
	struct mqtt_timing timing;
	bool is_v5;
	bool is_greeting; /* inside ops.online: what is pushed now goes first */
	bool is_careful;  /* one message at a time, to find the one that the broker hangs up on */
	uint64_t suspect_token;
	unsigned n_suspected; /* connections that ended while only the suspect was in flight */
	uint64_t samples_dropped, refused;
	int64_t acked_us; /* when the last acknowledgement came, or the connection */
	struct journal_limit full_limit, refused_limit;
	struct trace trace;
};
