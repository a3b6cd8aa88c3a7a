// SPDX-License-Identifier: MIT
#include "coxad/mqtt/sink-mqtt.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/response-topic.h"
#include "daemon/mqtt/mqtt-reload.h"
#include "daemon/mqtt/mqtt-send.h"
#include "daemon/mqtt/mqtt-subscription.h"
#include "daemon/mqtt/sink-beside.h"
#include "daemon/mqtt/sink-delivery.h"
#include "daemon/mqtt/sink-mqtt-private.h"

/* How often what is too old is given up and the store is looked after. */
#define TICK_US (5 * US_PER_S)
/* How long the broker may take to confirm the disconnect. */
#define GOODBYE_US (US_PER_S / 2)
/* Of commands that wait for the loop. */
#define COMMANDS_BYTES (512 * 1024)

static void on_command(void *user, const struct paho_arrival *arrival)
{
	struct sink_mqtt *sink = user;
	size_t base = strlen(sink->base), length = strlen(arrival->topic);
	static const char result[] = "/result";

	if (sink->is_held || length <= base + 1 || memcmp(arrival->topic, sink->base, base) ||
		arrival->topic[base] != '/')
		return;
	if (sink_beside_take(sink, arrival))
		return;
	/* Our own replies: MQTT 3.1.1 sends them back to us. */
	if (length > sizeof(result) &&
		!strcmp(arrival->topic + length - (sizeof(result) - 1), result))
		return;
	sink->command_since = outbox_next_token(sink->outbox);
	sink->ops.command(sink->user, &(struct command_request){
					      .topic = arrival->topic + base + 1,
					      .payload = arrival->payload,
					      .size = arrival->size,
					      .is_retained = arrival->is_retained,
					      .reply_to = arrival->reply_to,
				      });
	sink->command_since = 0;
}

static int on_tick(sd_event_source *source, uint64_t usec, void *user)
{
	struct sink_mqtt *sink = user;

	outbox_advance(sink->outbox, clock_now_us());
	outbox_persister_tick(sink->persister);
	sink_delivery_pump(sink);
	sink_health_check(sink);
	sd_event_source_set_time_relative(source, TICK_US);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

static int on_settle(sd_event_source *source, void *user)
{
	sink_delivery_pump(user);
	return 0;
}

static int on_retry(sd_event_source *source, uint64_t usec, void *user)
{
	sink_delivery_pump(user);
	return 0;
}

static void on_unsafe(void *user)
{
	struct sink_mqtt *sink = user;

	if (sink->is_open && sink->ops.unsafe)
		sink->ops.unsafe(sink->user);
}

static int on_health(sd_event_source *source, uint64_t usec, void *user)
{
	sink_health_check(user);
	return 0;
}

static struct outbox_limits limits_of(const struct conf *conf)
{
	return (struct outbox_limits){.max_events = conf->outbox.max_events,
		.max_bytes = conf->outbox.max_bytes,
		.max_age_us = (int64_t)(conf->outbox.max_age_s * US_PER_S),
		.ageless_class = MESSAGE_CLASS_ALERT};
}

/* Takes the settings. */
static int connect_by(
	struct sink_mqtt *sink, const struct conf *conf, struct mqtt_settings *settings)
{
	static const struct mqtt_ops ops = {.up = sink_delivery_up,
		.down = sink_delivery_down,
		.acked = sink_delivery_acked,
		.refused = sink_delivery_refused,
		.arrived = on_command};
	int r = 0;

	if (sink->mqtt)
		mqtt_change(sink->mqtt, settings);
	else
		r = mqtt_new(sink->loop, settings, &ops, sink, &sink->mqtt);
	if (r < 0)
		return r;
	free(sink->base);
	sink->base = alloc_text(conf->mqtt.base);
	sink->is_v5 = conf->mqtt.version == 5;
	if (!sink->is_v5)
		journal_write(LOG_NOTICE, "config",
			"with MQTT 3.1.1 the broker cannot report refused messages; set version = 5 if it supports it");
	return 0;
}

static int start_connection(struct sink_mqtt *sink, const struct conf *conf)
{
	static const char *const commands[] = {"command/#"};
	const struct mqtt_use use = {.incoming = "commands",
		.filters = commands,
		.n_filters = ARRAY_LEN(commands),
		.extra = SINK_BESIDE_FILTER,
		.arrival_max = COMMAND_PAYLOAD_MAX,
		.waiting_max = COMMANDS_BYTES,
		.will = &sink->will,
		.timing = &sink->timing};
	struct mqtt_settings settings;
	int r;

	if (!conf->mqtt.broker)
		return -EINVAL;
	mqtt_settings_init(&settings, conf, &use);
	r = mqtt_reload_check(sink->mqtt, &settings);
	if (r <= 0) {
		mqtt_settings_done(&settings);
		return r;
	}
	return connect_by(sink, conf, &settings);
}

static void copy_will(struct sink_mqtt *sink, const struct message *will)
{
	char *payload;

	if (!will)
		return;
	payload = alloc_zero(1, will->size);
	memcpy(payload, will->payload, will->size);
	sink->will = (struct message){.topic = alloc_text(will->topic),
		.payload = payload,
		.size = will->size,
		.qos = will->qos,
		.retain = will->retain};
}

static int add_sources(struct sink_mqtt *sink)
{
	int r = sd_event_add_time_relative(
		sink->loop, &sink->tick, CLOCK_MONOTONIC, TICK_US, 0, on_tick, sink);

	if (r >= 0)
		r = sd_event_add_time_relative(
			sink->loop, &sink->retry, CLOCK_MONOTONIC, 0, 0, on_retry, sink);
	if (r >= 0)
		r = sd_event_source_set_enabled(sink->retry, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time_relative(
			sink->loop, &sink->health_timer, CLOCK_MONOTONIC, 0, 0, on_health, sink);
	if (r >= 0)
		r = sd_event_add_defer(sink->loop, &sink->settle, on_settle, sink);
	if (r >= 0)
		r = sd_event_source_set_priority(sink->settle, SD_EVENT_PRIORITY_IMPORTANT);
	if (r >= 0)
		r = sd_event_source_set_enabled(sink->settle, SD_EVENT_OFF);
	return r;
}

static void on_ready(void *user)
{
	struct sink_mqtt *sink = user;

	if (sink->mqtt)
		sink_delivery_pump(sink);
}

int sink_mqtt_new(sd_event *loop, const struct sink_mqtt_options *options,
	const struct sink_mqtt_ops *ops, void *user, struct sink_mqtt **ret)
{
	static const struct outbox_ops outbox_ops = {.gone = sink_delivery_gone};
	struct sink_mqtt *sink = alloc_zero(1, sizeof(*sink));
	struct outbox_limits limits = limits_of(options->conf);
	struct outbox_persister_options persister = {.loop = loop,
		.thread = options->store_thread,
		.directory = options->state_directory,
		.max_bytes = limits.max_bytes,
		.ahead = options->ahead,
		.unsafe = on_unsafe,
		.ready = on_ready,
		.user = sink};
	int r;

	sink->loop = sd_event_ref(loop);
	sink->ops = *ops;
	sink->user = user;
	sink->trace = (struct trace){.tracer = options->tracer};
	sink->timing = options->timing ? *options->timing : mqtt_settings_timing;
	copy_will(sink, options->will);
	sink->outbox = persister.outbox = outbox_new(&limits, &outbox_ops, sink);
	r = outbox_persister_new(&persister, &sink->persister);
	sink->is_open = r >= 0;
	if (r >= 0)
		r = start_connection(sink, options->conf);
	if (r >= 0)
		r = add_sources(sink);
	if (r < 0) {
		sink_mqtt_free(sink);
		return r;
	}
	*ret = sink;
	return 0;
}

struct sink_mqtt *sink_mqtt_free(struct sink_mqtt *sink)
{
	if (!sink)
		return NULL;
	sink->mqtt = mqtt_free(sink->mqtt);
	sd_event_source_disable_unref(sink->tick);
	sd_event_source_disable_unref(sink->retry);
	sd_event_source_disable_unref(sink->health_timer);
	sd_event_source_disable_unref(sink->settle);
	outbox_persister_free(sink->persister);
	outbox_free(sink->outbox);
	free((void *)sink->will.topic);
	free((void *)sink->will.payload);
	free(sink->base);
	sd_event_unref(sink->loop);
	free(sink);
	return NULL;
}

int sink_mqtt_reload(struct sink_mqtt *sink, const struct conf *conf)
{
	struct outbox_limits limits = limits_of(conf);

	outbox_set_limits(sink->outbox, &limits);
	/* Perhaps the reason for the reload: the broker was put right. */
	sink_mqtt_requeue(sink);
	return start_connection(sink, conf);
}

size_t sink_mqtt_requeue(struct sink_mqtt *sink)
{
	size_t n = outbox_n_held(sink->outbox);

	sink_aside_forgive(sink);
	mqtt_subscription_hurry(sink->mqtt);
	sd_event_source_set_enabled(sink->settle, SD_EVENT_ONESHOT);
	return n;
}

void sink_mqtt_hold(struct sink_mqtt *sink, bool is_held)
{
	bool was_held = sink->is_held;

	sink->is_held = is_held;
	if (was_held && sink_mqtt_is_open(sink))
		sink_delivery_begin(sink);
}

struct visit {
	void (*each)(void *user, const char *topic, const void *payload, size_t size);
	void *user;
};

static void visit_entry(void *user, struct outbox_entry *entry)
{
	struct visit *visit = user;

	visit->each(visit->user, entry->item.topic, entry->item.payload, entry->item.size);
}

void sink_mqtt_each(struct sink_mqtt *sink,
	void (*each)(void *user, const char *topic, const void *payload, size_t size), void *user)
{
	outbox_each(sink->outbox, visit_entry, &(struct visit){each, user});
}

bool sink_mqtt_is_in_memory(const struct sink_mqtt *sink)
{
	struct outbox_persister_counters persister;

	outbox_persister_get_counters(sink->persister, &persister);
	return persister.is_in_memory;
}

bool sink_mqtt_is_safe(const struct sink_mqtt *sink)
{
	return sink_mqtt_is_in_memory(sink) || outbox_persister_is_safe(sink->persister);
}

uint64_t sink_mqtt_first_seq(const struct sink_mqtt *sink, bool *ret_is_known)
{
	return outbox_persister_first_seq(sink->persister, ret_is_known);
}

const struct outbox_persister *sink_mqtt_persister(const struct sink_mqtt *sink)
{
	return sink->persister;
}

static void push_sample(struct sink_mqtt *sink, const struct message *message)
{
	struct paho_publish publish = {.topic = message->topic,
		.payload = message->payload,
		.size = message->size,
		.retain = message->retain,
		.expiry_s = message->expiry_s};
	int r;

	r = sink->is_held ? -ENOTCONN : mqtt_send_sample(sink->mqtt, &publish);
	if (r < 0)
		sink->samples_dropped++;
	if (r == -ENOBUFS)
		sink->samples_late++;
}

static enum outbox_kind kind_of(const struct message *message)
{
	if (message->is_event)
		return OUTBOX_KIND_EVENT;
	return message->retain ? OUTBOX_KIND_STATE : OUTBOX_KIND_REPLY;
}

static void address(struct sink_mqtt *sink, const struct reply_to *to, struct outbox_item *item)
{
	if (response_topic_is_allowed(to->topic, sink->base)) {
		item->topic = to->topic;
		item->correlation = to->correlation;
		item->correlation_size = to->correlation_size;
		return;
	}
	sink->response_topics_refused++;
	journal_write_limited(&sink->response_limit, LOG_WARNING, "broker",
		"a command asked for its answer on a topic that is not below %s, or is one of coxad's own: answered on command/VERB/result instead",
		sink->base);
}

void sink_mqtt_push(struct sink_mqtt *sink, const struct message *message)
{
	struct outbox_item item = {.kind = kind_of(message),
		.class = message->class,
		.seq = message->seq,
		.id = message->id,
		.topic = message->topic,
		.payload = message->payload,
		.size = message->size,
		.retain = message->retain,
		.expiry_s = message->expiry_s};
	struct outbox_entry *entry;

	if (!message->qos) {
		push_sample(sink, message);
		return;
	}
	if (item.kind == OUTBOX_KIND_REPLY) {
		if (!sink_mqtt_is_open(sink))
			return;
		item.since =
			sink->command_since ? sink->command_since : outbox_next_token(sink->outbox);
		if (sink->is_v5 && message->reply_to.topic)
			address(sink, &message->reply_to, &item);
	}
	entry = outbox_add(sink->outbox, clock_now_us(), &item,
		sink->is_greeting || item.kind == OUTBOX_KIND_REPLY);
	if (entry)
		outbox_persister_added(sink->persister, entry);
	sd_event_source_set_enabled(sink->settle, SD_EVENT_ONESHOT);
}

static void turn_until(
	struct sink_mqtt *sink, int64_t until_us, bool (*is_done)(struct sink_mqtt *))
{
	while (!is_done(sink)) {
		int64_t left_us = until_us - clock_now_us();

		if (left_us <= 0 || sd_event_run(sink->loop, (uint64_t)left_us) < 0)
			return;
	}
}

/* There is no point in waiting if the broker is away and everything is on disk. */
static bool is_flushed(struct sink_mqtt *sink)
{
	return (outbox_is_empty(sink->outbox) &&
		       (!outbox_n_events(sink->outbox) ||
			       outbox_persister_is_safe(sink->persister))) ||
	       ((sink->is_held || mqtt_is_idle(sink->mqtt)) &&
		       outbox_persister_is_safe(sink->persister));
}

static bool is_gone(struct sink_mqtt *sink)
{
	return mqtt_is_idle(sink->mqtt);
}

void sink_mqtt_flush(struct sink_mqtt *sink, int64_t timeout_us)
{
	int64_t until_us = clock_now_us() + timeout_us;
	bool is_empty;

	sink->is_ending = true;
	sink_delivery_pump(sink);
	turn_until(sink, until_us, is_flushed);
	is_empty = outbox_is_empty(sink->outbox) && !outbox_n_held(sink->outbox);
	/* If our own `offline` is still in the outbox, the broker has to publish the will. */
	mqtt_stop(sink->mqtt, !is_empty);
	turn_until(sink, clock_now_us() + GOODBYE_US, is_gone);
	outbox_persister_flush(sink->persister);
	if (!is_empty)
		journal_write(LOG_NOTICE, "broker", "%zu events remain in the outbox",
			outbox_n_events(sink->outbox));
}

size_t sink_mqtt_gauges(const struct sink_mqtt *sink, struct stat_entry *entries, size_t capacity)
{
	struct mqtt_counters mqtt;
	struct outbox_persister_counters persister;

	mqtt_get_counters(sink->mqtt, &mqtt);
	outbox_persister_get_counters(sink->persister, &persister);
	const struct {
		const char *name;
		double value;
	} all[] = {
		{"broker_connected", mqtt_is_up(sink->mqtt)},
		{"broker_connections", (double)mqtt.connections},
		{"broker_attempts", (double)mqtt.attempts},
		{"outbox_events", (double)outbox_n_events(sink->outbox)},
		{"outbox_bytes", (double)outbox_n_bytes(sink->outbox)},
		{"outbox_under_way", (double)outbox_n_under_way(sink->outbox)},
		{"outbox_delivered", (double)outbox_n_gone(sink->outbox, OUTBOX_GONE_ACKED)},
		{"outbox_dropped_full", (double)outbox_n_gone(sink->outbox, OUTBOX_GONE_FULL)},
		{"outbox_dropped_age", (double)outbox_n_gone(sink->outbox, OUTBOX_GONE_AGED)},
		{"outbox_expired", (double)outbox_n_gone(sink->outbox, OUTBOX_GONE_EXPIRED)},
		{"outbox_refused", (double)sink->aside.set_aside},
		{"outbox_held", (double)outbox_n_held(sink->outbox)},
		{"outbox_set_aside", (double)outbox_n_aside(sink->outbox)},
		{"outbox_held_total", (double)sink->held},
		{"outbox_not_on_disk", (double)persister.not_on_disk},
		{"outbox_commits", (double)persister.commits},
		{"outbox_commit_us_max", (double)persister.commit_us_max},
		{"outbox_store_replaced", (double)persister.replaced},
		{"outbox_damaged", (double)persister.damaged},
		{"samples_dropped", (double)(sink->samples_dropped + mqtt.samples_dropped)},
		{"commands_dropped", (double)mqtt.arrivals_dropped},
		{"response_topics_refused", (double)sink->response_topics_refused},
	};
	size_t n = sizeof(all) / sizeof(all[0]);

	if (n > capacity)
		n = capacity;
	for (size_t i = 0; i < n; i++)
		entries[i] = (struct stat_entry){
			.name = all[i].name, .value = all[i].value, .is_integer = true};
	return n;
}

bool sink_mqtt_is_alive(const struct sink_mqtt *sink)
{
	int64_t oldest_us = mqtt_oldest_us(sink->mqtt);
	int64_t now_us = clock_now_us();

	/* The connection is given up after ack_us: at twice that, nothing works any more. */
	if (oldest_us != T_NEVER && now_us - oldest_us > 2 * sink->timing.ack_us)
		return false;
	/* False if the window has space and there is something to send, but nobody sends it. */
	return !sink_mqtt_is_open(sink) || outbox_is_empty(sink->outbox) ||
	       outbox_n_under_way(sink->outbox) ||
	       now_us - sink->acked_us < 2 * sink->timing.ack_us + 2 * TICK_US;
}
