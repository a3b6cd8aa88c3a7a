// SPDX-License-Identifier: MIT
/* The outbox on real files: storing, a full disk, a damaged file, a second daemon. The full disk is
 * a tmpfs, if the test may mount one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/store/athlete-rights.h"
#include "daemon/store/outbox-store.h"
#include "daemon/store/database.h"
#include "tests/store/store-rig.h"

#define MANY            200
#define MORE_THAN_CACHE 1200

static void what_was_not_delivered_is_restored(void **state)
{
	struct store_rig rig;

	store_rig_begin(&rig);
	for (unsigned i = 0; i < 10; i++)
		store_rig_push(&rig, "ana");
	store_rig_deliver(&rig, 4);
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 6);
	assert_int_equal(rig.seq, 10);
	store_rig_deliver(&rig, 6);
	store_rig_end(&rig);
	/* The highest seq is remembered after its row is deleted. */
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 0);
	assert_int_equal(rig.seq, 10);
	store_rig_end(&rig);
}

static int64_t created_ms(unsigned seq)
{
	_auto_free_ char *sql = alloc_printf("SELECT created_ms FROM outbox WHERE seq = %u", seq);

	return store_rig_number(sql);
}

/* A board gets the time from the network, two days later, while events wait: they get new dates. */
static void setting_the_clock_gives_new_dates(void **state)
{
	const int64_t two_days_us = 2 * 86400 * INT64_C(1000000);
	struct store_rig rig;
	int64_t before;

	store_rig_is_synchronised = false;
	store_rig_begin(&rig);
	store_rig_push(&rig, "ana");
	store_rig_end(&rig);
	before = created_ms(1);
	store_rig_begin(&rig);
	outbox_persister_tick(rig.persister);
	store_rig_wall_step_us += two_days_us;
	store_rig_is_synchronised = true;
	outbox_persister_tick(rig.persister);
	store_rig_push(&rig, "ana");
	store_rig_end(&rig);
	assert_in_range(created_ms(1), before + two_days_us / 1000 - 1000,
		before + two_days_us / 1000 + 1000);
	assert_in_range(created_ms(2), before + two_days_us / 1000 - 1000,
		before + two_days_us / 1000 + 1000);
	assert_int_equal(store_rig_number("SELECT count(*) FROM outbox WHERE dated"), 2);
}

static void take_oldest(void *user, struct outbox_entry *entry)
{
	int64_t *oldest_us = user;

	*oldest_us = entry->created_us < *oldest_us ? entry->created_us : *oldest_us;
}

/* How old the next start takes the only event for. */
static int64_t age_at_next_start_s(void)
{
	int64_t oldest_us = INT64_MAX;
	struct store_rig rig;

	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 1);
	outbox_each(rig.outbox, take_oldest, &oldest_us);
	store_rig_end(&rig);
	return (clock_now_us() - oldest_us) / INT64_C(1000000);
}

/* Every way to be wrong about the time, in one boot and over two. Only two right clocks make old. */
static void only_a_right_clock_ages(void **state)
{
	static const int64_t steps_s[] = {0, -4000, 4000, 60 * 86400, -60 * 86400, 5 * 365 * 86400};

	for (unsigned i = 0; i < 6 * 8; i++) {
		int64_t step_s = steps_s[i / 8], age_s;
		bool was_right = i & 1, is_right = i & 2, is_same_boot = i & 4;
		struct store_rig rig;

		store_rig_tear_down(NULL);
		store_rig_set_up(NULL);
		store_rig_is_synchronised = was_right;
		store_rig_begin(&rig);
		store_rig_push(&rig, "ana");
		store_rig_end(&rig);
		store_rig_wall_step_us += step_s * INT64_C(1000000);
		store_rig_is_synchronised = is_right;
		store_rig_boot += !is_same_boot;
		age_s = age_at_next_start_s();
		if (!is_same_boot && was_right && is_right && step_s > 0)
			assert_in_range(age_s, step_s, step_s + 60);
		else
			assert_in_range(age_s, 0, 60);
	}
}

/* What expires is dropped if its age is unknown; an event without expiry is kept. */
static void a_cue_of_unknown_age_is_dropped(void **state)
{
	struct outbox_item cue = {.kind = OUTBOX_KIND_EVENT,
		.class = 2,
		.seq = 2,
		.topic = "base/athlete/ana/cue",
		.id = "cue",
		.payload = "{}",
		.size = 2,
		.expiry_s = 5};
	struct store_rig rig;

	store_rig_is_synchronised = false;
	store_rig_begin(&rig);
	store_rig_push(&rig, "ana");
	outbox_persister_added(rig.persister, outbox_add(rig.outbox, clock_now_us(), &cue, false));
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 2);
	store_rig_end(&rig);
	store_rig_boot++;
	for (unsigned i = 0; i < 2; i++) {
		store_rig_begin(&rig);
		assert_int_equal(outbox_n_events(rig.outbox), 1);
		assert_int_equal(rig.seq, 2);
		store_rig_end(&rig);
	}
}

static void only_the_newest_value_of_a_state_is_stored(void **state)
{
	struct outbox_item item = {.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = "base/kit/3/session",
		.payload = "old",
		.size = 3,
		.retain = true};
	struct outbox_entry *entry;
	struct store_rig rig;

	store_rig_begin(&rig);
	outbox_persister_added(rig.persister, outbox_add(rig.outbox, 0, &item, false));
	outbox_persister_flush(rig.persister);
	item.payload = "";
	item.size = 0; /* removed */
	outbox_persister_added(rig.persister, outbox_add(rig.outbox, 0, &item, false));
	store_rig_end(&rig);
	store_rig_begin(&rig);
	outbox_connection(rig.outbox, 0, 16);
	entry = outbox_next(rig.outbox, 0);
	assert_non_null(entry);
	assert_int_equal(entry->item.size, 0);
	assert_true(entry->item.retain);
	outbox_acked(rig.outbox, entry->token);
	assert_null(outbox_next(rig.outbox, 0));
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_true(outbox_is_empty(rig.outbox));
	store_rig_end(&rig);
}

static void two_daemons_cannot_share_a_directory(void **state)
{
	struct outbox_store *one, *two = NULL;

	assert_int_equal(outbox_store_open(store_rig_directory, 1 << 20, false, &one), 0);
	assert_int_equal(outbox_store_open(store_rig_directory, 1 << 20, false, &two), -EBUSY);
	assert_null(two);
	outbox_store_free(one);
}

static void a_file_of_garbage_is_kept_aside(void **state)
{
	char rubbish[4096];
	struct store_rig rig;

	memset(rubbish, 0xa5, sizeof(rubbish));
	store_rig_write_at("outbox.db", 0, rubbish, sizeof(rubbish));
	store_rig_begin(&rig);
	assert_true(store_rig_exists("outbox.db.bad"));
	store_rig_push(&rig, "ana");
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), 1);
	store_rig_end(&rig);
}

/* Whichever page is overwritten: no crash, readable rows are kept, and the store works again. */
static void a_damaged_page_loses_only_its_rows(void **state)
{
	for (off_t page = 0; page < 12; page++) {
		char rubbish[1024];
		struct store_rig rig;
		size_t n;

		store_rig_begin(&rig);
		store_rig_deliver(&rig, UINT32_MAX);
		for (unsigned i = 0; i < 30; i++)
			store_rig_push(&rig, "ana");
		store_rig_end(&rig);
		memset(rubbish, (int)(0x11 * page), sizeof(rubbish));
		store_rig_write_at("outbox.db", page * 1024, rubbish, sizeof(rubbish));
		store_rig_begin(&rig);
		n = outbox_n_events(rig.outbox);
		assert_true(n <= 30);
		store_rig_push(&rig, "ben");
		assert_int_equal(store_rig_not_on_disk(&rig), 0);
		store_rig_end(&rig);
		store_rig_begin(&rig);
		assert_int_equal(outbox_n_events(rig.outbox), n + 1);
		store_rig_end(&rig);
	}
}

/* More than SQLite caches, so that it has to read the damaged pages. */
static void a_file_damaged_in_use_is_rewritten(void **state)
{
	struct outbox_persister_counters counters;
	char rubbish[1024];
	struct store_rig rig;

	memset(rubbish, 0xff, sizeof(rubbish));
	store_rig_begin(&rig);
	for (unsigned i = 0; i < MORE_THAN_CACHE; i++)
		store_rig_push(&rig, "ana");
	for (off_t page = 0; page < MORE_THAN_CACHE; page++)
		store_rig_write_at("outbox.db", page * 1024, rubbish, sizeof(rubbish));
	store_rig_deliver(&rig, MORE_THAN_CACHE / 2);
	outbox_persister_flush(rig.persister);
	store_rig_push(&rig, "ben");
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	outbox_persister_get_counters(rig.persister, &counters);
	assert_int_equal(counters.replaced, 1);
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), MORE_THAN_CACHE / 2 + 1);
	store_rig_end(&rig);
}

/* A disk of 2 MiB fills up, the outbox continues in memory, space is freed, all is on disk again. */
static void fill_the_disk(void)
{
	_auto_free_ char *other = alloc_printf("%s/other", store_rig_directory);
	char block[4096] = {1};
	struct store_rig rig;
	int fd;

	store_rig_begin(&rig);
	for (unsigned i = 0; i < 20; i++)
		store_rig_push(&rig, "ana");
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	assert_true(store_rig_exists("outbox.ballast"));
	fd = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, block, sizeof(block)) > 0)
		;
	close(fd);
	/* First the ballast gives space, then only memory is left. */
	for (unsigned i = 0; i < MANY && !store_rig_not_on_disk(&rig); i++) {
		store_rig_push(&rig, "ana");
		if (i == 5)
			assert_int_equal(store_rig_not_on_disk(&rig), 0);
	}
	for (unsigned i = 0; i < 2 * MANY && !store_rig_not_on_disk(&rig); i++)
		store_rig_push(&rig, "ana");
	assert_false(store_rig_exists("outbox.ballast"));
	assert_true(store_rig_not_on_disk(&rig) > 0);
	assert_false(outbox_persister_is_safe(rig.persister));
	/* Still in order, and still working. */
	store_rig_deliver(&rig, 10);
	store_rig_push(&rig, "ana");
	unlink(other);
	outbox_persister_tick(rig.persister);
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	assert_true(outbox_persister_is_safe(rig.persister));
	assert_true(store_rig_exists("outbox.ballast"));
	size_t n = outbox_n_events(rig.outbox);
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), n);
	store_rig_end(&rig);
}

static void a_full_disk_loses_no_events(void **state)
{
	/* In a child: the mount exists only in its namespace. */
	pid_t pid = fork();
	int status;

	if (!pid) {
		if (unshare(CLONE_NEWNS) || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) ||
			mount("none", store_rig_directory, "tmpfs", 0, "size=2m"))
			_exit(77);
		fill_the_disk();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The same with a limit on file sizes, which needs no privileges; there is no ballast then. */
static void a_quota_loses_no_events(void **state)
{
	struct rlimit before, few;
	struct store_rig rig;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	few = before;
	few.rlim_cur = 64 * 1024;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
	store_rig_begin(&rig);
	for (unsigned i = 0; i < MANY; i++)
		store_rig_push(&rig, "ana");
	assert_true(store_rig_not_on_disk(&rig) > 0);
	assert_int_equal(outbox_n_events(rig.outbox), MANY);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	outbox_persister_tick(rig.persister);
	assert_int_equal(store_rig_not_on_disk(&rig), 0);
	store_rig_end(&rig);
	store_rig_begin(&rig);
	assert_int_equal(outbox_n_events(rig.outbox), MANY);
	store_rig_end(&rig);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(what_was_not_delivered_is_restored),
		TEST(only_a_right_clock_ages),
		TEST(a_cue_of_unknown_age_is_dropped),
		TEST(setting_the_clock_gives_new_dates),
		TEST(only_the_newest_value_of_a_state_is_stored),
		TEST(two_daemons_cannot_share_a_directory),
		TEST(a_file_of_garbage_is_kept_aside),
		TEST(a_damaged_page_loses_only_its_rows),
		TEST(a_file_damaged_in_use_is_rewritten),
		TEST(a_full_disk_loses_no_events),
		TEST(a_quota_loses_no_events),
	};
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
