// SPDX-License-Identifier: MIT
/* The history on real files: storing, a damaged file, another version, the rights of an athlete.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/store/history-store.h"
#include "daemon/store/database.h"
#include "tests/store/store-rig.h"

static void count_one(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	unsigned *n = user;

	assert_int_equal(strlen(text), size);
	(*n)++;
}

static void put(
	struct history_store *store, enum history_kind kind, const char *name, const char *text)
{
	assert_int_equal(history_store_put(store, kind, name, text, strlen(text)), 0);
}

static void history_is_stored_replaced_and_deleted(void **state)
{
	struct history_store *store;
	char *text = NULL;
	unsigned n = 0;

	assert_int_equal(history_store_open(store_rig_directory, &store), 0);
	put(store, HISTORY_KIND_CALIBRATION, "3", "{\"athlete\":\"ana\"}");
	put(store, HISTORY_KIND_CALIBRATION, "3", "{\"athlete\":\"ben\"}");
	put(store, HISTORY_KIND_ATHLETE, "ana", "{}");
	put(store, HISTORY_KIND_ATHLETE, "gone", "{}");
	assert_int_equal(history_store_put(store, HISTORY_KIND_ATHLETE, "gone", NULL, 0), 0);
	history_store_free(store);
	assert_int_equal(history_store_open(store_rig_directory, &store), 0);
	assert_int_equal(history_store_each(store, count_one, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(history_store_get(store, HISTORY_KIND_CALIBRATION, "3", &text), 1);
	assert_string_equal(text, "{\"athlete\":\"ben\"}");
	free(text);
	assert_int_equal(history_store_get(store, HISTORY_KIND_ATHLETE, "gone", &text), 0);
	/* What was put can be read before its commit. */
	put(store, HISTORY_KIND_ATHLETE, "gone", "{}");
	assert_int_equal(history_store_get(store, HISTORY_KIND_ATHLETE, "gone", &text), 1);
	free(text);
	history_store_free(store);
}

static void damaged_history_is_kept_aside(void **state)
{
	struct history_store *store;
	char rubbish[8192];

	memset(rubbish, 0x5a, sizeof(rubbish));
	store_rig_write_at("history.db", 0, rubbish, sizeof(rubbish));
	assert_int_equal(history_store_open(store_rig_directory, &store), 1);
	put(store, HISTORY_KIND_ATHLETE, "ana", "{}");
	history_store_free(store);
	assert_true(store_rig_exists("history.db.bad"));
}

/* A newer schema upgrades an older file, once; a file of a newer coxad is not used. */
static int add_column(sqlite3 *db, int from)
{
	assert_int_equal(from, 1);
	return database_run(db, "BEGIN IMMEDIATE; ALTER TABLE history ADD COLUMN more TEXT;"
				"PRAGMA user_version=2; COMMIT");
}

static void an_older_file_is_upgraded(void **state)
{
	_auto_free_ char *path = alloc_printf("%s/history.db", store_rig_directory);
	struct database_file later = {.schema = "CREATE TABLE none(x)",
		.version = 2,
		.upgrade = add_column,
		.synchronous = "FULL",
		.max_bytes = 1 << 20};
	struct history_store *store;
	sqlite3 *db;

	assert_int_equal(history_store_open(store_rig_directory, &store), 0);
	put(store, HISTORY_KIND_ATHLETE, "ana", "{\"sessions\":4}");
	history_store_free(store);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(database_open(path, &later, &db), 0);
		assert_int_equal(database_number(db, "PRAGMA user_version", -1), 2);
		assert_int_equal(database_number(db,
					 "SELECT count(*) FROM history WHERE more IS NULL"
					 " AND text = '{\"sessions\":4}'",
					 -1),
			1);
		sqlite3_close(db);
	}
	/* One of a newer coxad is kept aside, each of them under a name of its own. */
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(history_store_open(store_rig_directory, &store), 1);
		history_store_free(store);
		assert_int_equal(database_open(path, &later, &db), 0);
		sqlite3_close(db);
	}
	assert_true(store_rig_exists("history.db.other"));
	assert_true(store_rig_exists("history.db.other2"));
	assert_false(store_rig_exists("history.db.bad"));
	assert_int_equal(history_store_erase(store_rig_directory, "ana"), 0);
	assert_false(store_rig_exists("history.db.other"));
	assert_false(store_rig_exists("history.db.other2"));
}

static bool is_anywhere(const char *needle)
{
	_auto_free_ char *line = alloc_printf("grep -rqs '%s' '%s'", needle, store_rig_directory);

	return system(line) == 0;
}

static void an_athlete_can_export_and_erase_everything(void **state)
{
	struct history_store *store;
	char *text = NULL;
	struct store_rig rig;
	json_t *all;

	store_rig_begin(&rig);
	store_rig_push(&rig, "anastasia");
	store_rig_push(&rig, "ben");
	store_rig_end(&rig);
	assert_int_equal(history_store_open(store_rig_directory, &store), 0);
	put(store, HISTORY_KIND_ATHLETE, "anastasia", "{\"rate\":1.5}");
	put(store, HISTORY_KIND_CALIBRATION, "3", "{\"athlete\":\"anastasia\"}");
	put(store, HISTORY_KIND_CALIBRATION, "4", "{\"athlete\":\"ben\"}");
	put(store, HISTORY_KIND_WEARABLE, "5", "no JSON");
	put(store, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/anastasia/summary", "1");
	put(store, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/ben/summary", "1");
	/* Not while a daemon uses it. */
	assert_int_equal(history_store_erase(store_rig_directory, "anastasia"), -EBUSY);
	history_store_free(store);
	assert_int_equal(history_store_export(store_rig_directory, "anastasia", &text), 4);
	all = json_loads(text, 0, NULL);
	assert_non_null(all);
	assert_int_equal(json_array_size(json_object_get(all, "entries")), 4);
	json_decref(all);
	free(text);
	assert_int_equal(history_store_erase(store_rig_directory, "anastasia"), 4);
	/* The next run removes the broker's copy; here that is done by hand. */
	assert_int_equal(history_store_open(store_rig_directory, &store), 0);
	assert_int_equal(history_store_get(store, HISTORY_KIND_RETAINED,
				 "coxa/v1/gym/athlete/anastasia/summary", &text),
		1);
	assert_string_equal(text, "0");
	free(text);
	history_store_put(
		store, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/anastasia/summary", NULL, 0);
	history_store_free(store);
	assert_int_equal(history_store_erase(store_rig_directory, "anastasia"), 0);
	assert_false(is_anywhere("anastasia"));
	assert_true(is_anywhere("ben"));
	assert_int_equal(history_store_export(store_rig_directory, "ben", &text), 3);
	free(text);
	assert_int_equal(history_store_erase(store_rig_directory, "nobody"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(history_is_stored_replaced_and_deleted),
		TEST(damaged_history_is_kept_aside),
		TEST(an_older_file_is_upgraded),
		TEST(an_athlete_can_export_and_erase_everything),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
