// SPDX-License-Identifier: MIT
#include "daemon/outbox/outbox-entry.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

unsigned outbox_entry_class(const struct outbox_item *item)
{
	return item->class < OUTBOX_CLASSES ? item->class : OUTBOX_CLASSES - 1;
}

size_t outbox_entry_bytes(const struct outbox_item *item)
{
	return item->size + strlen(item->topic) + (item->id ? strlen(item->id) : 0);
}

struct outbox_entry *outbox_entry_new(const struct outbox_item *item)
{
	size_t topic = strlen(item->topic) + 1, id = item->id ? strlen(item->id) + 1 : 0;
	size_t total =
		sizeof(struct outbox_entry) + item->size + item->correlation_size + topic + id;
	struct outbox_entry *entry = alloc_zero(1, total);
	char *at = (char *)(entry + 1);

	entry->item = *item;
	if (item->size)
		memcpy(at, item->payload, item->size);
	entry->item.payload = at;
	at += item->size;
	if (item->correlation_size)
		memcpy(at, item->correlation, item->correlation_size);
	entry->item.correlation = at;
	at += item->correlation_size;
	memcpy(at, item->topic, topic);
	entry->item.topic = at;
	if (id)
		entry->item.id = memcpy(at + topic, item->id, id);
	return entry;
}

int64_t outbox_entry_expires_us(const struct outbox_entry *entry)
{
	return entry->item.expiry_s ? entry->created_us + (int64_t)entry->item.expiry_s * US_PER_S
				    : T_NEVER;
}

void outbox_entry_inherit(struct outbox_entry *entry, const struct outbox_entry *old)
{
	if (old->trouble > entry->trouble)
		entry->trouble = old->trouble;
	entry->is_suspect = entry->is_suspect || old->is_suspect;
	if (old->is_aside)
		return;
	if (old->refusals > entry->refusals)
		entry->refusals = old->refusals;
	if (old->losses > entry->losses)
		entry->losses = old->losses;
}
