// SPDX-License-Identifier: MIT
/* Both stores on real files: what is kept, a full disk, a damaged file, a second daemon, the
 * rights of an athlete. The full disk is a tmpfs of our own where we may mount one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/io/history-store.h"
#include "coxad/io/loop.h"
#include "coxad/outbox/outbox.h"
#include "daemon/io/outbox-keeper.h"
#include "daemon/io/outbox-store.h"
#include "daemon/io/sqlite.h"

/* In the place of loop.c, which nothing else here needs: the wall clock can be set. */
static int64_t wall_step_us;

static int64_t clock_us(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t loop_now_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t loop_wall_us(void)
{
	return clock_us(CLOCK_REALTIME) + wall_step_us;
}

#define MANY            200
#define MORE_THAN_CACHE 1200

static char *directory;

static int set_up(void **state)
{
	/* In memory where there is such a place: thousands of commits, no matter what disk. */
	char fast[] = "/dev/shm/coxad-stores-XXXXXX", slow[] = "/tmp/coxad-stores-XXXXXX";
	char *made = mkdtemp(fast);

	directory = alloc_text(made ? made : mkdtemp(slow));
	assert_non_null(directory);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static int tear_down(void **state)
{
	nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(directory);
	return 0;
}

/* An outbox with its keeper on a loop of its own: what the sink has, without a broker. */
struct rig {
	sd_event *loop;
	struct outbox *outbox;
	struct outbox_keeper *keeper;
	uint64_t seq;
};

static void on_gone(void *user, const struct outbox_entry *entry, enum outbox_gone why)
{
	struct rig *rig = user;

	outbox_keeper_gone(rig->keeper, entry, why);
}

static void rig_begin(struct rig *rig)
{
	static const struct outbox_ops ops = {.gone = on_gone};
	static const struct outbox_limits limits = {.max_events = 100000, .max_bytes = 1 << 20};

	*rig = (struct rig){0};
	assert_true(sd_event_new(&rig->loop) >= 0);
	rig->outbox = outbox_new(&limits, &ops, rig);
	assert_int_equal(outbox_keeper_new(
				 rig->loop, directory, limits.max_bytes, rig->outbox, &rig->keeper),
		0);
	rig->seq = outbox_keeper_last_seq(rig->keeper);
}

static void rig_end(struct rig *rig)
{
	rig->keeper = outbox_keeper_free(rig->keeper);
	outbox_free(rig->outbox);
	sd_event_unref(rig->loop);
}

static void rig_push(struct rig *rig, const char *athlete)
{
	char pad[600];
	_auto_free_ char *topic = alloc_printf("base/athlete/%s/pop", athlete);
	_auto_free_ char *payload = NULL;
	struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
		.class = 3,
		.seq = ++rig->seq,
		.topic = topic,
		.id = "i"};

	memset(pad, 'x', sizeof(pad) - 1);
	pad[sizeof(pad) - 1] = '\0';
	payload = alloc_printf("{\"athlete\":\"%s\",\"pad\":\"%s\"}", athlete, pad);
	item.payload = payload;
	item.size = strlen(payload);
	outbox_keeper_added(rig->keeper, outbox_add(rig->outbox, 0, &item, false));
	outbox_keeper_settle(rig->keeper);
}

static void rig_deliver(struct rig *rig, unsigned n)
{
	struct outbox_entry *entry;

	outbox_connection(rig->outbox, 0, 1);
	while (n-- && (entry = outbox_next(rig->outbox, 0)))
		outbox_acked(rig->outbox, entry->token);
	outbox_connection(rig->outbox, 0, 0);
}

static uint64_t not_on_disk(const struct rig *rig)
{
	struct outbox_keeper_counters counters;

	outbox_keeper_get_counters(rig->keeper, &counters);
	return counters.not_on_disk;
}

static void what_was_not_delivered_is_there_again(void **state)
{
	struct rig rig;

	rig_begin(&rig);
	for (unsigned i = 0; i < 10; i++)
		rig_push(&rig, "ana");
	rig_deliver(&rig, 4);
	rig_end(&rig);
	rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 6);
	assert_int_equal(rig.seq, 10);
	rig_deliver(&rig, 6);
	rig_end(&rig);
	/* The highest seq outlives its row. */
	rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 0);
	assert_int_equal(rig.seq, 10);
	rig_end(&rig);
}

static int64_t created_ms(unsigned seq)
{
	_auto_free_ char *path = alloc_printf("%s/outbox.db", directory);
	_auto_free_ char *sql = alloc_printf("SELECT created_ms FROM outbox WHERE seq = %u", seq);
	sqlite3 *db = NULL;
	int64_t ms;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	ms = sqlite_number(db, sql, -1);
	sqlite3_close(db);
	return ms;
}

/* The network tells a board the time, two days on, while events wait: they are no older for it. */
static void a_clock_that_is_set_ages_nothing(void **state)
{
	const int64_t two_days_us = 2 * 86400 * INT64_C(1000000);
	struct rig rig;
	int64_t before;

	rig_begin(&rig);
	rig_push(&rig, "ana");
	rig_end(&rig);
	before = created_ms(1);
	rig_begin(&rig);
	outbox_keeper_tick(rig.keeper);
	wall_step_us += two_days_us;
	outbox_keeper_tick(rig.keeper);
	rig_push(&rig, "ana");
	rig_end(&rig);
	assert_in_range(created_ms(1), before + two_days_us / 1000 - 1000,
		before + two_days_us / 1000 + 1000);
	assert_in_range(created_ms(2), before + two_days_us / 1000 - 1000,
		before + two_days_us / 1000 + 1000);
	wall_step_us = 0;
}

/* The board lost the time: nobody knows how old the cue is. The event without an end is kept. */
static void a_cue_from_the_future_is_over(void **state)
{
	_auto_free_ char *path = alloc_printf("%s/outbox.db", directory);
	sqlite3 *db = NULL;
	struct rig rig;

	rig_begin(&rig);
	rig_push(&rig, "ana");
	rig_push(&rig, "ana");
	rig_end(&rig);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				 "UPDATE outbox SET created_ms = 4102444800000;" /* 2100 */
				 "UPDATE outbox SET expiry_s = 5 WHERE seq = 2",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(db);
	for (unsigned i = 0; i < 2; i++) {
		rig_begin(&rig);
		assert_int_equal(outbox_n_events(rig.outbox), 1);
		assert_int_equal(rig.seq, 2);
		rig_end(&rig);
	}
}

static void a_state_is_kept_by_its_newest_value(void **state)
{
	struct outbox_item item = {.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = "base/kit/3/session",
		.payload = "old",
		.size = 3,
		.retain = true};
	struct outbox_entry *entry;
	struct rig rig;

	rig_begin(&rig);
	outbox_keeper_added(rig.keeper, outbox_add(rig.outbox, 0, &item, false));
	outbox_keeper_flush(rig.keeper);
	item.payload = "";
	item.size = 0; /* removed */
	outbox_keeper_added(rig.keeper, outbox_add(rig.outbox, 0, &item, false));
	rig_end(&rig);
	rig_begin(&rig);
	outbox_connection(rig.outbox, 0, 16);
	entry = outbox_next(rig.outbox, 0);
	assert_non_null(entry);
	assert_int_equal(entry->item.size, 0);
	assert_true(entry->item.retain);
	outbox_acked(rig.outbox, entry->token);
	assert_null(outbox_next(rig.outbox, 0));
	rig_end(&rig);
	rig_begin(&rig);
	assert_true(outbox_is_empty(rig.outbox));
	rig_end(&rig);
}

static void two_daemons_do_not_share(void **state)
{
	struct outbox_store *one, *two = NULL;

	assert_int_equal(outbox_store_open(directory, 1 << 20, &one), 0);
	assert_int_equal(outbox_store_open(directory, 1 << 20, &two), -EBUSY);
	assert_null(two);
	outbox_store_free(one);
}

static void write_at(const char *name, off_t offset, const char *bytes, size_t size)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, size, offset), size);
	close(fd);
}

static bool exists(const char *name)
{
	_auto_free_ char *path = alloc_printf("%s/%s", directory, name);

	return !access(path, F_OK);
}

static void rubbish_is_put_aside(void **state)
{
	char rubbish[4096];
	struct rig rig;

	memset(rubbish, 0xa5, sizeof(rubbish));
	write_at("outbox.db", 0, rubbish, sizeof(rubbish));
	rig_begin(&rig);
	assert_true(exists("outbox.db.bad"));
	rig_push(&rig, "ana");
	assert_int_equal(not_on_disk(&rig), 0);
	rig_end(&rig);
	rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 1);
	rig_end(&rig);
}

/* Any page overwritten: no crash, what can be read is kept, and the store works again. */
static void a_damaged_page_costs_no_more_than_it_must(void **state)
{
	for (off_t page = 0; page < 12; page++) {
		char rubbish[1024];
		struct rig rig;
		size_t n;

		rig_begin(&rig);
		rig_deliver(&rig, UINT32_MAX);
		for (unsigned i = 0; i < 30; i++)
			rig_push(&rig, "ana");
		rig_end(&rig);
		memset(rubbish, (int)(0x11 * page), sizeof(rubbish));
		write_at("outbox.db", page * 1024, rubbish, sizeof(rubbish));
		rig_begin(&rig);
		n = outbox_n_events(rig.outbox);
		assert_true(n <= 30);
		rig_push(&rig, "ben");
		assert_int_equal(not_on_disk(&rig), 0);
		rig_end(&rig);
		rig_begin(&rig);
		assert_int_equal(outbox_n_events(rig.outbox), n + 1);
		rig_end(&rig);
	}
}

/* More than SQLite keeps in memory, so that it has to read what was damaged under it. */
static void damaged_under_way_it_is_written_anew(void **state)
{
	struct outbox_keeper_counters counters;
	char rubbish[1024];
	struct rig rig;

	memset(rubbish, 0xff, sizeof(rubbish));
	rig_begin(&rig);
	for (unsigned i = 0; i < MORE_THAN_CACHE; i++)
		rig_push(&rig, "ana");
	for (off_t page = 0; page < MORE_THAN_CACHE; page++)
		write_at("outbox.db", page * 1024, rubbish, sizeof(rubbish));
	rig_deliver(&rig, MORE_THAN_CACHE / 2);
	outbox_keeper_flush(rig.keeper);
	rig_push(&rig, "ben");
	assert_int_equal(not_on_disk(&rig), 0);
	outbox_keeper_get_counters(rig.keeper, &counters);
	assert_int_equal(counters.replaced, 1);
	rig_end(&rig);
	rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), MORE_THAN_CACHE / 2 + 1);
	rig_end(&rig);
}

/* A disk of 2 MiB: fills, the outbox goes on in memory, room comes, all is on disk again. */
static void fill_the_disk(void)
{
	_auto_free_ char *other = alloc_printf("%s/other", directory);
	char block[4096] = {1};
	struct rig rig;
	int fd;

	rig_begin(&rig);
	for (unsigned i = 0; i < 20; i++)
		rig_push(&rig, "ana");
	assert_int_equal(not_on_disk(&rig), 0);
	assert_true(exists("outbox.ballast"));
	fd = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
	/* The ballast gives room first, then memory has to do. */
	for (unsigned i = 0; i < MANY && !not_on_disk(&rig); i++) {
		rig_push(&rig, "ana");
		if (i == 5)
			assert_int_equal(not_on_disk(&rig), 0);
	}
	for (unsigned i = 0; i < 2 * MANY && !not_on_disk(&rig); i++)
		rig_push(&rig, "ana");
	assert_false(exists("outbox.ballast"));
	assert_true(not_on_disk(&rig) > 0);
	assert_false(outbox_keeper_is_safe(rig.keeper));
	/* Still in order, and still going. */
	rig_deliver(&rig, 10);
	rig_push(&rig, "ana");
	unlink(other);
	outbox_keeper_tick(rig.keeper);
	assert_int_equal(not_on_disk(&rig), 0);
	assert_true(outbox_keeper_is_safe(rig.keeper));
	assert_true(exists("outbox.ballast"));
	size_t n = outbox_n_events(rig.outbox);
	rig_end(&rig);
	rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), n);
	rig_end(&rig);
}

static void a_full_disk_costs_nothing_but_safety(void **state)
{
	/* In a child: the mount is of its namespace alone. */
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) ||
			mount("none", directory, "tmpfs", 0, "size=2m"))
			_exit(77);
		fill_the_disk();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The same by a limit on the size of files, which needs no rights; there is no ballast then. */
static void a_quota_costs_nothing_but_safety(void **state)
{
	struct rlimit before, few;
	struct rig rig;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	few = before;
	few.rlim_cur = 64 * 1024;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
	rig_begin(&rig);
	for (unsigned i = 0; i < MANY; i++)
		rig_push(&rig, "ana");
	assert_true(not_on_disk(&rig) > 0);
	assert_int_equal(outbox_n_events(rig.outbox), MANY);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	outbox_keeper_tick(rig.keeper);
	assert_int_equal(not_on_disk(&rig), 0);
	rig_end(&rig);
	rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), MANY);
	rig_end(&rig);
}

static void the_refused_are_kept_within_bounds(void **state)
{
	struct outbox_entry *entry;
	struct rig rig;

	rig_begin(&rig);
	outbox_connection(rig.outbox, 0, 1);
	for (unsigned i = 0; i < 1100; i++) {
		struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
			.seq = ++rig.seq,
			.topic = "base/athlete/ana/pop",
			.payload = "{}",
			.size = 2};

		entry = outbox_add(rig.outbox, 0, &item, false);
		outbox_keeper_bury(rig.keeper, entry, 0x87);
		outbox_next(rig.outbox, 0);
		outbox_refused(rig.outbox, entry->token);
	}
	rig_end(&rig);
	char *text = NULL;
	assert_int_equal(history_store_export(directory, "ana", &text), 1000);
	free(text);
}

static void count_one(void *user, const char *kind, const char *name, const char *text, size_t size)
{
	unsigned *n = user;

	assert_int_equal(strlen(text), size);
	(*n)++;
}

static void put(struct history_store *store, const char *kind, const char *name, const char *text)
{
	assert_int_equal(history_store_put(store, kind, name, text, strlen(text)), 0);
}

static void history_is_kept_replaced_and_forgotten(void **state)
{
	struct history_store *store;
	char *text = NULL;
	unsigned n = 0;

	assert_int_equal(history_store_open(directory, &store), 0);
	put(store, "calibration", "3", "{\"athlete\":\"ana\"}");
	put(store, "calibration", "3", "{\"athlete\":\"ben\"}");
	put(store, "athlete", "ana", "{}");
	put(store, "athlete", "gone", "{}");
	assert_int_equal(history_store_put(store, "athlete", "gone", NULL, 0), 0);
	history_store_free(store);
	assert_int_equal(history_store_open(directory, &store), 0);
	assert_int_equal(history_store_each(store, count_one, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(history_store_get(store, "calibration", "3", &text), 1);
	assert_string_equal(text, "{\"athlete\":\"ben\"}");
	free(text);
	assert_int_equal(history_store_get(store, "athlete", "gone", &text), 0);
	/* What this turn put is there before its commit. */
	put(store, "athlete", "gone", "{}");
	assert_int_equal(history_store_get(store, "athlete", "gone", &text), 1);
	free(text);
	history_store_free(store);
}

static void damaged_history_is_put_aside(void **state)
{
	struct history_store *store;
	char rubbish[8192];

	memset(rubbish, 0x5a, sizeof(rubbish));
	write_at("history.db", 0, rubbish, sizeof(rubbish));
	assert_int_equal(history_store_open(directory, &store), 1);
	put(store, "athlete", "ana", "{}");
	history_store_free(store);
	assert_true(exists("history.db.bad"));
}

/* A later schema brings an earlier file up, once; a file of a later coxad is none of ours. */
static int add_column(sqlite3 *db, int from)
{
	assert_int_equal(from, 1);
	return sqlite_run(db, "BEGIN IMMEDIATE; ALTER TABLE history ADD COLUMN more TEXT;"
			      "PRAGMA user_version=2; COMMIT");
}

static void an_earlier_file_is_brought_up(void **state)
{
	_auto_free_ char *path = alloc_printf("%s/history.db", directory);
	struct sqlite_file later = {.schema = "CREATE TABLE none(x)",
		.version = 2,
		.upgrade = add_column,
		.synchronous = "FULL",
		.max_bytes = 1 << 20};
	struct history_store *store;
	sqlite3 *db;

	assert_int_equal(history_store_open(directory, &store), 0);
	put(store, "athlete", "ana", "{\"sessions\":4}");
	history_store_free(store);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(sqlite_open(path, &later, &db), 0);
		assert_int_equal(sqlite_number(db, "PRAGMA user_version", -1), 2);
		assert_int_equal(sqlite_number(db,
					 "SELECT count(*) FROM history WHERE more IS NULL"
					 " AND text = '{\"sessions\":4}'",
					 -1),
			1);
		sqlite3_close(db);
	}
	/* What cannot be read is kept aside, not overwritten. */
	assert_int_equal(history_store_open(directory, &store), 1);
	history_store_free(store);
	assert_true(exists("history.db.bad"));
}

static bool is_anywhere(const char *needle)
{
	_auto_free_ char *line = alloc_printf("grep -rqs '%s' '%s'", needle, directory);

	return system(line) == 0;
}

static void an_athlete_sees_and_erases_what_is_held(void **state)
{
	struct history_store *store;
	char *text = NULL;
	struct rig rig;
	json_t *all;

	rig_begin(&rig);
	rig_push(&rig, "anastasia");
	rig_push(&rig, "ben");
	rig_end(&rig);
	assert_int_equal(history_store_open(directory, &store), 0);
	put(store, "athlete", "anastasia", "{\"rate\":1.5}");
	put(store, "calibration", "3", "{\"athlete\":\"anastasia\"}");
	put(store, "calibration", "4", "{\"athlete\":\"ben\"}");
	put(store, "note", "5", "no JSON");
	put(store, "retained", "coxa/v1/gym/athlete/anastasia/summary", "1");
	put(store, "retained", "coxa/v1/gym/athlete/ben/summary", "1");
	/* Not while a daemon has it. */
	assert_int_equal(history_store_erase(directory, "anastasia"), -EBUSY);
	history_store_free(store);
	assert_int_equal(history_store_export(directory, "anastasia", &text), 4);
	all = json_loads(text, 0, NULL);
	assert_non_null(all);
	assert_int_equal(json_array_size(json_object_get(all, "entries")), 4);
	json_decref(all);
	free(text);
	assert_int_equal(history_store_erase(directory, "anastasia"), 4);
	/* The broker's copy is left to the next run, which has done it here. */
	assert_int_equal(history_store_open(directory, &store), 0);
	assert_int_equal(history_store_get(
				 store, "retained", "coxa/v1/gym/athlete/anastasia/summary", &text),
		1);
	assert_string_equal(text, "0");
	free(text);
	history_store_put(store, "retained", "coxa/v1/gym/athlete/anastasia/summary", NULL, 0);
	history_store_free(store);
	assert_int_equal(history_store_erase(directory, "anastasia"), 0);
	assert_false(is_anywhere("anastasia"));
	assert_true(is_anywhere("ben"));
	assert_int_equal(history_store_export(directory, "ben", &text), 3);
	free(text);
	assert_int_equal(history_store_erase(directory, "nobody"), 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		TEST(what_was_not_delivered_is_there_again),
		TEST(a_cue_from_the_future_is_over),
		TEST(a_clock_that_is_set_ages_nothing),
		TEST(a_state_is_kept_by_its_newest_value),
		TEST(two_daemons_do_not_share),
		TEST(rubbish_is_put_aside),
		TEST(a_damaged_page_costs_no_more_than_it_must),
		TEST(damaged_under_way_it_is_written_anew),
		TEST(a_full_disk_costs_nothing_but_safety),
		TEST(a_quota_costs_nothing_but_safety),
		TEST(the_refused_are_kept_within_bounds),
		TEST(history_is_kept_replaced_and_forgotten),
		TEST(damaged_history_is_put_aside),
		TEST(an_earlier_file_is_brought_up),
		TEST(an_athlete_sees_and_erases_what_is_held),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
