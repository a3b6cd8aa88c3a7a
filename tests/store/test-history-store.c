// SPDX-License-Identifier: MIT
/* The history on real files: storing, a disk that comes late, a file that is damaged, gone or of
 * another version.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/store/history-persister.h"
#include "daemon/store/database.h"
#include "tests/store/store-rig.h"

static char *path_of(const char *name)
{
	return alloc_printf("%s/%s", store_rig_directory, name);
}

/* Names of what came late, in a row. */
static void note_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	char *names = user;

	assert_int_equal(strlen(text), size);
	strcat(names, name);
}

static struct history_persister *begin(char *late)
{
	struct history_persister *history;

	assert_int_equal(
		history_persister_new(
			&(struct history_persister_options){
				.directory = store_rig_directory, .late = note_late, .user = late},
			&history),
		0);
	return history;
}

static void put(struct history_persister *history, const char *name, const char *text)
{
	history_persister_put(history, HISTORY_KIND_ATHLETE, name, text, strlen(text));
}

static void expect(const struct history_persister *history, const char *name, const char *text)
{
	const char *is = history_persister_get(history, HISTORY_KIND_ATHLETE, name);

	if (text)
		assert_string_equal(is ? is : "nothing", text);
	else
		assert_null(is);
}

static void count(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	++*(unsigned *)user;
}

static unsigned n_entries(const struct history_persister *history)
{
	unsigned n = 0;

	history_persister_each(history, count, &n);
	return n;
}

static void history_is_stored_replaced_and_deleted(void **state)
{
	struct history_persister *history = begin(NULL);

	put(history, "ana", "{}");
	history_persister_put(history, HISTORY_KIND_CALIBRATION, "ana", "[1]", 3);
	put(history, "ben", "{}");
	history_persister_settle(history);
	put(history, "ana", "{\"sessions\":4}");
	history_persister_put(history, HISTORY_KIND_ATHLETE, "ben", NULL, 0);
	/* Before it is on disk, and after. */
	for (unsigned i = 0; i < 2; i++) {
		expect(history, "ana", "{\"sessions\":4}");
		expect(history, "ben", NULL);
		assert_int_equal(n_entries(history), 2);
		history_persister_free(history, 0);
		history = begin(NULL);
	}
	assert_int_equal(history_persister_not_on_disk(history), 0);
	history_persister_free(history, 0);
}

static void damaged_history_is_kept_aside(void **state)
{
	struct history_persister *history;
	char rubbish[8192];

	memset(rubbish, 0x5a, sizeof(rubbish));
	for (unsigned i = 0; i < 2; i++) {
		store_rig_write_at("history.db", 0, rubbish, sizeof(rubbish));
		history = begin(NULL);
		put(history, "ana", "{}");
		history_persister_free(history, 0);
	}
	assert_true(store_rig_exists("history.db.bad"));
	assert_true(store_rig_exists("history.db.bad2"));
}

static sqlite3 *open_plain(void)
{
	_auto_free_ char *path = path_of("history.db");
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void run(const char *sql)
{
	sqlite3 *db = open_plain();

	assert_int_equal(database_run(db, sql), 0);
	sqlite3_close(db);
}

/* Checksums came with version 2. */
static void an_older_file_is_upgraded(void **state)
{
	struct history_persister *history;

	run("CREATE TABLE history(kind TEXT NOT NULL, name TEXT NOT NULL,"
	    " changed_ms INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(kind, name))"
	    " WITHOUT ROWID;"
	    "INSERT INTO history VALUES('athlete', 'ana', 1, '{\"sessions\":4}');"
	    "PRAGMA user_version=1");
	for (unsigned i = 0; i < 2; i++) {
		history = begin(NULL);
		expect(history, "ana", "{\"sessions\":4}");
		put(history, "ben", "{}");
		history_persister_free(history, 0);
	}
	assert_false(store_rig_exists("history.db.bad"));
	assert_false(store_rig_exists("history.db.other"));
}

/* It is whole: kept for when the newer coxad is back, each time under a name of its own. */
static void a_newer_file_is_kept_apart(void **state)
{
	struct history_persister *history = begin(NULL);

	put(history, "ana", "{\"sessions\":4}");
	for (unsigned i = 0; i < 3; i++) {
		history_persister_free(history, 0);
		run("PRAGMA user_version=99; CREATE TABLE later(x)");
		history = begin(NULL);
		expect(history, "ana", "{\"sessions\":4}");
	}
	history_persister_free(history, 0);
	assert_false(store_rig_exists("history.db.bad"));
	assert_true(store_rig_exists("history.db.other"));
	assert_true(store_rig_exists("history.db.other2"));
	assert_true(store_rig_exists("history.db.other3"));
	history = begin(NULL);
	expect(history, "ana", "{\"sessions\":4}");
	history_persister_free(history, 0);
}

/* The directory cannot even be read at the start: what is put meanwhile is held, and both are there
 * once it can. */
static void a_disk_that_comes_late_loses_nothing(void **state)
{
	_auto_free_ char *away = alloc_printf("%s.away", store_rig_directory);
	char late[64] = "";
	int fd;
	struct history_persister *history = begin(late);

	put(history, "ana", "1");
	put(history, "ben", "1");
	history_persister_free(history, 0);
	assert_int_equal(rename(store_rig_directory, away), 0);
	fd = creat(store_rig_directory, 0600);
	assert_true(fd >= 0);
	close(fd);
	history = begin(late);
	assert_int_equal(history_persister_error(history), -ENOTDIR);
	assert_int_equal(n_entries(history), 0);
	put(history, "ben", "2");
	put(history, "eva", "2");
	history_persister_settle(history);
	history_persister_retry(history);
	assert_int_equal(history_persister_not_on_disk(history), 2);
	assert_int_equal(unlink(store_rig_directory), 0);
	assert_int_equal(rename(away, store_rig_directory), 0);
	assert_string_equal(late, "");
	history_persister_retry(history);
	assert_string_equal(late, "anaben");
	/* With a disk that works again, everything is on it. */
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(history_persister_error(history), 0);
		assert_int_equal(history_persister_not_on_disk(history), 0);
		expect(history, "ana", "1");
		expect(history, "ben", "2");
		expect(history, "eva", "2");
		history_persister_free(history, 0);
		history = begin(late);
	}
	history_persister_free(history, 0);
	assert_string_equal(late, "anaben");
}

/* Another coxad has it: its next start must find it free. */
static void a_history_in_use_is_left_alone(void **state)
{
	struct history_persister *one = begin(NULL), *two = begin(NULL);

	assert_int_equal(history_persister_error(two), -EBUSY);
	put(one, "ana", "1");
	history_persister_free(one, 0);
	put(two, "ana", "2");
	history_persister_retry(two);
	history_persister_free(two, 0);
	one = begin(NULL);
	expect(one, "ana", "1");
	history_persister_free(one, 0);
}

/* Whichever page is overwritten, what is on the others is read; nothing that was not written. */
static void a_damaged_page_loses_only_its_rows(void **state)
{
	unsigned n_least = 100;

	for (off_t page = 0; page < 40; page++) {
		struct history_persister *history = begin(NULL);
		char rubbish[1024], text[700], name[8];

		for (unsigned i = 0; i < 40; i++) {
			snprintf(name, sizeof(name), "a%02u", i);
			memset(text, (int)('A' + i), sizeof(text) - 1);
			text[sizeof(text) - 1] = '\0';
			put(history, name, text);
		}
		history_persister_free(history, 0);
		memset(rubbish, (int)(0x11 * (page % 15)), sizeof(rubbish));
		store_rig_write_at("history.db", page * 1024, rubbish, sizeof(rubbish));
		history = begin(NULL);
		for (unsigned i = 0; i < 40; i++) {
			const char *is;

			snprintf(name, sizeof(name), "a%02u", i);
			is = history_persister_get(history, HISTORY_KIND_ATHLETE, name);
			assert_true(!is ||
				    (strlen(is) == sizeof(text) - 1 && is[0] == (char)('A' + i)));
		}
		if (page >= 4 && n_entries(history) < n_least)
			n_least = n_entries(history);
		assert_int_equal(history_persister_not_on_disk(history), 0);
		history_persister_free(history, 0);
	}
	assert_in_range(n_least, 30, 40);
}

/* Damaged or deleted in use: written anew from memory. */
static void a_file_lost_in_use_is_rewritten(void **state)
{
	_auto_free_ char *path = path_of("history.db"), *wal = path_of("history.db-wal");
	struct history_persister *history = begin(NULL);

	put(history, "ana", "1");
	history_persister_settle(history);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(wal), 0);
	put(history, "ben", "2");
	history_persister_free(history, 0);
	history = begin(NULL);
	expect(history, "ana", "1");
	expect(history, "ben", "2");
	history_persister_free(history, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(history_is_stored_replaced_and_deleted),
		TEST(damaged_history_is_kept_aside),
		TEST(an_older_file_is_upgraded),
		TEST(a_newer_file_is_kept_apart),
		TEST(a_disk_that_comes_late_loses_nothing),
		TEST(a_history_in_use_is_left_alone),
		TEST(a_damaged_page_loses_only_its_rows),
		TEST(a_file_lost_in_use_is_rewritten),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
