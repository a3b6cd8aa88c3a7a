// SPDX-License-Identifier: MIT
#pragma once
/* The history on disk, in SQLite: JSON text under a kind and a name, with a checksum for each row; a
 * copy of what history-persister.h holds in memory, which is the original: a lost file is written
 * again from it. Never logs. One thread at a time; all of it waits for the disk.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "coxad/wire/history-kind.h"

struct history_store;

/* Strings are borrowed. */
struct history_row {
	enum history_kind kind;
	const char *name, *text;
	size_t size; /* 0: there is none; writing it deletes the row */
};
typedef void (*history_row_fn)(void *user, const struct history_row *row);

enum history_found {
	HISTORY_FOUND_WHOLE,
	HISTORY_FOUND_DAMAGED, /* kept as history.db.bad or the like */
	HISTORY_FOUND_OTHER,   /* of a newer coxad, or one too old: kept as history.db.other */
};

/* Makes the directory if it is missing. Gives each row that is whole, some of them twice if the file
 * was damaged. Returns an enum history_found: but for the first, a new file is begun and what was read
 * has to be written again. -EBUSY: another coxad uses it. Other -errno: not usable now, the rows do
 * not count. is_given_up: a file that cannot be read is taken to be damaged. */
int history_store_open(const char *directory, bool is_given_up, history_row_fn row, void *user,
	struct history_store **ret);
/* Reads what can be read, where the disk cannot be written. -errno: not all of it, or nothing. */
int history_store_read(const char *directory, history_row_fn row, void *user);
struct history_store *history_store_free(struct history_store *store);
/* The name of the file that was put aside last, borrowed; NULL: none. */
const char *history_store_aside(const struct history_store *store);
/* When this returns 0, all rows are on disk. -ENOSPC: the disk is full and the ballast used up.
 * -EUCLEAN: the file was damaged or gone, and a new, empty one begun. Otherwise a failure changes
 * nothing. */
int history_store_commit(struct history_store *store, const struct history_row *rows, size_t n);
/* Puts back the ballast, a file that is deleted when the disk is full. */
void history_store_refill(struct history_store *store);
/* To copy it; NULL: there is none now. Valid until the next call of the others. */
sqlite3 *history_store_db(const struct history_store *store);
