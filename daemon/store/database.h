// SPDX-License-Identifier: MIT
#pragma once
/* What both stores need of SQLite: a file that survives a power cut, and errors as -errno. Owns
 * nothing. Not thread-safe.
 */
#include <sqlite3.h>
#include <stdint.h>

struct database_file {
	const char *schema;                    /* statements that create version `version` */
	int version;                           /* user_version */
	int (*upgrade)(sqlite3 *db, int from); /* NULL: there is no older version */
	const char *synchronous; /* FULL, or NORMAL if a power cut may take the last seconds */
	int64_t max_bytes;
};

/* -EBUSY: another process uses it; -EUCLEAN: damaged, or of a newer coxad; or another -errno. The
 * directory must exist. */
int database_open(const char *path, const struct database_file *file, sqlite3 **ret);
/* SQLite's code as -errno: -ENOSPC, -EUCLEAN (damaged), -EBUSY, -EROFS, -EIO. 0 for success. */
int database_errno(sqlite3 *db, int rc);
/* Statements without results; -errno. */
int database_run(sqlite3 *db, const char *sql);
/* The first column of the first row, or fallback. */
int64_t database_number(sqlite3 *db, const char *sql, int64_t fallback);
/* Renames the file and its -wal to *.bad, replacing older ones. */
void database_put_aside(const char *path);
/* Makes the directory (one level, mode 0700) if it is missing. 0 or -errno. */
int database_make_directory(const char *directory);
