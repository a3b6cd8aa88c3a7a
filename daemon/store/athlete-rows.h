// SPDX-License-Identifier: MIT
#pragma once
/* Which rows of the three databases are about an athlete, and what becomes of them: the only place that
 * says so in SQL. Works on open databases, which no other thread uses meanwhile. Owns nothing.
 */
#include "daemon/store/database.h"

#define ATHLETE_ROWS_FILES 3

/* As the table has them; text NULL: none. */
typedef void (*athlete_rows_fn)(void *user, const char *kind, const char *name, const char *text);

/* Opens a file that no daemon uses (-EBUSY: one does); *ret = NULL: there is none. */
int athlete_rows_open(const char *directory, unsigned file, sqlite3 **ret);
/* -errno: not all were told. */
int athlete_rows_each(
	sqlite3 *db, unsigned file, const char *athlete, athlete_rows_fn each, void *user);
/* Deletes all or none. Topics that the broker retains stay listed, as "0", until it has removed them (see
 * gateway-retained.c). Returns how many rows; -errno. */
int athlete_rows_erase(sqlite3 *db, unsigned file, const char *athlete);
/* How many rows have the name still, to have the broker remove a topic; -errno. */
int athlete_rows_n_listed(sqlite3 *db, unsigned file, const char *athlete);
/* What was deleted is nowhere in the file and its write-ahead log afterwards. Writes all of it anew. -errno. */
int athlete_rows_clean(sqlite3 *db);
/* What was put aside cannot be searched: damaged, or with tables that only another coxad knows. It is
 * deleted. -errno. */
int athlete_rows_remove_aside(const char *directory);
