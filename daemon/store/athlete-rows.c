// SPDX-License-Identifier: MIT
#include "daemon/store/athlete-rows.h"

#include <errno.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/history-kind.h"
#include "daemon/store/history-table.h"
#include "daemon/store/logbook-table.h"
#include "daemon/store/row-sum.h"

enum { HISTORY, LOGBOOK, OUTBOX };
static const char *const file_name[ATHLETE_ROWS_FILES] = {
	[HISTORY] = "history.db", [LOGBOOK] = "logbook.db", [OUTBOX] = "outbox.db"};

/* Which rows are about an athlete (?1), in either file; ?2 is a kind. The topic has the name between slashes. */
#define OF_ATHLETE                                                                                 \
	"((kind = ?2 AND name = ?1) OR"                                                            \
	" CASE WHEN json_valid(text) THEN json_extract(text, '$.athlete') = ?1 ELSE 0 END)"
#define OF_TOPIC                                                                                   \
	"(instr(topic, '/athlete/' || ?1 || '/') > 0 OR CASE WHEN json_valid(CAST(payload AS"      \
	" TEXT)) THEN json_extract(CAST(payload AS TEXT), '$.athlete') = ?1 ELSE 0 END)"
#define OF_RETAINED "(kind = ?2 AND instr(name, '/athlete/' || ?1 || '/') > 0)"

/* What was not yet in the other two files; the history is book 0. */
#define OF_AHEAD                                                                                   \
	"(((book = 1 OR kind = ?2) AND name = ?1) OR"                                              \
	" CASE WHEN json_valid(text) THEN json_extract(text, '$.athlete') = ?1 ELSE 0 END)"

struct rows {
	unsigned file;
	const char *table, *kind, *name, *text, *where, *erase;
	enum history_kind of; /* ?2, if there is one */
	const char *listed;   /* of them, those that have a topic removed; NULL: none do */
};

#define TOPICS(table, kind, condition, listed)                                                     \
	{                                                                                          \
		OUTBOX, table, kind, "topic", "CAST(payload AS TEXT)", OF_TOPIC,                   \
			"DELETE FROM " table " WHERE " condition OF_TOPIC, HISTORY_KIND_COUNT,     \
			listed                                                                     \
	}

/* What the broker retains is out of reach here: the text "0" tells gateway-retained.c to remove it. */
static const struct rows all[] = {
	{HISTORY, "history", "kind", "name", "text", OF_ATHLETE,
		"DELETE FROM history WHERE " OF_ATHLETE, HISTORY_KIND_ATHLETE, NULL},
	{HISTORY, "history", "kind", "name", "text", OF_RETAINED,
		"UPDATE history SET text = '0', sum = row_sum(kind, name, '0') WHERE text != '0' AND " OF_RETAINED,
		HISTORY_KIND_RETAINED, "text = '0'"},
	/* +: row by row, not by an index that may be damaged. */
	{LOGBOOK, "logbook", "'logbook'", "kind || ' ' || seq", "text", "+athlete = ?1",
		"DELETE FROM logbook WHERE +athlete = ?1", HISTORY_KIND_COUNT, NULL},
	{OUTBOX, "ahead", "kind", "name", "text", OF_AHEAD, "DELETE FROM ahead WHERE " OF_AHEAD,
		HISTORY_KIND_ATHLETE, NULL},
	{OUTBOX, "ahead", "kind", "name", "text", OF_RETAINED,
		"UPDATE ahead SET text = '0', sum = row_sum('ahead', number, book, kind, name, '0',"
		" seq, at_ms) WHERE text != '0' AND " OF_RETAINED,
		HISTORY_KIND_RETAINED, "text IS NOT '1'"},
	TOPICS("outbox", "'outbox'", "", NULL),
	/* Without a payload it is the removal of a topic, which has to reach the broker first. */
	TOPICS("state", "'state'", "length(payload) > 0 AND ", "length(payload) = 0"),
	TOPICS("dead", "'refused'", "", NULL),
	TOPICS("damaged", "'damaged'", "", NULL),
};

static int open_described(
	const char *path, void (*describe)(struct database_file *file), sqlite3 **ret)
{
	struct database_file file;

	describe(&file);
	return database_open(path, &file, ret);
}

static int open_outbox(const char *path, sqlite3 **ret)
{
	sqlite3 *db = NULL;
	int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	/* Fails while a daemon runs, which holds a lock. */
	int r = database_errno(db, rc);

	if (!r)
		r = row_sum_connect(db);
	if (!r)
		r = database_run(db, "PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
	if (r) {
		sqlite3_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

int athlete_rows_open(const char *directory, unsigned file, sqlite3 **ret)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, file_name[file]);

	*ret = NULL;
	if (access(path, F_OK) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (file == OUTBOX)
		return open_outbox(path, ret);
	return open_described(
		path, file == HISTORY ? history_table_describe : logbook_table_describe, ret);
}

/* A file of an older coxad may lack it. */
static bool has_table(sqlite3 *db, const char *table)
{
	_auto_free_ char *sql =
		alloc_printf("SELECT count(*) FROM sqlite_schema WHERE name = '%s'", table);

	return database_number(db, sql, 1) > 0;
}

static bool is_there(sqlite3 *db, unsigned file, const struct rows *one)
{
	return one->file == file && has_table(db, one->table);
}

static int prepare(sqlite3 *db, const struct rows *one, const char *sql, const char *athlete,
	sqlite3_stmt **ret)
{
	int rc = sqlite3_prepare_v2(db, sql, -1, ret, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(*ret, 1, athlete, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK && one->of < HISTORY_KIND_COUNT)
		rc = sqlite3_bind_text(*ret, 2, history_kind_to_string(one->of), -1, SQLITE_STATIC);
	return rc;
}

static int tell(
	sqlite3 *db, const struct rows *one, const char *athlete, athlete_rows_fn each, void *user)
{
	_auto_free_ char *sql = alloc_printf("SELECT %s, %s, %s FROM %s WHERE %s ORDER BY 1, 2",
		one->kind, one->name, one->text, one->table, one->where);
	sqlite3_stmt *statement = NULL;
	int rc = prepare(db, one, sql, athlete, &statement);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW)
			each(user, (const char *)sqlite3_column_text(statement, 0),
				(const char *)sqlite3_column_text(statement, 1),
				(const char *)sqlite3_column_text(statement, 2));
	}
	sqlite3_finalize(statement);
	return database_errno(db, rc);
}

int athlete_rows_each(
	sqlite3 *db, unsigned file, const char *athlete, athlete_rows_fn each, void *user)
{
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(all) && !r; i++)
		if (is_there(db, file, &all[i]))
			r = tell(db, &all[i], athlete, each, user);
	return r;
}

/* Adds to *n. */
static int erase(sqlite3 *db, const struct rows *one, const char *athlete, int *n)
{
	sqlite3_stmt *statement = NULL;
	int rc = prepare(db, one, one->erase, athlete, &statement);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	*n += rc == SQLITE_DONE ? sqlite3_changes(db) : 0;
	sqlite3_finalize(statement);
	return database_errno(db, rc);
}

int athlete_rows_erase(sqlite3 *db, unsigned file, const char *athlete)
{
	int n = 0, r = database_run(db, "PRAGMA secure_delete=ON; BEGIN IMMEDIATE");

	for (size_t i = 0; i < ARRAY_LEN(all) && !r; i++)
		if (is_there(db, file, &all[i]))
			r = erase(db, &all[i], athlete, &n);
	if (!r)
		r = database_run(db, "COMMIT");
	if (r && !sqlite3_get_autocommit(db))
		database_run(db, "ROLLBACK");
	return r ? r : n;
}

static int count_listed(sqlite3 *db, const struct rows *one, const char *athlete, int *n)
{
	_auto_free_ char *sql = alloc_printf(
		"SELECT count(*) FROM %s WHERE %s AND %s", one->table, one->listed, one->where);
	sqlite3_stmt *statement = NULL;
	int rc = prepare(db, one, sql, athlete, &statement);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	*n += rc == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
	sqlite3_finalize(statement);
	return database_errno(db, rc);
}

int athlete_rows_n_listed(sqlite3 *db, unsigned file, const char *athlete)
{
	int n = 0, r = 0;

	for (size_t i = 0; i < ARRAY_LEN(all) && !r; i++)
		if (all[i].listed && is_there(db, file, &all[i]))
			r = count_listed(db, &all[i], athlete, &n);
	return r ? r : n;
}

/* The copy that is made meanwhile may be too large for memory. secure_delete alone leaves copies of rows that
 * were moved from page to page. */
int athlete_rows_clean(sqlite3 *db)
{
	int r = database_run(db, "PRAGMA temp_store=FILE; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");

	database_run(db, "PRAGMA temp_store=MEMORY");
	return r;
}

int athlete_rows_remove_aside(const char *directory)
{
	int r = 0;

	for (unsigned i = 0; i < ATHLETE_ROWS_FILES && !r; i++)
		r = database_remove_aside(directory, file_name[i]);
	return r;
}
