// SPDX-License-Identifier: MIT
#pragma once
/* The session with the broker: connects, comes back with backoff after each loss, subscribes,
 * sends with a token each, and says what became of it. Owns the mailbox and the Paho connection of
 * the moment. What may be sent when, and what a loss means for it, is the outbox's business.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "daemon/mqtt/mqtt-settings.h"

struct mqtt;

enum mqtt_loss {
	MQTT_LOSS_LINK,    /* the network, the broker's end, silence */
	MQTT_LOSS_MESSAGE, /* the broker hung up because of something that we sent */
	MQTT_LOSS_STOPPED  /* mqtt_stop */
};

struct mqtt_ops {
	void (*up)(void *user, unsigned window);
	void (*down)(void *user, enum mqtt_loss loss);
	/* Once for each token, unless `down` comes first. */
	void (*acked)(void *user, uint64_t token);
	void (*refused)(void *user, uint64_t token, int reason);
	void (*command)(void *user, const struct paho_arrival *arrival);
};

struct mqtt_counters {
	uint64_t attempts, connections, commands_dropped, mailbox_overflows;
};

/* Copies the settings. Begins to connect at once. */
int mqtt_new(sd_event *loop, const struct mqtt_settings *settings, const struct mqtt_ops *ops,
	void *user, struct mqtt **ret);
struct mqtt *mqtt_free(struct mqtt *mqtt);
/* QoS 1, once up. 0, -EMSGSIZE: more than the broker takes, -EAGAIN: not now, -ENOTCONN. */
int mqtt_send(struct mqtt *mqtt, uint64_t token, const struct paho_publish *publish);
/* QoS 0: 0, or -EAGAIN where too many are not yet written, -ENOTCONN, -EMSGSIZE. */
int mqtt_send_sample(struct mqtt *mqtt, const struct paho_publish *publish);
/* Ends the session, and does not come back. */
void mqtt_stop(struct mqtt *mqtt, bool with_will);
/* Gives up this connection (a message was refused in a way that asks for a new beginning). */
void mqtt_restart(struct mqtt *mqtt);
bool mqtt_is_up(const struct mqtt *mqtt);
/* Waits between attempts, or has stopped: nothing happens soon. */
bool mqtt_is_idle(const struct mqtt *mqtt);
void mqtt_get_counters(const struct mqtt *mqtt, struct mqtt_counters *ret);
/* When the oldest message under way was sent, T_NEVER: none. */
int64_t mqtt_oldest_us(const struct mqtt *mqtt);
