// SPDX-License-Identifier: MIT
#pragma once
/* What both stores need of SQLite: opening one file so that a power cut spares it, errors as
 * -errno. Owns nothing. Not thread-safe.
 */
#include <sqlite3.h>
#include <stdint.h>

struct database_file {
	const char *schema; /* statements that make version `version` out of nothing */
	int version;        /* user_version; an older one is brought up by `upgrade` */
	int (*upgrade)(sqlite3 *db, int from); /* NULL: there is no older one */
	const char *synchronous; /* FULL, or NORMAL where a power cut may take the last seconds */
	int64_t max_bytes;
};

/* -EBUSY: another process has it; -EUCLEAN: damaged, or of a newer coxad; or another -errno. The
 * file's directory must be there. */
int database_open(const char *path, const struct database_file *file, sqlite3 **ret);
/* SQLite's code as -errno: -ENOSPC, -EUCLEAN (damaged), -EBUSY, -EROFS, -EIO. 0 for success. */
int database_errno(sqlite3 *db, int rc);
/* One statement without results; -errno. */
int database_run(sqlite3 *db, const char *sql);
/* The first column of the first row, or fallback. */
int64_t database_number(sqlite3 *db, const char *sql, int64_t fallback);
/* Path and its -wal renamed to path.bad; an older .bad goes. */
void database_put_aside(const char *path);
/* Makes the directory (one level, 0700) where it is missing. 0 or -errno. */
int database_make_directory(const char *directory);
