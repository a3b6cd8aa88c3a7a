// SPDX-License-Identifier: MIT
#include "daemon/outbox/outbox-aside.h"

#include "coxad/base/units.h"
#include "daemon/outbox/outbox-entry.h"

static bool is_better(const struct outbox_entry *a, const struct outbox_entry *b)
{
	unsigned class_a = outbox_entry_class(&a->item), class_b = outbox_entry_class(&b->item);

	if (!a->losses != !b->losses)
		return !a->losses;
	if (class_a != class_b)
		return class_a > class_b;
	if (a->asides != b->asides)
		return a->asides < b->asides;
	return a->token < b->token;
}

struct outbox_entry *outbox_aside_best(const struct outbox_queue *held, int64_t now_us)
{
	struct outbox_entry *best = NULL;

	for (struct outbox_entry *entry = held->first; entry; entry = entry->next)
		if (entry->is_aside && entry->held_until_us <= now_us &&
			(!best || is_better(entry, best)))
			best = entry;
	return best;
}

int64_t outbox_aside_until_us(const struct outbox_queue *held)
{
	int64_t until_us = T_NEVER;

	for (const struct outbox_entry *entry = held->first; entry; entry = entry->next)
		if (entry->is_aside && entry->held_until_us < until_us)
			until_us = entry->held_until_us;
	return until_us;
}

void outbox_aside_recall(struct outbox_queue *held, int64_t now_us)
{
	for (struct outbox_entry *entry = held->first; entry; entry = entry->next)
		if (entry->is_aside)
			entry->held_until_us = now_us;
}

size_t outbox_aside_n(const struct outbox_queue *held)
{
	size_t n = 0;

	for (const struct outbox_entry *entry = held->first; entry; entry = entry->next)
		n += entry->is_aside;
	return n;
}
