// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-send.h"

#include <errno.h>

#include "coxad/loop/clock.h"
#include "daemon/mqtt/mqtt-private.h"

/* QoS 0 messages handed to Paho and not yet written: bounds the memory that a frozen broker costs,
 * and what an alert may have to wait for. */
#define SAMPLES_MAX 64

/* QoS 0 only: it counts as acknowledged as soon as Paho has it, but not before this turn ends. */
static int acknowledge_unasked(struct mqtt *mqtt)
{
	struct mail mail = {.kind = PAHO_MAIL_SENT, .number = --mqtt->last_unacknowledged};

	mqtt->n_samples++;
	mailbox_post(mqtt->mailbox, &mail, false);
	return mqtt->last_unacknowledged;
}

int mqtt_send(struct mqtt *mqtt, uint64_t token, const struct paho_publish *publish)
{
	const struct paho_publish offered = mqtt_offer_apply(&mqtt->offer, publish);
	int64_t now_us = clock_now_us();
	int r;

	if (mqtt->state != MQTT_STATE_UP)
		return -ENOTCONN;
	if (mqtt_offer_is_too_large(&mqtt->offer, publish))
		return -EMSGSIZE;
	if (in_flight_is_full(&mqtt->in_flight) ||
		(!mqtt->offer.maximum_qos && mqtt->n_samples >= SAMPLES_MAX))
		return -EAGAIN;
	r = paho_publish(mqtt->paho, &offered);
	if (r < 0)
		return r;
	if (!mqtt->offer.maximum_qos)
		r = acknowledge_unasked(mqtt);
	in_flight_add(&mqtt->in_flight, token, r, now_us);
	if (mqtt_oldest_us(mqtt) == now_us)
		mqtt_expect(mqtt);
	return 0;
}

int mqtt_send_sample(struct mqtt *mqtt, const struct paho_publish *publish)
{
	const struct paho_publish offered = mqtt_offer_apply(&mqtt->offer, publish);
	int r;

	if (mqtt->state != MQTT_STATE_UP)
		return -ENOTCONN;
	if (mqtt_offer_is_too_large(&mqtt->offer, publish))
		return -EMSGSIZE;
	if (mqtt->n_samples >= SAMPLES_MAX)
		return -EAGAIN;
	r = paho_publish(mqtt->paho, &offered);
	if (r < 0)
		return r;
	mqtt->n_samples++;
	return 0;
}
