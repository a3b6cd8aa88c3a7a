// SPDX-License-Identifier: MIT
#pragma once
/* What the broker offers in CONNACK, and a message cut to it. */
#include <stdbool.h>

#include "daemon/mqtt/paho.h"

/* How many messages may be in flight. */
unsigned mqtt_offer_window(const struct paho_offer *offer);
bool mqtt_offer_is_too_large(const struct paho_offer *offer, const struct paho_publish *publish);
/* Without retain and with a lower QoS, where that is what it offers. */
struct paho_publish mqtt_offer_apply(
	const struct paho_offer *offer, const struct paho_publish *publish);

/* What a refused CONNECT told about our will. Nothing when zero. */
struct mqtt_offer_will {
	bool no_retain, no_qos;
};
/* True if another attempt can be made at once, with a will that asks for less. */
bool mqtt_offer_refuses_will(struct mqtt_offer_will *offer, int64_t reason);
void mqtt_offer_cut_will(const struct mqtt_offer_will *offer, struct paho_connect *connect);
