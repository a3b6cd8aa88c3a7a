// SPDX-License-Identifier: MIT
#pragma once
/* Keeps the outbox on disk, by way of the store thread: events before they are sent, those of one turn
 * in one commit; states and deletions a moment later, together. One commit is under way at a time;
 * what is added meanwhile waits in the outbox, within its limits. If the disk cannot be written (full,
 * gone, read-only) or does not answer, the outbox continues in memory, a warning is logged, and it is
 * tried again; if the file is damaged, a new one is written from memory. Owns the store.
 */
#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "coxad/outbox/outbox.h"
#include "coxad/store/ahead.h"
#include "coxad/store/store-thread.h"

struct outbox_persister;
struct outbox_store;

struct outbox_persister_options {
	sd_event *loop;
	struct store_thread *thread; /* borrowed for life; NULL: everything is done at once */
	const char *directory;       /* NULL: memory only */
	uint64_t max_bytes;          /* of the outbox */
	struct outbox *outbox;       /* borrowed for life */
	struct ahead *ahead; /* what each commit takes along; borrowed for life; NULL: nothing */
	/* The disk fails, and what only memory has is about to be sent. May be NULL. */
	void (*unsafe)(void *user);
	/* Events became ready to be sent. May be NULL. */
	void (*ready)(void *user);
	void *user;
};

struct outbox_persister_counters {
	uint64_t commits, replaced, not_on_disk;
	uint64_t damaged; /* rows that failed their checksum: kept, not sent */
	int64_t commit_us_max;
	bool is_in_memory; /* the disk cannot be written, or there is no directory */
};

/* A disk that has not answered for this long is not waited for any more. */
#define OUTBOX_PERSISTER_PATIENCE_US (10 * INT64_C(1000000))

/* Fills the outbox with what an earlier run left; waits for the disk. -EBUSY: another coxad uses the
 * directory; other errors of the disk are not a failure. */
int outbox_persister_new(
	const struct outbox_persister_options *options, struct outbox_persister **ret);
/* Writes what is not on disk yet, as far as the disk answers. */
struct outbox_persister *outbox_persister_free(struct outbox_persister *persister);
/* The seq for the first event of this run: one more than the last that was ever used, or if that is
 * not known, one that no earlier run can have used. */
uint64_t outbox_persister_first_seq(const struct outbox_persister *persister, bool *ret_is_known);
/* An entry was added to the outbox: an event is written by the next settle, and not sent before. */
void outbox_persister_added(struct outbox_persister *persister, struct outbox_entry *entry);
/* Begins a commit of all events that were added. When it has ended, they can be sent, and `ready` is
 * called; also if it failed, which is logged. */
void outbox_persister_settle(struct outbox_persister *persister);
/* From outbox_ops.gone. */
void outbox_persister_gone(struct outbox_persister *persister, const struct outbox_entry *entry,
	enum outbox_gone reason);
/* Every few seconds: tries again what failed. */
void outbox_persister_tick(struct outbox_persister *persister);
/* Waits until all is on disk, for 3 s at most. */
void outbox_persister_flush(struct outbox_persister *persister);
/* Every event in the outbox is on disk, and what was to be taken along. */
bool outbox_persister_is_safe(const struct outbox_persister *persister);
void outbox_persister_get_counters(
	const struct outbox_persister *persister, struct outbox_persister_counters *ret);
/* For jobs of the store thread alone; borrowed. NULL: it could not be opened, or the last write failed. */
struct outbox_store *outbox_persister_store(const struct outbox_persister *persister);
