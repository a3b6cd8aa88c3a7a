// SPDX-License-Identifier: MIT
/* The bounds of the logbook: what is too old or too much goes; a file that is full takes what is new all
 * the same, whether it got full by entries or by what is salvaged; what waits for the disk.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/store/logbook-persister.h"
#include "daemon/store/database.h"
#include "daemon/store/logbook-store.h"
#include "daemon/store/logbook-table.h"
#include "tests/store/store-rig.h"

#define DAY_MS   INT64_C(86400000)
#define NOON_MS  INT64_C(1764590400000)
#define FILE_MAX (1 << 20)
#define BATCH    500
/* Of a commit, until there is room. */
#define ATTEMPTS 20

static void put_rows(sqlite3 *db, unsigned first, unsigned n, const char *kind, int64_t at_ms)
{
	_auto_free_ char *sql = alloc_printf(
		"WITH RECURSIVE c(i) AS (SELECT %u UNION ALL SELECT i + 1 FROM c WHERE i < %u)"
		" INSERT INTO logbook SELECT i, %lld, 'ana', '%s', '{}', 0 FROM c",
		first, first + n - 1, (long long)at_ms, kind);

	assert_int_equal(database_run(db, sql), 0);
}

static void what_is_too_old_or_too_much_goes(void **state)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(database_run(db, logbook_table_schema()), 0);
	put_rows(db, 1, 10, "pop", NOON_MS - 401 * DAY_MS);
	put_rows(db, 11, 10, "pop", NOON_MS - 399 * DAY_MS);
	/* Without a clock that is right nothing ages. */
	assert_int_equal(logbook_table_prune(db, 0, INT64_MAX), 0);
	assert_int_equal(database_number(db, "SELECT rows FROM size", -1), 20);
	assert_int_equal(logbook_table_prune(db, NOON_MS, INT64_MAX), 0);
	assert_int_equal(database_number(db, "SELECT count(*) FROM logbook", -1), 10);
	assert_int_equal(database_number(db, "SELECT min(seq) FROM logbook", -1), 11);
	/* Repetitions go first, the oldest first. */
	put_rows(db, 21, 300, "rep", NOON_MS);
	put_rows(db, 1000, 10, "alert", NOON_MS);
	assert_int_equal(logbook_table_prune(db, NOON_MS, 1), 0);
	assert_int_equal(database_number(db, "SELECT count(*) FROM logbook WHERE kind = 'rep'", -1),
		300 - 256);
	assert_int_equal(
		database_number(db, "SELECT min(seq) FROM logbook WHERE kind = 'rep'", -1), 277);
	assert_int_equal(database_number(db, "SELECT count(*) FROM logbook", -1), 64);
	assert_int_equal(logbook_table_prune(db, NOON_MS, 1), 0);
	assert_int_equal(logbook_table_prune(db, NOON_MS, 1), 0);
	assert_int_equal(database_number(db, "SELECT rows FROM size", -1), 0);
	sqlite3_close(db);
}

static struct logbook_store *open_store(int wanted)
{
	struct logbook_store *store = NULL;

	assert_int_equal(logbook_store_open(store_rig_directory, FILE_MAX, false, &store), wanted);
	return store;
}

/* As the persister does it: a failure is tried again. */
static void commit_batch(struct logbook_store *store, int64_t first_seq)
{
	struct logbook_entry entries[BATCH];
	int r = -1;

	for (unsigned i = 0; i < BATCH; i++)
		entries[i] = (struct logbook_entry){.seq = first_seq + i,
			.at_ms = NOON_MS,
			.kind = LOGBOOK_KIND_POP,
			.athlete = "ana",
			.text = "{}",
			.size = 2};
	for (unsigned i = 0; i < ATTEMPTS && r; i++) {
		r = logbook_store_commit(store, entries, BATCH, 0);
		assert_true(!r || r == -ENOSPC);
	}
	assert_int_equal(r, 0);
}

/* More in few commits than they would make room for. */
static void fill(struct logbook_store *store)
{
	for (unsigned i = 0; i < 60; i++)
		commit_batch(store, 1 + i * BATCH);
}

static bool has_entry_after(struct logbook_store *store, int64_t seq)
{
	struct logbook_query query = {.athlete = "ana", .after_seq = seq, .limit = 1};
	struct logbook_rows rows = {0};
	bool has_more, is_known, is_there;

	assert_int_equal(logbook_store_query(store, &query, &rows, &has_more, &is_known), 0);
	is_there = rows.n > 0;
	logbook_rows_done(&rows);
	return is_there;
}

static void a_full_file_makes_room(void **state)
{
	struct logbook_store *store = open_store(LOGBOOK_FOUND_WHOLE);

	fill(store);
	assert_true(has_entry_after(store, 60 * BATCH - 1));
	logbook_store_free(store);
}

static void set_version(int version)
{
	_auto_free_ char *path = store_rig_path("logbook.db");
	_auto_free_ char *sql = alloc_printf("PRAGMA user_version=%d", version);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(database_run(db, sql), 0);
	sqlite3_close(db);
}

/* Copied from the newest on, the same rows take more pages than they took before. */
static void what_is_salvaged_leaves_room_for_what_is_new(void **state)
{
	struct logbook_store *store = open_store(LOGBOOK_FOUND_WHOLE);
	unsigned calls = 0;
	int r;

	fill(store);
	logbook_store_free(store);
	set_version(99);
	store = open_store(LOGBOOK_FOUND_OTHER);
	do {
		r = logbook_store_salvage(store);
		assert_true(r >= 0);
	} while (r > 0 && ++calls < 1000);
	assert_int_equal(r, 0);
	assert_true(has_entry_after(store, 60 * BATCH - 1));
	for (unsigned i = 60; i < 80; i++)
		commit_batch(store, 1 + i * BATCH);
	assert_true(has_entry_after(store, 80 * BATCH - 1));
	logbook_store_free(store);
}

static void wait_for_disk(struct logbook_persister *logbook, unsigned n, enum logbook_kind kind,
	const char *text, size_t size)
{
	for (unsigned i = 0; i < n; i++)
		logbook_persister_add(logbook, &(struct logbook_entry){.at_ms = NOON_MS,
						       .kind = kind,
						       .athlete = "ana",
						       .text = text,
						       .size = size});
}

/* A great entry takes the place of as many small ones as it needs. */
static void what_waits_for_the_disk_is_bounded_in_bytes(void **state)
{
	_auto_free_ char *file = store_rig_path("file");
	_auto_free_ char *text = alloc_zero(1, LOGBOOK_TEXT_MAX + 1);
	struct logbook_persister_options options = {.directory = file};
	struct logbook_persister *logbook;
	size_t n_left;

	memset(text, 'x', LOGBOOK_TEXT_MAX);
	store_rig_write_at("file", 0, "x", 1);
	assert_int_equal(logbook_persister_new(&options, &logbook), 0);
	assert_true(logbook_persister_error(logbook) < 0);
	wait_for_disk(logbook, LOGBOOK_PERSISTER_WAITING_MAX / 2, LOGBOOK_KIND_REP, text, 512);
	wait_for_disk(logbook, 1000, LOGBOOK_KIND_POP, text, LOGBOOK_TEXT_MAX);
	n_left = 1000 + LOGBOOK_PERSISTER_WAITING_MAX / 2 - logbook_persister_n_dropped(logbook);
	assert_int_equal(logbook_persister_n_waiting(logbook), n_left);
	assert_int_equal(n_left, LOGBOOK_PERSISTER_BYTES_MAX / LOGBOOK_TEXT_MAX);
	logbook_persister_free(logbook, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(what_is_too_old_or_too_much_goes),
		TEST(a_full_file_makes_room),
		TEST(what_is_salvaged_leaves_room_for_what_is_new),
		TEST(what_waits_for_the_disk_is_bounded_in_bytes),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
