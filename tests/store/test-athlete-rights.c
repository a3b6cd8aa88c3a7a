// SPDX-License-Identifier: MIT
/* What an athlete may ask for: all that is stored, and to have it erased, also where it was put
 * aside.
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
#include "coxad/store/athlete-rights.h"
#include "coxad/store/history-persister.h"
#include "coxad/store/logbook-persister.h"
#include "daemon/store/outbox-store.h"
#include "tests/store/store-rig.h"

static struct history_persister *open_history(void)
{
	struct history_persister *history;

	assert_int_equal(
		history_persister_new(
			&(struct history_persister_options){.directory = store_rig_directory},
			&history),
		0);
	assert_int_equal(history_persister_error(history), 0);
	return history;
}

static void put(struct history_persister *history, enum history_kind kind, const char *name,
	const char *text)
{
	history_persister_put(history, kind, name, text, strlen(text));
}

static void enter(const char *athlete, const char *text)
{
	struct logbook_persister_options options = {.directory = store_rig_directory};
	struct logbook_persister *logbook;

	assert_int_equal(logbook_persister_new(&options, &logbook), 0);
	logbook_persister_add(logbook, &(struct logbook_entry){.at_ms = 1764590400000,
					       .kind = LOGBOOK_KIND_ACT,
					       .athlete = athlete,
					       .text = text,
					       .size = strlen(text)});
	logbook_persister_free(logbook, 0);
}

static bool is_anywhere(const char *needle)
{
	_auto_free_ char *line = alloc_printf("grep -rqs '%s' '%s'", needle, store_rig_directory);

	return system(line) == 0;
}

static void an_athlete_can_export_and_erase_everything(void **state)
{
	struct history_persister *store;
	char *text = NULL;
	struct store_rig rig;
	json_t *all;

	store_rig_begin(&rig);
	store_rig_push(&rig, "anastasia");
	store_rig_push(&rig, "ben");
	store_rig_end(&rig);
	enter("anastasia", "{\"by\":\"tom\"}");
	enter("ben", "{\"by\":\"tom\"}");
	store = open_history();
	put(store, HISTORY_KIND_ATHLETE, "anastasia", "{\"rate\":1.5}");
	put(store, HISTORY_KIND_CALIBRATION, "3", "{\"athlete\":\"anastasia\"}");
	put(store, HISTORY_KIND_CALIBRATION, "4", "{\"athlete\":\"ben\"}");
	put(store, HISTORY_KIND_WEARABLE, "5", "no JSON");
	put(store, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/anastasia/summary", "1");
	put(store, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/ben/summary", "1");
	/* Not while a daemon uses it. */
	assert_int_equal(athlete_rights_erase(store_rig_directory, "anastasia"), -EBUSY);
	history_persister_free(store, 0);
	assert_int_equal(athlete_rights_export(store_rig_directory, "anastasia", &text), 5);
	all = json_loads(text, 0, NULL);
	assert_non_null(all);
	assert_int_equal(json_array_size(json_object_get(all, "entries")), 5);
	json_decref(all);
	free(text);
	assert_int_equal(athlete_rights_erase(store_rig_directory, "anastasia"), 5);
	/* The next run removes the broker's copy; here that is done by hand. */
	store = open_history();
	assert_string_equal(history_persister_get(store, HISTORY_KIND_RETAINED,
				    "coxa/v1/gym/athlete/anastasia/summary"),
		"0");
	history_persister_put(
		store, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/anastasia/summary", NULL, 0);
	history_persister_free(store, 0);
	assert_int_equal(athlete_rights_erase(store_rig_directory, "anastasia"), 0);
	assert_false(is_anywhere("anastasia"));
	assert_true(is_anywhere("ben"));
	assert_int_equal(athlete_rights_export(store_rig_directory, "ben", &text), 4);
	free(text);
	assert_int_equal(athlete_rights_erase(store_rig_directory, "nobody"), 0);
}

static void leave_ahead(struct outbox_batch *batch, enum ahead_rows_book book, const char *kind,
	const char *name, const char *text)
{
	ahead_rows_add(&batch->ahead, &(struct ahead_row){.book = book,
					      .number = batch->ahead.n + 1,
					      .kind = kind,
					      .name = name,
					      .text = text,
					      .size = strlen(text),
					      .seq = 7,
					      .at_ms = 1764590400000});
}

/* What a killed coxad had not yet written into the other two files. */
static void erasing_reaches_what_is_only_in_the_outbox(void **state)
{
	struct outbox_batch batch = {0};
	struct outbox_store *store;
	char *text = NULL;

	leave_ahead(&batch, AHEAD_ROWS_LOGBOOK, "act", "anastasia", "{\"by\":\"tom\"}");
	leave_ahead(&batch, AHEAD_ROWS_HISTORY, "athlete", "anastasia", "{\"rate\":1}");
	leave_ahead(&batch, AHEAD_ROWS_HISTORY, "calibration", "3", "{\"athlete\":\"anastasia\"}");
	leave_ahead(&batch, AHEAD_ROWS_HISTORY, "calibration", "4", "{\"athlete\":\"ben\"}");
	leave_ahead(&batch, AHEAD_ROWS_HISTORY, "retained", "coxa/v1/gym/athlete/anastasia/summary",
		"1");
	assert_int_equal(outbox_store_open(store_rig_directory, 1 << 20, false, &store), 0);
	assert_int_equal(outbox_store_commit(store, &batch), 0);
	outbox_batch_clear(&batch);
	outbox_store_free(store);
	assert_int_equal(athlete_rights_export(store_rig_directory, "anastasia", &text), 4);
	free(text);
	assert_int_equal(athlete_rights_erase(store_rig_directory, "anastasia"), 4);
	assert_int_equal(store_rig_number("SELECT count(*) FROM ahead"), 2);
	assert_int_equal(store_rig_number("SELECT count(*) FROM ahead WHERE text = '0'"), 1);
	assert_true(is_anywhere("ben"));
}

/* Of a newer coxad, or damaged: neither can be searched. */
static void erasing_reaches_what_was_put_aside(void **state)
{
	static const char *const names[] = {"history.db.bad", "history.db.bad2-wal",
		"history.db.other", "outbox.db.other7", "outbox.db.bad-wal", "logbook.db.bad"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		store_rig_write_at(names[i], 0, "anastasia", 9);
	store_rig_write_at("history.dbase", 0, "ben", 3);
	assert_int_equal(athlete_rights_erase(store_rig_directory, "anastasia"), 0);
	assert_false(is_anywhere("anastasia"));
	assert_true(is_anywhere("ben"));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(an_athlete_can_export_and_erase_everything),
		TEST(erasing_reaches_what_is_only_in_the_outbox),
		TEST(erasing_reaches_what_was_put_aside),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
