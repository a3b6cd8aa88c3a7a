// SPDX-License-Identifier: MIT
#pragma once
/* Sends over the connection, within what the broker offers: retain and QoS that it does not have are
 * left out.
 */
#include "daemon/mqtt/mqtt.h"

/* QoS 1. 0, -EMSGSIZE: more than the broker accepts, -EINVAL: no broker can get it, -EAGAIN: not
 * now, -ENOTCONN. */
int mqtt_send(struct mqtt *mqtt, uint64_t token, const struct paho_publish *publish);
/* QoS 0. 0, -EAGAIN: too many are not yet written, -ENOTCONN, -EMSGSIZE. */
int mqtt_send_sample(struct mqtt *mqtt, const struct paho_publish *publish);
