// SPDX-License-Identifier: MIT
#pragma once
/* The state of the connection, for mqtt*.c alone: mqtt.c makes and ends it, mqtt-send.c sends. */
#include "coxad/base/backoff.h"
#include "daemon/mqtt/in-flight.h"
#include "daemon/mqtt/mqtt-offer.h"
#include "daemon/mqtt/mqtt-report.h"
#include "daemon/mqtt/mqtt-subscription.h"
#include "daemon/mqtt/mqtt.h"
#include "daemon/mqtt/resolver.h"
#include "daemon/mqtt/sample-queue.h"

/*
 *            +--------------- REFUSED, LOST, no acknowledgement ---------------+
 *            v                                                                 |
 *   WAITING --timer--> RESOLVING --RESOLVED--> CONNECTING --CONNECTED--> UP ---+
 *      ^                  |  ^                     |                     | |
 *      +----- error ------+  |                     |          mqtt_change| |mqtt_stop
 *      +-------------------- | ---- REFUSED -------+                     v v
 *                            +---- the old connection ended ------ LEAVING STOPPING --> STOPPED
 */
enum mqtt_state {
	MQTT_STATE_WAITING,
	MQTT_STATE_RESOLVING,
	MQTT_STATE_CONNECTING,
	MQTT_STATE_UP,
	MQTT_STATE_LEAVING,
	MQTT_STATE_STOPPING,
	MQTT_STATE_STOPPED
};

struct mqtt {
	sd_event *loop;
	struct mqtt_settings settings; /* owned */
	struct mqtt_settings next;     /* owned: in LEAVING */
	struct mqtt_ops ops;
	void *user;
	struct mailbox *mailbox;
	sd_event_source *mail_source, *timer;
	enum mqtt_state state;
	void *anchor;
	struct resolver *resolver; /* in RESOLVING */
	unsigned address;          /* which of the host's is tried next */
	struct paho *paho;         /* from CONNECTING on, until it is over */
	struct backoff backoff;
	int64_t since_us;        /* of the state */
	struct paho_offer offer; /* of this connection */
	struct mqtt_offer_will will_offer;
	struct mqtt_subscription subscription;
	int last_unacknowledged; /* below 0: stands for a token where there is QoS 0 only */
	struct in_flight in_flight;
	unsigned n_samples; /* that Paho has */
	struct sample_queue samples;
	unsigned short_lives; /* in a row */
	struct mqtt_counters counters;
	struct mqtt_report report;
};
