// SPDX-License-Identifier: MIT
#include "coxad/mqtt/fleet-mqtt.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/loop/journal.h"
#include "daemon/mqtt/fleet-waiting.h"
#include "daemon/mqtt/mqtt-offer.h"
#include "daemon/mqtt/mqtt-reason.h"
#include "daemon/mqtt/mqtt-reload.h"
#include "daemon/mqtt/mqtt-send.h"
#include "daemon/mqtt/mqtt.h"

/* So that no radio fills the memory of the brain, nor the other way round: Paho takes in a packet whole. */
#define PACKET_MAX (4 * FLEET_MQTT_PAYLOAD_MAX)
/* What Paho has not begun to write when a connection ends is never freed (MQTTAsync_destroy of 1.3.12), so it
 * gets few of the messages that are sent again. */
#define UNWRITTEN_MAX 8
/* How long the broker may take to confirm the disconnect. */
#define GOODBYE_US (US_PER_S / 2)

_Static_assert(FLEET_MQTT_FILTERS_MAX <= MQTT_FILTERS_MAX, "each is a subscription");

/* A radio that is gone is to be known at once, and one that is back is to be heard at once. */
static const struct mqtt_timing timing = {
	.ack_us = 6 * US_PER_S,
	.backoff_min_us = US_PER_S / 4,
	.backoff_max_us = 2 * US_PER_S,
	.takeover_us = 15 * US_PER_S,
	.connect_s = 5,
	.keep_alive_s = 3,
	.hold_min_us = 5 * US_PER_S,
	.hold_max_us = 60 * US_PER_S,
};

struct fleet_mqtt {
	sd_event *loop;
	struct fleet_mqtt_ops ops;
	void *user;
	struct mqtt *mqtt;
	char *base, *client_suffix, *incoming;
	char *filter[FLEET_MQTT_FILTERS_MAX];
	size_t n_filters;
	struct message will;          /* its topic is below the base; owned */
	struct fleet_waiting waiting; /* QoS 1 */
	bool is_short;                /* somebody was told that there is no space */
	uint64_t refused, too_large;
	struct journal_limit refused_limit, too_large_limit;
};

static void refuse(struct fleet_mqtt *fleet, const struct paho_publish *publish, int reason)
{
	char words[MQTT_REASON_TEXT_SIZE];

	fleet->refused++;
	journal_write_limited(&fleet->refused_limit, LOG_WARNING, "broker",
		"the broker refused the message %s: %s; see the broker's access list",
		publish->topic, mqtt_reason_print(reason, NULL, words, sizeof(words)));
}

/* Sends what the broker's window takes. */
static void pump(struct fleet_mqtt *fleet)
{
	struct fleet_message *message;

	while ((message = fleet_waiting_next(&fleet->waiting))) {
		int r = mqtt_send(fleet->mqtt, message->token, &message->publish);

		if (r == -EAGAIN || r == -ENOTCONN)
			return;
		message->is_sent = true;
		if (r < 0) {
			refuse(fleet, &message->publish, MQTT_REASON_TOPIC_INVALID);
			fleet_waiting_gone(&fleet->waiting, message->token);
		}
	}
}

static void tell_space(struct fleet_mqtt *fleet)
{
	if (!fleet->is_short)
		return;
	fleet->is_short = false;
	if (fleet->ops.ready)
		fleet->ops.ready(fleet->user);
}

static void on_up(void *user, unsigned window)
{
	struct fleet_mqtt *fleet = user;

	fleet->ops.up(fleet->user);
}

static void on_down(void *user, bool is_stopped, int64_t reason)
{
	struct fleet_mqtt *fleet = user;

	fleet_waiting_clear(&fleet->waiting);
	fleet->is_short = false;
	fleet->ops.down(fleet->user);
}

static void on_acked(void *user, uint64_t token)
{
	struct fleet_mqtt *fleet = user;

	mqtt_prove(fleet->mqtt);
	fleet_waiting_gone(&fleet->waiting, token);
	pump(fleet);
	tell_space(fleet);
}

static void on_refused(void *user, uint64_t token, int reason)
{
	struct fleet_mqtt *fleet = user;
	const struct fleet_message *message = fleet->waiting.first;

	while (message && message->token != token)
		message = message->next;
	if (message)
		refuse(fleet, &message->publish, reason);
	fleet_waiting_gone(&fleet->waiting, token);
	pump(fleet);
	tell_space(fleet);
}

static void on_written(void *user)
{
	struct fleet_mqtt *fleet = user;

	pump(fleet);
	if (mqtt_send_unwritten(fleet->mqtt) < UNWRITTEN_MAX)
		tell_space(fleet);
}

static void on_arrived(void *user, const struct paho_arrival *arrival)
{
	struct fleet_mqtt *fleet = user;
	size_t base = strlen(fleet->base);

	if (strncmp(arrival->topic, fleet->base, base) || arrival->topic[base] != '/')
		return;
	if (arrival->size > FLEET_MQTT_PAYLOAD_MAX) {
		fleet->too_large++;
		journal_write_limited(&fleet->too_large_limit, LOG_WARNING, "broker",
			"a message of more than %d bytes came on %s: passed over",
			FLEET_MQTT_PAYLOAD_MAX, arrival->topic);
		return;
	}
	fleet->ops.arrived(fleet->user, &(struct fleet_arrival){.topic = arrival->topic + base + 1,
						.payload = arrival->payload,
						.size = arrival->size,
						.is_retained = arrival->is_retained,
						.arrived_us = arrival->arrived_us});
}

static void set_base(struct fleet_mqtt *fleet, const struct conf *conf)
{
	free(fleet->base);
	fleet->base = alloc_text(conf->mqtt.base);
}

/* The settings that conf asks for. */
static void make_settings(
	const struct fleet_mqtt *fleet, const struct conf *conf, struct mqtt_settings *ret)
{
	_auto_free_ char *topic =
		fleet->will.topic ? alloc_printf("%s/%s", conf->mqtt.base, fleet->will.topic)
				  : NULL;
	struct message will = fleet->will;
	const struct mqtt_use use = {.incoming = fleet->incoming,
		.client_suffix = fleet->client_suffix,
		.filters = (const char *const *)fleet->filter,
		.n_filters = fleet->n_filters,
		.arrival_max = FLEET_MQTT_PAYLOAD_MAX,
		.packet_max = PACKET_MAX,
		.waiting_max = FLEET_MQTT_WAITING_MAX,
		.will = &will,
		.timing = &timing};

	will.topic = topic;
	mqtt_settings_init(ret, conf, &use);
}

static void copy_options(struct fleet_mqtt *fleet, const struct fleet_mqtt_options *options)
{
	char *payload = alloc_zero(1, options->will_size);

	if (options->will_size)
		memcpy(payload, options->will_payload, options->will_size);
	fleet->will = (struct message){.topic = alloc_text(options->will_topic),
		.payload = payload,
		.size = options->will_size,
		.qos = 1,
		.retain = true};
	fleet->client_suffix = alloc_text(options->client_suffix);
	fleet->incoming = alloc_printf("messages from %s", options->from);
	fleet->n_filters = options->n_filters;
	for (size_t i = 0; i < options->n_filters; i++)
		fleet->filter[i] = alloc_text(options->filters[i]);
}

int fleet_mqtt_new(sd_event *loop, const struct fleet_mqtt_options *options,
	const struct fleet_mqtt_ops *ops, void *user, struct fleet_mqtt **ret)
{
	static const struct mqtt_ops mqtt_ops = {.up = on_up,
		.down = on_down,
		.acked = on_acked,
		.refused = on_refused,
		.written = on_written,
		.arrived = on_arrived};
	struct mqtt_settings settings;
	struct fleet_mqtt *fleet;
	int r;

	if (!options->conf->mqtt.broker || options->n_filters > FLEET_MQTT_FILTERS_MAX)
		return -EINVAL;
	fleet = new0(struct fleet_mqtt);
	fleet->loop = sd_event_ref(loop);
	fleet->ops = *ops;
	fleet->user = user;
	fleet_waiting_init(&fleet->waiting, FLEET_MQTT_WAITING_MAX);
	copy_options(fleet, options);
	set_base(fleet, options->conf);
	make_settings(fleet, options->conf, &settings);
	r = mqtt_new(loop, &settings, &mqtt_ops, fleet, &fleet->mqtt);
	if (r < 0) {
		fleet_mqtt_free(fleet);
		return r;
	}
	*ret = fleet;
	return 0;
}

struct fleet_mqtt *fleet_mqtt_free(struct fleet_mqtt *fleet)
{
	if (!fleet)
		return NULL;
	mqtt_free(fleet->mqtt);
	fleet_waiting_clear(&fleet->waiting);
	for (size_t i = 0; i < fleet->n_filters; i++)
		free(fleet->filter[i]);
	free((void *)fleet->will.topic);
	free((void *)fleet->will.payload);
	free(fleet->incoming);
	free(fleet->client_suffix);
	free(fleet->base);
	sd_event_unref(fleet->loop);
	free(fleet);
	return NULL;
}

static int send_later(struct fleet_mqtt *fleet, const struct paho_publish *publish)
{
	const struct paho_offer *offer = mqtt_get_offer(fleet->mqtt);
	int r;

	if (!offer)
		return -ENOTCONN;
	if (mqtt_offer_is_too_large(offer, publish))
		return -EMSGSIZE;
	r = fleet_waiting_add(&fleet->waiting, publish);
	pump(fleet);
	return r;
}

int fleet_mqtt_send(struct fleet_mqtt *fleet, const char *topic, const void *payload, size_t size,
	unsigned qos, bool retain)
{
	_auto_free_ char *full = alloc_printf("%s/%s", fleet->base, topic);
	struct paho_publish publish = {
		.topic = full, .payload = payload, .size = size, .qos = qos, .retain = retain};
	int r = qos ? send_later(fleet, &publish) : mqtt_send_unqueued(fleet->mqtt, &publish);

	fleet->is_short |= r == -EAGAIN;
	return r;
}

bool fleet_mqtt_can_send(struct fleet_mqtt *fleet)
{
	bool is_full = mqtt_send_unwritten(fleet->mqtt) >= UNWRITTEN_MAX;

	if (!mqtt_is_up(fleet->mqtt))
		return false;
	fleet->is_short |= is_full;
	return !is_full;
}

int fleet_mqtt_reload(struct fleet_mqtt *fleet, const struct conf *conf)
{
	struct mqtt_settings settings;
	int r;

	if (!conf->mqtt.broker)
		return -EINVAL;
	make_settings(fleet, conf, &settings);
	r = mqtt_reload_check(fleet->mqtt, &settings);
	if (r <= 0) {
		mqtt_settings_done(&settings);
		return r;
	}
	mqtt_change(fleet->mqtt, &settings);
	set_base(fleet, conf);
	return 0;
}

static bool is_sent(const struct fleet_mqtt *fleet)
{
	return !mqtt_is_up(fleet->mqtt) ||
	       (!fleet->waiting.first && mqtt_send_is_done(fleet->mqtt));
}

static bool is_gone(const struct fleet_mqtt *fleet)
{
	return mqtt_is_idle(fleet->mqtt);
}

static void turn_until(
	struct fleet_mqtt *fleet, int64_t until_us, bool (*is_done)(const struct fleet_mqtt *))
{
	while (!is_done(fleet)) {
		int64_t left_us = until_us - clock_now_us();

		if (left_us <= 0 || sd_event_run(fleet->loop, (uint64_t)left_us) < 0)
			return;
	}
}

void fleet_mqtt_flush(struct fleet_mqtt *fleet, int64_t timeout_us)
{
	int64_t until_us = clock_now_us() + timeout_us;
	const struct message *will = &fleet->will;
	bool is_said = true;

	turn_until(fleet, until_us, is_sent);
	if (will->topic) {
		is_said = !fleet_mqtt_send(
			fleet, will->topic, will->payload, will->size, will->qos, will->retain);
		turn_until(fleet, until_us, is_sent);
		is_said = is_said && mqtt_is_up(fleet->mqtt) && is_sent(fleet);
	}
	mqtt_stop(fleet->mqtt, !is_said);
	turn_until(fleet, clock_now_us() + GOODBYE_US, is_gone);
}

size_t fleet_mqtt_gauges(
	const struct fleet_mqtt *fleet, struct stat_entry *entries, size_t capacity)
{
	struct mqtt_counters mqtt;

	mqtt_get_counters(fleet->mqtt, &mqtt);
	const struct {
		const char *name;
		double value;
	} all[] = {
		{"fleet_connected", mqtt_is_up(fleet->mqtt)},
		{"fleet_connections", (double)mqtt.connections},
		{"fleet_attempts", (double)mqtt.attempts},
		{"fleet_waiting_bytes", (double)fleet->waiting.bytes},
		{"fleet_arrivals_dropped", (double)mqtt.arrivals_dropped},
		{"fleet_arrivals_too_large", (double)fleet->too_large},
		{"fleet_refused", (double)fleet->refused},
	};
	size_t n = ARRAY_LEN(all) < capacity ? ARRAY_LEN(all) : capacity;

	for (size_t i = 0; i < n; i++)
		entries[i] = (struct stat_entry){
			.name = all[i].name, .value = all[i].value, .is_integer = true};
	return n;
}
