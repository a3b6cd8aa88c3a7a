// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-delivery.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/message-print.h"
#include "daemon/mqtt/mqtt-reason.h"
#include "daemon/mqtt/sink-mqtt-private.h"

/* A message that ended this many connections while no other was in flight is the culprit. */
#define LOSSES_MAX 3u
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

static const char *name_of(const struct outbox_entry *entry)
{
	return entry->item.id ? entry->item.id : "a message";
}

/* Alerts and states are never given up: they stay in the outbox, and are not sent. */
static void set_aside(struct sink_mqtt *sink, struct outbox_entry *entry, int reason, bool is_final)
{
	int64_t now_us = clock_now_us();
	uint64_t token = entry->token;

	sink->refused++;
	trace_entry(sink, entry, "is set aside", reason);
	journal_write_limited(&sink->refused_limit, LOG_ERR, "broker",
		"the broker refused %s on %s (reason 0x%02x): set aside", name_of(entry),
		entry->item.topic, (unsigned)reason);
	if (entry->item.kind == OUTBOX_KIND_STATE)
		outbox_hold(sink->outbox, token, now_us + sink->timing.aside_us, true);
	else if (!is_final || entry->item.class >= MESSAGE_CLASS_ALERT)
		outbox_hold(sink->outbox, token, T_NEVER, true);
	if (outbox_find(sink->outbox, token)) {
		outbox_persister_bury(sink->persister, entry, reason);
		outbox_refused(sink->outbox, token);
	}
}

/* Twice as long each time. */
static void hold(struct sink_mqtt *sink, struct outbox_entry *entry, int reason, bool is_aside)
{
	int64_t wait_us = sink->timing.hold_min_us;

	for (unsigned i = 0; i < entry->refusals && wait_us < sink->timing.hold_max_us; i++)
		wait_us *= 2;
	if (wait_us > sink->timing.hold_max_us)
		wait_us = sink->timing.hold_max_us;
	entry->refusals++;
	sink->held++;
	trace_entry(sink, entry, "is held", reason);
	journal_write_limited(&sink->held_limit, LOG_WARNING, "broker",
		"the broker refused %s on %s for now (reason 0x%02x): trying again in %.0f s",
		name_of(entry), entry->item.topic, (unsigned)reason, (double)wait_us / US_PER_S);
	outbox_hold(sink->outbox, entry->token, clock_now_us() + wait_us, is_aside);
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

/* False: nothing more can be sent now. */
static bool send_one(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t now_us)
{
	_auto_free_ char *late = NULL;
	struct paho_publish publish = publish_of(entry, now_us, &late);
	int64_t until_us = bad_topics_until_us(&sink->bad_topics, entry->item.topic, now_us);
	int r;

	if (until_us) {
		outbox_hold(sink->outbox, entry->token, until_us, true);
		return true;
	}
	r = mqtt_send(sink->mqtt, entry->token, &publish);
	trace_entry(sink, entry, r < 0 ? "cannot be sent now" : "is sent", 0);
	if (r == -EMSGSIZE)
		set_aside(sink, entry, MQTT_REASON_TOO_LARGE, true);
	else if (r == -EINVAL)
		set_aside(sink, entry, MQTT_REASON_TOPIC_INVALID, true);
	else if (r < 0)
		outbox_unsent(sink->outbox, entry->token);
	return r == 0 || r == -EMSGSIZE || r == -EINVAL;
}

static void wait_for_held(struct sink_mqtt *sink)
{
	int64_t until_us = outbox_held_until_us(sink->outbox), now_us = clock_now_us();

	if (until_us == T_NEVER || !mqtt_is_up(sink->mqtt)) {
		sd_event_source_set_enabled(sink->retry, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(
		sink->retry, until_us > now_us ? (uint64_t)(until_us - now_us) : 0);
	sd_event_source_set_enabled(sink->retry, SD_EVENT_ONESHOT);
}

void sink_delivery_pump(struct sink_mqtt *sink)
{
	struct outbox_entry *entry;

	settle(sink);
	while (mqtt_is_up(sink->mqtt) && (entry = outbox_next(sink->outbox, clock_now_us())))
		if (!send_one(sink, entry, clock_now_us()))
			break;
	wait_for_held(sink);
}

void sink_delivery_up(void *user, unsigned window)
{
	struct sink_mqtt *sink = user;

	sink->acked_us = clock_now_us();
	sink->has_acked = false;
	sink->window = window;
	sink->is_greeting = true;
	sink->ops.online(sink->user);
	sink->is_greeting = false;
	outbox_connection(sink->outbox, clock_now_us(), sink->is_careful ? 1 : window);
	sink_delivery_pump(sink);
}

static void mark_under_way(void *user, struct outbox_entry *entry)
{
	entry->is_suspect = entry->is_suspect || entry->is_sent;
}

static void find_suspect(void *user, struct outbox_entry *entry)
{
	bool *is_there = user;

	*is_there = *is_there || (entry->is_suspect && !entry->is_held);
}

/* After the last suspect has got through or was put away, as many at a time as before. */
static void end_care(struct sink_mqtt *sink)
{
	bool is_there = false;

	if (!sink->is_careful)
		return;
	outbox_each(sink->outbox, find_suspect, &is_there);
	if (is_there)
		return;
	sink->is_careful = false;
	outbox_connection(sink->outbox, clock_now_us(), sink->window);
}

/* It was the only one in flight when this connection ended. */
static void accuse(struct sink_mqtt *sink, struct outbox_entry *entry, enum mqtt_loss loss)
{
	entry->losses++;
	journal_write(LOG_WARNING, "broker",
		"the connection ended when %s on %s was sent (%u of %u before it is set aside)",
		name_of(entry), entry->item.topic, entry->losses, LOSSES_MAX);
	if (entry->losses < LOSSES_MAX)
		return;
	if (!sink->has_acked) {
		/* Perhaps this broker takes nothing at all: the others first. */
		hold(sink, entry, 0, true);
		return;
	}
	bad_topics_add(
		&sink->bad_topics, entry->item.topic, clock_now_us() + sink->timing.aside_us);
	set_aside(sink, entry, loss == MQTT_LOSS_MESSAGE ? MQTT_REASON_PROTOCOL_ERROR : 0,
		loss == MQTT_LOSS_MESSAGE);
}

/* Something that we sent may have ended the connection: in the next one, one at a time. */
static void suspect(struct sink_mqtt *sink, enum mqtt_loss loss)
{
	struct outbox_entry *entry = outbox_first_under_way(sink->outbox);

	if (!entry)
		return;
	if (outbox_n_under_way(sink->outbox) == 1)
		accuse(sink, entry, loss);
	outbox_each(sink->outbox, mark_under_way, NULL);
	sink->is_careful = true;
}

void sink_delivery_down(void *user, enum mqtt_loss loss)
{
	struct sink_mqtt *sink = user;

	TRACE(&sink->trace, OUTBOX, clock_now_us(), "connection down (%s), %zu were in flight",
		loss == MQTT_LOSS_MESSAGE ? "because of a message" : "the link",
		outbox_n_under_way(sink->outbox));
	if (loss != MQTT_LOSS_STOPPED)
		suspect(sink, loss);
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
	if (entry && entry->item.kind == OUTBOX_KIND_EVENT)
		mqtt_prove(sink->mqtt);
	if (entry)
		bad_topics_clear(&sink->bad_topics, entry->item.topic);
	outbox_acked(sink->outbox, token);
	end_care(sink);
	sink_delivery_pump(sink);
}

void sink_delivery_refused(void *user, uint64_t token, int reason)
{
	struct sink_mqtt *sink = user;
	struct outbox_entry *entry = outbox_find(sink->outbox, token);

	sink->acked_us = clock_now_us();
	sink->has_acked = true;
	if (!entry)
		return;
	trace_entry(sink, entry, "is refused", reason);
	if (mqtt_reason_is_permanent(reason))
		set_aside(sink, entry, reason, true);
	else
		hold(sink, entry, reason, false);
	end_care(sink);
	sink_delivery_pump(sink);
}
