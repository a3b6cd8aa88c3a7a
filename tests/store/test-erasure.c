// SPDX-License-Identifier: MIT
/* An athlete is erased from the databases of a running coxad, to the last byte, and others are not; at every call
 * of the disk the power is cut, or the call fails, and the next run or the next attempt finishes it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/store/erasure.h"
#include "tests/store/fault-vfs.h"
#include "tests/store/store-rig.h"

#define WAIT_US (10 * INT64_C(1000000))
#define ATHLETE "anastasia"
#define SUMMARY "coxa/v1/gym/athlete/" ATHLETE "/summary"
#define ROUNDS  3

static struct store_rig rig;
static struct erasure *erasure;
static int result;

static void on_done(void *user, int r)
{
	result = r;
}

static void begin(void)
{
	store_rig_is_threaded = store_rig_has_books = true;
	store_rig_begin(&rig);
	erasure = erasure_new(&(struct erasure_options){.thread = rig.thread,
				      .directory = store_rig_directory,
				      .history = rig.history,
				      .logbook = rig.logbook,
				      .outbox = rig.persister},
		on_done, NULL);
}

static void end(void)
{
	store_rig_wait(&rig);
	erasure_free(erasure);
	store_rig_end(&rig);
}

static void live(const char *athlete)
{
	_auto_free_ char *text = alloc_printf("{\"athlete\":\"%s\"}", athlete);
	struct logbook_entry entry = {.at_ms = 1764590400000,
		.kind = LOGBOOK_KIND_ACT,
		.athlete = athlete,
		.text = text,
		.size = strlen(text)};

	store_rig_push(&rig, athlete);
	logbook_persister_add(rig.logbook, &entry);
	history_persister_put(rig.history, HISTORY_KIND_ATHLETE, athlete, text, strlen(text));
}

/* Interleaved, so that pages of the databases have rows of both. */
static void fill(void)
{
	for (unsigned i = 0; i < ROUNDS; i++) {
		live(ATHLETE);
		live("ben");
		ahead_flush(rig.ahead, WAIT_US);
	}
	store_rig_wait(&rig);
}

static void find(void *user, struct outbox_entry *entry)
{
	if (entry->item.size && strstr(entry->item.topic, ATHLETE))
		*(struct outbox_entry **)user = entry;
}

static void forget(void)
{
	struct outbox_entry *entry;

	history_persister_erase(rig.history, HISTORY_KIND_ATHLETE, ATHLETE);
	logbook_persister_erase(rig.logbook, ATHLETE);
	do {
		entry = NULL;
		outbox_each(rig.outbox, find, &entry);
		if (entry)
			outbox_give_up(rig.outbox, entry, OUTBOX_GONE_ERASED);
	} while (entry);
}

static int outcome(int r)
{
	store_rig_wait(&rig);
	return r < 0 ? r : result;
}

static bool is_anywhere(const char *needle)
{
	_auto_free_ char *line = alloc_printf("grep -rqs '%s' '%s'", needle, store_rig_directory);

	return system(line) == 0;
}

static void is_erased(void)
{
	_auto_free_ char *entries = NULL;

	assert_false(erasure_is_dirty(erasure));
	assert_false(is_anywhere(ATHLETE));
	entries = store_rig_entries(&rig, ATHLETE);
	assert_string_equal(entries, "");
}

/* As fill left them. */
static void others_are_whole(void)
{
	_auto_free_ char *entries = store_rig_entries(&rig, "ben");

	assert_int_equal(outbox_n_events(rig.outbox), ROUNDS);
	assert_non_null(history_persister_get(rig.history, HISTORY_KIND_ATHLETE, "ben"));
	assert_int_equal(strlen(entries), ROUNDS * strlen("{\"athlete\":\"ben\"}"));
}

static void nothing_is_left_of_an_athlete(void **state)
{
	begin();
	fill();
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	assert_string_equal(erasure_athlete(erasure), ATHLETE);
	assert_true(is_anywhere("delete " ATHLETE));
	forget();
	assert_true(outcome(erasure_delete(erasure)) >= 2 * ROUNDS + 1);
	assert_null(erasure_athlete(erasure));
	assert_int_equal(outcome(erasure_clean(erasure, false)), 0);
	is_erased();
	others_are_whole();
	/* Numbers go on. */
	assert_int_equal(rig.seq, 2 * ROUNDS);
	live("ben");
	end();
	begin();
	assert_int_equal(rig.seq, 2 * ROUNDS + 1);
	is_erased();
	end();
}

/* The broker has not answered yet. */
static void the_name_of_a_topic_stays_until_it_is_removed(void **state)
{
	begin();
	fill();
	history_persister_put(rig.history, HISTORY_KIND_RETAINED, SUMMARY, "1", 1);
	ahead_flush(rig.ahead, WAIT_US);
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	forget();
	history_persister_put(rig.history, HISTORY_KIND_RETAINED, SUMMARY, "0", 1);
	assert_true(outcome(erasure_delete(erasure)) > 0);
	assert_int_equal(outcome(erasure_clean(erasure, false)), -EINPROGRESS);
	end();
	begin();
	assert_null(erasure_athlete(erasure));
	assert_true(erasure_is_dirty(erasure));
	assert_string_equal(
		history_persister_get(rig.history, HISTORY_KIND_RETAINED, SUMMARY), "0");
	assert_int_equal(outcome(erasure_clean(erasure, false)), -EINPROGRESS);
	history_persister_put(rig.history, HISTORY_KIND_RETAINED, SUMMARY, NULL, 0);
	ahead_flush(rig.ahead, WAIT_US);
	outbox_persister_flush(rig.persister);
	assert_int_equal(outcome(erasure_clean(erasure, false)), 0);
	is_erased();
	others_are_whole();
	end();
}

/* The broker was away as the topic was to be removed, and nothing else knows of it any more. */
static void a_removal_that_waits_is_kept(void **state)
{
	struct outbox_item item = {.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = SUMMARY,
		.payload = "",
		.retain = true};

	begin();
	fill();
	outbox_persister_added(rig.persister, outbox_add(rig.outbox, clock_now_us(), &item, false));
	outbox_persister_flush(rig.persister);
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	forget();
	assert_true(outcome(erasure_delete(erasure)) > 0);
	assert_int_equal(outcome(erasure_clean(erasure, false)), -EINPROGRESS);
	end();
	begin();
	assert_int_equal(outcome(erasure_clean(erasure, false)), -EINPROGRESS);
	store_rig_deliver(&rig, ROUNDS + 1);
	outbox_persister_flush(rig.persister);
	assert_int_equal(outcome(erasure_clean(erasure, false)), 0);
	is_erased();
	end();
}

/* Writing it anew would keep others waiting. */
static void a_large_file_is_cleaned_later(void **state)
{
	begin();
	fill();
	end();
	store_rig_sql("INSERT INTO damaged(payload) VALUES(zeroblob(9000000))");
	begin();
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	forget();
	assert_true(outcome(erasure_delete(erasure)) > 0);
	assert_int_equal(outcome(erasure_clean(erasure, true)), -EBUSY);
	assert_true(erasure_is_dirty(erasure));
	assert_int_equal(outcome(erasure_clean(erasure, false)), 0);
	is_erased();
	others_are_whole();
	end();
}

static void who_is_revoked_stays(void **state)
{
	begin();
	fill();
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	assert_int_equal(outcome(erasure_revoke(erasure)), 0);
	end();
	begin();
	assert_null(erasure_athlete(erasure));
	assert_false(erasure_is_dirty(erasure));
	assert_int_equal(outbox_n_events(rig.outbox), 2 * ROUNDS);
	end();
}

/* The disk is full, and the note has another athlete too. */
static void who_is_revoked_stays_on_a_full_disk(void **state)
{
	struct rlimit limit, none;

	begin();
	fill();
	assert_int_equal(outcome(erasure_note(erasure, "ben")), 0);
	assert_true(outcome(erasure_delete(erasure)) > 0);
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	none = (struct rlimit){.rlim_cur = 0, .rlim_max = limit.rlim_max};
	setrlimit(RLIMIT_FSIZE, &none);
	assert_int_equal(outcome(erasure_revoke(erasure)), 0);
	setrlimit(RLIMIT_FSIZE, &limit);
	end();
	begin();
	assert_null(erasure_athlete(erasure));
	assert_true(erasure_is_dirty(erasure));
	end();
}

/* Until the note is changed, they are neither deleted nor forgotten. */
static void who_is_revoked_in_vain_is_revoked_again(void **state)
{
	_auto_free_ char *path = store_rig_path("erasing"), *aside = store_rig_path("aside");

	begin();
	fill();
	assert_int_equal(outcome(erasure_note(erasure, "ben")), 0);
	assert_true(outcome(erasure_delete(erasure)) > 0);
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	assert_false(erasure_is_revoked(erasure));
	assert_int_equal(rename(path, aside), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_true(outcome(erasure_revoke(erasure)) < 0);
	assert_true(erasure_is_revoked(erasure));
	assert_string_equal(erasure_athlete(erasure), ATHLETE);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rename(aside, path), 0);
	assert_int_equal(outcome(erasure_revoke(erasure)), 0);
	assert_false(erasure_is_revoked(erasure));
	assert_null(erasure_athlete(erasure));
	end();
}

/* While the broker is away its topics wait, and take one place. */
static void the_same_one_again_takes_no_more_room(void **state)
{
	begin();
	fill();
	for (unsigned i = 0; i < ERASURE_ATHLETES_MAX; i++) {
		_auto_free_ char *name = alloc_printf("athlete%u", i);

		assert_int_equal(outcome(erasure_note(erasure, name)), 0);
		assert_true(outcome(erasure_delete(erasure)) >= 0);
	}
	assert_int_equal(erasure_note(erasure, ATHLETE), -EBUSY);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(outcome(erasure_note(erasure, "athlete7")), 0);
		assert_int_equal(outcome(erasure_revoke(erasure)), 0);
		assert_int_equal(outcome(erasure_note(erasure, "athlete7")), 0);
		end();
		begin();
		assert_string_equal(erasure_athlete(erasure), "athlete7");
		assert_true(outcome(erasure_delete(erasure)) >= 0);
	}
	assert_int_equal(outcome(erasure_clean(erasure, false)), 0);
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	end();
}

/* Whether a start with this note complains of it. */
static bool complains_of(const char *note)
{
	_auto_free_ char *path = store_rig_path("erasing");
	char said[4096] = "";
	FILE *file = fopen(path, "w"), *caught = tmpfile();
	int before = dup(STDERR_FILENO);

	fputs(note, file);
	fclose(file);
	dup2(fileno(caught), STDERR_FILENO);
	begin();
	dup2(before, STDERR_FILENO);
	close(before);
	end();
	assert_true(pread(fileno(caught), said, sizeof(said) - 1, 0) >= 0);
	fclose(caught);
	return strstr(said, "erasing is damaged");
}

static void a_damaged_note_is_told_of(void **state)
{
	assert_false(complains_of("clean ben\n"));
	assert_false(complains_of("clean ben\ndelete cleo\n"));
	assert_true(complains_of("clean ben\nclea"));
	assert_true(complains_of("\377\n"));
	assert_true(complains_of("delete ../ben\n"));
}

/* The calls of an erasure are those after the first, up to the last. */
static struct {
	unsigned first, last;
} calls;

static void start_anew(const struct fault_plan *plan)
{
	store_rig_tear_down(NULL);
	store_rig_set_up(NULL);
	fault_vfs_begin(&(struct fault_plan){.fault = FAULT_NONE});
	begin();
	fill();
	end();
	fault_vfs_begin(plan);
	begin();
	assert_int_equal(outcome(erasure_note(erasure, ATHLETE)), 0);
	forget();
}

static void erase(void)
{
	if (outcome(erasure_delete(erasure)) >= 0)
		outcome(erasure_clean(erasure, false));
}

static void finish(void)
{
	if (erasure_athlete(erasure)) {
		forget();
		assert_true(outcome(erasure_delete(erasure)) >= 0);
	}
	if (erasure_is_dirty(erasure))
		assert_int_equal(outcome(erasure_clean(erasure, false)), 0);
	is_erased();
	others_are_whole();
	end();
}

static void count_calls(void)
{
	start_anew(&(struct fault_plan){.fault = FAULT_NONE});
	calls.first = fault_vfs_calls();
	erase();
	calls.last = fault_vfs_calls();
	print_message("%u calls of the disk\n", calls.last - calls.first);
	assert_true(calls.last > calls.first + 20);
	finish();
}

static void a_power_cut_leaves_all_or_nothing_to_do(void **state)
{
	count_calls();
	for (unsigned at = calls.first + 1; at <= calls.last; at++) {
		start_anew(&(struct fault_plan){.fault = FAULT_POWER, .at = at});
		erase();
		fault_vfs_cut();
		end();
		fault_vfs_power_on();
		begin();
		finish();
	}
}

/* A moment later, as coxad does. */
static void a_call_that_fails_is_made_up_for(void **state)
{
	count_calls();
	for (unsigned at = calls.first + 1; at <= calls.last; at++) {
		start_anew(
			&(struct fault_plan){.fault = at % 2 ? FAULT_EIO : FAULT_FULL, .at = at});
		erase();
		fault_vfs_heal();
		finish();
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(nothing_is_left_of_an_athlete),
		TEST(the_name_of_a_topic_stays_until_it_is_removed),
		TEST(a_removal_that_waits_is_kept),
		TEST(a_large_file_is_cleaned_later),
		TEST(who_is_revoked_stays),
		TEST(a_damaged_note_is_told_of),
		TEST(the_same_one_again_takes_no_more_room),
		TEST(who_is_revoked_stays_on_a_full_disk),
		TEST(who_is_revoked_in_vain_is_revoked_again),
		TEST(a_power_cut_leaves_all_or_nothing_to_do),
		TEST(a_call_that_fails_is_made_up_for),
	};
	fault_vfs_install();
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
