// SPDX-License-Identifier: MIT
#include "daemon/store/logbook-store.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "daemon/store/database.h"
#include "daemon/store/logbook-table.h"
#include "daemon/store/row-sum.h"

/* After this many failed commits in a row the file is taken to be damaged. */
#define IO_ERRORS_MAX 12
/* Bounds are looked after once in so many commits. */
#define PRUNE_EVERY  16
#define SALVAGE_ROWS 500

struct logbook_store {
	char *directory, *path; /* NULL: in memory */
	int64_t max_bytes;
	char *aside;
	sqlite3 *db; /* NULL: could not be begun anew yet */
	sqlite3_stmt *put, *get;
	unsigned io_errors; /* in a row */
	unsigned commits;
	sqlite3 *old; /* from which rows are salvaged; NULL: none */
	int64_t old_seq;
	bool is_upward;
};

static int prepare(struct logbook_store *store)
{
	int rc = sqlite3_prepare_v3(store->db,
		"INSERT OR IGNORE INTO logbook(seq, at_ms, athlete, kind, text, sum)"
		" VALUES(?1, ?2, ?3, ?4, ?5, row_sum(?1, ?2, ?3, ?4, ?5))",
		-1, SQLITE_PREPARE_PERSISTENT, &store->put, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v3(store->db,
			"SELECT seq, at_ms, text, sum IS " LOGBOOK_TABLE_SUM " FROM logbook"
			" WHERE athlete = ?1 AND kind = ?2 AND seq > ?3 AND at_ms >= ?4"
			" ORDER BY seq",
			-1, SQLITE_PREPARE_PERSISTENT, &store->get, NULL);
	return database_errno(store->db, rc);
}

static void close_db(struct logbook_store *store)
{
	sqlite3_finalize(store->put);
	sqlite3_finalize(store->get);
	sqlite3_close(store->db);
	store->put = store->get = NULL;
	store->db = NULL;
}

static int open_memory(sqlite3 **ret)
{
	sqlite3 *db = NULL;
	int r = database_errno(db, sqlite3_open(":memory:", &db));

	if (!r)
		r = row_sum_connect(db);
	if (!r)
		r = database_run(db, logbook_table_schema());
	*ret = db;
	return r;
}

static int open_file(struct logbook_store *store)
{
	struct database_file file;
	int r = database_make_directory(store->directory);

	logbook_table_describe(&file);
	file.max_bytes = store->max_bytes;
	return r ? r : database_open(store->path, &file, &store->db);
}

static int open_db(struct logbook_store *store)
{
	int r = store->path ? open_file(store) : open_memory(&store->db);

	if (!r)
		r = prepare(store);
	if (r)
		close_db(store);
	return r;
}

static void end_salvage(struct logbook_store *store)
{
	sqlite3_close(store->old);
	store->old = NULL;
}

static void begin_salvage(struct logbook_store *store)
{
	end_salvage(store);
	store->old_seq = INT64_MAX;
	store->is_upward = false;
	if (database_open_read_only(store->aside, &store->old) < 0 ||
		row_sum_connect(store->old) < 0)
		end_salvage(store);
}

/* 0: the file is out of the way; the new one may have to wait for the disk. */
static int begin_anew(struct logbook_store *store, enum database_aside why)
{
	char *aside = NULL;
	int r;

	if (!store->path)
		return -EIO;
	close_db(store);
	r = database_put_aside(store->path, why, &aside);
	if (r && r != -ENOENT)
		return r;
	free(store->aside);
	store->aside = aside;
	store->io_errors = 0;
	if (aside)
		begin_salvage(store);
	open_db(store);
	return 0;
}

static int open_or_begin(struct logbook_store *store, bool is_given_up)
{
	int r = open_db(store);
	enum database_aside why = r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED;

	if (r != -EUCLEAN && r != -ENOTSUP && !(is_given_up && r == -EIO))
		return r;
	r = begin_anew(store, why);
	if (r)
		return r;
	return why == DATABASE_ASIDE_VERSION ? LOGBOOK_FOUND_OTHER : LOGBOOK_FOUND_DAMAGED;
}

int logbook_store_open(
	const char *directory, int64_t max_bytes, bool is_given_up, struct logbook_store **ret)
{
	struct logbook_store *store = new0(struct logbook_store);
	int r;

	store->directory = alloc_text(directory);
	store->path = directory ? alloc_printf("%s/logbook.db", directory) : NULL;
	store->max_bytes = max_bytes;
	r = open_or_begin(store, is_given_up);
	if (r < 0) {
		logbook_store_free(store);
		return r;
	}
	*ret = store;
	return r;
}

struct logbook_store *logbook_store_free(struct logbook_store *store)
{
	if (!store)
		return NULL;
	end_salvage(store);
	close_db(store);
	free(store->directory);
	free(store->path);
	free(store->aside);
	free(store);
	return NULL;
}

const char *logbook_store_aside(const struct logbook_store *store)
{
	const char *slash = store->aside ? strrchr(store->aside, '/') : NULL;

	return slash ? slash + 1 : store->aside;
}

int64_t logbook_store_last_seq(const struct logbook_store *store)
{
	int64_t seq = store->db ? logbook_table_last_seq(store->db) : 0;
	int64_t old_seq = store->old ? logbook_table_last_seq(store->old) : 0;

	return seq > old_seq ? seq : old_seq;
}

static int write_entry(struct logbook_store *store, const struct logbook_entry *entry)
{
	int r;

	sqlite3_bind_int64(store->put, 1, entry->seq);
	sqlite3_bind_int64(store->put, 2, entry->at_ms);
	sqlite3_bind_text(store->put, 3, entry->athlete, -1, SQLITE_STATIC);
	sqlite3_bind_text(store->put, 4, logbook_kind_to_string(entry->kind), -1, SQLITE_STATIC);
	sqlite3_bind_text(store->put, 5, entry->text, (int)entry->size, SQLITE_STATIC);
	r = database_errno(store->db, sqlite3_step(store->put));
	sqlite3_reset(store->put);
	sqlite3_clear_bindings(store->put);
	return r;
}

/* The rest is room for the greatest transaction and its indices. */
static int64_t kept_bytes(const struct logbook_store *store)
{
	return store->max_bytes / 8 * 7;
}

static int prune(struct logbook_store *store, int64_t now_ms)
{
	return logbook_table_prune(store->db, now_ms, kept_bytes(store));
}

static int transact(
	struct logbook_store *store, const struct logbook_entry *entries, size_t n, int64_t now_ms)
{
	int r = database_run(store->db, "BEGIN IMMEDIATE");

	for (size_t i = 0; i < n && !r; i++)
		r = write_entry(store, &entries[i]);
	if (!r && store->commits % PRUNE_EVERY == 0)
		r = prune(store, now_ms);
	if (!r)
		r = database_run(store->db, "COMMIT");
	if (r && !sqlite3_get_autocommit(store->db))
		database_run(store->db, "ROLLBACK");
	return r;
}

/* Of what the file says: whether it is to be begun anew, and -EUCLEAN then. */
static int judge_error(struct logbook_store *store, int r)
{
	if (!r)
		store->io_errors = 0;
	if (r != -EUCLEAN && r != -ENOTSUP && (r != -EIO || ++store->io_errors < IO_ERRORS_MAX))
		return r;
	r = begin_anew(store, r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED);
	return r ? r : -EUCLEAN;
}

static int make_ready(struct logbook_store *store)
{
	int r = store->db ? 0 : open_db(store);

	return !r && store->path && database_has_moved(store->db) ? -EUCLEAN : r;
}

int logbook_store_commit(
	struct logbook_store *store, const struct logbook_entry *entries, size_t n, int64_t now_ms)
{
	int r = make_ready(store);

	if (!r)
		r = transact(store, entries, n, now_ms);
	store->commits += !r;
	/* It may be the file that is full, not the disk: then the next attempt finds more room. */
	if (r == -ENOSPC && store->db)
		prune(store, now_ms);
	return judge_error(store, r);
}

/* False: it was changed by something else than coxad. */
static bool add_row(struct logbook_store *store, const struct logbook_query *query,
	enum logbook_kind kind, struct logbook_rows *ret)
{
	struct logbook_entry entry = {.seq = sqlite3_column_int64(store->get, 0),
		.at_ms = sqlite3_column_int64(store->get, 1),
		.kind = kind,
		.athlete = query->athlete,
		.text = (const char *)sqlite3_column_text(store->get, 2),
		.size = (size_t)sqlite3_column_bytes(store->get, 2)};

	if (!sqlite3_column_int(store->get, 3) || !entry.text || entry.size > LOGBOOK_TEXT_MAX)
		return false;
	logbook_rows_add(ret, &entry);
	return true;
}

/* One more than fits the page shows that there is more. */
static int read_kind(struct logbook_store *store, const struct logbook_query *query,
	enum logbook_kind kind, struct logbook_rows *ret)
{
	int64_t after_seq = logbook_after(query);
	size_t n = 0, bytes = ret->bytes;
	int rc;

	sqlite3_bind_text(store->get, 1, query->athlete, -1, SQLITE_STATIC);
	sqlite3_bind_text(store->get, 2, logbook_kind_to_string(kind), -1, SQLITE_STATIC);
	sqlite3_bind_int64(store->get, 3, after_seq);
	sqlite3_bind_int64(store->get, 4, query->since_ms);
	do {
		rc = sqlite3_step(store->get);
		if (rc == SQLITE_ROW && add_row(store, query, kind, ret))
			n++;
	} while (rc == SQLITE_ROW && n <= query->limit && ret->bytes - bytes <= LOGBOOK_PAGE_BYTES);
	sqlite3_reset(store->get);
	sqlite3_clear_bindings(store->get);
	return rc == SQLITE_ROW ? 0 : database_errno(store->db, rc);
}

static bool has_any(struct logbook_store *store, const char *athlete)
{
	sqlite3_stmt *any = NULL;
	int rc = sqlite3_prepare_v2(
		store->db, "SELECT 1 FROM logbook WHERE athlete = ?1 LIMIT 1", -1, &any, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(any, 1, athlete, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(any);
	sqlite3_finalize(any);
	return rc == SQLITE_ROW;
}

int logbook_store_query(struct logbook_store *store, const struct logbook_query *query,
	struct logbook_rows *ret, bool *ret_more, bool *ret_known)
{
	int r = make_ready(store);

	for (unsigned i = 0; i < LOGBOOK_KIND_COUNT && !r; i++)
		if (!query->kinds || query->kinds >> i & 1)
			r = read_kind(store, query, (enum logbook_kind)i, ret);
	if (r)
		return judge_error(store, r);
	logbook_rows_sort(ret);
	*ret_more = logbook_rows_cut(ret, query->limit);
	*ret_known = ret->n || has_any(store, query->athlete);
	return 0;
}

/* -errno of the new file; -EUCLEAN: the old one gives rows out of order, and might for ever. */
static int copy_row(struct logbook_store *store, sqlite3_stmt *from)
{
	struct logbook_entry entry = {.seq = sqlite3_column_int64(from, 0),
		.at_ms = sqlite3_column_int64(from, 1),
		.athlete = (const char *)sqlite3_column_text(from, 2),
		.text = (const char *)sqlite3_column_text(from, 4),
		.size = (size_t)sqlite3_column_bytes(from, 4)};
	const char *kind = (const char *)sqlite3_column_text(from, 3);

	if (store->is_upward ? entry.seq <= store->old_seq : entry.seq >= store->old_seq)
		return -EUCLEAN;
	store->old_seq = entry.seq;
	if (!entry.athlete || !entry.text || !kind ||
		logbook_kind_from_string(kind, &entry.kind) < 0)
		return 0;
	return write_entry(store, &entry);
}

/* 1: there may be more; 0: that was all; -EUCLEAN: the rest cannot be read from here. */
static int copy_some(struct logbook_store *store)
{
	_auto_free_ char *sql = alloc_printf(
		"SELECT seq, at_ms, athlete, kind, text FROM logbook WHERE seq %s ?1 AND sum IS " LOGBOOK_TABLE_SUM
		" ORDER BY seq %s LIMIT %d",
		store->is_upward ? ">" : "<", store->is_upward ? "ASC" : "DESC", SALVAGE_ROWS);
	sqlite3_stmt *from = NULL;
	int n = 0, r = 0, rc = sqlite3_prepare_v2(store->old, sql, -1, &from, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(from, 1, store->old_seq);
	while (!r && (rc == SQLITE_OK || rc == SQLITE_ROW)) {
		rc = sqlite3_step(from);
		if (rc == SQLITE_ROW) {
			r = copy_row(store, from);
			n++;
		}
	}
	sqlite3_finalize(from);
	if (r)
		return r;
	return rc != SQLITE_DONE ? -EUCLEAN : n > 0;
}

/* In one transaction of the new file. */
static int copy_batch(struct logbook_store *store)
{
	int r = database_run(store->db, "BEGIN IMMEDIATE"), copied;

	if (r)
		return r;
	copied = copy_some(store);
	if (copied >= 0 || copied == -EUCLEAN)
		r = database_run(store->db, "COMMIT");
	if (!sqlite3_get_autocommit(store->db))
		database_run(store->db, "ROLLBACK");
	return r ? r : copied;
}

int logbook_store_salvage(struct logbook_store *store)
{
	int64_t before_seq = store->old_seq;
	int r = store->old ? make_ready(store) : 0;

	if (!store->old || r)
		return r;
	/* What is older still would not be kept. */
	r = logbook_table_is_full(store->db, kept_bytes(store)) ? 0 : copy_batch(store);
	if (r > 0)
		return r;
	/* What is behind a damaged page is found from the other end. */
	if (r == -EUCLEAN && !store->is_upward) {
		store->is_upward = true;
		store->old_seq = INT64_MIN;
		return 1;
	}
	if (r && r != -EUCLEAN) {
		store->old_seq = before_seq;
		return r;
	}
	end_salvage(store);
	return 0;
}

sqlite3 *logbook_store_db(const struct logbook_store *store)
{
	return store->db;
}

bool logbook_store_is_salvaging(const struct logbook_store *store)
{
	return store->old != NULL;
}
