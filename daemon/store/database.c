// SPDX-License-Identifier: MIT
#include "daemon/store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

#define PAGE_BYTES 1024
/* An earlier coxad that is stopping needs a moment to release its lock. */
#define BUSY_MS 2000

int database_errno(sqlite3 *db, int rc)
{
	int system = db ? sqlite3_system_errno(db) : 0;

	switch (rc & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CANTOPEN:
		return system ? -system : -ENOENT;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_IOERR:
		return -EIO;
	default:
		return -EIO;
	}
}

int database_run(sqlite3 *db, const char *sql)
{
	return database_errno(db, sqlite3_exec(db, sql, NULL, NULL, NULL));
}

int64_t database_number(sqlite3 *db, const char *sql, int64_t fallback)
{
	sqlite3_stmt *statement = NULL;
	int64_t value = fallback;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

/* 0 if the query returns this text. */
static int expect_text(sqlite3 *db, const char *sql, const char *wanted)
{
	sqlite3_stmt *statement = NULL;
	const char *text;
	int rc, r;

	rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	r = database_errno(db, rc);
	if (!r && rc == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(statement, 0);
		r = text && !strcmp(text, wanted) ? 0 : -EUCLEAN;
	}
	sqlite3_finalize(statement);
	return r;
}

static int set_up(sqlite3 *db, const struct database_file *file)
{
	_auto_free_ char *pragmas = alloc_printf("PRAGMA synchronous=%s;"
						 "PRAGMA wal_autocheckpoint=256;"
						 "PRAGMA journal_size_limit=262144;"
						 "PRAGMA max_page_count=%lld;"
						 "PRAGMA trusted_schema=OFF;"
						 "PRAGMA cache_size=-512;"
						 "PRAGMA temp_store=MEMORY",
		file->synchronous, (long long)(file->max_bytes / PAGE_BYTES));
	_auto_free_ char *schema = alloc_printf(
		"BEGIN IMMEDIATE;%s;PRAGMA user_version=%d;COMMIT", file->schema, file->version);
	int r, version;

	sqlite3_busy_timeout(db, BUSY_MS);
	r = database_run(db, "PRAGMA page_size=1024; PRAGMA locking_mode=EXCLUSIVE");
	if (!r)
		r = expect_text(db, "PRAGMA journal_mode=WAL", "wal");
	if (!r)
		r = database_run(db, pragmas);
	if (!r)
		r = expect_text(db, "PRAGMA quick_check(1)", "ok");
	if (r)
		return r;
	version = (int)database_number(db, "PRAGMA user_version", -1);
	if (version == 0)
		r = database_run(db, schema);
	else if (version < 0 || version > file->version)
		r = -EUCLEAN;
	else if (version < file->version)
		r = file->upgrade ? file->upgrade(db, version) : -EUCLEAN;
	/* Takes the lock for good, even if there was nothing to write. */
	return r ? r : database_run(db, "BEGIN IMMEDIATE; COMMIT");
}

int database_open(const char *path, const struct database_file *file, sqlite3 **ret)
{
	sqlite3 *db = NULL;
	int r, fd;

	/* The -wal gets the mode of the file, whatever the umask. */
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	r = sqlite3_open_v2(
		path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	r = db ? database_errno(db, r) : -ENOMEM;
	if (!r)
		r = set_up(db, file);
	if (r) {
		sqlite3_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

void database_put_aside(const char *path)
{
	_auto_free_ char *wal = alloc_printf("%s-wal", path);
	_auto_free_ char *bad = alloc_printf("%s.bad", path);
	_auto_free_ char *bad_wal = alloc_printf("%s.bad-wal", path);

	remove(bad_wal);
	if (rename(path, bad) < 0)
		remove(path);
	if (rename(wal, bad_wal) < 0)
		remove(wal);
}

int database_make_directory(const char *directory)
{
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}
