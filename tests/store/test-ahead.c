// SPDX-License-Identifier: MIT
/* What goes into outbox.db ahead of history.db and logbook.db gets there: after a kill, into a newer file
 * and from an older one, out of a backup, without a broker, and though one of the files could not be read
 * for a while. Each entry is there once, and no older memory comes back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "coxad/store/snapshot.h"
#include "tests/store/store-rig.h"

#define WAIT_US (60 * US_PER_S)

static struct store_rig rig;

static void begin(void)
{
	store_rig_has_books = true;
	store_rig_begin(&rig);
}

static void put(const char *name, const char *text)
{
	history_persister_put(rig.history, HISTORY_KIND_ATHLETE, name, text, strlen(text));
}

/* The event, what coxad remembers of it, and its entry in the logbook, in one commit. */
static void push(const char *athlete, const char *text)
{
	put(athlete, text);
	logbook_persister_add(rig.logbook, &(struct logbook_entry){.at_ms = 1764590400000,
						   .kind = LOGBOOK_KIND_POP,
						   .athlete = athlete,
						   .text = text,
						   .size = strlen(text)});
	store_rig_push(&rig, athlete);
	store_rig_wait(&rig);
	assert_true(outbox_persister_is_safe(rig.persister));
}

static const char *remembered(const char *name)
{
	const char *text = history_persister_get(rig.history, HISTORY_KIND_ATHLETE, name);

	return text ? text : "nothing";
}

static void demand_entries(const char *athlete, const char *expected)
{
	_auto_free_ char *texts = store_rig_entries(&rig, athlete);

	assert_string_equal(texts, expected);
}

/* The files as they are now, as after a kill; back to them with go_back(). */
static void keep_copy(void)
{
	_auto_free_ char *copy = alloc_printf("rm -rf '%s.kept' && cp -r '%s' '%s.kept'",
		store_rig_directory, store_rig_directory, store_rig_directory);

	assert_int_equal(system(copy), 0);
}

static void go_back(const char *pattern)
{
	_auto_free_ char *copy = alloc_printf("cd '%s' && rm -f %s && cp '%s.kept'/%s . && "
					      "rm -r '%s.kept'",
		store_rig_directory, pattern, store_rig_directory, pattern, store_rig_directory);

	assert_int_equal(system(copy), 0);
}

/* As if the disk did not give the file: what is in its place cannot be opened. */
static void hide(const char *name)
{
	_auto_free_ char *path = store_rig_path(name);
	_auto_free_ char *move = alloc_printf("mkdir '%s.away' && mv '%s'* '%s.away' && mkdir '%s'",
		store_rig_directory, path, store_rig_directory, path);

	assert_int_equal(system(move), 0);
}

static void show(const char *name)
{
	_auto_free_ char *path = store_rig_path(name);
	_auto_free_ char *move =
		alloc_printf("rm -r '%s' && mv '%s.away'/* '%s' && rmdir '%s.away'", path,
			store_rig_directory, store_rig_directory, store_rig_directory);

	assert_int_equal(system(move), 0);
}

/* Ana's first event is in all files, her second one is ahead. */
static void end_killed(void)
{
	begin();
	push("ana", "1");
	ahead_flush(rig.ahead, WAIT_US);
	push("ana", "2");
	keep_copy();
	store_rig_end(&rig);
	go_back("*.db*");
	assert_int_equal(store_rig_number("SELECT count(*) FROM ahead WHERE text = '2'"), 2);
}

static void demand_all_carried(void)
{
	assert_string_equal(remembered("ana"), "2");
	demand_entries("ana", "12");
	ahead_flush(rig.ahead, WAIT_US);
	demand_entries("ana", "12");
	assert_int_equal(logbook_persister_n_waiting(rig.logbook), 0);
	assert_int_equal(history_persister_not_on_disk(rig.history), 0);
	store_rig_end(&rig);
}

static void what_was_ahead_is_entered_after_a_kill(void **state)
{
	for (unsigned i = 0; i < 2; i++) {
		store_rig_is_threaded = i == 1;
		end_killed();
		for (unsigned k = 0; k < 2; k++) {
			begin();
			assert_int_equal(outbox_n_events(rig.outbox), 2);
			demand_all_carried();
			assert_int_equal(store_rig_number("SELECT count(*) FROM ahead"), 0);
		}
		store_rig_tear_down(NULL);
		store_rig_set_up(NULL);
	}
}

static void an_older_file_is_upgraded(void **state)
{
	begin();
	push("ana", "1");
	store_rig_end(&rig);
	store_rig_sql("DROP TABLE ahead; PRAGMA user_version=2");
	begin();
	assert_int_equal(outbox_n_events(rig.outbox), 1);
	push("ana", "2");
	assert_int_equal(outbox_n_events(rig.outbox), 2);
	demand_all_carried();
	assert_int_equal(store_rig_number("PRAGMA user_version"), 3);
	assert_false(store_rig_exists("outbox.db.other"));
}

/* The new file gets them with its first commit: a kill before they are carried over loses nothing. */
static void a_newer_file_is_kept_and_read(void **state)
{
	end_killed();
	store_rig_sql("PRAGMA user_version=4");
	begin();
	assert_true(store_rig_exists("outbox.db.other"));
	assert_int_equal(outbox_n_events(rig.outbox), 2);
	keep_copy();
	store_rig_end(&rig);
	go_back("*.db*");
	begin();
	demand_all_carried();
	assert_int_equal(store_rig_number("PRAGMA user_version"), 3);
}

static void without_a_broker_it_is_read_too(void **state)
{
	struct store_rig with;

	end_killed();
	hide("outbox.db");
	begin();
	show("outbox.db");
	ahead_attach(rig.ahead, NULL, NULL);
	assert_string_equal(remembered("ana"), "1");
	ahead_read(rig.ahead, store_rig_directory);
	assert_string_equal(remembered("ana"), "2");
	put("ana", "3");
	ahead_flush(rig.ahead, WAIT_US);
	with = rig;
	rig = (struct store_rig){0};
	store_rig_end(&with);
	/* The rows are still there, and older than what the history has now. */
	assert_int_equal(store_rig_number("SELECT count(*) FROM ahead WHERE text = '2'"), 2);
	begin();
	assert_string_equal(remembered("ana"), "3");
	demand_entries("ana", "12");
	store_rig_end(&rig);
}

/* What this run has put meanwhile stays, and so do its entries. */
static void an_outbox_that_comes_late_is_entered_late(void **state)
{
	end_killed();
	begin();
	push("ben", "1");
	keep_copy();
	store_rig_end(&rig);
	go_back("*.db*");
	hide("outbox.db");
	begin();
	assert_string_equal(remembered("ana"), "1");
	put("ben", "3");
	logbook_persister_add(rig.logbook, &(struct logbook_entry){.at_ms = 1764590400000,
						   .kind = LOGBOOK_KIND_POP,
						   .athlete = "ana",
						   .text = "3",
						   .size = 1});
	show("outbox.db");
	outbox_persister_tick(rig.persister);
	store_rig_wait(&rig);
	assert_true(store_rig_n_late > 0);
	assert_string_equal(remembered("ana"), "2");
	assert_string_equal(remembered("ben"), "3");
	for (unsigned i = 0; i < 2; i++) {
		demand_entries("ana", "123");
		demand_entries("ben", "1");
		ahead_flush(rig.ahead, WAIT_US);
	}
	store_rig_end(&rig);
	begin();
	demand_entries("ana", "123");
	assert_string_equal(remembered("ben"), "3");
	store_rig_end(&rig);
}

/* Rows that were carried over, and not deleted yet, are older than what the history has: it says so
 * once it can be read. Numbers go on from there. */
static void a_history_that_comes_late_is_not_overwritten(void **state)
{
	end_killed();
	keep_copy();
	begin();
	push("ana", "3");
	ahead_flush(rig.ahead, WAIT_US);
	store_rig_end(&rig);
	go_back("outbox.db*");
	hide("history.db");
	begin();
	assert_string_equal(remembered("ana"), "nothing");
	show("history.db");
	history_persister_retry(rig.history);
	store_rig_wait(&rig);
	ahead_keep(rig.ahead);
	assert_string_equal(remembered("ana"), "3");
	push("ana", "4");
	keep_copy();
	store_rig_end(&rig);
	go_back("*.db*");
	begin();
	assert_string_equal(remembered("ana"), "4");
	demand_entries("ana", "1234");
	store_rig_end(&rig);
}

/* --- a backup between the commit and the moment when it is carried over --- */

static struct {
	struct snapshot *snapshot;
	struct snapshot_file file[SNAPSHOT_FILES_MAX];
	size_t n, at;
	int64_t offset;
	char *directory;
	bool has_ended;
} backup;

static void on_begun(void *user, int r, const struct snapshot_file *files, size_t n)
{
	assert_int_equal(r, 0);
	memcpy(backup.file, files, n * sizeof(*files));
	backup.n = n;
	snapshot_next(backup.snapshot);
}

static void on_piece(void *user, int r, const void *bytes, size_t n)
{
	_auto_free_ char *path = NULL;
	FILE *file;

	assert_int_equal(r, 0);
	backup.has_ended = n == 0;
	if (backup.has_ended)
		return;
	while (backup.offset == backup.file[backup.at].bytes) {
		backup.at++;
		backup.offset = 0;
	}
	path = alloc_printf("%s/%s", backup.directory, backup.file[backup.at].name);
	file = fopen(path, backup.offset ? "ae" : "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	fclose(file);
	backup.offset += (int64_t)n;
	snapshot_next(backup.snapshot);
}

static void a_backup_takes_it_along(void **state)
{
	static const struct snapshot_ops ops = {.begun = on_begun, .piece = on_piece};
	char *directory = store_rig_directory;
	struct snapshot_options options = {0};

	store_rig_is_threaded = true;
	begin();
	push("ana", "1");
	ahead_flush(rig.ahead, WAIT_US);
	push("ana", "2");
	memset(&backup, 0, sizeof(backup));
	backup.directory = alloc_printf("%s.backup", directory);
	assert_int_equal(mkdir(backup.directory, 0700), 0);
	options = (struct snapshot_options){rig.thread, rig.history, rig.logbook, rig.persister};
	assert_int_equal(snapshot_new(&options, &ops, NULL, &backup.snapshot), 0);
	store_rig_wait(&rig);
	assert_true(backup.has_ended);
	snapshot_free(backup.snapshot);
	store_rig_wait(&rig);
	store_rig_end(&rig);
	store_rig_directory = backup.directory;
	assert_int_equal(store_rig_number("SELECT count(*) FROM ahead WHERE text = '2'"), 2);
	begin();
	assert_int_equal(outbox_n_events(rig.outbox), 2);
	demand_all_carried();
	store_rig_tear_down(NULL);
	store_rig_directory = directory;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(what_was_ahead_is_entered_after_a_kill),
		TEST(an_older_file_is_upgraded),
		TEST(a_newer_file_is_kept_and_read),
		TEST(without_a_broker_it_is_read_too),
		TEST(an_outbox_that_comes_late_is_entered_late),
		TEST(a_history_that_comes_late_is_not_overwritten),
		TEST(a_backup_takes_it_along),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
