// SPDX-License-Identifier: MIT
#include "daemon/mqtt/sink-trace.h"

#include "coxad/loop/clock.h"
#include "daemon/mqtt/sink-mqtt-private.h"

void sink_trace_entry(const struct sink_mqtt *sink, const struct outbox_entry *entry,
	const char *what, int reason)
{
	const struct outbox_item *item = &entry->item;

	TRACE(&sink->trace, OUTBOX, clock_now_us(),
		"%s on %s %s (class %u, reason 0x%02x, sent %u times); %zu events, %zu in flight",
		item->id ? item->id : "-", item->topic, what, item->class, (unsigned)reason,
		entry->sendings, outbox_n_events(sink->outbox), outbox_n_under_way(sink->outbox));
}

const char *sink_trace_name(const struct outbox_entry *entry)
{
	switch (entry->item.kind) {
	case OUTBOX_KIND_EVENT:
		return entry->item.id ? entry->item.id : "an event";
	case OUTBOX_KIND_STATE:
		return "a retained state";
	case OUTBOX_KIND_REPLY:
		break;
	}
	return "the reply to a command";
}
