// SPDX-License-Identifier: MIT
#include "daemon/store/history-store.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/store/ballast.h"
#include "daemon/store/database.h"
#include "daemon/store/history-table.h"
#include "daemon/store/row-sum.h"

/* After this many failed commits in a row the file is taken to be damaged. */
#define IO_ERRORS_MAX 12

struct history_store {
	char *directory, *path;
	char *ballast_path;
	char *aside; /* the name of a file that was put aside */
	sqlite3 *db; /* NULL: could not be begun anew yet */
	sqlite3_stmt *put, *forget;
	unsigned io_errors; /* in a row */
};

static int prepare(struct history_store *store)
{
	int rc = sqlite3_prepare_v3(store->db,
		"INSERT INTO history(kind, name, changed_ms, text, sum)"
		" VALUES(?1, ?2, ?3, ?4, row_sum(?1, ?2, ?4)) ON CONFLICT DO UPDATE"
		" SET changed_ms = excluded.changed_ms, text = excluded.text, sum = excluded.sum",
		-1, SQLITE_PREPARE_PERSISTENT, &store->put, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(store->db,
			"DELETE FROM history WHERE kind = ?1 AND name = ?2", -1,
			SQLITE_PREPARE_PERSISTENT, &store->forget, NULL);
	return database_errno(store->db, rc);
}

static void close_db(struct history_store *store)
{
	sqlite3_finalize(store->put);
	sqlite3_finalize(store->forget);
	sqlite3_close(store->db);
	store->put = store->forget = NULL;
	store->db = NULL;
}

static int open_db(struct history_store *store)
{
	struct database_file file;
	int r;

	history_table_describe(&file);
	r = database_make_directory(store->directory);
	if (!r)
		r = database_open(store->path, &file, &store->db);
	if (!r)
		r = prepare(store);
	if (r)
		close_db(store);
	return r;
}

/* 0: the file is out of the way; the new one may have to wait for the disk. */
static int begin_anew(struct history_store *store, enum database_aside why)
{
	char *aside = NULL;
	int r;

	close_db(store);
	r = database_put_aside(store->path, why, &aside);
	if (r && r != -ENOENT)
		return r;
	free(store->aside);
	store->aside = aside;
	store->io_errors = 0;
	open_db(store);
	return 0;
}

static int read_path(const char *path, history_row_fn row, void *user)
{
	sqlite3 *db = NULL;
	int r = database_open_read_only(path, &db);

	if (!r)
		r = row_sum_connect(db);
	if (!r)
		r = history_table_load(db, row, user);
	sqlite3_close(db);
	return r;
}

int history_store_read(const char *directory, history_row_fn row, void *user)
{
	_auto_free_ char *path = alloc_printf("%s/history.db", directory);

	return read_path(path, row, user);
}

static int open_and_load(
	struct history_store *store, bool is_given_up, history_row_fn row, void *user)
{
	enum database_aside why;
	int r = open_db(store);

	if (!r)
		r = history_table_load(store->db, row, user);
	if (!r)
		return HISTORY_FOUND_WHOLE;
	if (r != -EUCLEAN && r != -ENOTSUP && !(is_given_up && r == -EIO))
		return r;
	if (!store->db)
		read_path(store->path, row, user);
	why = r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED;
	r = begin_anew(store, why);
	if (r)
		return r;
	return why == DATABASE_ASIDE_VERSION ? HISTORY_FOUND_OTHER : HISTORY_FOUND_DAMAGED;
}

int history_store_open(const char *directory, bool is_given_up, history_row_fn row, void *user,
	struct history_store **ret)
{
	struct history_store *store = alloc_zero(1, sizeof(*store));
	int r;

	store->directory = alloc_text(directory);
	store->path = alloc_printf("%s/history.db", directory);
	store->ballast_path = alloc_printf("%s/history.ballast", directory);
	r = open_and_load(store, is_given_up, row, user);
	if (r < 0) {
		history_store_free(store);
		return r;
	}
	ballast_make(store->ballast_path);
	*ret = store;
	return r;
}

struct history_store *history_store_free(struct history_store *store)
{
	if (!store)
		return NULL;
	close_db(store);
	free(store->directory);
	free(store->path);
	free(store->ballast_path);
	free(store->aside);
	free(store);
	return NULL;
}

const char *history_store_aside(const struct history_store *store)
{
	const char *slash = store->aside ? strrchr(store->aside, '/') : NULL;

	return slash ? slash + 1 : store->aside;
}

static int write_row(struct history_store *store, const struct history_row *row)
{
	sqlite3_stmt *statement = row->size ? store->put : store->forget;
	int r;

	sqlite3_bind_text(statement, 1, history_kind_to_string(row->kind), -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, row->name, -1, SQLITE_STATIC);
	if (row->size) {
		sqlite3_bind_int64(statement, 3, clock_wall_us() / US_PER_MS);
		sqlite3_bind_text(statement, 4, row->text, (int)row->size, SQLITE_STATIC);
	}
	r = database_errno(store->db, sqlite3_step(statement));
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return r;
}

static int transact(struct history_store *store, const struct history_row *rows, size_t n)
{
	int r = database_run(store->db, "BEGIN IMMEDIATE");

	for (size_t i = 0; i < n && !r; i++)
		r = write_row(store, &rows[i]);
	if (!r)
		r = database_run(store->db, "COMMIT");
	if (r && !sqlite3_get_autocommit(store->db))
		database_run(store->db, "ROLLBACK");
	return r;
}

static int write_all(struct history_store *store, const struct history_row *rows, size_t n)
{
	int r = store->db ? 0 : open_db(store);

	if (!r && database_has_moved(store->db))
		r = -EUCLEAN;
	return r ? r : transact(store, rows, n);
}

int history_store_commit(struct history_store *store, const struct history_row *rows, size_t n)
{
	int r = write_all(store, rows, n);

	/* A quota or a limit on file sizes shows as an I/O error. */
	if ((r == -ENOSPC || r == -EIO) && ballast_drop(store->ballast_path))
		r = write_all(store, rows, n);
	if (!r)
		store->io_errors = 0;
	if (r != -EUCLEAN && r != -ENOTSUP && (r != -EIO || ++store->io_errors < IO_ERRORS_MAX))
		return r;
	r = begin_anew(store, r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED);
	return r ? r : -EUCLEAN;
}

void history_store_refill(struct history_store *store)
{
	ballast_make(store->ballast_path);
}

sqlite3 *history_store_db(const struct history_store *store)
{
	return store->db;
}
