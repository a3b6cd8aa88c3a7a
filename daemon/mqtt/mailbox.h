// SPDX-License-Identifier: MIT
#pragma once
/* From Paho's threads to the loop: small records in a bounded queue, and an eventfd that wakes the
 * loop. A full queue drops the record and sets `overflow`: the reader must then reconnect, because
 * the answer that it was waiting for may be lost. Mail from outside (commands) may fill only half
 * of the queue, so it never displaces an acknowledgement. No lock is held outside the calls.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mailbox;

struct mail {
	unsigned kind;
	int64_t number; /* both: as the kind defines them */
	int64_t detail;
	void *data; /* malloc'ed, or NULL */
};

/* -errno if there is no eventfd left. */
int mailbox_new(size_t capacity, struct mailbox **ret);
/* Also frees the mail that was not taken. Nobody may post any more. */
struct mailbox *mailbox_free(struct mailbox *box);
/* To poll for reading. */
int mailbox_fd(const struct mailbox *box);
/* Any thread. Takes mail->data, also on failure. false: dropped. */
bool mailbox_post(struct mailbox *box, const struct mail *mail, bool is_from_outside);
/* The loop's thread. mail->data is returns-owned. False if there is no mail; the eventfd is then
 * reset. */
bool mailbox_take(struct mailbox *box, struct mail *ret);
/* True once after one or more records that were not from outside were dropped. */
bool mailbox_take_overflow(struct mailbox *box);
/* Records from outside that were dropped so far. */
uint64_t mailbox_dropped(struct mailbox *box);
