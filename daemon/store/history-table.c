// SPDX-License-Identifier: MIT
#include "daemon/store/history-table.h"

#include <errno.h>

#include "daemon/store/row-sum.h"

#define VERSION 2
/* A year of 50 athletes and their kits needs less than 1 MiB. */
#define FILE_BYTES (64 << 20)

static const char schema[] =
	"CREATE TABLE history(kind TEXT NOT NULL, name TEXT NOT NULL, changed_ms INTEGER NOT NULL,"
	" text TEXT NOT NULL, sum INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(kind, name))"
	" WITHOUT ROWID";

static int upgrade(sqlite3 *db, int from)
{
	if (from != 1)
		return -ENOTSUP;
	return database_run(db, "BEGIN IMMEDIATE;"
				"ALTER TABLE history ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
				"UPDATE history SET sum = " HISTORY_TABLE_SUM ";"
				"PRAGMA user_version=2; COMMIT");
}

void history_table_describe(struct database_file *file)
{
	*file = (struct database_file){.schema = schema,
		.version = VERSION,
		.connect = row_sum_connect,
		.upgrade = upgrade,
		.synchronous = "FULL",
		.max_bytes = FILE_BYTES};
}

/* False: the row was changed by something else than coxad. */
static bool give(sqlite3_stmt *statement, history_row_fn row, void *user)
{
	const char *kind = (const char *)sqlite3_column_text(statement, 0);
	const char *text = (const char *)sqlite3_column_text(statement, 2);
	struct history_row one = {.name = (const char *)sqlite3_column_text(statement, 1),
		.text = text,
		.size = (size_t)sqlite3_column_bytes(statement, 2)};

	if (!kind || !one.name || !text || !sqlite3_column_int(statement, 3))
		return false;
	/* A kind that only a later coxad knows is none of ours. */
	if (!history_kind_from_string(kind, &one.kind) && one.size <= HISTORY_TABLE_TEXT_MAX)
		row(user, &one);
	return true;
}

/* The rows of version 1 have no checksum. */
static int prepare(sqlite3 *db, bool is_backwards, sqlite3_stmt **ret)
{
	int rc = sqlite3_prepare_v2(db,
		is_backwards ? "SELECT kind, name, text, sum IS " HISTORY_TABLE_SUM " FROM history"
			       " ORDER BY kind DESC, name DESC"
			     : "SELECT kind, name, text, sum IS " HISTORY_TABLE_SUM " FROM history"
			       " ORDER BY kind, name",
		-1, ret, NULL);

	if (rc == SQLITE_ERROR)
		rc = sqlite3_prepare_v2(
			db, "SELECT kind, name, text, 1 FROM history", -1, ret, NULL);
	return rc;
}

static int load(sqlite3 *db, bool is_backwards, history_row_fn row, void *user)
{
	sqlite3_stmt *statement = NULL;
	bool is_whole = true;
	int rc = prepare(db, is_backwards, &statement);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW && !give(statement, row, user))
			is_whole = false;
	}
	sqlite3_finalize(statement);
	if (rc == SQLITE_DONE)
		return is_whole ? 0 : -EUCLEAN;
	return database_errno(db, rc);
}

int history_table_load(sqlite3 *db, history_row_fn row, void *user)
{
	int r = load(db, false, row, user);

	/* What is behind a damaged page is found from the other end. */
	if (r == -EUCLEAN)
		load(db, true, row, user);
	return r;
}
