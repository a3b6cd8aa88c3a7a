// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-offer.h"

#include <string.h>

#include "coxad/outbox/outbox.h"
#include "daemon/mqtt/mqtt-reason.h"

/* Properties and fixed header, at most. */
#define PACKET_OVERHEAD 64

unsigned mqtt_offer_window(const struct paho_offer *offer)
{
	/* One below the receive maximum: at it, Paho 1.3.12 sleeps for a second. */
	int64_t window = offer->receive_maximum > 1 ? offer->receive_maximum - 1 : 1;

	return window < OUTBOX_WINDOW_MAX ? (unsigned)window : OUTBOX_WINDOW_MAX;
}

bool mqtt_offer_is_too_large(const struct paho_offer *offer, const struct paho_publish *publish)
{
	size_t size = publish->size + strlen(publish->topic) + publish->correlation_size +
		      PACKET_OVERHEAD;

	return offer->packet_max && size > (size_t)offer->packet_max;
}

struct paho_publish mqtt_offer_apply(
	const struct paho_offer *offer, const struct paho_publish *publish)
{
	struct paho_publish offered = *publish;

	offered.retain = publish->retain && offer->has_retain;
	if (offered.qos > offer->maximum_qos)
		offered.qos = offer->maximum_qos;
	return offered;
}

bool mqtt_offer_refuses_will(struct mqtt_offer_will *offer, int64_t reason)
{
	bool *cannot = reason == MQTT_REASON_NO_RETAIN ? &offer->no_retain
		       : reason == MQTT_REASON_NO_QOS  ? &offer->no_qos
						       : NULL;

	if (!cannot || *cannot)
		return false;
	*cannot = true;
	return true;
}

void mqtt_offer_cut_will(const struct mqtt_offer_will *offer, struct paho_connect *connect)
{
	connect->will.retain = connect->will.retain && !offer->no_retain;
	if (offer->no_qos)
		connect->will.qos = 0;
}
