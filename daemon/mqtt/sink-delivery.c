// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-delivery.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/message-print.h"
#include "daemon/mqtt/sink-mqtt-private.h"

/* A message that ended this many connections while no other was in flight is the culprit. */
#define SUSPICIONS_MAX 2
/* ,"late_ms": and its digits. */
#define LATE_BYTES 64

static const char *const gone_names[OUTBOX_GONE_COUNT] = {"is acknowledged", "is replaced",
	"is dropped, the outbox is full", "is dropped, too old", "has expired", "is refused",
	"is dropped, its connection ended"};

static void trace_entry(const struct sink_mqtt *sink, const struct outbox_entry *entry,
	const char *what, int reason)
{
	const struct outbox_item *item = &entry->item;

	TRACE(&sink->trace, OUTBOX, clock_now_us(),
		"%s %s (class %u, reason 0x%02x, sent %u times); %zu events, %zu in flight",
		item->id ? item->id : item->topic, what, item->class, (unsigned)reason,
		entry->sendings, outbox_n_events(sink->outbox), outbox_n_under_way(sink->outbox));
}

void sink_delivery_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason)
{
	struct sink_mqtt *sink = user;

	outbox_persister_gone(sink->persister, entry, reason);
	trace_entry(sink, entry, gone_names[reason], 0);
	if (entry->item.kind != OUTBOX_KIND_EVENT)
		return;
	if (reason == OUTBOX_GONE_FULL || reason == OUTBOX_GONE_AGED)
		journal_write_limited(&sink->full_limit, LOG_WARNING, "broker",
			reason == OUTBOX_GONE_FULL
				? "the outbox is full: dropped event %s (class %u)"
				: "dropped event %s (class %u): it is older than max-age",
			entry->item.id ? entry->item.id : entry->item.topic, entry->item.class);
}

/* An event that was held back gets late_ms; its payload is then *ret_late, returns-owned. */
static struct paho_publish publish_of(
	const struct outbox_entry *entry, int64_t now_us, char **ret_late)
{
	const struct outbox_item *item = &entry->item;
	struct paho_publish publish = {.topic = item->topic,
		.payload = item->payload,
		.size = item->size,
		.qos = 1,
		.retain = item->retain,
		.expiry_s = outbox_expiry_left_s(entry, now_us),
		.correlation = item->correlation,
		.correlation_size = item->correlation_size};
	int64_t late_ms = outbox_late_ms(entry, now_us);
	int length;

	if (item->kind != OUTBOX_KIND_EVENT || !late_ms)
		return publish;
	*ret_late = alloc_zero(1, item->size + LATE_BYTES);
	length = message_print_late(
		item->payload, item->size, late_ms, *ret_late, item->size + LATE_BYTES);
	if (length > 0) {
		publish.payload = *ret_late;
		publish.size = (size_t)length;
	}
	return publish;
}

static void bury(struct sink_mqtt *sink, const struct outbox_entry *entry, int reason)
{
	sink->refused++;
	trace_entry(sink, entry, "is set aside", reason);
	outbox_persister_bury(sink->persister, entry, reason);
	journal_write_limited(&sink->refused_limit, LOG_ERR, "broker",
		"the broker refused %s on %s (reason 0x%02x): set aside, not sent again",
		entry->item.id ? entry->item.id : "a message", entry->item.topic, (unsigned)reason);
}

/* Nothing is sent before it is on disk. */
static void settle(struct sink_mqtt *sink)
{
	if (!outbox_persister_has_fresh(sink->persister))
		return;
	if (sink->ops.settling)
		sink->ops.settling(sink->user);
	outbox_persister_settle(sink->persister);
}

void sink_delivery_pump(struct sink_mqtt *sink)
{
	struct outbox_entry *entry;

	settle(sink);
	while (mqtt_is_up(sink->mqtt) && (entry = outbox_next(sink->outbox, clock_now_us()))) {
		_auto_free_ char *late = NULL;
		struct paho_publish publish = publish_of(entry, clock_now_us(), &late);
		int r = mqtt_send(sink->mqtt, entry->token, &publish);

		trace_entry(sink, entry, r < 0 ? "cannot be sent now" : "is sent", 0);
		if (r == -EMSGSIZE) {
			bury(sink, entry, 0x95); /* packet too large */
			outbox_refused(sink->outbox, entry->token);
		} else if (r < 0) {
			outbox_unsent(sink->outbox, entry->token);
			return;
		}
	}
}

void sink_delivery_up(void *user, unsigned window)
{
	struct sink_mqtt *sink = user;

	sink->acked_us = clock_now_us();
	sink->is_greeting = true;
	sink->ops.online(sink->user);
	sink->is_greeting = false;
	outbox_connection(sink->outbox, clock_now_us(), sink->is_careful ? 1 : window);
	sink_delivery_pump(sink);
}

/* The broker hung up because of a message: send one at a time until the culprit is found. */
static void suspect(struct sink_mqtt *sink)
{
	const struct outbox_entry *entry = outbox_first_under_way(sink->outbox);
	bool was_careful = sink->is_careful;

	sink->is_careful = true;
	if (!entry || !was_careful)
		return;
	if (entry->token != sink->suspect_token) {
		sink->suspect_token = entry->token;
		sink->n_suspected = 0;
	}
	if (++sink->n_suspected < SUSPICIONS_MAX)
		return;
	bury(sink, entry, 0x82); /* protocol error */
	outbox_refused(sink->outbox, entry->token);
	sink->is_careful = false;
}

void sink_delivery_down(void *user, enum mqtt_loss loss)
{
	struct sink_mqtt *sink = user;

	TRACE(&sink->trace, OUTBOX, clock_now_us(), "connection down (%s), %zu were in flight",
		loss == MQTT_LOSS_MESSAGE ? "because of a message" : "the link",
		outbox_n_under_way(sink->outbox));
	if (loss == MQTT_LOSS_MESSAGE)
		suspect(sink);
	outbox_connection(sink->outbox, clock_now_us(), 0);
	if (sink->ops.offline)
		sink->ops.offline(sink->user);
}

void sink_delivery_acked(void *user, uint64_t token)
{
	struct sink_mqtt *sink = user;

	sink->acked_us = clock_now_us();
	outbox_acked(sink->outbox, token);
	sink_delivery_pump(sink);
}

/* MQTT 5.0, 3.4.2.1: refusals that another attempt may overcome. */
static bool is_temporary(int reason)
{
	return reason == 0x80 || reason == 0x83 || reason == 0x97;
}

#define REFUSALS_MAX 5

void sink_delivery_refused(void *user, uint64_t token, int reason)
{
	struct sink_mqtt *sink = user;
	const struct outbox_entry *entry = outbox_find(sink->outbox, token);

	sink->acked_us = clock_now_us();
	if (!entry)
		return;
	trace_entry(sink, entry, "is refused", reason);
	if (is_temporary(reason) && entry->sendings < REFUSALS_MAX) {
		/* A new connection sends again from this message on, which keeps the order. */
		mqtt_restart(sink->mqtt);
		return;
	}
	bury(sink, entry, reason);
	outbox_refused(sink->outbox, token);
	sink_delivery_pump(sink);
}
