// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "tests/outbox/outbox-world.h"

const struct outbox_limits outbox_world_wide = {.max_events = 100000, .max_bytes = 1 << 24};

static void on_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason)
{
	struct outbox_world *w = user;
	struct outbox_world_fate *fate = &w->fate[entry->item.seq];

	if (entry->item.kind != OUTBOX_KIND_EVENT) {
		w->states_gone[reason]++;
		return;
	}
	assert_false(fate->is_gone);
	fate->is_gone = true;
	fate->reason = reason;
	w->gone_events[reason]++;
}

static const struct outbox_ops ops = {.gone = on_gone};

struct outbox_item outbox_world_event_of(uint64_t seq, unsigned class)
{
	return (struct outbox_item){.kind = OUTBOX_KIND_EVENT,
		.class = class,
		.seq = seq,
		.id = "id",
		.topic = "t",
		.payload = "{}",
		.size = 2};
}

struct outbox_item outbox_world_state_of(const char *topic, const char *value)
{
	return (struct outbox_item){.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = topic,
		.payload = value,
		.size = strlen(value),
		.retain = true};
}

void outbox_world_begin(struct outbox_world *w, const struct outbox_limits *limits)
{
	memset(w, 0, sizeof(*w));
	w->outbox = outbox_new(limits, &ops, w);
}

struct outbox_entry *outbox_world_push(struct outbox_world *w, unsigned class, int64_t now_us)
{
	struct outbox_item item = outbox_world_event_of(++w->n, class);

	w->fate[w->n] = (struct outbox_world_fate){.was_added = true, .class = class};
	return outbox_add(w->outbox, now_us, &item, false);
}
