// SPDX-License-Identifier: MIT
#pragma once
/* The two orders in which the outbox keeps its entries: the queue that an entry waits in, and the
 * age of all entries of a class. Plain values, empty when zero; only outbox_queue_free frees entries.
 */
#include "coxad/outbox/outbox.h"

/* In the order of sending. */
struct outbox_queue {
	struct outbox_entry *first, *last;
	size_t n;
};

/* Oldest first. */
struct outbox_queue_age {
	struct outbox_entry *first, *last;
};

/* before NULL: at the end. */
void outbox_queue_insert(
	struct outbox_queue *queue, struct outbox_entry *entry, struct outbox_entry *before);
void outbox_queue_remove(struct outbox_queue *queue, struct outbox_entry *entry);
void outbox_queue_age_append(struct outbox_queue_age *list, struct outbox_entry *entry);
void outbox_queue_age_remove(struct outbox_queue_age *list, struct outbox_entry *entry);
void outbox_queue_free(struct outbox_queue *queue);
/* NULL: there is none. */
struct outbox_entry *outbox_queue_find(const struct outbox_queue *queue, uint64_t token);
/* The connection went down while they waited. */
void outbox_queue_delay(struct outbox_queue *queue);
/* The oldest that waits, or else the oldest in flight, which is probably delivered already. */
struct outbox_entry *outbox_queue_age_oldest(const struct outbox_queue_age *list);
/* The first of the urgent ones, but for replies that promise what is not on disk yet; else the first that
 * waits, or NULL. */
struct outbox_entry *outbox_queue_first_timely(
	const struct outbox_queue *urgent, const struct outbox_queue *waiting);
