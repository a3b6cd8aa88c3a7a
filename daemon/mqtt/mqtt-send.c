// SPDX-License-Identifier: MIT
#include "daemon/mqtt/mqtt-send.h"

#include <errno.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/mqtt/mqtt-private.h"

/* QoS 0 messages handed to Paho and not yet written: bounds what an alert may have to wait for. More
 * wait in the queue of samples. */
#define SAMPLES_MAX 16
/* The same where nothing waits here: a second of a radio's batches. */
#define UNQUEUED_MAX 64

/* QoS 0 only: it counts as acknowledged as soon as Paho has it, but not before this turn ends. */
static int acknowledge_unasked(struct mqtt *mqtt)
{
	struct mail mail = {.kind = PAHO_MAIL_SENT, .number = --mqtt->last_unacknowledged};

	mqtt->n_samples++;
	mailbox_post(mqtt->mailbox, &mail, false);
	return mqtt->last_unacknowledged;
}

/* An acknowledgement. */
static void expect(struct mqtt *mqtt)
{
	sd_event_source_set_time_relative(mqtt->timer, (uint64_t)mqtt->settings.timing.ack_us);
	sd_event_source_set_enabled(mqtt->timer, SD_EVENT_ONESHOT);
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
	if (in_flight_oldest_us(&mqtt->in_flight) == now_us)
		expect(mqtt);
	return 0;
}

static int send_sample(struct mqtt *mqtt, const struct paho_publish *publish)
{
	const struct paho_publish offered = mqtt_offer_apply(&mqtt->offer, publish);
	int r = paho_publish(mqtt->paho, &offered);

	if (r < 0)
		return r;
	mqtt->n_samples++;
	return 0;
}

int mqtt_send_sample(struct mqtt *mqtt, const struct paho_publish *publish)
{
	if (mqtt->state != MQTT_STATE_UP)
		return -ENOTCONN;
	if (mqtt_offer_is_too_large(&mqtt->offer, publish))
		return -EMSGSIZE;
	if (mqtt->n_samples < SAMPLES_MAX && !mqtt->samples.n)
		return send_sample(mqtt, publish);
	return sample_queue_push(&mqtt->samples, publish) ? -ENOBUFS : 0;
}

void mqtt_send_samples(struct mqtt *mqtt)
{
	while (mqtt->state == MQTT_STATE_UP && mqtt->n_samples < SAMPLES_MAX && mqtt->samples.n) {
		_auto_free_ struct paho_publish *sample = sample_queue_take(&mqtt->samples);

		send_sample(mqtt, sample);
	}
}

int mqtt_send_unqueued(struct mqtt *mqtt, const struct paho_publish *publish)
{
	if (mqtt->state != MQTT_STATE_UP)
		return -ENOTCONN;
	if (mqtt_offer_is_too_large(&mqtt->offer, publish))
		return -EMSGSIZE;
	return mqtt->n_samples < UNQUEUED_MAX ? send_sample(mqtt, publish) : -EAGAIN;
}

unsigned mqtt_send_unwritten(const struct mqtt *mqtt)
{
	return mqtt->n_samples;
}

bool mqtt_send_is_done(const struct mqtt *mqtt)
{
	return !mqtt->n_samples && !mqtt->samples.n &&
	       in_flight_oldest_us(&mqtt->in_flight) == T_NEVER;
}

void mqtt_send_drop_samples(struct mqtt *mqtt)
{
	struct paho_publish *sample;

	while ((sample = sample_queue_take(&mqtt->samples))) {
		mqtt->counters.samples_dropped++;
		free(sample);
	}
}

int mqtt_send_goodbye(struct mqtt *mqtt)
{
	const struct paho_connect *connect = &mqtt->settings.connect;
	struct paho_publish goodbye = {.topic = connect->will.topic,
		.payload = connect->will.payload,
		.size = connect->will.size,
		.qos = connect->will.qos,
		.retain = connect->will.retain};

	if (goodbye.topic) {
		goodbye = mqtt_offer_apply(&mqtt->offer, &goodbye);
		paho_publish(mqtt->paho, &goodbye);
	}
	return paho_disconnect(mqtt->paho, false);
}
