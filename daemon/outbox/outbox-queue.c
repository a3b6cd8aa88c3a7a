// SPDX-License-Identifier: MIT
#include "daemon/outbox/outbox-queue.h"

#include <stdlib.h>

void outbox_queue_insert(
	struct outbox_queue *queue, struct outbox_entry *entry, struct outbox_entry *before)
{
	entry->next = before;
	entry->previous = before ? before->previous : queue->last;
	if (entry->previous)
		entry->previous->next = entry;
	else
		queue->first = entry;
	if (before)
		before->previous = entry;
	else
		queue->last = entry;
	queue->n++;
}

void outbox_queue_remove(struct outbox_queue *queue, struct outbox_entry *entry)
{
	if (entry->previous)
		entry->previous->next = entry->next;
	else
		queue->first = entry->next;
	if (entry->next)
		entry->next->previous = entry->previous;
	else
		queue->last = entry->previous;
	entry->previous = entry->next = NULL;
	queue->n--;
}

void outbox_queue_age_append(struct outbox_queue_age *list, struct outbox_entry *entry)
{
	entry->class_previous = list->last;
	if (list->last)
		list->last->class_next = entry;
	else
		list->first = entry;
	list->last = entry;
}

void outbox_queue_age_remove(struct outbox_queue_age *list, struct outbox_entry *entry)
{
	if (entry->class_previous)
		entry->class_previous->class_next = entry->class_next;
	else
		list->first = entry->class_next;
	if (entry->class_next)
		entry->class_next->class_previous = entry->class_previous;
	else
		list->last = entry->class_previous;
	entry->class_previous = entry->class_next = NULL;
}

void outbox_queue_free(struct outbox_queue *queue)
{
	struct outbox_entry *next;

	for (struct outbox_entry *entry = queue->first; entry; entry = next) {
		next = entry->next;
		free(entry);
	}
}

struct outbox_entry *outbox_queue_find(const struct outbox_queue *queue, uint64_t token)
{
	for (struct outbox_entry *entry = queue->first; entry; entry = entry->next)
		if (entry->token == token)
			return entry;
	return NULL;
}

void outbox_queue_delay(struct outbox_queue *queue)
{
	for (struct outbox_entry *entry = queue->first; entry; entry = entry->next)
		entry->was_held = true;
}

struct outbox_entry *outbox_queue_age_oldest(const struct outbox_queue_age *list)
{
	for (struct outbox_entry *entry = list->first; entry; entry = entry->class_next)
		if (!entry->is_sent)
			return entry;
	return list->first;
}

/* It promises what is not on disk yet: an event since its command began. */
static bool is_early(const struct outbox_queue *waiting, const struct outbox_entry *reply)
{
	uint64_t n = reply->token - reply->item.since; /* so many there may be */

	if (reply->item.kind != OUTBOX_KIND_REPLY)
		return false;
	/* States, and what was set aside, may stand behind an event that is not on disk. */
	for (const struct outbox_entry *entry = waiting->last; entry && n;
		entry = entry->previous) {
		if (entry->token < reply->item.since || entry->token >= reply->token)
			continue;
		if (entry->is_pending)
			return true;
		n--;
	}
	return false;
}

struct outbox_entry *outbox_queue_first_timely(
	const struct outbox_queue *urgent, const struct outbox_queue *waiting)
{
	struct outbox_entry *entry = urgent->first;

	while (entry && is_early(waiting, entry))
		entry = entry->next;
	return entry ? entry : waiting->first;
}
