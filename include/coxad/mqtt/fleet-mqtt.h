// SPDX-License-Identifier: MIT
#pragma once
/* Between a brain and its radios: a broker connection of its own, beside that of the sink, for both
 * sides. Nothing outlives the connection: after `up`, what still matters is sent again. One thread, on
 * the given loop.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/config/conf.h"
#include "coxad/wire/message.h"

#define FLEET_MQTT_FILTERS_MAX 8
/* Of a message that arrives: what a radio is to serve, with 512 wearables. */
#define FLEET_MQTT_PAYLOAD_MAX (128 * 1024)
/* Of messages that have arrived and wait for the loop, and of those with QoS 1 that wait to be sent. */
#define FLEET_MQTT_WAITING_MAX (8 * 1024 * 1024)

struct fleet_mqtt;

/* Borrowed during the call. */
struct fleet_arrival {
	const char *topic; /* below the base */
	const void *payload;
	size_t size;
	bool is_retained;
	int64_t arrived_us; /* clock_now_us, when it came in */
};

struct fleet_mqtt_options {
	const struct conf *conf;    /* with a broker */
	const char *client_suffix;  /* what follows the client-id */
	const char *from;           /* in the journal, who sends what arrives: "the radios" */
	const char *const *filters; /* below the base */
	size_t n_filters;
	/* What the broker publishes, retained, when we are gone. Below the base. */
	const char *will_topic;
	const void *will_payload;
	size_t will_size;
};

struct fleet_mqtt_ops {
	/* The subscriptions are asked for before anything that is sent from now on. */
	void (*up)(void *user);
	void (*down)(void *user);
	/* After -EAGAIN, or a refusal of fleet_mqtt_can_send: there is space again. May be NULL. */
	void (*ready)(void *user);
	void (*arrived)(void *user, const struct fleet_arrival *arrival);
};

/* Copies the options. Begins to connect at once. -EINVAL: no broker, or too many filters. */
int fleet_mqtt_new(sd_event *loop, const struct fleet_mqtt_options *options,
	const struct fleet_mqtt_ops *ops, void *user, struct fleet_mqtt **ret);
struct fleet_mqtt *fleet_mqtt_free(struct fleet_mqtt *fleet);
/* Copies. QoS 0 leaves at once or not at all; QoS 1 may wait and is lost with the connection. 0,
 * -ENOTCONN, -EAGAIN: no space, -EMSGSIZE: more than the broker accepts, -EINVAL. Six parameters: a
 * message is one line of the caller. */
int fleet_mqtt_send(struct fleet_mqtt *fleet, const char *topic, const void *payload, size_t size,
	unsigned qos, bool retain);
/* Whether one more message with QoS 0 should leave now, which is lost with the connection. */
bool fleet_mqtt_can_send(struct fleet_mqtt *fleet);
/* Reconnects if [mqtt] changed. On -errno the previous connection is kept. */
int fleet_mqtt_reload(struct fleet_mqtt *fleet, const struct conf *conf);
/* Runs the loop until all is sent or the time is up, then publishes what the will says and
 * disconnects. */
void fleet_mqtt_flush(struct fleet_mqtt *fleet, int64_t timeout_us);
/* Counters and gauges for the stats. Returns how many it wrote. */
size_t fleet_mqtt_gauges(
	const struct fleet_mqtt *fleet, struct stat_entry *entries, size_t capacity);
