// SPDX-License-Identifier: MIT
#pragma once
/* From Paho's threads to the loop: records in a bounded queue, and an eventfd that wakes the loop. What
 * comes from outside is bounded in bytes and dropped when it is too much; our own records are bounded
 * in number, so that neither displaces the other. If one of our own is dropped, `overflow` is set: the
 * reader must then reconnect, because the answer that it was waiting for may be lost. No lock is held
 * outside the calls.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mailbox;

struct mail {
	unsigned kind;
	int64_t number; /* both: as the kind defines them */
	int64_t detail;
	void *data;  /* malloc'ed, or NULL */
	size_t size; /* of data; matters if it is from outside */
};

/* own: records, from_outside: bytes with all that it takes to keep them. -errno if there is no eventfd
 * left. */
int mailbox_new(size_t own, size_t from_outside, struct mailbox **ret);
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
