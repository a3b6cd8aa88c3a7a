// SPDX-License-Identifier: MIT
#pragma once
/* The outbox on disk, in SQLite: a copy of what outbox.h holds in memory, so that a killed daemon or
 * a power cut loses nothing that was committed. Each commit is one transaction with one sync. Memory
 * is the original: a lost store is written again from it. Never logs. One thread at a time; all of it
 * waits for the disk.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"
#include "daemon/store/outbox-batch.h"
#include "daemon/store/outbox-table.h"

struct outbox_store;

/* max_bytes: of the outbox. is_given_up: a file that cannot be read is taken to be damaged. -EBUSY:
 * another coxad uses it. Other -errno: not usable now. 1: it is damaged; outbox_store_load still gives
 * what can be read. */
int outbox_store_open(
	const char *directory, uint64_t max_bytes, bool is_given_up, struct outbox_store **ret);
struct outbox_store *outbox_store_free(struct outbox_store *store);

/* All rows: events by seq, then states. 0, or 1 if the file was damaged and a new one begun: what was
 * read is no longer on disk and has to be written again. -errno: not readable now, the rows do not
 * count. */
/* ahead: first, the rows of `ahead`. */
int outbox_store_load(
	struct outbox_store *store, ahead_rows_fn ahead, outbox_table_fn row, void *user);
/* The highest seq that was ever committed or noted, 0: none. */
uint64_t outbox_store_last_seq(const struct outbox_store *store);
/* The same of a file that can be read but not opened; -1: it cannot even be read. */
int64_t outbox_store_peek(const char *directory);
/* The rows of `ahead` of such a file, as far as they can be read. */
void outbox_store_read_ahead(const char *directory, ahead_rows_fn row, void *user);
/* False: the file could not say which numbers were used, there may have been higher ones. */
bool outbox_store_is_counting(const struct outbox_store *store);
/* The file is whole, but of another version of coxad: outbox_store_load puts it aside. */
bool outbox_store_is_foreign(const struct outbox_store *store);
/* The path of the file that was put aside last, borrowed; NULL: none. */
const char *outbox_store_aside(const struct outbox_store *store);
/* Rows that failed their checksum, since the store was opened. They were put into a table of their
 * own, or stayed in the damaged file. */
int64_t outbox_store_n_damaged(const struct outbox_store *store);

/* One transaction. An event whose number is that of another event on disk gets another item.seq.
 * -ENOSPC: the disk is full and the ballast used up. -EUCLEAN: the file was damaged and a new, empty
 * one begun. Otherwise a failure changes nothing. */
int outbox_store_commit(struct outbox_store *store, struct outbox_batch *batch);
/* Makes the ballast again, if a full disk made it go. */
void outbox_store_refill(struct outbox_store *store);
/* To copy it; NULL: there is none now. Valid until the next call of the others. */
sqlite3 *outbox_store_db(const struct outbox_store *store);
