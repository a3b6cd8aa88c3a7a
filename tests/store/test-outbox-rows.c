// SPDX-License-Identifier: MIT
/* Rows of outbox.db: numbers that never begin again, a checksum that finds every flipped bit, files of
 * an older coxad.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "daemon/store/database.h"
#include "tests/store/store-rig.h"

#define ROWS 3u

static struct {
	uint64_t seq[64];
	size_t n;
} seen;

static void see(void *user, struct outbox_entry *entry)
{
	if (entry->item.kind == OUTBOX_KIND_EVENT)
		seen.seq[seen.n++] = entry->item.seq;
}

static void look(struct store_rig *rig)
{
	seen.n = 0;
	outbox_each(rig->outbox, see, NULL);
}

static uint64_t n_damaged(const struct store_rig *rig)
{
	struct outbox_persister_counters counters;

	outbox_persister_get_counters(rig->persister, &counters);
	return counters.damaged;
}

/* The directory as if its file system was not mounted: a file is in its place. */
static char *take_directory_away(void)
{
	char *away = alloc_printf("%s-away", store_rig_directory);

	assert_int_equal(rename(store_rig_directory, away), 0);
	close(open(store_rig_directory, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	return away;
}

static void bring_directory_back(const char *away)
{
	assert_int_equal(unlink(store_rig_directory), 0);
	assert_int_equal(rename(away, store_rig_directory), 0);
}

static void a_directory_that_comes_back_keeps_its_rows(void **state)
{
	_auto_free_ char *away = NULL;
	struct store_rig rig;
	uint64_t last;

	store_rig_begin(&rig);
	for (unsigned i = 0; i < 5; i++)
		store_rig_push(&rig, "ana");
	store_rig_end(&rig);
	away = take_directory_away();
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 0);
	for (unsigned i = 0; i < 5; i++)
		store_rig_push(&rig, "ben");
	last = rig.seq;
	bring_directory_back(away);
	outbox_persister_tick(rig.persister);
	assert_int_equal(outbox_n_events(rig.outbox), 10);
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	look(&rig);
	for (size_t i = 0; i < seen.n; i++)
		for (size_t k = 0; k < i; k++)
			assert_true(seen.seq[i] != seen.seq[k]);
	store_rig_push(&rig, "ben");
	store_rig_end(&rig);
	assert_int_equal(store_rig_number("SELECT count(*) FROM outbox"), 11);
	assert_int_equal(
		store_rig_number("SELECT count(*) FROM outbox WHERE topic LIKE '%/ana/%'"), 5);
	store_rig_begin(&rig);
	assert_int_equal(rig.seq, last + 1);
	store_rig_end(&rig);
}

static void push_state(struct store_rig *rig, const char *topic, const char *payload)
{
	struct outbox_item item = {.kind = OUTBOX_KIND_STATE,
		.topic = topic,
		.payload = payload,
		.size = strlen(payload),
		.retain = true};

	outbox_persister_added(rig->persister, outbox_add(rig->outbox, 0, &item, false));
}

static void deliver_state(struct store_rig *rig, const char *topic, const char *payload)
{
	struct outbox_entry *entry = outbox_next(rig->outbox, 0);

	assert_non_null(entry);
	assert_string_equal(entry->item.topic, topic);
	assert_int_equal(entry->item.size, strlen(payload));
	assert_memory_equal(entry->item.payload, payload, entry->item.size);
	outbox_acked(rig->outbox, entry->token);
}

/* The broker would keep it in place of the newer one: an open alert would be gone from the screens. */
static void an_older_state_does_not_come_back_with_its_directory(void **state)
{
	_auto_free_ char *away = NULL;
	struct store_rig rig;

	store_rig_begin(&rig);
	push_state(&rig, "delivered", "old");
	push_state(&rig, "waiting", "old");
	push_state(&rig, "of no other run", "old");
	store_rig_end(&rig);
	away = take_directory_away();
	store_rig_begin(&rig);
	outbox_connection(rig.outbox, 0, 16);
	push_state(&rig, "delivered", "new");
	deliver_state(&rig, "delivered", "new");
	push_state(&rig, "waiting", "new");
	bring_directory_back(away);
	outbox_persister_tick(rig.persister);
	store_rig_end(&rig);
	store_rig_begin(&rig);
	outbox_connection(rig.outbox, 0, 16);
	deliver_state(&rig, "of no other run", "old");
	deliver_state(&rig, "waiting", "new");
	assert_null(outbox_next(rig.outbox, 0));
	store_rig_end(&rig);
}

/* Nothing is left of the file but rubbish: what was used is not known, so none of it is used. */
static void numbers_go_on_after_the_file_is_lost(void **state)
{
	char rubbish[8192];
	struct store_rig rig;

	store_rig_begin(&rig);
	for (unsigned i = 0; i < 5; i++)
		store_rig_push(&rig, "ana");
	store_rig_end(&rig);
	memset(rubbish, 0x5a, sizeof(rubbish));
	store_rig_write_at("outbox.db", 0, rubbish, sizeof(rubbish));
	store_rig_begin(&rig);
	assert_true(rig.seq > 5);
	store_rig_push(&rig, "ben");
	store_rig_end(&rig);
}

static void without_a_directory_runs_do_not_repeat_numbers(void **state)
{
	_auto_free_ char *away = take_directory_away();
	uint64_t last = 0;

	for (int clock_is_set = 0; clock_is_set < 2; clock_is_set++)
		for (unsigned run = 0; run < 4; run++) {
			struct store_rig rig;

			store_rig_wall_step_us =
				clock_is_set ? 0 : -56 * 365 * 86400 * INT64_C(1000000);
			store_rig_begin(&rig);
			assert_true(clock_is_set ? rig.seq > last : rig.seq != last);
			assert_in_range(rig.seq, UINT64_C(1) << 49, (UINT64_C(1) << 53) - 1000000);
			store_rig_push(&rig, "ana");
			last = rig.seq;
			store_rig_end(&rig);
		}
	bring_directory_back(away);
}

/* Two events with one number, which must not happen: both are kept. */
static void a_row_is_never_overwritten(void **state)
{
	struct store_rig rig;

	store_rig_begin(&rig);
	store_rig_push(&rig, "ana");
	rig.seq = 0;
	store_rig_push(&rig, "ben");
	store_rig_push(&rig, "cas");
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	store_rig_end(&rig);
	assert_int_equal(store_rig_number("SELECT count(DISTINCT topic) FROM outbox"), 3);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 3);
	store_rig_deliver(&rig, 3);
	store_rig_end(&rig);
	assert_int_equal(store_rig_number("SELECT count(*) FROM outbox"), 0);
}

static void make_rows(void)
{
	struct store_rig rig;

	store_rig_tear_down(NULL);
	store_rig_set_up(NULL);
	store_rig_begin(&rig);
	for (unsigned i = 0; i < ROWS; i++)
		store_rig_push(&rig, "ana");
	store_rig_end(&rig);
}

/* The row with this flip is not sent, is kept in its own table, and the others go on. */
static void flip_is_found(const char *sql)
{
	struct store_rig rig;

	make_rows();
	store_rig_sql(sql);
	for (unsigned start = 0; start < 2; start++) {
		store_rig_begin(&rig);
		assert_int_equal(n_damaged(&rig), start ? 0 : 1);
		assert_int_equal(outbox_n_events(rig.outbox), ROWS - 1);
		look(&rig);
		assert_int_equal(seen.seq[0], 1);
		assert_int_equal(seen.seq[1], 3);
		assert_int_equal(rig.seq, ROWS);
		store_rig_end(&rig);
	}
	assert_int_equal(store_rig_number("SELECT count(*) FROM damaged"), 1);
}

static void a_flipped_bit_is_found_in_every_column(void **state)
{
	static const char *const numbers[] = {"seq", "created_ms", "class", "expiry_s", "retain",
		"boot", "up_ms", "dated", "sum"};
	static const char *const texts[] = {"topic", "id", "payload"};
	static const unsigned bits[] = {0, 1, 5, 7, 31, 40, 62};

	for (unsigned i = 0; i < ARRAY_LEN(numbers); i++)
		for (unsigned k = 0; k < ARRAY_LEN(bits); k++) {
			/* SQLite has no exclusive or. */
			_auto_free_ char *sql = alloc_printf(
				"UPDATE outbox SET %1$s = (%1$s | (1 << %2$u)) - (%1$s & (1 << %2$u))"
				" WHERE seq = 2",
				numbers[i], bits[k]);

			/* 2 ^ 1 is the row that is there already. */
			if (i || k)
				flip_is_found(sql);
		}
	for (unsigned i = 0; i < ARRAY_LEN(texts); i++)
		for (unsigned at = 1; at < 12; at += 3) {
			_auto_free_ char *sql = alloc_printf(
				"UPDATE outbox SET %1$s = CAST(substr(CAST(%1$s AS BLOB), 1, %2$u - 1)"
				" || X'FF' || substr(CAST(%1$s AS BLOB), %2$u + 1) AS %3$s)"
				" WHERE seq = 2",
				texts[i], at, i == 2 ? "BLOB" : "TEXT");

			flip_is_found(sql);
		}
	/* A value of another type. */
	flip_is_found("UPDATE outbox SET payload = CAST(payload AS TEXT) WHERE seq = 2");
	flip_is_found("UPDATE outbox SET id = NULL WHERE seq = 2");
}

static void check_row(void *user, struct outbox_entry *entry)
{
	assert_string_equal(entry->item.topic, "base/athlete/ana/pop");
	assert_memory_equal(entry->item.payload, "{\"athlete\":\"ana\",\"pad\":\"xxx", 27);
	assert_in_range(entry->item.seq, 1, ROWS);
	assert_int_equal(entry->item.class, 3);
	assert_int_equal(entry->item.expiry_s, 0);
}

/* Wherever a bit of the file flips: what is sent is as it was written, and the store works on. */
static void no_flipped_bit_of_the_file_is_sent(void **state)
{
	_auto_free_ char *path = NULL;
	unsigned n_kept = 0, n_runs = 0;
	char byte;

	for (off_t at = 0; at < 9 * 1024; at += 61, n_runs++) {
		struct store_rig rig;
		int fd;

		make_rows();
		free(path);
		path = store_rig_path("outbox.db");
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (pread(fd, &byte, 1, at) == 1) {
			byte = (char)(byte ^ 1 << at % 8);
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		close(fd);
		store_rig_begin(&rig);
		outbox_each(rig.outbox, check_row, NULL);
		n_kept += (unsigned)outbox_n_events(rig.outbox);
		assert_true(rig.seq >= ROWS);
		store_rig_push(&rig, "ben");
		assert_int_equal(store_rig_not_on_disk(&rig), 0);
		store_rig_end(&rig);
	}
	print_message("%u flipped bits: %u of %u rows were sent, all as written\n", n_runs, n_kept,
		n_runs * ROWS);
}

/* Version 1 of the schema, as it was before there were checksums. */
static const char version_1[] =
	"CREATE TABLE outbox(seq INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT NULL,"
	" expiry_s INTEGER NOT NULL, class INTEGER NOT NULL, retain INTEGER NOT NULL,"
	" topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL);"
	"CREATE TABLE state(topic TEXT PRIMARY KEY, created_ms INTEGER NOT NULL,"
	" class INTEGER NOT NULL, payload BLOB NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE dead(seq INTEGER PRIMARY KEY, created_ms INTEGER NOT NULL,"
	" class INTEGER NOT NULL, topic TEXT NOT NULL, id TEXT, payload BLOB NOT NULL,"
	" reason INTEGER NOT NULL);"
	"INSERT INTO sqlite_sequence(name, seq) VALUES('outbox', 0);"
	"INSERT INTO outbox(seq, created_ms, class, topic, payload, id, expiry_s, retain) VALUES"
	"(41, 1000, 3, 'base/athlete/ana/pop', X'7b7d', 'i', 0, 0),"
	"(42, 1000, 4, 'base/athlete/ana/alert', X'7b7d', NULL, 0, 0);"
	"INSERT INTO state VALUES('base/kit/3/session', 1000, 1, X'7b7d');"
	"INSERT INTO dead VALUES(7, 1000, 3, 'base/athlete/ana/pop', 'i', X'7b7d', 135);"
	"UPDATE sqlite_sequence SET seq = 50; PRAGMA user_version = 1";

static void an_older_file_gets_checksums(void **state)
{
	struct store_rig rig;

	store_rig_sql(version_1);
	store_rig_begin(&rig);
	assert_int_equal(rig.seq, 50);
	/* With the one that a broker had refused. */
	assert_int_equal(outbox_n_events(rig.outbox), 3);
	assert_int_equal(n_damaged(&rig), 0);
	store_rig_push(&rig, "ben");
	store_rig_end(&rig);
	assert_false(store_rig_exists("outbox.db.bad"));
	assert_int_equal(store_rig_number("SELECT count(*) FROM outbox WHERE sum"), 4);
	assert_int_equal(store_rig_number("SELECT count(*) FROM state WHERE sum"), 1);
	assert_int_equal(store_rig_number("SELECT count(*) FROM dead"), 0);
	/* Now they count. */
	store_rig_sql("UPDATE outbox SET class = 0 WHERE seq = 42");
	store_rig_begin(&rig);
	assert_int_equal(n_damaged(&rig), 1);
	assert_int_equal(outbox_n_events(rig.outbox), 3);
	assert_int_equal(rig.seq, 51);
	store_rig_end(&rig);
}

/* Of a coxad to come, whose checksums may be made of more. */
static void the_events_of_a_newer_file_are_taken_over(void **state)
{
	struct store_rig rig;

	make_rows();
	store_rig_sql("ALTER TABLE outbox ADD COLUMN more; UPDATE outbox SET sum = sum + 1;"
		      "PRAGMA user_version = 9");
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), ROWS);
	assert_int_equal(rig.seq, ROWS);
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	store_rig_end(&rig);
	assert_true(store_rig_exists("outbox.db.other"));
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), ROWS);
	assert_int_equal(rig.seq, ROWS);
	store_rig_end(&rig);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(a_directory_that_comes_back_keeps_its_rows),
		TEST(an_older_state_does_not_come_back_with_its_directory),
		TEST(numbers_go_on_after_the_file_is_lost),
		TEST(without_a_directory_runs_do_not_repeat_numbers),
		TEST(a_row_is_never_overwritten),
		TEST(a_flipped_bit_is_found_in_every_column),
		TEST(no_flipped_bit_of_the_file_is_sent),
		TEST(an_older_file_gets_checksums),
		TEST(the_events_of_a_newer_file_are_taken_over),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
