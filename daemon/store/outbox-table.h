// SPDX-License-Identifier: MIT
#pragma once
/* The tables of outbox.db: their schema, a checksum for each row, and reading them back. A row that
 * fails its checksum is never read: it is put into the table `damaged`. Owns nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/outbox/outbox.h"
#include "daemon/store/database.h"

/* A row as read. Strings are borrowed during the call. */
struct outbox_table_row {
	struct outbox_item item;
	int64_t created_wall_ms;
	int64_t boot, up_ms;  /* clock_now_us when it was made, in that boot */
	bool is_synchronised; /* the wall clock was */
};
typedef void (*outbox_table_fn)(void *user, const struct outbox_table_row *row);

/* What a row of the outbox has, in the order of the parameters ?1 to ?11 of a query. */
#define OUTBOX_TABLE_COLUMNS                                                                       \
	"seq, created_ms, class, topic, payload, id, expiry_s, retain, boot, up_ms, dated"
/* What its checksum is made of; the table's name is one of the values. */
#define OUTBOX_TABLE_SUM(table, columns) "row_sum('" table "', " columns ")"
#define OUTBOX_TABLE_STATE_COLUMNS       "topic, created_ms, class, payload"
/* A greater number was not written by us; JSON could not carry it. */
#define OUTBOX_TABLE_SEQ_MAX (INT64_C(1) << 53)

/* The schema, its version and how to upgrade an older one. */
void outbox_table_describe(struct database_file *file);
/* Moves rows that fail their checksum into `damaged`; how many there were, also if they could not be
 * moved. */
int64_t outbox_table_put_aside(sqlite3 *db, int64_t wall_ms);
/* Events by seq, then states; with has_sums only rows that are whole, unless the schema is too old for
 * checksums. -errno: not all could be read; -EUCLEAN: nor will it be. */
int outbox_table_load(sqlite3 *db, bool has_sums, outbox_table_fn row, void *user);
/* How many rows fail their checksum. */
int64_t outbox_table_n_damaged(sqlite3 *db);
/* The highest seq that was ever used; -1: the file does not say. */
int64_t outbox_table_last_seq(sqlite3 *db);
