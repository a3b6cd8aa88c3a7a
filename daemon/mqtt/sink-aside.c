// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-aside.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/mqtt/mqtt-reason.h"
#include "daemon/mqtt/sink-mqtt-private.h"
#include "daemon/mqtt/sink-trace.h"

/* A message that ended this many connections while no other was in flight is the culprit. */
#define LOSSES_MAX 3u

/* wait_us, doubled n times. */
static int64_t grown_us(int64_t wait_us, unsigned n, int64_t max_us)
{
	while (n-- > 0 && wait_us < max_us)
		wait_us *= 2;
	return wait_us < max_us ? wait_us : max_us;
}

static bool is_killer(const struct outbox_entry *entry)
{
	return entry->losses || entry->is_suspect;
}

/* It stays in the outbox. */
static void set_aside(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t reason)
{
	const struct mqtt_timing *timing = &sink->timing;
	char text[MQTT_REASON_TEXT_SIZE];
	int64_t wait_us = grown_us(timing->aside_min_us, entry->asides, timing->aside_max_us);
	uint64_t token = entry->token;

	sink_trace_entry(sink, entry, "is set aside", (int)reason);
	journal_write_limited(&sink->refused_limit, LOG_ERR, "broker",
		"the broker does not take %s (%s): set aside, tried again in %.0f s",
		sink_trace_name(entry), mqtt_reason_print(reason, NULL, text, sizeof(text)),
		(double)wait_us / US_PER_S);
	sink->health.aside_reason = (int)reason;
	sink_health_changed(sink);
	if (entry->item.kind == OUTBOX_KIND_REPLY) {
		outbox_refused(sink->outbox, token);
		return;
	}
	if (entry->trouble != OUTBOX_TROUBLE_ASIDE)
		sink->aside.set_aside++;
	entry->trouble = OUTBOX_TROUBLE_ASIDE;
	entry->asides++;
	outbox_hold(sink->outbox, token, clock_now_us() + wait_us, true);
}

static void mark_held(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t reason)
{
	if (entry->trouble == OUTBOX_TROUBLE_NONE)
		entry->trouble = OUTBOX_TROUBLE_HELD;
	sink->health.held_reason = (int)reason;
	sink_health_changed(sink);
}

/* Twice as long each time. */
static void hold(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t reason, bool is_aside)
{
	int64_t wait_us =
		grown_us(sink->timing.hold_min_us, entry->refusals, sink->timing.hold_max_us);
	char text[MQTT_REASON_TEXT_SIZE];

	entry->refusals++;
	sink->held++;
	mark_held(sink, entry, reason);
	sink_trace_entry(sink, entry, "is held", (int)reason);
	journal_write_limited(&sink->held_limit, LOG_WARNING, "broker",
		"the broker refused %s for now (%s): trying again in %.0f s",
		sink_trace_name(entry), mqtt_reason_print(reason, NULL, text, sizeof(text)),
		(double)wait_us / US_PER_S);
	outbox_hold(sink->outbox, entry->token, clock_now_us() + wait_us, is_aside);
}

static void be_careful(struct sink_mqtt *sink)
{
	if (sink->aside.is_careful)
		return;
	sink->aside.is_careful = true;
	outbox_connection(sink->outbox, clock_now_us(), 1);
}

static void find_suspect(void *user, struct outbox_entry *entry)
{
	bool *is_there = user;

	*is_there = *is_there || (entry->is_suspect && !entry->is_held);
}

void sink_aside_settle(struct sink_mqtt *sink)
{
	bool is_there = false;

	if (!sink->aside.is_careful)
		return;
	outbox_each(sink->outbox, find_suspect, &is_there);
	if (is_there)
		return;
	sink->aside.is_careful = false;
	outbox_connection(sink->outbox, clock_now_us(), sink->window);
}

void sink_aside_up(struct sink_mqtt *sink)
{
	int64_t now_us = clock_now_us();

	if (!sink->aside.was_probe) {
		sink->aside.failures = 0;
		sink->aside.next_us = now_us;
		outbox_release(sink->outbox, now_us);
	}
	sink->aside.was_probe = false;
	outbox_connection(sink->outbox, now_us, sink->aside.is_careful ? 1 : sink->window);
}

/* One that had been put away has ended a connection once more. */
static void fail_again(struct sink_mqtt *sink)
{
	const struct mqtt_timing *timing = &sink->timing;

	sink->aside.was_probe = true;
	sink->aside.next_us = clock_now_us() + grown_us(timing->hold_min_us, sink->aside.failures,
						       timing->hold_max_us);
	sink->aside.failures++;
}

/* It was the only one in flight when this connection ended. */
static void accuse(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t reason)
{
	const struct mqtt_timing *timing = &sink->timing;
	const char *topic = entry->item.topic;
	char text[MQTT_REASON_TEXT_SIZE];
	int64_t next_us;
	bool is_last_try = entry->asides ||
			   bad_topics_find(&sink->aside.bad_topics, topic, &next_us) ||
			   entry->losses + 1 >= LOSSES_MAX;

	entry->losses++;
	entry->is_suspect = true;
	journal_write(LOG_WARNING, "broker", "the connection ended when %s was sent (%s)%s",
		sink_trace_name(entry), mqtt_reason_print(reason, NULL, text, sizeof(text)),
		is_last_try ? "" : "; it is set aside if this happens three times");
	if (!is_last_try)
		return;
	if (entry->trouble)
		fail_again(sink);
	if (!entry->asides)
		bad_topics_failed(&sink->aside.bad_topics, topic, clock_now_us(),
			timing->hold_min_us, timing->hold_max_us);
	/* Perhaps this broker takes nothing at all: the others first. */
	if (!entry->asides && !sink->has_acked)
		hold(sink, entry, reason, true);
	else
		set_aside(sink, entry, reason);
}

static void mark_under_way(void *user, struct outbox_entry *entry)
{
	entry->is_suspect = entry->is_suspect || entry->is_sent;
}

/* Something that we sent may have ended the connection: in the next one, one at a time. */
void sink_aside_down(struct sink_mqtt *sink, int64_t reason)
{
	struct outbox_entry *entry = outbox_first_under_way(sink->outbox);

	if (!entry)
		return;
	if (outbox_n_under_way(sink->outbox) == 1)
		accuse(sink, entry, reason);
	outbox_each(sink->outbox, mark_under_way, NULL);
	sink->aside.is_careful = true;
}

void sink_aside_forgive(struct sink_mqtt *sink)
{
	int64_t now_us = clock_now_us();

	sink->aside.bad_topics = (struct bad_topics){0};
	sink->aside.failures = 0;
	sink->aside.next_us = now_us;
	outbox_release(sink->outbox, now_us);
}

enum sink_aside_verdict sink_aside_check(struct sink_mqtt *sink, struct outbox_entry *entry)
{
	int64_t next_us;

	if (entry->asides || !bad_topics_find(&sink->aside.bad_topics, entry->item.topic, &next_us))
		return SINK_ASIDE_SEND;
	entry->is_suspect = true;
	if (next_us > clock_now_us()) {
		mark_held(sink, entry, 0);
		outbox_hold(sink->outbox, entry->token, next_us, false);
		sink_aside_settle(sink);
		return SINK_ASIDE_PUT_AWAY;
	}
	be_careful(sink);
	return outbox_n_under_way(sink->outbox) > 1 ? SINK_ASIDE_WAIT : SINK_ASIDE_SEND;
}

void sink_aside_refused(struct sink_mqtt *sink, struct outbox_entry *entry, int64_t reason)
{
	if (mqtt_reason_is_permanent(reason))
		set_aside(sink, entry, reason);
	else
		hold(sink, entry, reason, false);
}

void sink_aside_acked(struct sink_mqtt *sink, const char *topic)
{
	sink->aside.failures = 0;
	if (bad_topics_clear(&sink->aside.bad_topics, topic))
		outbox_release_topic(sink->outbox, topic);
}

bool sink_aside_probe(struct sink_mqtt *sink)
{
	const struct outbox_entry *entry;
	int64_t now_us = clock_now_us();

	if (!sink_mqtt_is_open(sink) || sink->is_ending || now_us < sink->aside.next_us ||
		!outbox_is_empty(sink->outbox))
		return false;
	entry = outbox_probe(sink->outbox, now_us);
	if (entry && is_killer(entry))
		be_careful(sink);
	return entry != NULL;
}

int64_t sink_aside_due_us(const struct sink_mqtt *sink)
{
	int64_t until_us = outbox_probe_us(sink->outbox);

	return until_us > sink->aside.next_us ? until_us : sink->aside.next_us;
}
