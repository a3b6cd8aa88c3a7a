// SPDX-License-Identifier: MIT
#pragma once
/* What both stores need of SQLite: a file that survives a power cut, and errors as -errno. Owns
 * nothing. Not thread-safe.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

/* In the write-ahead log, after which a commit moves them into the file, and the same while somebody
 * waits for the commits. Numbers, as text. */
#define DATABASE_CHECKPOINT_PAGES      "256"
#define DATABASE_CHECKPOINT_LATE_PAGES "1024"

struct database_file {
	const char *schema;                    /* statements that create version `version` */
	int version;                           /* user_version */
	int (*connect)(sqlite3 *db);           /* before anything is read; NULL: nothing to do */
	int (*upgrade)(sqlite3 *db, int from); /* NULL: there is no older version */
	const char *synchronous; /* FULL, or NORMAL if a power cut may take the last seconds */
	int64_t max_bytes;
	/* Too large to be read whole at each opening: a damaged page is found when it is used. */
	bool is_checked_in_use;
};

/* -EBUSY: another process uses it; -EUCLEAN: damaged; -ENOTSUP: whole, but of a newer coxad or one too
 * old; or another -errno, which says nothing about the file. The directory must exist. */
int database_open(const char *path, const struct database_file *file, sqlite3 **ret);
/* For a disk that can be read but not written, while no other process uses the file. -errno. */
int database_open_read_only(const char *path, sqlite3 **ret);
/* SQLite's code as -errno: -ENOSPC, -EUCLEAN (damaged), -EBUSY, -EROFS, -EIO. 0 for success. */
int database_errno(sqlite3 *db, int rc);
/* Statements without results; -errno. */
int database_run(sqlite3 *db, const char *sql);
/* The first column of the first row, or fallback. */
int64_t database_number(sqlite3 *db, const char *sql, int64_t fallback);
/* Somebody waits for the commits to come, or no longer. Nothing changes while the file is copied. */
void database_checkpoint_late(sqlite3 *db, bool is_late);
/* The file was renamed or deleted: what is written into it is lost. */
bool database_has_moved(sqlite3 *db);

enum database_aside {
	DATABASE_ASIDE_DAMAGED, /* FILE.bad, FILE.bad2, ... */
	DATABASE_ASIDE_VERSION, /* FILE.other, FILE.other2, ... */
};
/* Renames the closed file and its -wal to a name that is not in use. *ret: its path, returns-owned.
 * -errno: it is still there. */
int database_put_aside(const char *path, enum database_aside why, char **ret);
/* Deletes all that was put aside of this file. 0 or -errno. */
int database_remove_aside(const char *directory, const char *file);
/* Makes the directory (one level, mode 0700) if it is missing. 0 or -errno. */
int database_make_directory(const char *directory);
