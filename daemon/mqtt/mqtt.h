// SPDX-License-Identifier: MIT
#pragma once
/* The connection to the broker: connects, reconnects with backoff after each loss, subscribes,
 * sends each message with a token and reports what became of it. Owns the mailbox and the current
 * Paho connection. What is sent when, and what a loss means for it, is decided by the outbox.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "daemon/mqtt/mqtt-settings.h"

struct mqtt;

struct mqtt_ops {
	void (*up)(void *user, unsigned window);
	/* is_stopped: by mqtt_stop. reason: of the broker's DISCONNECT; 0: none. */
	void (*down)(void *user, bool is_stopped, int64_t reason);
	/* One of the two for each token, unless `down` comes first. */
	void (*acked)(void *user, uint64_t token);
	void (*refused)(void *user, uint64_t token, int reason);
	/* One message with QoS 0 was; another may go. May be NULL. */
	void (*written)(void *user);
	void (*arrived)(void *user, const struct paho_arrival *arrival);
};

struct mqtt_counters {
	uint64_t attempts, connections;
	/* Received and not handed on: the mailbox was full, or the connection was lost first. */
	uint64_t arrivals_dropped;
	uint64_t samples_dropped; /* that waited when the connection was lost */
	uint64_t takeovers;       /* another client with our id */
};

/* Takes the settings, also on failure. Begins to connect at once. */
int mqtt_new(sd_event *loop, struct mqtt_settings *settings, const struct mqtt_ops *ops, void *user,
	struct mqtt **ret);
struct mqtt *mqtt_free(struct mqtt *mqtt);
bool mqtt_has_settings(const struct mqtt *mqtt, const struct mqtt_settings *settings);
/* Takes the settings. Leaves the broker, which publishes `offline`, and connects by these; does not
 * wait for a broker that is dead. */
void mqtt_change(struct mqtt *mqtt, struct mqtt_settings *settings);
/* Disconnects for good. */
void mqtt_stop(struct mqtt *mqtt, bool with_will);
/* An event got through, so this broker works: after the next loss it is tried again soon. */
void mqtt_prove(struct mqtt *mqtt);
bool mqtt_is_up(const struct mqtt *mqtt);
/* Waiting between two attempts, or stopped: nothing is about to happen. */
bool mqtt_is_idle(const struct mqtt *mqtt);
void mqtt_get_counters(const struct mqtt *mqtt, struct mqtt_counters *ret);
/* What the broker offers; NULL while there is no connection. */
const struct paho_offer *mqtt_get_offer(const struct mqtt *mqtt);
/* When the oldest unacknowledged message was sent; T_NEVER: there is none. */
int64_t mqtt_oldest_us(const struct mqtt *mqtt);
