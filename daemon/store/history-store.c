// SPDX-License-Identifier: MIT
#include "coxad/store/history-store.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "daemon/store/database.h"

/* A year of 50 athletes and their kits needs less than 1 MiB. */
#define FILE_BYTES (64 << 20)
#define TEXT_MAX   (1 << 20)

static const char schema[] =
	"CREATE TABLE history(kind TEXT NOT NULL, name TEXT NOT NULL, changed_ms INTEGER NOT NULL,"
	" text TEXT NOT NULL, PRIMARY KEY(kind, name)) WITHOUT ROWID";

struct history_store {
	sqlite3 *db;
	sqlite3_stmt *put, *forget, *get;
	bool is_in_transaction;
};

static const struct database_file history_file = {
	.schema = schema, .version = 1, .synchronous = "FULL", .max_bytes = FILE_BYTES};

static int prepare(struct history_store *store)
{
	int rc = sqlite3_prepare_v3(store->db,
		"INSERT INTO history(kind, name, changed_ms, text) VALUES(?1, ?2, ?3, ?4)"
		" ON CONFLICT DO UPDATE SET changed_ms = ?3, text = ?4",
		-1, SQLITE_PREPARE_PERSISTENT, &store->put, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(store->db,
			"DELETE FROM history WHERE kind = ?1 AND name = ?2", -1,
			SQLITE_PREPARE_PERSISTENT, &store->forget, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(store->db,
			"SELECT text FROM history WHERE kind = ?1 AND name = ?2", -1,
			SQLITE_PREPARE_PERSISTENT, &store->get, NULL);
	return rc == SQLITE_OK ? 0 : -EUCLEAN;
}

static int open_once(struct history_store *store, const char *path)
{
	int r = database_open(path, &history_file, &store->db);

	return r ? r : prepare(store);
}

static void close_once(struct history_store *store)
{
	sqlite3_finalize(store->put);
	sqlite3_finalize(store->forget);
	sqlite3_finalize(store->get);
	sqlite3_close(store->db);
	*store = (struct history_store){0};
}

int history_store_open(const char *directory, struct history_store **ret)
{
	struct history_store *store = alloc_zero(1, sizeof(*store));
	_auto_free_ char *path = alloc_printf("%s/history.db", directory);
	bool was_damaged = false;
	int r = database_make_directory(directory);

	if (!r)
		r = open_once(store, path);
	if (r == -EUCLEAN || r == -ENOTSUP) {
		_auto_free_ char *aside = NULL;
		enum database_aside why =
			r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED;

		was_damaged = true;
		close_once(store);
		r = database_put_aside(path, why, &aside);
		if (!r)
			r = open_once(store, path);
	}
	if (r) {
		history_store_free(store);
		return r;
	}
	*ret = store;
	return was_damaged;
}

struct history_store *history_store_free(struct history_store *store)
{
	if (!store)
		return NULL;
	history_store_commit(store);
	close_once(store);
	free(store);
	return NULL;
}

int history_store_commit(struct history_store *store)
{
	int r;

	if (!store->is_in_transaction)
		return 0;
	store->is_in_transaction = false;
	r = database_run(store->db, "COMMIT");
	if (r && !sqlite3_get_autocommit(store->db))
		database_run(store->db, "ROLLBACK");
	return r;
}

int history_store_put(struct history_store *store, enum history_kind kind, const char *name,
	const char *text, size_t size)
{
	sqlite3_stmt *statement = size ? store->put : store->forget;
	int r;

	if (size > TEXT_MAX)
		return -EMSGSIZE;
	if (!store->is_in_transaction) {
		r = database_run(store->db, "BEGIN");
		if (r)
			return r;
		store->is_in_transaction = true;
	}
	sqlite3_bind_text(statement, 1, history_kind_to_string(kind), -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, name, -1, SQLITE_STATIC);
	if (size) {
		sqlite3_bind_int64(statement, 3, clock_wall_us() / 1000);
		sqlite3_bind_text(statement, 4, text, (int)size, SQLITE_STATIC);
	}
	r = database_errno(store->db, sqlite3_step(statement));
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	/* A full disk rolls the transaction back: the next put begins another. */
	if (r && sqlite3_get_autocommit(store->db))
		store->is_in_transaction = false;
	return r;
}

int history_store_get(
	struct history_store *store, enum history_kind kind, const char *name, char **ret)
{
	int rc, r;

	sqlite3_bind_text(store->get, 1, history_kind_to_string(kind), -1, SQLITE_STATIC);
	sqlite3_bind_text(store->get, 2, name, -1, SQLITE_STATIC);
	rc = sqlite3_step(store->get);
	r = database_errno(store->db, rc);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(store->get, 0) <= TEXT_MAX) {
		*ret = alloc_text((const char *)sqlite3_column_text(store->get, 0));
		r = 1;
	}
	sqlite3_reset(store->get);
	sqlite3_clear_bindings(store->get);
	return r;
}

/* False for a kind that only a later coxad knows. */
static bool read_kind(sqlite3_stmt *statement, enum history_kind *ret)
{
	const char *text = (const char *)sqlite3_column_text(statement, 0);

	return text && history_kind_from_string(text, ret) == 0;
}

int history_store_each(struct history_store *store,
	void (*each)(void *user, enum history_kind kind, const char *name, const char *text,
		size_t size),
	void *user)
{
	sqlite3_stmt *statement = NULL;
	enum history_kind kind;
	int rc = sqlite3_prepare_v2(store->db,
		"SELECT kind, name, text FROM history ORDER BY kind, name", -1, &statement, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW && read_kind(statement, &kind) &&
			sqlite3_column_bytes(statement, 2) <= TEXT_MAX)
			each(user, kind, (const char *)sqlite3_column_text(statement, 1),
				(const char *)sqlite3_column_text(statement, 2),
				(size_t)sqlite3_column_bytes(statement, 2));
	}
	sqlite3_finalize(statement);
	return database_errno(store->db, rc);
}

/* Which rows are about an athlete (?1), in either file; ?2 is a kind. The topic has the name between slashes. */
#define OF_ATHLETE                                                                                 \
	"((kind = ?2 AND name = ?1) OR"                                                            \
	" CASE WHEN json_valid(text) THEN json_extract(text, '$.athlete') = ?1 ELSE 0 END)"
#define OF_TOPIC                                                                                   \
	"(instr(topic, '/athlete/' || ?1 || '/') > 0 OR CASE WHEN json_valid(CAST(payload AS"      \
	" TEXT)) THEN json_extract(CAST(payload AS TEXT), '$.athlete') = ?1 ELSE 0 END)"
#define OF_RETAINED "(kind = ?2 AND instr(name, '/athlete/' || ?1 || '/') > 0)"

struct held {
	const char *file, *table, *kind, *name, *text, *where, *erase;
	enum history_kind of; /* ?2, if there is one */
};

#define HELD_OUTBOX(table, kind)                                                                   \
	{                                                                                          \
		"outbox.db", table, kind, "topic", "CAST(payload AS TEXT)", OF_TOPIC,              \
			"DELETE FROM " table " WHERE " OF_TOPIC, HISTORY_KIND_COUNT                \
	}

/* What the broker retains is out of reach here: the text "0" tells gateway-retained.c to remove it in
 * the next run. */
static const struct held held[] = {
	{"history.db", "history", "kind", "name", "text", OF_ATHLETE,
		"DELETE FROM history WHERE " OF_ATHLETE, HISTORY_KIND_ATHLETE},
	{"history.db", "history", "kind", "name", "text", OF_RETAINED,
		"UPDATE history SET text = '0' WHERE text != '0' AND " OF_RETAINED,
		HISTORY_KIND_RETAINED},
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
	int rc, r;

	*ret = NULL;
	if (access(path, F_OK) < 0)
		return errno == ENOENT ? 0 : -errno;
	rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	/* Fails while a daemon runs, which holds a lock. */
	r = database_errno(db, rc);
	if (!r)
		r = database_run(db, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA secure_delete=ON;"
				     "BEGIN IMMEDIATE; COMMIT");
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

int history_store_export(const char *directory, const char *athlete, char **ret)
{
	json_t *entries = json_array();
	json_t *all = json_object();
	int r = 0;

	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]) && !r; i++)
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

int history_store_erase(const char *directory, const char *athlete)
{
	int r, n = 0;

	for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
		r = erase_one(directory, &held[i], athlete);
		if (r < 0)
			return r;
		n += r;
	}
	/* What was put aside cannot be searched: damaged, or with tables that only another coxad knows. */
	r = database_remove_aside(directory, "history.db");
	if (!r)
		r = database_remove_aside(directory, "outbox.db");
	return r ? r : n;
}
