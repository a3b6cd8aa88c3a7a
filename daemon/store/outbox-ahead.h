// SPDX-License-Identifier: MIT
#pragma once
/* The table `ahead` of outbox.db: what belongs into history.db and logbook.db and may not be there yet,
 * so that an event and all that must be on disk before it is sent need one sync together. Owns nothing.
 */
#include "coxad/store/ahead-rows.h"
#include "daemon/store/outbox-query.h"

#define OUTBOX_AHEAD_SCHEMA                                                                        \
	"CREATE TABLE ahead(number INTEGER PRIMARY KEY, book INTEGER NOT NULL,"                    \
	" kind TEXT NOT NULL, name TEXT NOT NULL, text TEXT, seq INTEGER NOT NULL,"                \
	" at_ms INTEGER NOT NULL, sum INTEGER NOT NULL)"
#define OUTBOX_AHEAD_SUM "row_sum('ahead', number, book, kind, name, text, seq, at_ms)"

/* In a transaction. -errno. */
int outbox_ahead_put(struct outbox_queries *queries, const struct ahead_rows *rows);
/* Deletes those of the book up to this number. -errno. */
int outbox_ahead_forget(struct outbox_queries *queries, enum ahead_rows_book book, uint64_t number);
/* All that are whole, by number. -errno: not all could be read. */
int outbox_ahead_load(sqlite3 *db, ahead_rows_fn row, void *user);
