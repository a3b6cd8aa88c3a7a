// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-delivery.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/message-print.h"
#include "daemon/mqtt/mqtt-reason.h"
#include "daemon/mqtt/mqtt-send.h"
#include "daemon/mqtt/sink-mqtt-private.h"
#include "daemon/mqtt/sink-trace.h"

/* ,"late_ms": and its digits. */
#define LATE_BYTES 64

static const char *const gone_names[OUTBOX_GONE_COUNT] = {"is acknowledged", "is replaced",
	"is dropped, the outbox is full", "is dropped, too old", "has expired", "is refused",
	"is dropped, its connection ended", "is erased"};

void sink_delivery_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason)
{
	struct sink_mqtt *sink = user;

	outbox_persister_gone(sink->persister, entry, reason);
	sink_trace_entry(sink, entry, gone_names[reason], 0);
	if (reason == OUTBOX_GONE_ACKED && entry->item.kind == OUTBOX_KIND_STATE &&
		!entry->item.size && sink->ops.removed)
		sink->ops.removed(sink->user, entry->item.topic);
	if (entry->item.kind != OUTBOX_KIND_EVENT)
		return;
	if (reason != OUTBOX_GONE_FULL && reason != OUTBOX_GONE_AGED)
		return;
	sink_health_changed(sink);
	journal_write_limited(&sink->full_limit, LOG_WARNING, "broker",
		reason == OUTBOX_GONE_FULL
			? "the outbox is full: dropped event %s (class %u)"
			: "dropped event %s (class %u): it is older than max-age",
		sink_trace_name(entry), entry->item.class);
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

/* False: nothing more can be sent now. */
static bool send_one(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t now_us)
{
	_auto_free_ char *late = NULL;
	struct paho_publish publish = publish_of(entry, now_us, &late);
	enum sink_aside_verdict verdict = sink_aside_check(sink, entry);
	int r;

	if (verdict == SINK_ASIDE_PUT_AWAY)
		return true;
	r = verdict == SINK_ASIDE_WAIT ? -EAGAIN : mqtt_send(sink->mqtt, entry->token, &publish);
	sink_trace_entry(sink, entry, r < 0 ? "cannot be sent now" : "is sent", 0);
	if (r == -EMSGSIZE)
		sink_aside_refused(sink, entry, MQTT_REASON_TOO_LARGE);
	else if (r == -EINVAL)
		sink_aside_refused(sink, entry, MQTT_REASON_TOPIC_INVALID);
	else if (r < 0)
		outbox_unsent(sink->outbox, entry->token);
	return r == 0 || r == -EMSGSIZE || r == -EINVAL;
}

static void wait_for_held(struct sink_mqtt *sink)
{
	int64_t held_us = outbox_held_until_us(sink->outbox), aside_us = sink_aside_due_us(sink);
	int64_t until_us = held_us < aside_us ? held_us : aside_us, now_us = clock_now_us();

	/* What is overdue waits for others, which end in an acknowledgement. */
	if (until_us == T_NEVER || until_us <= now_us || !sink_mqtt_is_open(sink)) {
		sd_event_source_set_enabled(sink->retry, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(sink->retry, (uint64_t)(until_us - now_us));
	sd_event_source_set_enabled(sink->retry, SD_EVENT_ONESHOT);
}

void sink_delivery_pump(struct sink_mqtt *sink)
{
	struct outbox_entry *entry;

	/* Nothing is sent before it is on disk: the end of the commit calls this again. */
	outbox_persister_settle(sink->persister);
	do
		while (sink_mqtt_is_open(sink) &&
			(entry = outbox_next(sink->outbox, clock_now_us())))
			if (!send_one(sink, entry, clock_now_us()))
				break;
	while (sink_aside_probe(sink));
	wait_for_held(sink);
}

void sink_delivery_begin(struct sink_mqtt *sink)
{
	sink->acked_us = clock_now_us();
	sink->is_greeting = true;
	sink->ops.online(sink->user);
	sink->is_greeting = false;
	sink_aside_up(sink);
	sink_health_changed(sink);
	sink_delivery_pump(sink);
}

void sink_delivery_up(void *user, unsigned window)
{
	struct sink_mqtt *sink = user;

	sink->has_acked = false;
	sink->window = window;
	if (!sink->is_held)
		sink_delivery_begin(sink);
}

void sink_delivery_down(void *user, bool is_stopped, int64_t reason)
{
	struct sink_mqtt *sink = user;

	TRACE(&sink->trace, OUTBOX, clock_now_us(),
		"connection down (reason 0x%02x), %zu were in flight", (unsigned)reason,
		outbox_n_under_way(sink->outbox));
	if (!is_stopped)
		sink_aside_down(sink, reason);
	outbox_connection(sink->outbox, clock_now_us(), 0);
	if (sink->ops.offline)
		sink->ops.offline(sink->user);
}

void sink_delivery_acked(void *user, uint64_t token)
{
	struct sink_mqtt *sink = user;
	const struct outbox_entry *entry = outbox_find(sink->outbox, token);

	sink->acked_us = clock_now_us();
	sink->has_acked = true;
	/* Given up meanwhile; there is room for another. */
	if (!entry) {
		sink_delivery_pump(sink);
		return;
	}
	if (entry->item.kind == OUTBOX_KIND_EVENT)
		mqtt_prove(sink->mqtt);
	if (entry->trouble)
		sink_health_changed(sink);
	sink_aside_acked(sink, entry->item.topic);
	outbox_acked(sink->outbox, token);
	sink_aside_settle(sink);
	sink_delivery_pump(sink);
}

void sink_delivery_refused(void *user, uint64_t token, int reason)
{
	struct sink_mqtt *sink = user;
	struct outbox_entry *entry = outbox_find(sink->outbox, token);

	sink->acked_us = clock_now_us();
	sink->has_acked = true;
	/* Given up meanwhile; there is room for another. */
	if (!entry) {
		sink_delivery_pump(sink);
		return;
	}
	sink_trace_entry(sink, entry, "is refused", reason);
	sink_aside_refused(sink, entry, reason);
	sink_aside_settle(sink);
	sink_delivery_pump(sink);
}
