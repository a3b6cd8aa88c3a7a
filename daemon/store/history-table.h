// SPDX-License-Identifier: MIT
#pragma once
/* The table of history.db: its schema, a checksum for each row, and reading them back. Owns nothing. */
#include "daemon/store/database.h"
#include "daemon/store/history-store.h"

/* A longer text was not written by us. */
#define HISTORY_TABLE_TEXT_MAX (1 << 20)

#define HISTORY_TABLE_SUM "row_sum(kind, name, text)"

/* The schema, its version and how to upgrade an older one. */
void history_table_describe(struct database_file *file);
/* All rows that are whole, of kinds that this coxad knows. -EUCLEAN: there are others, or the rest
 * cannot be found; some rows may come twice then. Or another -errno. */
int history_table_load(sqlite3 *db, history_row_fn row, void *user);
