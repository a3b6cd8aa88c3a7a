// SPDX-License-Identifier: MIT
#include "daemon/store/outbox-store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/store/database.h"

/* Enough for the write-ahead log to grow and the deletions to succeed (measured). */
#define BALLAST_BYTES (256 * 1024)
/* After this many failed commits in a row the file is taken to be damaged. */
#define IO_ERRORS_MAX 12
#define DEAD_MAX      "1000"
/* A larger row was not written by us. */
#define ROW_TEXT_MAX    4096
#define ROW_PAYLOAD_MAX (1 << 20)
/* Size of the file over that of the events: rows, overflow pages, states and dead letters. */
#define FILE_FACTOR      4
#define FILE_BYTES_LEAST (8 << 20)

/* AUTOINCREMENT keeps the highest seq over an empty table, in sqlite_sequence. */
static const char schema[] =
	"CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT NULL,"
	" expiry_s INTEGER NOT NULL, class INTEGER NOT NULL, retain INTEGER NOT NULL,"
	" topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL);"
	"CREATE TABLE state(topic TEXT PRIMARY KEY, created_ms INTEGER NOT NULL,"
	" class INTEGER NOT NULL, payload BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE dead(seq INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL,"
	" class INTEGER NOT NULL, topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL,"
	" reason INTEGER NOT NULL);"
	"INSERT INTO sqlite_sequence(name, seq) VALUES('outbox', 0)";

enum query {
	QUERY_BEGIN,
	QUERY_COMMIT,
	QUERY_PUT_EVENT,
	QUERY_PUT_STATE,
	QUERY_FORGET_EVENT,
	QUERY_FORGET_STATE,
	QUERY_NOTE_SEQ,
	QUERY_BURY,
	QUERY_COUNT
};

static const char *const query_text[QUERY_COUNT] = {
	[QUERY_BEGIN] = "BEGIN IMMEDIATE",
	[QUERY_COMMIT] = "COMMIT",
	[QUERY_PUT_EVENT] = "INSERT OR REPLACE INTO outbox(seq, created_ms, class, topic, payload,"
			    " id, expiry_s, retain) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[QUERY_PUT_STATE] = "INSERT OR REPLACE INTO state(topic, created_ms, class, payload)"
			    " VALUES(?4, ?2, ?3, ?5)",
	[QUERY_FORGET_EVENT] = "DELETE FROM outbox WHERE seq = ?1",
	[QUERY_FORGET_STATE] = "DELETE FROM state WHERE topic = ?1",
	[QUERY_NOTE_SEQ] = "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'outbox'",
	[QUERY_BURY] = "INSERT OR REPLACE INTO dead(seq, created_ms, class, topic, payload, id,"
		       " reason) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
};

struct outbox_store {
	char *path, *ballast_path;
	uint64_t max_bytes;
	sqlite3 *db; /* NULL: could not be opened again */
	sqlite3_stmt *query[QUERY_COUNT];
	bool is_damaged, has_ballast;
	enum database_aside aside;    /* why the file is to be put aside */
	unsigned io_errors;           /* in a row */
	uint64_t last_seq, noted_seq; /* noted > last: to be written */
	/* To be deleted with the next commit. */
	uint64_t *event;
	size_t n_events, events_capacity;
	char **topic;
	size_t n_topics, topics_capacity;
};

static struct database_file file_of(const struct outbox_store *store)
{
	int64_t bytes = (int64_t)store->max_bytes * FILE_FACTOR;

	return (struct database_file){.schema = schema,
		.version = 1,
		.synchronous = "FULL",
		.max_bytes = bytes > FILE_BYTES_LEAST ? bytes : FILE_BYTES_LEAST};
}

static void make_ballast(struct outbox_store *store)
{
	int fd = open(store->ballast_path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	store->has_ballast = !posix_fallocate(fd, 0, BALLAST_BYTES);
	close(fd);
	if (!store->has_ballast)
		unlink(store->ballast_path);
}

static void close_db(struct outbox_store *store)
{
	for (unsigned i = 0; i < QUERY_COUNT; i++) {
		sqlite3_finalize(store->query[i]);
		store->query[i] = NULL;
	}
	sqlite3_close(store->db);
	store->db = NULL;
}

static int prepare(struct outbox_store *store)
{
	for (unsigned i = 0; i < QUERY_COUNT; i++) {
		int rc = sqlite3_prepare_v3(store->db, query_text[i], -1, SQLITE_PREPARE_PERSISTENT,
			&store->query[i], NULL);

		if (rc != SQLITE_OK)
			return database_errno(store->db, rc);
	}
	return 0;
}

static int open_db(struct outbox_store *store)
{
	struct database_file file = file_of(store);
	int r = database_open(store->path, &file, &store->db);

	if (!r)
		r = prepare(store);
	if (r)
		close_db(store);
	else
		store->last_seq = (uint64_t)database_number(store->db,
			"SELECT max(seq) FROM (SELECT seq FROM sqlite_sequence WHERE name = "
			"'outbox'"
			" UNION ALL SELECT max(seq) FROM outbox)",
			0);
	return r;
}

/* Keeps the file under another name and begins a new one. */
static int begin_anew(struct outbox_store *store)
{
	_auto_free_ char *aside = NULL;
	uint64_t last_seq = store->last_seq;
	int r;

	close_db(store);
	r = database_put_aside(store->path, store->aside, &aside);
	if (r && r != -ENOENT)
		return r;
	store->aside = DATABASE_ASIDE_DAMAGED;
	store->is_damaged = false;
	store->io_errors = 0;
	r = open_db(store);
	if (last_seq > store->noted_seq)
		store->noted_seq = last_seq;
	return r;
}

int outbox_store_open(const char *directory, uint64_t max_bytes, struct outbox_store **ret)
{
	struct outbox_store *store = alloc_zero(1, sizeof(*store));
	int r = database_make_directory(directory);

	store->path = alloc_printf("%s/outbox.db", directory);
	store->ballast_path = alloc_printf("%s/outbox.ballast", directory);
	store->max_bytes = max_bytes;
	if (!r)
		r = open_db(store);
	if (r == -EUCLEAN || r == -ENOTSUP) {
		store->is_damaged = true;
		store->aside = r == -ENOTSUP ? DATABASE_ASIDE_VERSION : DATABASE_ASIDE_DAMAGED;
		r = 1;
	}
	if (r < 0) {
		outbox_store_free(store);
		return r;
	}
	make_ballast(store);
	*ret = store;
	return r;
}

struct outbox_store *outbox_store_free(struct outbox_store *store)
{
	if (!store)
		return NULL;
	close_db(store);
	for (size_t i = 0; i < store->n_topics; i++)
		free(store->topic[i]);
	free(store->topic);
	free(store->event);
	free(store->path);
	free(store->ballast_path);
	free(store);
	return NULL;
}

static const char *column_text(sqlite3_stmt *statement, int column)
{
	const char *text = (const char *)sqlite3_column_text(statement, column);
	int size = sqlite3_column_bytes(statement, column);

	return text && size <= ROW_TEXT_MAX && strlen(text) == (size_t)size ? text : NULL;
}

/* Columns: seq, created_ms, class, topic, payload, id, expiry_s, retain. */
static bool read_row(sqlite3_stmt *statement, enum outbox_kind kind, struct outbox_store_row *ret)
{
	const char *topic = column_text(statement, 3);
	const void *payload = sqlite3_column_blob(statement, 4);
	int size = sqlite3_column_bytes(statement, 4);
	int64_t class = sqlite3_column_int64(statement, 2);
	int64_t expiry_s = sqlite3_column_int64(statement, 6);

	if (!topic || !*topic || size < 0 || size > ROW_PAYLOAD_MAX || class < 0 ||
		class >= OUTBOX_CLASSES || expiry_s < 0 || expiry_s > UINT32_MAX)
		return false;
	*ret = (struct outbox_store_row){
		.item = {.kind = kind,
			.class = (unsigned)class,
			.seq = (uint64_t)sqlite3_column_int64(statement, 0),
			.id = column_text(statement, 5),
			.topic = topic,
			.payload = payload,
			.size = (size_t)size,
			.retain = sqlite3_column_int(statement, 7) != 0,
			.expiry_s = (unsigned)expiry_s},
		.created_wall_ms = sqlite3_column_int64(statement, 1),
	};
	return true;
}

static bool load_rows(sqlite3 *db, const char *sql, enum outbox_kind kind,
	void (*row)(void *user, const struct outbox_store_row *row), void *user)
{
	struct outbox_store_row one;
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		rc = sqlite3_step(statement);
		if (rc == SQLITE_ROW && read_row(statement, kind, &one))
			row(user, &one);
	}
	sqlite3_finalize(statement);
	return rc == SQLITE_DONE;
}

static bool load_all(
	sqlite3 *db, void (*row)(void *user, const struct outbox_store_row *row), void *user)
{
	bool events = load_rows(db,
		"SELECT seq, created_ms, class, topic, payload, id, expiry_s, retain FROM outbox"
		" ORDER BY seq",
		OUTBOX_KIND_EVENT, row, user);
	bool states = load_rows(db,
		"SELECT 0, created_ms, class, topic, payload, NULL, 0, 1 FROM state"
		" ORDER BY created_ms",
		OUTBOX_KIND_STATE, row, user);

	return events && states;
}

/* Reads what SQLite can still find in a damaged file. */
static void salvage(struct outbox_store *store,
	void (*row)(void *user, const struct outbox_store_row *row), void *user)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(store->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
		SQLITE_OK) {
		load_all(db, row, user);
		store->last_seq = (uint64_t)database_number(
			db, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", 0);
	}
	sqlite3_close(db);
}

int outbox_store_load(struct outbox_store *store,
	void (*row)(void *user, const struct outbox_store_row *row), void *user)
{
	int r;

	if (store->is_damaged)
		salvage(store, row, user);
	else if (load_all(store->db, row, user))
		return 0;
	r = begin_anew(store);
	return r < 0 ? r : 1;
}

uint64_t outbox_store_last_seq(const struct outbox_store *store)
{
	return store->last_seq > store->noted_seq ? store->last_seq : store->noted_seq;
}

static void *grown(void *array, size_t n, size_t *capacity, size_t size)
{
	if (n < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : OUTBOX_STORE_BATCH;
	array = reallocarray(array, *capacity, size);
	if (!array)
		abort();
	return array;
}

void outbox_store_forget(struct outbox_store *store, const struct outbox_item *item)
{
	if (item->kind == OUTBOX_KIND_EVENT) {
		store->event = grown(store->event, store->n_events, &store->events_capacity,
			sizeof(*store->event));
		store->event[store->n_events++] = item->seq;
		return;
	}
	for (size_t i = 0; i < store->n_topics; i++)
		if (!strcmp(store->topic[i], item->topic))
			return;
	store->topic = grown(
		store->topic, store->n_topics, &store->topics_capacity, sizeof(*store->topic));
	store->topic[store->n_topics++] = alloc_text(item->topic);
}

size_t outbox_store_n_forgotten(const struct outbox_store *store)
{
	return store->n_events + store->n_topics;
}

void outbox_store_note_seq(struct outbox_store *store, uint64_t seq)
{
	if (seq > store->noted_seq)
		store->noted_seq = seq;
}

/* Runs a prepared statement and makes it ready for the next time. */
static int step(struct outbox_store *store, enum query query)
{
	sqlite3_stmt *statement = store->query[query];
	int rc = sqlite3_step(statement);
	int r = database_errno(store->db, rc);

	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return r;
}

static void bind_item(
	sqlite3_stmt *statement, const struct outbox_entry *entry, int64_t wall_offset_us)
{
	const struct outbox_item *item = &entry->item;

	sqlite3_bind_int64(statement, 1, (int64_t)item->seq);
	sqlite3_bind_int64(statement, 2, (entry->created_us + wall_offset_us) / US_PER_MS);
	sqlite3_bind_int64(statement, 3, item->class);
	sqlite3_bind_text(statement, 4, item->topic, -1, SQLITE_STATIC);
	sqlite3_bind_blob64(
		statement, 5, item->size ? item->payload : "", item->size, SQLITE_STATIC);
	sqlite3_bind_text(statement, 6, item->id, -1, SQLITE_STATIC);
}

static int put(struct outbox_store *store, const struct outbox_entry *entry, int64_t wall_offset_us)
{
	enum query query =
		entry->item.kind == OUTBOX_KIND_EVENT ? QUERY_PUT_EVENT : QUERY_PUT_STATE;
	sqlite3_stmt *statement = store->query[query];

	bind_item(statement, entry, wall_offset_us);
	sqlite3_bind_int64(statement, 7, entry->item.expiry_s);
	sqlite3_bind_int64(statement, 8, entry->item.retain);
	return step(store, query);
}

static int forget_all(struct outbox_store *store)
{
	int r = 0;

	for (size_t i = 0; i < store->n_events && !r; i++) {
		sqlite3_bind_int64(store->query[QUERY_FORGET_EVENT], 1, (int64_t)store->event[i]);
		r = step(store, QUERY_FORGET_EVENT);
	}
	for (size_t i = 0; i < store->n_topics && !r; i++) {
		sqlite3_bind_text(
			store->query[QUERY_FORGET_STATE], 1, store->topic[i], -1, SQLITE_STATIC);
		r = step(store, QUERY_FORGET_STATE);
	}
	return r;
}

static int transact(struct outbox_store *store, struct outbox_entry *const *entries, size_t n,
	int64_t wall_offset_us)
{
	int r = step(store, QUERY_BEGIN);

	if (!r)
		r = forget_all(store);
	for (size_t i = 0; i < n && !r; i++)
		r = put(store, entries[i], wall_offset_us);
	if (!r && store->noted_seq > store->last_seq) {
		sqlite3_bind_int64(store->query[QUERY_NOTE_SEQ], 1, (int64_t)store->noted_seq);
		r = step(store, QUERY_NOTE_SEQ);
	}
	if (!r)
		r = step(store, QUERY_COMMIT);
	if (r && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

static void settle(struct outbox_store *store, struct outbox_entry *const *entries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		entries[i]->is_stored = true;
		entries[i]->is_dirty = false;
		if (entries[i]->item.seq > store->last_seq)
			store->last_seq = entries[i]->item.seq;
	}
	if (store->noted_seq > store->last_seq)
		store->last_seq = store->noted_seq;
	store->io_errors = 0;
	store->n_events = 0;
	for (size_t i = 0; i < store->n_topics; i++)
		free(store->topic[i]);
	store->n_topics = 0;
}

static bool drop_ballast(struct outbox_store *store)
{
	if (!store->has_ballast)
		return false;
	store->has_ballast = false;
	return !unlink(store->ballast_path);
}

int outbox_store_commit(struct outbox_store *store, struct outbox_entry *const *entries, size_t n,
	int64_t wall_offset_us)
{
	int r;

	if (!store->db) {
		r = open_db(store);
		if (r == -EUCLEAN)
			r = begin_anew(store);
		return r ? r : -EUCLEAN;
	}
	r = transact(store, entries, n, wall_offset_us);
	/* A quota or a limit on file sizes shows as an I/O error. */
	if ((r == -ENOSPC || r == -EIO) && drop_ballast(store))
		r = transact(store, entries, n, wall_offset_us);
	if (!r) {
		settle(store, entries, n);
		return 0;
	}
	if (r != -EUCLEAN && (r != -EIO || ++store->io_errors < IO_ERRORS_MAX))
		return r;
	r = begin_anew(store);
	return r ? r : -EUCLEAN;
}

int outbox_store_bury(struct outbox_store *store, const struct outbox_entry *entry, int reason,
	int64_t wall_offset_us)
{
	int r;

	if (!store->db)
		return -EIO;
	bind_item(store->query[QUERY_BURY], entry, wall_offset_us);
	sqlite3_bind_int64(store->query[QUERY_BURY], 7, reason);
	r = step(store, QUERY_BURY);
	if (r)
		return r;
	return database_run(store->db,
		"DELETE FROM dead WHERE seq <= (SELECT seq FROM dead ORDER BY seq"
		" DESC LIMIT 1 OFFSET " DEAD_MAX ")");
}

bool outbox_store_has_ballast(struct outbox_store *store)
{
	if (!store->has_ballast)
		make_ballast(store);
	return store->has_ballast;
}
