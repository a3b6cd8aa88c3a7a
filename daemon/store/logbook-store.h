// SPDX-License-Identifier: MIT
#pragma once
/* The logbook on disk, in SQLite: what happened to athletes, with a checksum for each row; or in memory
 * alone. The file is the original. Never logs. One thread at a time; all of it waits for the disk.
 */
#include <sqlite3.h>
#include <stdbool.h>

#include "daemon/store/logbook-rows.h"

struct logbook_store;

enum logbook_found {
	LOGBOOK_FOUND_WHOLE,
	LOGBOOK_FOUND_DAMAGED, /* kept as logbook.db.bad or the like, and a new one begun */
	LOGBOOK_FOUND_OTHER,   /* of a newer coxad: kept as logbook.db.other */
};

/* Makes the directory if it is missing. directory NULL: in memory. max_bytes: of the file. Returns an enum
 * logbook_found; -EBUSY: another coxad uses it; other -errno: not usable now. is_given_up: a file that cannot
 * be read is taken to be damaged. */
int logbook_store_open(
	const char *directory, int64_t max_bytes, bool is_given_up, struct logbook_store **ret);
struct logbook_store *logbook_store_free(struct logbook_store *store);
/* The name of the file that was put aside last, borrowed; NULL: none. */
const char *logbook_store_aside(const struct logbook_store *store);
/* The greatest number in use, also of the file that was put aside. */
int64_t logbook_store_last_seq(const struct logbook_store *store);
/* When this returns 0, all are on disk. -ENOSPC: the disk is full. -EUCLEAN: the file was damaged or gone,
 * and a new one begun. Otherwise a failure changes nothing. now_ms: by which entries age; 0: they do
 * not. */
int logbook_store_commit(
	struct logbook_store *store, const struct logbook_entry *entries, size_t n, int64_t now_ms);
/* Appends what is asked for, up to the limits of a page. *ret_more: there is more; *ret_known: there is
 * an entry of the athlete. -EUCLEAN: as above. */
int logbook_store_query(struct logbook_store *store, const struct logbook_query *query,
	struct logbook_rows *ret, bool *ret_more, bool *ret_known);
/* Copies some of the file that was put aside, the newest first. 1: there may be more; 0: that was all;
 * -errno of the new file. */
int logbook_store_salvage(struct logbook_store *store);
/* To copy it; NULL: there is none now. Valid until the next call of the others. */
sqlite3 *logbook_store_db(const struct logbook_store *store);
/* Rows of a file that was put aside still come into the new one. */
bool logbook_store_is_salvaging(const struct logbook_store *store);
