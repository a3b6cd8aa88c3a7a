// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/store/ballast.h"
#include "daemon/store/database.h"
#include "daemon/store/outbox-ahead.h"
#include "daemon/store/outbox-query.h"
#include "daemon/store/outbox-table.h"
#include "daemon/store/row-sum.h"

/* After this many failed commits in a row the file is taken to be damaged. */
#define IO_ERRORS_MAX 12
/* Size of the file over that of the events: rows, overflow pages, states and dead letters. */
#define FILE_FACTOR      4
#define FILE_BYTES_LEAST (8 << 20)

struct outbox_store {
	char *path, *ballast_path;
	uint64_t max_bytes;
	sqlite3 *db; /* NULL: could not be opened again */
	struct outbox_queries queries;
	bool is_given_up; /* is damaged if it cannot be read */
	bool is_damaged, has_ballast;
	char *aside_name;            /* of the file that was put aside last */
	enum database_aside aside;   /* why the file is to be put aside */
	bool is_counting;            /* false: which numbers were used is not known */
	int64_t n_damaged;           /* rows */
	unsigned io_errors;          /* in a row */
	uint64_t last_seq;           /* that is on disk as used */
	uint64_t lost_seq;           /* the same of the file before; 0: none */
	uint64_t used_seq;           /* the highest so far, in a transaction */
	struct outbox_dating dating; /* of the last commit */
};

static struct database_file file_of(const struct outbox_store *store)
{
	int64_t bytes = (int64_t)store->max_bytes * FILE_FACTOR;

	struct database_file file = {.synchronous = "FULL",
		.max_bytes = bytes > FILE_BYTES_LEAST ? bytes : FILE_BYTES_LEAST};

	outbox_table_describe(&file);
	return file;
}

static void close_db(struct outbox_store *store)
{
	outbox_query_finalize(&store->queries);
	sqlite3_close(store->db);
	store->db = NULL;
}

/* What the file says about the numbers that were used. */
static void note_used(struct outbox_store *store)
{
	int64_t last = outbox_table_last_seq(store->db);

	store->is_counting = last >= 0;
	store->last_seq = last > 0 ? (uint64_t)last : 0;
}

static int open_db(struct outbox_store *store)
{
	struct database_file file = file_of(store);
	int r = database_open(store->path, &file, &store->db);

	if (!r)
		r = outbox_query_prepare(&store->queries, store->db);
	if (r) {
		close_db(store);
		return r;
	}
	note_used(store);
	store->n_damaged += outbox_table_put_aside(store->db, clock_wall_us() / US_PER_MS);
	return 0;
}

uint64_t outbox_store_last_seq(const struct outbox_store *store)
{
	return store->last_seq > store->lost_seq ? store->last_seq : store->lost_seq;
}

/* Keeps the file under another name and begins a new one. */
static int begin_anew(struct outbox_store *store)
{
	uint64_t last_seq = outbox_store_last_seq(store);
	bool is_counting = store->is_counting;
	int r;

	close_db(store);
	free(store->aside_name);
	store->aside_name = NULL;
	r = database_put_aside(store->path, store->aside, &store->aside_name);
	if (r && r != -ENOENT)
		return r;
	store->aside = DATABASE_ASIDE_DAMAGED;
	store->is_damaged = false;
	store->io_errors = 0;
	r = open_db(store);
	store->is_counting = is_counting;
	store->lost_seq = last_seq;
	return r;
}

int outbox_store_open(
	const char *directory, uint64_t max_bytes, bool is_given_up, struct outbox_store **ret)
{
	struct outbox_store *store = alloc_zero(1, sizeof(*store));
	int r = database_make_directory(directory);

	store->path = alloc_printf("%s/outbox.db", directory);
	store->ballast_path = alloc_printf("%s/outbox.ballast", directory);
	store->max_bytes = max_bytes;
	store->is_given_up = is_given_up;
	if (!r)
		r = open_db(store);
	if (r == -EUCLEAN || r == -ENOTSUP || (is_given_up && r == -EIO)) {
		store->is_damaged = true;
		store->aside = r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED;
		r = 1;
	}
	if (r < 0) {
		outbox_store_free(store);
		return r;
	}
	store->has_ballast = ballast_make(store->ballast_path);
	*ret = store;
	return r;
}

struct outbox_store *outbox_store_free(struct outbox_store *store)
{
	if (!store)
		return NULL;
	close_db(store);
	free(store->path);
	free(store->ballast_path);
	free(store->aside_name);
	free(store);
	return NULL;
}

/* Reads what SQLite can still find in a damaged file. */
static void salvage(
	struct outbox_store *store, ahead_rows_fn ahead, outbox_table_fn row, void *user)
{
	/* Whose checksums may be made of more. */
	bool is_newer = store->aside == DATABASE_ASIDE_VERSION;
	sqlite3 *db = NULL;
	int64_t last = -1;

	if (sqlite3_open_v2(store->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
			SQLITE_OK &&
		!row_sum_connect(db)) {
		outbox_ahead_load(db, ahead, user);
		outbox_table_load(db, !is_newer, row, user);
		if (!is_newer)
			store->n_damaged += outbox_table_n_damaged(db);
		last = outbox_table_last_seq(db);
	}
	sqlite3_close(db);
	store->is_counting = last >= 0;
	store->last_seq = last > 0 ? (uint64_t)last : 0;
}

int outbox_store_load(
	struct outbox_store *store, ahead_rows_fn ahead, outbox_table_fn row, void *user)
{
	int r;

	if (store->is_damaged)
		salvage(store, ahead, row, user);
	else {
		r = outbox_ahead_load(store->db, ahead, user);
		if (!r)
			r = outbox_table_load(store->db, true, row, user);
		if (!r || (r != -EUCLEAN && !store->is_given_up))
			return r;
	}
	/* If no new file can be begun now, the commits go on trying. */
	begin_anew(store);
	return 1;
}

static sqlite3 *open_to_read(const char *directory)
{
	_auto_free_ char *path = alloc_printf("%s/outbox.db", directory);
	sqlite3 *db = NULL;

	if (!database_open_read_only(path, &db) && !row_sum_connect(db))
		return db;
	sqlite3_close(db);
	return NULL;
}

int64_t outbox_store_peek(const char *directory)
{
	sqlite3 *db = open_to_read(directory);
	int64_t last = db ? outbox_table_last_seq(db) : -1;

	sqlite3_close(db);
	return last;
}

void outbox_store_read_ahead(const char *directory, ahead_rows_fn row, void *user)
{
	sqlite3 *db = open_to_read(directory);

	if (db)
		outbox_ahead_load(db, row, user);
	sqlite3_close(db);
}

bool outbox_store_is_counting(const struct outbox_store *store)
{
	return store->is_counting;
}

bool outbox_store_is_foreign(const struct outbox_store *store)
{
	return store->is_damaged && store->aside == DATABASE_ASIDE_VERSION;
}

const char *outbox_store_aside(const struct outbox_store *store)
{
	return store->aside_name;
}

int64_t outbox_store_n_damaged(const struct outbox_store *store)
{
	return store->n_damaged;
}

static void bind_item(
	sqlite3_stmt *statement, const struct outbox_put *put, const struct outbox_dating *dating)
{
	const struct outbox_item *item = &put->item;

	sqlite3_bind_int64(statement, 1, (int64_t)item->seq);
	sqlite3_bind_int64(statement, 2, (put->created_us + dating->wall_offset_us) / US_PER_MS);
	sqlite3_bind_int64(statement, 3, item->class);
	sqlite3_bind_text(statement, 4, item->topic, -1, SQLITE_STATIC);
	sqlite3_bind_blob64(
		statement, 5, item->size ? item->payload : "", item->size, SQLITE_STATIC);
	sqlite3_bind_text(statement, 6, item->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 9, dating->boot);
	sqlite3_bind_int64(statement, 10, put->created_us / US_PER_MS);
	sqlite3_bind_int64(statement, 11, dating->is_synchronised);
}

/* If its number is that of another event on disk, it gets a number that was never used. */
static int put_event(
	struct outbox_store *store, struct outbox_put *put, const struct outbox_dating *dating)
{
	sqlite3_stmt *statement = store->queries.statement[OUTBOX_QUERY_PUT_EVENT];
	int r;

	for (;;) {
		bind_item(statement, put, dating);
		sqlite3_bind_int64(statement, 7, put->item.expiry_s);
		sqlite3_bind_int64(statement, 8, put->item.retain);
		r = outbox_query_step(&store->queries, OUTBOX_QUERY_PUT_EVENT);
		if (put->item.seq > store->used_seq)
			store->used_seq = put->item.seq;
		if (r || sqlite3_changes(store->db) == 1)
			return r;
		put->item.seq = store->used_seq + 1;
	}
}

static int put_row(
	struct outbox_store *store, struct outbox_put *put, const struct outbox_dating *dating)
{
	if (put->item.kind == OUTBOX_KIND_EVENT)
		return put_event(store, put, dating);
	bind_item(store->queries.statement[OUTBOX_QUERY_PUT_STATE], put, dating);
	return outbox_query_step(&store->queries, OUTBOX_QUERY_PUT_STATE);
}

static int forget(struct outbox_store *store, const struct outbox_item *item)
{
	enum outbox_query query = item->kind == OUTBOX_KIND_EVENT ? OUTBOX_QUERY_FORGET_EVENT
								  : OUTBOX_QUERY_FORGET_STATE;
	sqlite3_stmt *statement = store->queries.statement[query];

	if (item->kind == OUTBOX_KIND_EVENT)
		sqlite3_bind_int64(statement, 1, (int64_t)item->seq);
	else
		sqlite3_bind_text(statement, 1, item->topic, -1, SQLITE_STATIC);
	return outbox_query_step(&store->queries, query);
}

/* A board without a clock gets the time of day from the network, minutes after it began to write. */
static int redate(struct outbox_store *store, const struct outbox_dating *dating)
{
	sqlite3_stmt *statement = store->queries.statement[OUTBOX_QUERY_REDATE];

	sqlite3_bind_int64(statement, 1, dating->wall_offset_us / US_PER_MS);
	sqlite3_bind_int64(statement, 2, dating->is_synchronised);
	sqlite3_bind_int64(statement, 3, dating->boot);
	return outbox_query_step(&store->queries, OUTBOX_QUERY_REDATE);
}

static int note_seq(struct outbox_store *store, uint64_t seq)
{
	if (seq > store->used_seq)
		store->used_seq = seq;
	if (seq <= store->last_seq)
		return 0;
	sqlite3_bind_int64(store->queries.statement[OUTBOX_QUERY_NOTE_SEQ], 1, (int64_t)seq);
	return outbox_query_step(&store->queries, OUTBOX_QUERY_NOTE_SEQ);
}

/* All that a commit changes. */
static int write_all(struct outbox_store *store, struct outbox_batch *batch)
{
	uint64_t noted = batch->noted_seq > store->lost_seq ? batch->noted_seq : store->lost_seq;
	int r = note_seq(store, noted);

	for (size_t i = 0; i < batch->forget.n && !r; i++)
		r = forget(store, &batch->forget.put[i].item);
	if (!r && !outbox_batch_is_same_dating(&store->dating, &batch->dating))
		r = redate(store, &batch->dating);
	for (size_t i = 0; i < batch->rows.n && !r; i++)
		r = put_row(store, &batch->rows.put[i], &batch->dating);
	for (unsigned i = 0; i < AHEAD_ROWS_BOOKS && !r; i++)
		r = outbox_ahead_forget(&store->queries, (enum ahead_rows_book)i, batch->behind[i]);
	return r ? r : outbox_ahead_put(&store->queries, &batch->ahead);
}

static int transact(struct outbox_store *store, struct outbox_batch *batch)
{
	int r = outbox_query_step(&store->queries, OUTBOX_QUERY_BEGIN);

	/* What is only deleted is waited for by nobody. */
	database_checkpoint_late(store->db, batch->rows.n > 0 || batch->ahead.n > 0);
	store->used_seq = store->last_seq;
	if (!r)
		r = write_all(store, batch);
	if (!r)
		r = outbox_query_step(&store->queries, OUTBOX_QUERY_COMMIT);
	if (r && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	if (r)
		return r;
	store->last_seq = store->used_seq;
	store->lost_seq = 0;
	store->dating = batch->dating;
	store->io_errors = 0;
	return 0;
}

static bool drop_ballast(struct outbox_store *store)
{
	if (!store->has_ballast)
		return false;
	store->has_ballast = false;
	return ballast_drop(store->ballast_path);
}

int outbox_store_commit(struct outbox_store *store, struct outbox_batch *batch)
{
	int r;

	if (!store->db) {
		r = open_db(store);
		if (r == -EUCLEAN)
			r = begin_anew(store);
		return r ? r : -EUCLEAN;
	}
	r = transact(store, batch);
	/* A quota or a limit on file sizes shows as an I/O error. */
	if ((r == -ENOSPC || r == -EIO) && drop_ballast(store))
		r = transact(store, batch);
	if (!r || (r != -EUCLEAN && (r != -EIO || ++store->io_errors < IO_ERRORS_MAX)))
		return r;
	r = begin_anew(store);
	return r ? r : -EUCLEAN;
}

void outbox_store_refill(struct outbox_store *store)
{
	if (!store->has_ballast)
		store->has_ballast = ballast_make(store->ballast_path);
}

sqlite3 *outbox_store_db(const struct outbox_store *store)
{
	return store->db;
}
