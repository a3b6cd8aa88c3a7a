// SPDX-License-Identifier: MIT
#pragma once
/* The table of logbook.db: its schema, a checksum for each row, its bounds. Owns nothing. */
#include <stdbool.h>
#include <stdint.h>

#include "daemon/store/database.h"

/* A gym of 50 athletes makes some 4 MiB a day when it is busy all day. */
#define LOGBOOK_TABLE_ROWS_MAX  500000
#define LOGBOOK_TABLE_BYTES_MAX (128 << 20)
#define LOGBOOK_TABLE_DAYS_MAX  400

#define LOGBOOK_TABLE_SUM "row_sum(seq, at_ms, athlete, kind, text)"

/* The schema and its version. */
void logbook_table_describe(struct database_file *file);
/* The schema alone, for a database that is no file. */
const char *logbook_table_schema(void);
/* The greatest number used so far, damaged ones apart; 0: none. */
int64_t logbook_table_last_seq(sqlite3 *db);
/* It has more than is kept. max_bytes: in use. */
bool logbook_table_is_full(sqlite3 *db, int64_t max_bytes);
/* Deletes some of what is too old (now_ms 0: nothing is), or too much: repetitions first, the oldest
 * first. -errno. */
int logbook_table_prune(sqlite3 *db, int64_t now_ms, int64_t max_bytes);
