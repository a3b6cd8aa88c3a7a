// SPDX-License-Identifier: MIT
#include "daemon/main/radio-send.h"

#include <stdio.h>

void radio_send_topic(
	const struct radio *r, const char *leaf, char ret[static RADIO_SEND_TOPIC_SIZE])
{
	snprintf(ret, RADIO_SEND_TOPIC_SIZE, "radio/%s/%s", r->conf->gateway.name, leaf);
}

int radio_send(struct radio *r, const char *leaf, const char *text, size_t size, unsigned qos)
{
	char topic[RADIO_SEND_TOPIC_SIZE];

	radio_send_topic(r, leaf, topic);
	return fleet_mqtt_send(r->fleet, topic, text, size, qos, false);
}
