// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-query.h"

#include "daemon/store/outbox-table.h"

#define EVENT_VALUES "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11"
#define STATE_VALUES "?4, ?2, ?3, ?5"
#define INSERT(table, columns, values)                                                             \
	"INSERT INTO " table "(" columns ", sum) VALUES(" values                                   \
	", " OUTBOX_TABLE_SUM(table, values) ")"

/* An event is only ever inserted: its number may be written again by itself alone, when it is not
 * known whether it was, or with another date. */
#define SAME_EVENT                                                                                 \
	" ON CONFLICT(seq) DO UPDATE SET created_ms = excluded.created_ms, boot = excluded.boot,"  \
	" up_ms = excluded.up_ms, dated = excluded.dated, sum = excluded.sum"                      \
	" WHERE topic = excluded.topic AND payload = excluded.payload AND id IS excluded.id"

/* REDATE: the dates of what was made in this boot (?3), now that the clock says ?1 more; ?2: it is
 * right. */
static const char *const query_text[OUTBOX_QUERY_COUNT] = {
	[OUTBOX_QUERY_BEGIN] = "BEGIN IMMEDIATE",
	[OUTBOX_QUERY_COMMIT] = "COMMIT",
	[OUTBOX_QUERY_PUT_EVENT] = INSERT("outbox", OUTBOX_TABLE_COLUMNS, EVENT_VALUES) SAME_EVENT,
	[OUTBOX_QUERY_PUT_STATE] = INSERT("state", OUTBOX_TABLE_STATE_COLUMNS,
		STATE_VALUES) " ON CONFLICT(topic) DO UPDATE SET created_ms = excluded.created_ms,"
			      " class = excluded.class, payload = excluded.payload, sum = excluded.sum",
	[OUTBOX_QUERY_FORGET_EVENT] = "DELETE FROM outbox WHERE seq = ?1",
	[OUTBOX_QUERY_FORGET_STATE] = "DELETE FROM state WHERE topic = ?1",
	[OUTBOX_QUERY_NOTE_SEQ] =
		"UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'outbox'",
	[OUTBOX_QUERY_PUT_AHEAD] =
		"INSERT INTO ahead(number, book, kind, name, text, seq, at_ms, sum)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7,"
		" row_sum('ahead', ?1, ?2, ?3, ?4, ?5, ?6, ?7))",
	[OUTBOX_QUERY_FORGET_AHEAD] = "DELETE FROM ahead WHERE book = ?1 AND number <= ?2",
	[OUTBOX_QUERY_REDATE] = "UPDATE outbox SET created_ms = up_ms + ?1, dated = ?2,"
				" sum = row_sum('outbox', seq, up_ms + ?1, class, topic, payload,"
				" id, expiry_s, retain, boot, up_ms, ?2) WHERE boot = ?3 AND sum IS"
				" " OUTBOX_TABLE_SUM("outbox", OUTBOX_TABLE_COLUMNS),
};

int outbox_query_prepare(struct outbox_queries *queries, sqlite3 *db)
{
	for (unsigned i = 0; i < OUTBOX_QUERY_COUNT; i++) {
		int rc = sqlite3_prepare_v3(db, query_text[i], -1, SQLITE_PREPARE_PERSISTENT,
			&queries->statement[i], NULL);

		if (rc != SQLITE_OK)
			return database_errno(db, rc);
	}
	return 0;
}

void outbox_query_finalize(struct outbox_queries *queries)
{
	for (unsigned i = 0; i < OUTBOX_QUERY_COUNT; i++)
		sqlite3_finalize(queries->statement[i]);
	*queries = (struct outbox_queries){0};
}

int outbox_query_step(struct outbox_queries *queries, enum outbox_query query)
{
	sqlite3_stmt *statement = queries->statement[query];
	int rc = sqlite3_step(statement);
	int r = database_errno(sqlite3_db_handle(statement), rc);

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return r;
}
