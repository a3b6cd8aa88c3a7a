// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-table.h"

#include <errno.h>
#include <string.h>

#include "daemon/store/outbox-ahead.h"
#include "daemon/store/row-sum.h"

#define VERSION 3
/* A larger row was not written by us. */
#define ROW_TEXT_MAX    4096
#define ROW_PAYLOAD_MAX (1 << 20)
/* Rows in `damaged`. */
#define DAMAGED_MAX "1000"

#define EVENT_SUM OUTBOX_TABLE_SUM("outbox", OUTBOX_TABLE_COLUMNS)
#define STATE_SUM OUTBOX_TABLE_SUM("state", OUTBOX_TABLE_STATE_COLUMNS)

/* AUTOINCREMENT keeps the highest seq over an empty table, in sqlite_sequence. A column that is not
 * there in version 1 has a default. */
#define DATED                                                                                      \
	"boot INTEGER NOT NULL DEFAULT 0, up_ms INTEGER NOT NULL DEFAULT 0,"                       \
	" dated INTEGER NOT NULL DEFAULT 0"
#define SUM_COLUMN "sum INTEGER NOT NULL DEFAULT 0"
#define DAMAGED_TABLE                                                                              \
	"CREATE TABLE damaged(row INTEGER PRIMARY KEY AUTOINCREMENT, found_ms INTEGER, source,"    \
	" seq, created_ms, class, topic, id, payload, sum)"

/* Nothing is put into `dead` any more. */
static const char schema[] =
	"CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT NULL,"
	" expiry_s INTEGER NOT NULL, class INTEGER NOT NULL, retain INTEGER NOT NULL,"
	" topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL, " DATED ", " SUM_COLUMN ");"
	"CREATE TABLE state(topic TEXT PRIMARY KEY, created_ms INTEGER NOT NULL,"
	" class INTEGER NOT NULL, payload BLOB NOT NULL, " SUM_COLUMN ") WITHOUT ROWID;"
	"CREATE TABLE dead(seq INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL,"
	" class INTEGER NOT NULL, topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL,"
	" reason INTEGER NOT NULL);" DAMAGED_TABLE ";" OUTBOX_AHEAD_SCHEMA ";"
	"INSERT INTO sqlite_sequence(name, seq) VALUES('outbox', 0)";

/* One column a statement: ALTER TABLE adds no more. */
#define ADD(table, column) "ALTER TABLE " table " ADD COLUMN " column " INTEGER NOT NULL DEFAULT 0;"
#define ADD_DATED(table)   ADD(table, "boot") ADD(table, "up_ms") ADD(table, "dated")

/* What the broker had refused is sent again. */
static const char upgrade_1[] =
	"BEGIN IMMEDIATE;"
	"INSERT OR IGNORE INTO outbox(seq, created_ms, expiry_s, class, retain, topic, id, payload)"
	" SELECT seq, created_ms, 0, class, 0, topic, id, payload FROM dead;"
	"DELETE FROM dead;" ADD_DATED("outbox") ADD("outbox", "sum") ADD("state", "sum")
		DAMAGED_TABLE ";"
			      "UPDATE outbox SET sum = " EVENT_SUM ";"
			      "UPDATE state SET sum = " STATE_SUM ";"
			      "PRAGMA user_version=2; COMMIT";

static const char upgrade_2[] =
	"BEGIN IMMEDIATE;" OUTBOX_AHEAD_SCHEMA "; PRAGMA user_version=3; COMMIT";

static int upgrade(sqlite3 *db, int from)
{
	int r = from == 1 ? database_run(db, upgrade_1) : from == 2 ? 0 : -EUCLEAN;

	if (!r)
		r = database_run(db, upgrade_2);

	if (r && !sqlite3_get_autocommit(db))
		database_run(db, "ROLLBACK");
	return r;
}

void outbox_table_describe(struct database_file *file)
{
	file->schema = schema;
	file->version = VERSION;
	file->connect = row_sum_connect;
	file->upgrade = upgrade;
}

int64_t outbox_table_n_damaged(sqlite3 *db)
{
	return database_number(
		       db, "SELECT count(*) FROM ahead WHERE sum IS NOT " OUTBOX_AHEAD_SUM, 0) +
	       database_number(db, "SELECT count(*) FROM outbox WHERE sum IS NOT " EVENT_SUM, 0) +
	       database_number(db, "SELECT count(*) FROM state WHERE sum IS NOT " STATE_SUM, 0);
}

/* columns: seq and id, of a table that has them. */
static int move_damaged(
	sqlite3 *db, const char *table, const char *columns, const char *sum, int64_t wall_ms)
{
	char *sql = sqlite3_mprintf(
		"INSERT INTO damaged(found_ms, source, created_ms, class, topic, payload, sum, seq,"
		" id) SELECT %lld, '%s', created_ms, class, topic, payload, sum, %s FROM %s"
		" WHERE sum IS NOT %s; DELETE FROM %s WHERE sum IS NOT %s",
		(long long)wall_ms, table, columns, table, sum, table, sum);
	int r = database_run(db, sql);

	sqlite3_free(sql);
	return r;
}

/* The topic tells what belongs to an athlete. */
static int move_damaged_ahead(sqlite3 *db, int64_t wall_ms)
{
	char *sql = sqlite3_mprintf(
		"INSERT INTO damaged(found_ms, source, topic, payload, sum, seq) SELECT %lld,"
		" 'ahead', kind || '/athlete/' || name || '/', text, sum, number FROM ahead"
		" WHERE sum IS NOT " OUTBOX_AHEAD_SUM
		"; DELETE FROM ahead WHERE sum IS NOT " OUTBOX_AHEAD_SUM,
		(long long)wall_ms);
	int r = database_run(db, sql);

	sqlite3_free(sql);
	return r;
}

static int move_all_damaged(sqlite3 *db, int64_t wall_ms)
{
	int r = database_run(db, "BEGIN IMMEDIATE");

	if (!r)
		r = move_damaged(db, "outbox", "seq, id", EVENT_SUM, wall_ms);
	if (!r)
		r = move_damaged(db, "state", "NULL, NULL", STATE_SUM, wall_ms);
	if (!r)
		r = move_damaged_ahead(db, wall_ms);
	if (!r)
		r = database_run(db, "DELETE FROM damaged WHERE row <="
				     " (SELECT max(row) FROM damaged) - " DAMAGED_MAX ";"
				     "COMMIT");
	if (r && !sqlite3_get_autocommit(db))
		database_run(db, "ROLLBACK");
	return r;
}

int64_t outbox_table_put_aside(sqlite3 *db, int64_t wall_ms)
{
	int64_t n = outbox_table_n_damaged(db);

	/* They are not read, even if they must stay where they are. */
	if (n)
		move_all_damaged(db, wall_ms);
	return n;
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);
	int size = sqlite3_column_bytes(statement, column);

	return text && size <= ROW_TEXT_MAX && strlen(text) == (size_t)size ? text : NULL;
}

/* Columns as in OUTBOX_TABLE_COLUMNS. */
static bool read_row(sqlite3_stmt *statement, enum outbox_kind kind, struct outbox_table_row *ret)
{
	const char *topic = column_text(statement, 3);
	const void *payload = sqlite3_column_blob(statement, 4);
	int size = sqlite3_column_bytes(statement, 4);
	int64_t seq = sqlite3_column_int64(statement, 0);
	int64_t class = sqlite3_column_int64(statement, 2);
	int64_t expiry_s = sqlite3_column_int64(statement, 6);

	if (!topic || !*topic || size < 0 || size > ROW_PAYLOAD_MAX || class < 0 ||
		class >= OUTBOX_CLASSES || expiry_s < 0 || expiry_s > UINT32_MAX || seq < 0 ||
		seq > OUTBOX_TABLE_SEQ_MAX)
		return false;
	*ret = (struct outbox_table_row){
		.item = {.kind = kind,
			.class = (unsigned)class,
			.seq = (uint64_t)seq,
			.id = column_text(statement, 5),
			.topic = topic,
			.payload = payload,
			.size = (size_t)size,
			.retain = sqlite3_column_int(statement, 7) != 0,
			.expiry_s = (unsigned)expiry_s},
		.created_wall_ms = sqlite3_column_int64(statement, 1),
		.boot = sqlite3_column_int64(statement, 8),
		.up_ms = sqlite3_column_int64(statement, 9),
		.is_synchronised = sqlite3_column_int(statement, 10) != 0,
	};
	return true;
}

/* A damaged index may lead to an event twice. */
static int load_rows(
	sqlite3 *db, const char *sql, enum outbox_kind kind, outbox_table_fn row, void *user)
{
	struct outbox_table_row one;
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	uint64_t last_seq = 0;

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc != SQLITE_ROW || !read_row(statement, kind, &one) ||
			(one.item.seq <= last_seq && last_seq))
			continue;
		last_seq = one.item.seq;
		row(user, &one);
	}
	sqlite3_finalize(statement);
	return database_errno(db, rc);
}

/* 0 in a damaged file of an older coxad; -1: not known. */
static int64_t has_column_sum(sqlite3 *db)
{
	return database_number(
		db, "SELECT count(*) FROM pragma_table_info('outbox') WHERE name = 'sum'", -1);
}

int outbox_table_load(sqlite3 *db, bool has_sums, outbox_table_fn row, void *user)
{
	static const char *const events[] = {
		"SELECT seq, created_ms, class, topic, payload, id, expiry_s, retain, 0, 0, 0"
		" FROM outbox ORDER BY seq",
		"SELECT " OUTBOX_TABLE_COLUMNS " FROM outbox WHERE sum IS " EVENT_SUM
		" ORDER BY seq"};
	static const char *const states[] = {
		"SELECT 0, created_ms, class, topic, payload, NULL, 0, 1, 0, 0, 0 FROM state"
		" ORDER BY created_ms",
		"SELECT 0, created_ms, class, topic, payload, NULL, 0, 1, 0, 0, 0 FROM state"
		" WHERE sum IS " STATE_SUM " ORDER BY created_ms"};
	unsigned i = has_sums && has_column_sum(db) != 0;
	int r = load_rows(db, events[i], OUTBOX_KIND_EVENT, row, user);
	int of_states = load_rows(db, states[i], OUTBOX_KIND_STATE, row, user);

	return r ? r : of_states;
}

int64_t outbox_table_last_seq(sqlite3 *db)
{
	int64_t noted =
		database_number(db, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", -1);
	int64_t stored =
		database_number(db, "SELECT max(seq) FROM outbox WHERE sum IS " EVENT_SUM, 0);

	if (noted < 0 || noted > OUTBOX_TABLE_SEQ_MAX)
		return -1;
	return stored > noted ? stored : noted;
}
