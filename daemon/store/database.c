// SPDX-License-Identifier: MIT
#include "daemon/store/database.h"

#include <dirent.h>
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
/* Of more damaged files than this, the last one is replaced: they share a disk with what coxad has to
 * write. */
#define DAMAGED_MAX 8

static const char *const aside_suffix[] = {
	[DATABASE_ASIDE_DAMAGED] = "bad", [DATABASE_ASIDE_VERSION] = "other"};

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
	case SQLITE_ERROR: /* a table or column of ours is missing */
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

static int get_number(sqlite3 *db, const char *sql, int64_t *ret)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return rc == SQLITE_ROW ? 0 : rc == SQLITE_DONE ? -ENOENT : database_errno(db, rc);
}

/* 0 if the query returns this text. A page that the disk did not give says nothing about the
 * file. */
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
		if (text && strcmp(text, wanted))
			r = strstr(text, "get page") || strstr(text, "get the page") ? -EIO
										     : -EUCLEAN;
	}
	sqlite3_finalize(statement);
	return r;
}

static int adopt_version(sqlite3 *db, const struct database_file *file)
{
	_auto_free_ char *schema = alloc_printf(
		"BEGIN IMMEDIATE;%s;PRAGMA user_version=%d;COMMIT", file->schema, file->version);
	int64_t version = -1;
	int r = get_number(db, "PRAGMA user_version", &version);

	if (r || version == file->version)
		return r;
	if (version == 0)
		r = database_run(db, schema);
	else if (version < 0 || version > file->version || !file->upgrade)
		return -ENOTSUP;
	else
		r = file->upgrade(db, (int)version);
	if (r && !sqlite3_get_autocommit(db))
		database_run(db, "ROLLBACK");
	return r;
}

static int set_up(sqlite3 *db, const struct database_file *file)
{
	_auto_free_ char *pragmas =
		alloc_printf("PRAGMA synchronous=%s;"
			     "PRAGMA wal_autocheckpoint=" DATABASE_CHECKPOINT_PAGES ";"
			     "PRAGMA journal_size_limit=1048576;"
			     "PRAGMA max_page_count=%lld;"
			     "PRAGMA trusted_schema=OFF;"
			     "PRAGMA cache_size=-512;"
			     "PRAGMA temp_store=MEMORY",
			file->synchronous, (long long)(file->max_bytes / PAGE_BYTES));
	int r;

	sqlite3_busy_timeout(db, BUSY_MS);
	r = database_run(db, "PRAGMA page_size=1024; PRAGMA locking_mode=EXCLUSIVE");
	if (!r)
		r = expect_text(db, "PRAGMA journal_mode=WAL", "wal");
	if (!r)
		r = database_run(db, pragmas);
	if (!r && !file->is_checked_in_use)
		r = expect_text(db, "PRAGMA quick_check(1)", "ok");
	if (!r)
		r = adopt_version(db, file);
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
	if (!r && file->connect)
		r = file->connect(db);
	if (!r)
		r = set_up(db, file);
	if (r) {
		sqlite3_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

/* "unix-none" takes no locks, which need a file that can be written; without shared memory, the
 * write-ahead log is read as well. */
static char *uri_of(const char *path)
{
	char *uri = alloc_zero(3, strlen(path) + sizeof("file:?mode=ro&vfs=unix-none"));
	char *at = uri + sprintf(uri, "file:");

	for (; *path; path++)
		at += sprintf(at, strchr("%?#", *path) ? "%%%02x" : "%c", *path);
	strcpy(at, "?mode=ro&vfs=unix-none");
	return uri;
}

int database_open_read_only(const char *path, sqlite3 **ret)
{
	_auto_free_ char *escaped = uri_of(path);
	sqlite3 *db = NULL;
	int r = sqlite3_open_v2(
		escaped, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);

	r = db ? database_errno(db, r) : -ENOMEM;
	if (!r)
		r = database_run(db, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA trusted_schema=OFF;"
				     "PRAGMA temp_store=MEMORY");
	if (r) {
		sqlite3_close(db);
		return r;
	}
	*ret = db;
	return 0;
}

void database_checkpoint_late(sqlite3 *db, bool is_late)
{
	if (database_number(db, "PRAGMA wal_autocheckpoint", 0) > 0)
		database_run(
			db, is_late ? "PRAGMA wal_autocheckpoint=" DATABASE_CHECKPOINT_LATE_PAGES
				    : "PRAGMA wal_autocheckpoint=" DATABASE_CHECKPOINT_PAGES);
}

bool database_has_moved(sqlite3 *db)
{
	int has_moved = 0;

	return sqlite3_file_control(db, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved) == SQLITE_OK &&
	       has_moved;
}

static int move_with(const char *path, const char *to, const char *suffix)
{
	_auto_free_ char *from = alloc_printf("%s%s", path, suffix);
	_auto_free_ char *target = alloc_printf("%s%s", to, suffix);

	return rename(from, target) < 0 ? -errno : 0;
}

static char *name_aside(const char *path, enum database_aside why)
{
	char *to = alloc_printf("%s.%s", path, aside_suffix[why]);

	for (unsigned i = 2; access(to, F_OK) == 0; i++) {
		if (why == DATABASE_ASIDE_DAMAGED && i > DAMAGED_MAX)
			break;
		free(to);
		to = alloc_printf("%s.%s%u", path, aside_suffix[why], i);
	}
	return to;
}

int database_put_aside(const char *path, enum database_aside why, char **ret)
{
	_auto_free_ char *to = name_aside(path, why);
	_auto_free_ char *wal = alloc_printf("%s-wal", path);
	int r = move_with(path, to, "");

	if (r)
		return r;
	/* It must not meet the new file. */
	if (move_with(path, to, "-wal") < 0)
		remove(wal);
	*ret = steal(to);
	return 0;
}

/* "outbox.db.bad2-wal" is one of "outbox.db". */
static bool is_aside(const char *name, const char *file)
{
	size_t length = strlen(file);

	if (strncmp(name, file, length) || name[length] != '.')
		return false;
	for (unsigned i = 0; i < ARRAY_LEN(aside_suffix); i++)
		if (!strncmp(name + length + 1, aside_suffix[i], strlen(aside_suffix[i])))
			return true;
	/* By coxactl restore. */
	return strncmp(name + length + 1, "before-", strlen("before-")) == 0;
}

int database_remove_aside(const char *directory, const char *file)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(dir))) {
		if (!is_aside(entry->d_name, file))
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) < 0 && errno != ENOENT)
			r = -errno;
	}
	closedir(dir);
	return r;
}

int database_make_directory(const char *directory)
{
	if (mkdir(directory, 0700) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}
