// SPDX-License-Identifier: MIT
#pragma once
/* Rows of history.db and logbook.db as outbox.db has them ahead of these files, as a list that owns its
 * strings. A plain value, empty when zero.
 */
#include <stddef.h>
#include <stdint.h>

enum ahead_rows_book { AHEAD_ROWS_HISTORY, AHEAD_ROWS_LOGBOOK, AHEAD_ROWS_BOOKS };

struct ahead_row {
	enum ahead_rows_book book;
	uint64_t number; /* increases from row to row */
	const char *kind;
	const char *name; /* of the history; the athlete of an entry */
	const char *text;
	size_t size;        /* 0: the row of the history is deleted */
	int64_t seq, at_ms; /* of an entry */
};
typedef void (*ahead_rows_fn)(void *user, const struct ahead_row *row);

struct ahead_rows {
	struct ahead_row *row;
	size_t n, capacity;
	size_t bytes; /* of all texts */
};

/* Copies. */
void ahead_rows_add(struct ahead_rows *rows, const struct ahead_row *row);
void ahead_rows_done(struct ahead_rows *rows);
