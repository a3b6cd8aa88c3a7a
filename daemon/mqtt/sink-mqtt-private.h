// SPDX-License-Identifier: MIT
#pragma once
/* Shared by the two halves of the sink: sink-mqtt.c owns the parts and takes what is pushed,
 * sink-delivery.c brings it to the broker and says what became of it.
 */
#include "coxad/loop/journal.h"
#include "coxad/outbox/outbox.h"
#include "coxad/store/outbox-persister.h"
#include "daemon/mqtt/sink-mqtt-timing.h"

struct sink_mqtt {
	sd_event *loop;
	struct sink_mqtt_ops ops;
	void *user;
	struct outbox *outbox;
	struct outbox_persister *keeper;
	struct mqtt *mqtt;
	sd_event_source *tick;
	sd_event_source *settle; /* at the end of a turn in which something was pushed */
	char *base;
	char *fingerprint;   /* of the settings of the session */
	struct message will; /* strings owned */
	struct mqtt_timing timing;
	bool is_v5;
	bool is_welcoming; /* ops.online runs: what comes now goes first */
	bool is_careful;   /* one message at a time, to find the one that the broker hangs up on */
	uint64_t blamed_token;
	unsigned blames;
	uint64_t samples_dropped, refused;
	int64_t acked_us; /* the last acknowledgement, or coming up */
	struct journal_limit full_limit, refused_limit;
};

/* Puts on disk what was pushed, then sends as much as the window takes. */
void sink_delivery_pump(struct sink_mqtt *sink);
/* The outbox's and the session's callbacks; user is the sink. */
void sink_delivery_gone(void *user, const struct outbox_entry *entry, enum outbox_gone why);
void sink_delivery_up(void *user, unsigned window);
void sink_delivery_down(void *user, enum mqtt_loss loss);
void sink_delivery_acked(void *user, uint64_t token);
void sink_delivery_refused(void *user, uint64_t token, int reason);
