// SPDX-License-Identifier: MIT
#include "daemon/store/logbook-table.h"

#include "coxad/base/alloc.h"
#include "coxad/wire/logbook.h"
#include "daemon/store/row-sum.h"

#define VERSION    1
#define MS_PER_DAY (INT64_C(86400) * 1000)
/* A greater number is damaged: none that follows it would fit into a cursor. Of the year 2109. */
#define SEQ_CREDIBLE (LOGBOOK_SEQ_MAX / 2)
/* Looked at, and deleted, at a time: what must be written meanwhile does not wait for long. */
#define BATCH "256"

static const char schema[] =
	"CREATE TABLE logbook(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL,"
	" athlete TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, sum INTEGER NOT NULL);"
	"CREATE INDEX of_athlete ON logbook(athlete, kind, seq);"
	"CREATE INDEX of_reps ON logbook(seq) WHERE kind = 'rep';"
	"CREATE TABLE size(rows INTEGER NOT NULL);"
	"INSERT INTO size VALUES(0);"
	"CREATE TRIGGER more AFTER INSERT ON logbook BEGIN UPDATE size SET rows = rows + 1; END;"
	"CREATE TRIGGER fewer AFTER DELETE ON logbook BEGIN UPDATE size SET rows = rows - 1; END";

const char *logbook_table_schema(void)
{
	return schema;
}

void logbook_table_describe(struct database_file *file)
{
	*file = (struct database_file){.schema = schema,
		.version = VERSION,
		.connect = row_sum_connect,
		.is_checked_in_use = true,
		.synchronous = "FULL",
		.max_bytes = LOGBOOK_TABLE_BYTES_MAX};
}

int64_t logbook_table_last_seq(sqlite3 *db)
{
	_auto_free_ char *sql = alloc_printf(
		"SELECT max(seq) FROM logbook WHERE seq < %lld", (long long)SEQ_CREDIBLE);

	return database_number(db, sql, 0);
}

static int64_t used_bytes(sqlite3 *db)
{
	return (database_number(db, "PRAGMA page_count", 0) -
		       database_number(db, "PRAGMA freelist_count", 0)) *
	       database_number(db, "PRAGMA page_size", 0);
}

/* By the clock of each entry: one that was made while the clock was ahead does not keep others. */
static int prune_old(sqlite3 *db, int64_t now_ms)
{
	_auto_free_ char *sql = alloc_printf(
		"DELETE FROM logbook WHERE seq IN (SELECT seq FROM (SELECT seq, at_ms FROM logbook"
		" ORDER BY seq LIMIT " BATCH ") WHERE at_ms < %lld)",
		(long long)(now_ms - LOGBOOK_TABLE_DAYS_MAX * MS_PER_DAY));

	return now_ms ? database_run(db, sql) : 0;
}

bool logbook_table_is_full(sqlite3 *db, int64_t max_bytes)
{
	return database_number(db, "SELECT rows FROM size", 0) > LOGBOOK_TABLE_ROWS_MAX ||
	       used_bytes(db) > max_bytes;
}

int logbook_table_prune(sqlite3 *db, int64_t now_ms, int64_t max_bytes)
{
	bool is_full = logbook_table_is_full(db, max_bytes);
	int r = prune_old(db, now_ms);

	if (r || !is_full)
		return r;
	r = database_run(db, "DELETE FROM logbook WHERE seq IN (SELECT seq FROM logbook"
			     " WHERE kind = 'rep' ORDER BY seq LIMIT " BATCH ")");
	if (r || sqlite3_changes(db))
		return r;
	return database_run(db, "DELETE FROM logbook WHERE seq IN"
				" (SELECT seq FROM logbook ORDER BY seq LIMIT " BATCH ")");
}
