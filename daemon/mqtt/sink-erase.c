// SPDX-License-Identifier: MIT
#include "coxad/mqtt/sink-erase.h"

#include "coxad/base/alloc.h"
#include "daemon/mqtt/sink-delivery.h"
#include "daemon/mqtt/sink-mqtt-private.h"

struct chosen {
	sink_erase_fn is_chosen;
	void *user;
	struct outbox_entry **entry;
	size_t n, capacity;
};

static void choose(void *user, struct outbox_entry *entry)
{
	struct chosen *c = user;
	const struct outbox_item *item = &entry->item;

	if (!c->is_chosen(c->user, item->topic, item->payload, item->size))
		return;
	c->entry = alloc_grow(c->entry, c->n, &c->capacity, sizeof(*c->entry));
	c->entry[c->n++] = entry;
}

size_t sink_erase(struct sink_mqtt *sink, sink_erase_fn is_chosen, void *user)
{
	struct chosen chosen = {.is_chosen = is_chosen, .user = user};

	outbox_each(sink->outbox, choose, &chosen);
	for (size_t i = 0; i < chosen.n; i++)
		outbox_give_up(sink->outbox, chosen.entry[i], OUTBOX_GONE_ERASED);
	free(chosen.entry);
	sink_aside_settle(sink);
	sink_delivery_pump(sink);
	return chosen.n;
}
