// SPDX-License-Identifier: MIT
#pragma once
/* The outbox on disk, in SQLite: a journal of what outbox.h holds in memory, so that a killed
 * daemon or a power cut loses nothing that was committed. Each commit is one transaction with one
 * sync; what is forgotten waits for the next commit or its timer. Memory stays the master: a store
 * that is lost is written anew from it. Never logs. One thread; commit blocks for the disk.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"

struct outbox_store;

/* What a commit can take with it before a commit of its own is due. */
#define OUTBOX_STORE_BATCH 64

/* A row as it was read. Strings are borrowed during the call. */
struct outbox_store_row {
	struct outbox_item item;
	int64_t created_wall_ms;
};

/* -EBUSY: another coxad has it. Other -errno: not usable now. 1: it was damaged: what could be
 * read is still given by outbox_store_load, into a new file. max_bytes: of the outbox. */
int outbox_store_open(const char *directory, uint64_t max_bytes, struct outbox_store **ret);
struct outbox_store *outbox_store_free(struct outbox_store *store);

/* All rows: events by seq, then states. 0, or 1 where the file was damaged and has been put aside:
 * what was given is no longer on disk and wants to be put again. */
int outbox_store_load(struct outbox_store *store,
	void (*row)(void *user, const struct outbox_store_row *row), void *user);
/* The highest seq that was ever committed or noted, 0: none. */
uint64_t outbox_store_last_seq(const struct outbox_store *store);

/* With the next commit: the row of an event or state goes. */
void outbox_store_forget(struct outbox_store *store, const struct outbox_item *item);
size_t outbox_store_n_forgotten(const struct outbox_store *store);
/* With the next commit: this seq is used, though it was never put. */
void outbox_store_note_seq(struct outbox_store *store, uint64_t seq);
/* One transaction: what is to be forgotten goes, the entries come. created_us + wall_offset_us is
 * UTC. -ENOSPC: the disk is full, the ballast too is spent. -EUCLEAN: it was damaged, put aside and
 * begun anew: nothing of before is in it. On failure nothing has changed, and the forgetting waits.
 */
int outbox_store_commit(struct outbox_store *store, struct outbox_entry *const *entries, size_t n,
	int64_t wall_offset_us);
/* The dead letters: refused by the broker for good; the newest 1000 are kept. */
int outbox_store_bury(struct outbox_store *store, const struct outbox_entry *entry, int reason,
	int64_t wall_offset_us);
/* The file that is given up when the disk is full; true where it is there (again). */
bool outbox_store_has_ballast(struct outbox_store *store);
