// SPDX-License-Identifier: MIT
#pragma once
/* From Paho's threads to the loop: small value records in a bounded queue, and an eventfd that
 * wakes the loop. A full queue drops the record and sets `overflow`: the reader must then take
 * everything that it was waiting for as unknown (reconnect). Mail from outside (commands) may fill
 * half of the queue only, so it can never push out an acknowledgement. No lock is held outside.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mailbox;

struct mail {
	unsigned kind;
	int64_t number; /* what the kind says */
	int64_t detail;
	void *data; /* malloc'ed, or NULL */
};

/* -errno where there is no eventfd. */
int mailbox_new(size_t capacity, struct mailbox **ret);
/* Frees what was not taken, too. Nobody may post any more. */
struct mailbox *mailbox_free(struct mailbox *box);
/* To poll for reading. */
int mailbox_fd(const struct mailbox *box);
/* Any thread. Takes mail->data, also on failure. false: dropped. */
bool mailbox_post(struct mailbox *box, const struct mail *mail, bool is_from_outside);
/* The loop's thread: gives mail->data away. False where there is none; the eventfd is then reset.
 */
bool mailbox_take(struct mailbox *box, struct mail *ret);
/* True once for any number of dropped records that were not from outside. */
bool mailbox_take_overflow(struct mailbox *box);
/* Commands that were dropped so far. */
uint64_t mailbox_dropped(struct mailbox *box);
