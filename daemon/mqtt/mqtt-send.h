// SPDX-License-Identifier: MIT
#pragma once
/* Sends over the connection, within what the broker offers: retain and QoS that it does not have are
 * left out.
 */
#include "daemon/mqtt/mqtt.h"

/* QoS 1. 0, -EMSGSIZE: more than the broker accepts, -EINVAL: no broker can get it, -EAGAIN: not
 * now, -ENOTCONN. */
int mqtt_send(struct mqtt *mqtt, uint64_t token, const struct paho_publish *publish);
/* QoS 0, at once or when there is space. 0, -ENOBUFS: the oldest that waited was dropped for it,
 * -ENOTCONN, -EMSGSIZE. */
int mqtt_send_sample(struct mqtt *mqtt, const struct paho_publish *publish);
/* QoS 0, at once or not at all: 0, -EAGAIN, -ENOTCONN, -EMSGSIZE or -EINVAL. */
int mqtt_send_unqueued(struct mqtt *mqtt, const struct paho_publish *publish);
/* How many of QoS 0 Paho has and has not written. */
unsigned mqtt_send_unwritten(const struct mqtt *mqtt);
/* Nothing is under way: all is acknowledged, and with QoS 0 written. */
bool mqtt_send_is_done(const struct mqtt *mqtt);
/* For mqtt.c: those that wait, counted. */
void mqtt_send_drop_samples(struct mqtt *mqtt);
/* For mqtt.c: one was written, so another may go. */
void mqtt_send_samples(struct mqtt *mqtt);
/* For mqtt.c: publishes what the will says, which a broker that is left properly does not, and
 * disconnects. 0 or -errno. */
int mqtt_send_goodbye(struct mqtt *mqtt);
