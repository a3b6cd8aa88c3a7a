// SPDX-License-Identifier: MIT
/* The logbook on real files, by itself and with its thread: pages, cursors, times, kinds; a file that is
 * damaged, gone, or of another version.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/store/logbook-persister.h"
#include "daemon/store/database.h"
#include "tests/store/store-rig.h"

#define DAY_MS      INT64_C(86400000)
#define NOON_MS     INT64_C(1764590400000)
#define PATIENCE_US (30 * (int64_t)US_PER_S)

static struct logbook_persister *begin_in(const char *directory)
{
	struct logbook_persister_options options = {.directory = directory};
	struct logbook_persister *logbook;

	assert_int_equal(logbook_persister_new(&options, &logbook), 0);
	return logbook;
}

static struct logbook_persister *begin(void)
{
	return begin_in(store_rig_directory);
}

static void enter(struct logbook_persister *logbook, const char *athlete, enum logbook_kind kind,
	int64_t at_ms, const char *text)
{
	logbook_persister_add(logbook, &(struct logbook_entry){.at_ms = at_ms,
					       .kind = kind,
					       .athlete = athlete,
					       .text = text,
					       .size = strlen(text)});
	logbook_persister_settle(logbook);
}

/* The texts of the last answer in a row, its error, its last cursor. */
static struct {
	unsigned n;
	char *texts;
	int r;
	int64_t last_seq, last_ms;
	bool has_more, is_known;
} answer;

static void take_page(void *user, int r, const struct logbook_page *page)
{
	free(answer.texts);
	memset(&answer, 0, sizeof(answer));
	answer.texts = alloc_text("");
	answer.r = r;
	answer.has_more = page->has_more;
	answer.is_known = page->is_known;
	for (size_t i = 0; i < page->n; i++) {
		char *longer = alloc_printf("%s%s", answer.texts, page->entry[i].text);

		free(answer.texts);
		answer.texts = longer;
		assert_true(page->entry[i].seq > answer.last_seq);
		answer.last_seq = page->entry[i].seq;
		answer.last_ms = page->entry[i].at_ms;
		answer.n++;
	}
}

static void ask(struct logbook_persister *logbook, struct logbook_query query)
{
	if (!query.athlete[0])
		strcpy(query.athlete, "ana");
	if (!query.limit)
		query.limit = LOGBOOK_PAGE_ENTRIES;
	assert_int_equal(logbook_persister_query(logbook, &query, take_page, NULL), 0);
}

static void expect(struct logbook_persister *logbook, struct logbook_query query, const char *texts)
{
	ask(logbook, query);
	assert_int_equal(answer.r, 0);
	assert_string_equal(answer.texts, texts);
}

static void entries_are_asked_for_by_athlete_kind_time_and_cursor(void **state)
{
	struct logbook_persister *logbook = begin();

	enter(logbook, "ana", LOGBOOK_KIND_REP, NOON_MS, "1");
	enter(logbook, "ben", LOGBOOK_KIND_REP, NOON_MS + 1, "2");
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 2, "3");
	enter(logbook, "ana", LOGBOOK_KIND_REP, NOON_MS + 3, "4");
	for (unsigned i = 0; i < 2; i++) {
		expect(logbook, (struct logbook_query){0}, "134");
		expect(logbook, (struct logbook_query){.athlete = "ben"}, "2");
		expect(logbook, (struct logbook_query){.kinds = 1u << LOGBOOK_KIND_REP}, "14");
		expect(logbook, (struct logbook_query){.since_ms = NOON_MS + 2}, "34");
		expect(logbook, (struct logbook_query){.since_ms = NOON_MS + 4}, "");
		assert_true(answer.is_known);
		expect(logbook, (struct logbook_query){.limit = 2}, "13");
		assert_true(answer.has_more);
		expect(logbook, (struct logbook_query){.after_seq = answer.last_seq, .limit = 2},
			"4");
		assert_false(answer.has_more);
		expect(logbook, (struct logbook_query){.athlete = "nobody"}, "");
		assert_false(answer.is_known);
		/* The same from the disk alone. */
		logbook_persister_free(logbook, 0);
		logbook = begin();
	}
	logbook_persister_free(logbook, 0);
}

/* A Pi without a clock begins in the past after a power cut. */
static void a_clock_that_goes_back_hides_nothing(void **state)
{
	struct logbook_persister *logbook = begin();
	int64_t cursor;

	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS, "1");
	ask(logbook, (struct logbook_query){0});
	cursor = answer.last_seq;
	logbook_persister_free(logbook, 0);
	logbook = begin();
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS - 60000, "2");
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 1, "3");
	expect(logbook, (struct logbook_query){.after_seq = cursor}, "23");
	expect(logbook, (struct logbook_query){.since_ms = NOON_MS - 60000}, "123");
	expect(logbook, (struct logbook_query){.since_ms = NOON_MS}, "13");
	logbook_persister_free(logbook, 0);
}

static void a_page_is_bounded_in_bytes_and_the_next_goes_on(void **state)
{
	struct logbook_persister *logbook = begin();
	char *text = alloc_zero(1, LOGBOOK_TEXT_MAX + 1);
	unsigned n = 0;
	int64_t cursor = 0;

	memset(text, 'x', LOGBOOK_TEXT_MAX);
	for (unsigned i = 0; i < 30; i++)
		enter(logbook, "ana", (enum logbook_kind)(i % LOGBOOK_KIND_COUNT), NOON_MS + i,
			text);
	do {
		ask(logbook, (struct logbook_query){.after_seq = cursor});
		assert_in_range(answer.n, 1, LOGBOOK_PAGE_BYTES / LOGBOOK_TEXT_MAX);
		assert_int_equal(answer.last_ms, NOON_MS + n + answer.n - 1);
		n += answer.n;
		cursor = answer.last_seq;
	} while (answer.has_more);
	assert_int_equal(n, 30);
	free(text);
	logbook_persister_free(logbook, 0);
}

static sqlite3 *open_plain(const char *name)
{
	_auto_free_ char *path = store_rig_path(name);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	return db;
}

static void run(const char *sql)
{
	sqlite3 *db = open_plain("logbook.db");

	assert_int_equal(database_run(db, sql), 0);
	sqlite3_close(db);
}

static void a_changed_row_is_not_given(void **state)
{
	struct logbook_persister *logbook = begin();

	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS, "1");
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 1, "2");
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 2, "3");
	logbook_persister_free(logbook, 0);
	run("UPDATE logbook SET text = '7' WHERE text = '2'");
	logbook = begin();
	expect(logbook, (struct logbook_query){0}, "13");
	logbook_persister_free(logbook, 0);
}

/* What comes next still has a number that a cursor can carry. */
static void a_damaged_number_is_not_counted_on(void **state)
{
	struct logbook_persister *logbook = begin();

	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS, "1");
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 1, "2");
	logbook_persister_free(logbook, 0);
	run("UPDATE logbook SET seq = 9223372036854775807 WHERE text = '2'");
	logbook = begin();
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 2, "3");
	expect(logbook, (struct logbook_query){0}, "13");
	assert_in_range(answer.last_seq, 1, LOGBOOK_SEQ_MAX);
	logbook_persister_free(logbook, 0);
}

/* Long enough for many pages, of which one in the middle is destroyed. */
static void of_a_damaged_file_the_rest_is_kept(void **state)
{
	struct logbook_persister *logbook = begin();
	char rubbish[4096], text[300];
	unsigned n = 0;

	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (unsigned i = 0; i < 1200; i++) {
		logbook_persister_add(logbook, &(struct logbook_entry){.at_ms = NOON_MS + i,
						       .kind = LOGBOOK_KIND_POP,
						       .athlete = "ana",
						       .text = text,
						       .size = sizeof(text) - 1});
		if (i % 100 == 99)
			logbook_persister_settle(logbook);
	}
	logbook_persister_free(logbook, 0);
	memset(rubbish, 0x5a, sizeof(rubbish));
	store_rig_write_at("logbook.db", 200704, rubbish, sizeof(rubbish));
	logbook = begin();
	answer.last_seq = 0;
	/* The damage is met somewhere on the way; from then on the new file answers. */
	for (unsigned tries = 0; tries < 2; tries++) {
		n = 0;
		answer.has_more = true;
		for (int64_t cursor = 0; answer.has_more && answer.r == 0;
			cursor = answer.last_seq) {
			ask(logbook, (struct logbook_query){.after_seq = cursor});
			n += answer.n;
		}
		answer.r = 0;
	}
	assert_true(logbook_persister_was_damaged(logbook));
	assert_true(store_rig_exists("logbook.db.bad"));
	assert_in_range(n, 1150, 1199);
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + DAY_MS, "last");
	expect(logbook, (struct logbook_query){.since_ms = NOON_MS + DAY_MS}, "last");
	logbook_persister_free(logbook, 0);
}

static void a_file_of_a_newer_coxad_is_kept_and_read(void **state)
{
	struct logbook_persister *logbook = begin();

	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS, "1");
	logbook_persister_free(logbook, 0);
	run("PRAGMA user_version=99");
	logbook = begin();
	/* Numbered after what comes from there, though the clock went back meanwhile. */
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS - 60000, "2");
	assert_true(store_rig_exists("logbook.db.other"));
	expect(logbook, (struct logbook_query){0}, "12");
	logbook_persister_free(logbook, 0);
}

static void a_file_that_is_deleted_is_written_anew(void **state)
{
	struct logbook_persister *logbook = begin();
	_auto_free_ char *path = store_rig_path("logbook.db");

	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS, "1");
	unlink(path);
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 1, "2");
	assert_true(store_rig_exists("logbook.db"));
	logbook_persister_free(logbook, 0);
	logbook = begin();
	expect(logbook, (struct logbook_query){0}, "2");
	logbook_persister_free(logbook, 0);
}

static void another_coxad_keeps_its_file(void **state)
{
	struct logbook_persister *first = begin(), *second = begin();

	assert_int_equal(logbook_persister_error(second), -EBUSY);
	logbook_persister_retry(second);
	enter(second, "ana", LOGBOOK_KIND_POP, NOON_MS, "mine");
	expect(second, (struct logbook_query){0}, "mine");
	assert_int_equal(logbook_persister_error(second), -EBUSY);
	expect(first, (struct logbook_query){0}, "");
	logbook_persister_free(second, 0);
	logbook_persister_free(first, 0);
}

static void without_a_directory_it_is_in_memory(void **state)
{
	struct logbook_persister *logbook = begin_in(NULL);

	enter(logbook, "ana", LOGBOOK_KIND_ACT, NOON_MS, "1");
	expect(logbook, (struct logbook_query){0}, "1");
	assert_int_equal(logbook_persister_error(logbook), 0);
	logbook_persister_free(logbook, 0);
	assert_false(store_rig_exists("logbook.db"));
}

/* The loop does not wait: answers come by way of it. */
static void the_thread_answers_what_was_entered_before(void **state)
{
	struct logbook_persister_options options = {.directory = store_rig_directory};
	struct logbook_persister *logbook;
	struct store_thread *thread = NULL;
	sd_event *loop = NULL;

	assert_true(sd_event_new(&loop) >= 0);
	assert_int_equal(store_thread_new(loop, &thread), 0);
	options.loop = loop;
	options.thread = thread;
	assert_int_equal(logbook_persister_new(&options, &logbook), 0);
	ask(logbook, (struct logbook_query){0});
	assert_int_equal(answer.r, -EAGAIN); /* not opened yet */
	assert_true(store_thread_wait(thread, store_rig_now_step_us + INT64_MAX / 2));
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS, "1");
	answer.r = 1;
	ask(logbook, (struct logbook_query){0});
	assert_int_equal(answer.r, 1);
	/* Entered after the question, answered all the same: it is newer than all on disk. */
	enter(logbook, "ana", LOGBOOK_KIND_POP, NOON_MS + 1, "2");
	assert_true(store_thread_wait(thread, INT64_MAX / 2));
	assert_string_equal(answer.texts, "12");
	assert_int_equal(logbook_persister_n_waiting(logbook), 0);
	logbook_persister_free(logbook, PATIENCE_US);
	store_thread_free(thread, PATIENCE_US);
	sd_event_unref(loop);
}

static int forget_answer(void **state)
{
	free(answer.texts);
	memset(&answer, 0, sizeof(answer));
	return store_rig_tear_down(state);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, forget_answer)
		TEST(entries_are_asked_for_by_athlete_kind_time_and_cursor),
		TEST(a_clock_that_goes_back_hides_nothing),
		TEST(a_page_is_bounded_in_bytes_and_the_next_goes_on),
		TEST(a_changed_row_is_not_given),
		TEST(a_damaged_number_is_not_counted_on),
		TEST(of_a_damaged_file_the_rest_is_kept),
		TEST(a_file_of_a_newer_coxad_is_kept_and_read),
		TEST(a_file_that_is_deleted_is_written_anew),
		TEST(another_coxad_keeps_its_file),
		TEST(without_a_directory_it_is_in_memory),
		TEST(the_thread_answers_what_was_entered_before),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
