// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-offer.h"

#include <string.h>

#include "coxad/loop/journal.h"
#include "coxad/outbox/outbox.h"
#include "daemon/mqtt/mqtt-reason.h"

/* Properties and fixed header, at most. */
#define PACKET_OVERHEAD 64

void mqtt_offer_report(const struct paho_offer *offer)
{
	if (!offer->has_retain)
		journal_write(LOG_WARNING, "broker",
			"this broker keeps no retained messages: a screen that is opened late sees "
			"a state only when it changes");
	if (!offer->maximum_qos)
		journal_write(LOG_WARNING, "broker",
			"this broker acknowledges nothing (maximum QoS 0): what is lost on the way "
			"is not sent again");
}

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

void mqtt_offer_report_subscription(const char *filter, int64_t reason)
{
	if (reason >= 0x80)
		journal_write(LOG_ERR, "broker",
			"the broker refused the subscription to %s (reason 0x%02x): no commands will arrive; allow it in the broker's access list",
			filter, (unsigned)reason);
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
