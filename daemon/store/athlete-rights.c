// SPDX-License-Identifier: MIT
#include "coxad/store/athlete-rights.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/history-kind.h"
#include "daemon/store/database.h"
#include "daemon/store/history-table.h"
#include "daemon/store/logbook-table.h"
#include "daemon/store/row-sum.h"

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

struct held {
	const char *file, *table, *kind, *name, *text, *where, *erase;
	enum history_kind of; /* ?2, if there is one */
	int (*open)(const char *path, sqlite3 **ret);
};

static int open_history(const char *path, sqlite3 **ret)
{
	struct database_file file;

	history_table_describe(&file);
	return database_open(path, &file, ret);
}

static int open_logbook(const char *path, sqlite3 **ret)
{
	struct database_file file;

	logbook_table_describe(&file);
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

#define HELD_OUTBOX(table, kind)                                                                   \
	{                                                                                          \
		"outbox.db", table, kind, "topic", "CAST(payload AS TEXT)", OF_TOPIC,              \
			"DELETE FROM " table " WHERE " OF_TOPIC, HISTORY_KIND_COUNT, open_outbox   \
	}

/* What the broker retains is out of reach here: the text "0" tells gateway-retained.c to remove it in
 * the next run. */
static const struct held held[] = {
	{"history.db", "history", "kind", "name", "text", OF_ATHLETE,
		"DELETE FROM history WHERE " OF_ATHLETE, HISTORY_KIND_ATHLETE, open_history},
	{"history.db", "history", "kind", "name", "text", OF_RETAINED,
		"UPDATE history SET text = '0', sum = row_sum(kind, name, '0') WHERE text != '0' AND " OF_RETAINED,
		HISTORY_KIND_RETAINED, open_history},
	/* +: row by row, not by an index that may be damaged. */
	{"logbook.db", "logbook", "'logbook'", "kind || ' ' || seq", "text", "+athlete = ?1",
		"DELETE FROM logbook WHERE +athlete = ?1", HISTORY_KIND_COUNT, open_logbook},
	{"outbox.db", "ahead", "kind", "name", "text", OF_AHEAD,
		"DELETE FROM ahead WHERE " OF_AHEAD, HISTORY_KIND_ATHLETE, open_outbox},
	{"outbox.db", "ahead", "kind", "name", "text", OF_RETAINED,
		"UPDATE ahead SET text = '0', sum = row_sum('ahead', number, book, kind, name, '0',"
		" seq, at_ms) WHERE text != '0' AND " OF_RETAINED,
		HISTORY_KIND_RETAINED, open_outbox},
	HELD_OUTBOX("outbox", "'outbox'"),
	HELD_OUTBOX("state", "'state'"),
	HELD_OUTBOX("dead", "'refused'"),
	HELD_OUTBOX("damaged", "'damaged'"),
};

static bool has_table(sqlite3 *db, const char *table)
{
	_auto_free_ char *sql =
		alloc_printf("SELECT count(*) FROM sqlite_schema WHERE name = '%s'", table);

	return database_number(db, sql, 1) > 0;
}

/* The file of a table; *ret = NULL if there is no such file, or none in a file of an older coxad. */
static int open_held(const char *directory, const struct held *one, sqlite3 **ret)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, one->file);
	sqlite3 *db = NULL;
	int r;

	*ret = NULL;
	if (access(path, F_OK) < 0)
		return errno == ENOENT ? 0 : -errno;
	r = one->open(path, &db);
	if (!r)
		r = database_run(db, "PRAGMA secure_delete=ON");
	if (r || !has_table(db, one->table)) {
		sqlite3_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

static int bind_athlete(sqlite3_stmt *statement, const struct held *one, const char *athlete)
{
	int rc = sqlite3_bind_text(statement, 1, athlete, -1, SQLITE_STATIC);

	if (rc == SQLITE_OK && one->of < HISTORY_KIND_COUNT)
		rc = sqlite3_bind_text(
			statement, 2, history_kind_to_string(one->of), -1, SQLITE_STATIC);
	return rc;
}

static void add_held(json_t *array, sqlite3_stmt *statement)
{
	const char *text = (const char *)sqlite3_column_text(statement, 2);
	json_t *value = text ? json_loads(text, JSON_DECODE_ANY, NULL) : NULL;
	json_t *entry = json_object();

	json_object_set_new(
		entry, "kind", json_string((const char *)sqlite3_column_text(statement, 0)));
	json_object_set_new(
		entry, "name", json_string((const char *)sqlite3_column_text(statement, 1)));
	if (!value)
		value = text ? json_string(text) : json_null();
	json_object_set_new(entry, "value", value ? value : json_null());
	json_array_append_new(array, entry);
}

static int export_one(
	const char *directory, const struct held *one, const char *athlete, json_t *array)
{
	_auto_free_ char *sql = alloc_printf("SELECT %s, %s, %s FROM %s WHERE %s ORDER BY 1, 2",
		one->kind, one->name, one->text, one->table, one->where);
	sqlite3_stmt *statement = NULL;
	sqlite3 *db;
	int rc, r = open_held(directory, one, &db);

	if (r || !db)
		return r;
	rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = bind_athlete(statement, one, athlete);
	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW)
			add_held(array, statement);
	}
	r = database_errno(db, rc);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return r;
}

int athlete_rights_export(const char *directory, const char *athlete, char **ret)
{
	json_t *entries = json_array();
	json_t *all = json_object();
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(held) && !r; i++)
		r = export_one(directory, &held[i], athlete, entries);
	if (!r)
		r = (int)json_array_size(entries);
	json_object_set_new(all, "athlete", json_string(athlete));
	json_object_set_new(all, "entries", entries);
	if (r >= 0)
		*ret = json_dumps(all, JSON_INDENT(2));
	json_decref(all);
	return r;
}

static int erase_one(const char *directory, const struct held *one, const char *athlete)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *db;
	int rc, n, r = open_held(directory, one, &db);

	if (r || !db)
		return r;
	rc = sqlite3_prepare_v2(db, one->erase, -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = bind_athlete(statement, one, athlete);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	r = database_errno(db, rc);
	n = sqlite3_changes(db);
	sqlite3_finalize(statement);
	/* The write-ahead log and free pages still contain it. */
	if (!r)
		r = database_run(db, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
	sqlite3_close(db);
	return r ? r : n;
}

int athlete_rights_erase(const char *directory, const char *athlete)
{
	int r, n = 0;

	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		r = erase_one(directory, &held[i], athlete);
		if (r < 0)
			return r;
		n += r;
	}
	/* What was put aside cannot be searched: damaged, or with tables that only another coxad knows. */
	r = database_remove_aside(directory, "history.db");
	if (!r)
		r = database_remove_aside(directory, "outbox.db");
	if (!r)
		r = database_remove_aside(directory, "logbook.db");
	return r ? r : n;
}
