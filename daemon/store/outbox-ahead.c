// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-ahead.h"

#include <string.h>

/* A longer text was not written by us. */
#define TEXT_MAX (1 << 20)

static int put(struct outbox_queries *queries, const struct ahead_row *row)
{
	sqlite3_stmt *statement = queries->statement[OUTBOX_QUERY_PUT_AHEAD];

	sqlite3_bind_int64(statement, 1, (int64_t)row->number);
	sqlite3_bind_int64(statement, 2, row->book);
	sqlite3_bind_text(statement, 3, row->kind, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 4, row->name, -1, SQLITE_STATIC);
	if (row->size)
		sqlite3_bind_text(statement, 5, row->text, (int)row->size, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 6, row->seq);
	sqlite3_bind_int64(statement, 7, row->at_ms);
	return outbox_query_step(queries, OUTBOX_QUERY_PUT_AHEAD);
}

int outbox_ahead_put(struct outbox_queries *queries, const struct ahead_rows *rows)
{
	int r = 0;

	for (size_t i = 0; i < rows->n && !r; i++)
		r = put(queries, &rows->row[i]);
	return r;
}

int outbox_ahead_forget(struct outbox_queries *queries, enum ahead_rows_book book, uint64_t number)
{
	sqlite3_stmt *statement = queries->statement[OUTBOX_QUERY_FORGET_AHEAD];

	if (!number)
		return 0;
	sqlite3_bind_int64(statement, 1, book);
	sqlite3_bind_int64(statement, 2, (int64_t)number);
	return outbox_query_step(queries, OUTBOX_QUERY_FORGET_AHEAD);
}

static bool read_row(sqlite3_stmt *statement, struct ahead_row *ret)
{
	int64_t number = sqlite3_column_int64(statement, 0);
	int book = sqlite3_column_int(statement, 1);
	int size = sqlite3_column_bytes(statement, 4);

	if (number <= 0 || book < 0 || book >= AHEAD_ROWS_BOOKS || size > TEXT_MAX)
		return false;
	*ret = (struct ahead_row){.number = (uint64_t)number,
		.book = (enum ahead_rows_book)book,
		.kind = (const char *)sqlite3_column_text(statement, 2),
		.name = (const char *)sqlite3_column_text(statement, 3),
		.text = (const char *)sqlite3_column_text(statement, 4),
		.size = (size_t)size,
		.seq = sqlite3_column_int64(statement, 5),
		.at_ms = sqlite3_column_int64(statement, 6)};
	return ret->kind && ret->name && (!ret->size || ret->text);
}

int outbox_ahead_load(sqlite3 *db, ahead_rows_fn row, void *user)
{
	sqlite3_stmt *statement = NULL;
	struct ahead_row one;
	int rc;

	/* A file of an older coxad. */
	if (!database_number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'ahead'", 1))
		return 0;
	rc = sqlite3_prepare_v2(db,
		"SELECT number, book, kind, name, text, seq, at_ms FROM ahead WHERE sum IS " OUTBOX_AHEAD_SUM
		" ORDER BY number",
		-1, &statement, NULL);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW && read_row(statement, &one))
			row(user, &one);
	}
	sqlite3_finalize(statement);
	return database_errno(db, rc);
}
