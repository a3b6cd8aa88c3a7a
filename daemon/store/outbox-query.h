// SPDX-License-Identifier: MIT
#pragma once
/* The statements that outbox-store.c repeats, prepared once. Parameters ?1 to ?11 of those that put a
 * row are the columns of OUTBOX_TABLE_COLUMNS. Plain value, empty when zero.
 */
#include "daemon/store/database.h"

enum outbox_query {
	OUTBOX_QUERY_BEGIN,
	OUTBOX_QUERY_COMMIT,
	OUTBOX_QUERY_PUT_EVENT,
	OUTBOX_QUERY_PUT_STATE,
	OUTBOX_QUERY_FORGET_EVENT,
	OUTBOX_QUERY_FORGET_STATE,
	OUTBOX_QUERY_NOTE_SEQ,
	OUTBOX_QUERY_REDATE,
	OUTBOX_QUERY_PUT_AHEAD,
	OUTBOX_QUERY_FORGET_AHEAD,
	OUTBOX_QUERY_COUNT
};

struct outbox_queries {
	sqlite3_stmt *statement[OUTBOX_QUERY_COUNT];
};

/* -EUCLEAN: the tables are not ours; or another -errno. */
int outbox_query_prepare(struct outbox_queries *queries, sqlite3 *db);
void outbox_query_finalize(struct outbox_queries *queries);
/* Runs a statement and makes it ready for the next time. -errno. */
int outbox_query_step(struct outbox_queries *queries, enum outbox_query query);
