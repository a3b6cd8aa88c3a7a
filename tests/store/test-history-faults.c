// SPDX-License-Identifier: MIT
/* The history on a disk with faults: a small workload with each kind of fault at every single call of
 * the disk, and the power cut at every call, followed by an ordinary start. What was committed is
 * there as it was or as it was put later, nothing else is, and a disk that is well again holds
 * everything. Then bits flipped all over the file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/store/history-persister.h"
#include "tests/store/fault-campaign.h"
#include "tests/store/store-rig.h"

#define NAMES      4
#define FLIP_EVERY 7 /* bytes */

/* Versions of each entry: put last, and on disk for sure. */
static struct {
	unsigned put[NAMES], committed[NAMES];
} did;

static struct {
	unsigned runs, committed, lost;
} total;

static char *text_of(unsigned name, unsigned version)
{
	char pad[400];

	memset(pad, (int)('a' + name), sizeof(pad) - 1);
	pad[sizeof(pad) - 1] = '\0';
	return alloc_printf("{\"version\":%u,\"pad\":\"%s\"}", version, pad);
}

static char *name_of(unsigned name)
{
	return alloc_printf("athlete-%u", name);
}

static struct history_persister *begin(void)
{
	struct history_persister_options options = {.directory = store_rig_directory};
	struct history_persister *history;

	assert_int_equal(history_persister_new(&options, &history), 0);
	return history;
}

/* A version of its own, so that an older one is told from it. */
static void put(struct history_persister *history, unsigned name)
{
	_auto_free_ char *text = text_of(name, did.put[name] + 1);
	_auto_free_ char *key = name_of(name);

	did.put[name]++;
	history_persister_put(history, HISTORY_KIND_ATHLETE, key, text, strlen(text));
}

static void settle(struct history_persister *history)
{
	history_persister_settle(history);
	if (!history_persister_error(history) && !history_persister_not_on_disk(history))
		memcpy(did.committed, did.put, sizeof(did.put));
}

static void run_once(const struct fault_plan *plan)
{
	struct history_persister *history = begin();

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = round; i < NAMES; i++)
			put(history, i);
		settle(history);
	}
	if (plan->fault != FAULT_POWER && !plan->is_lasting) {
		history_persister_retry(history);
		settle(history);
	}
	history_persister_free(history, 0);
}

/* The version that is there; 0: none. */
static unsigned version_found(const struct history_persister *history, unsigned name)
{
	_auto_free_ char *key = name_of(name);
	const char *text = history_persister_get(history, HISTORY_KIND_ATHLETE, key);

	for (unsigned version = 1; text && version <= did.put[name]; version++) {
		_auto_free_ char *written = text_of(name, version);

		if (!strcmp(text, written))
			return version;
	}
	fault_campaign_demand(!text, "an entry was never written like this");
	return 0;
}

static void check(bool is_honest)
{
	struct history_persister *history = begin();

	for (unsigned i = 0; i < NAMES; i++) {
		unsigned version = version_found(history, i);

		if (!did.committed[i])
			continue;
		total.committed++;
		total.lost += version < did.committed[i];
		fault_campaign_demand(
			!is_honest || version >= did.committed[i], "a committed entry is lost");
	}
	fault_campaign_demand(
		!is_honest || !store_rig_exists("history.db.bad"), "a sound file was given up");
	put(history, 0);
	history_persister_settle(history);
	fault_campaign_demand(
		!history_persister_not_on_disk(history), "the disk is not used again");
	history_persister_free(history, 0);
	total.runs++;
}

static void begin_work(void)
{
	memset(&did, 0, sizeof(did));
}

static void work(const struct fault_plan *plan)
{
	run_once(plan);
	run_once(plan);
}

static void report(const char *what)
{
	print_message("%-12s %5u runs, %6u committed entries: %u lost\n", what, total.runs,
		total.committed, total.lost);
	memset(&total, 0, sizeof(total));
}

/* A moment without a disk in the middle of a run: nothing has to be put again. */
static void a_disk_that_is_full_for_a_while_loses_nothing(void **state)
{
	struct history_persister *history;

	fault_campaign_work(&(struct fault_plan){.fault = FAULT_FULL, .at = UINT32_MAX});
	history = begin();
	fault_vfs_fail(FAULT_FULL);
	for (unsigned i = 0; i < 3; i++) {
		put(history, i);
		history_persister_settle(history);
		history_persister_retry(history);
	}
	assert_int_equal(history_persister_not_on_disk(history), 3);
	fault_vfs_heal();
	history_persister_retry(history);
	assert_int_equal(history_persister_not_on_disk(history), 0);
	memcpy(did.committed, did.put, sizeof(did.put));
	/* Killed: nothing is written at the end. */
	fault_vfs_cut();
	history_persister_free(history, 0);
	fault_vfs_power_on();
	check(true);
	fault_campaign_report("full a while");
}

static void count_late(
	void *user, enum history_kind kind, const char *name, const char *text, size_t size)
{
	++*(unsigned *)user;
}

/* It is read all the same, with what is in the write-ahead log, so that nothing has to come late. */
static void a_disk_that_is_read_only_at_the_start_is_read(void **state)
{
	unsigned n_late = 0;
	struct history_persister_options options = {.late = count_late, .user = &n_late};
	struct history_persister *history;

	fault_campaign_work(&(struct fault_plan){.fault = FAULT_NONE});
	history = begin();
	put(history, 1);
	settle(history);
	fault_vfs_cut();
	history_persister_free(history, 0);
	fault_vfs_power_on();
	fault_vfs_fail(FAULT_READ_ONLY);
	options.directory = store_rig_directory;
	assert_int_equal(history_persister_new(&options, &history), 0);
	assert_true(history_persister_error(history) < 0);
	for (unsigned i = 0; i < NAMES; i++)
		assert_int_equal(version_found(history, i), did.put[i]);
	put(history, 2);
	history_persister_settle(history);
	history_persister_retry(history);
	assert_int_equal(history_persister_not_on_disk(history), 1);
	fault_vfs_heal();
	history_persister_retry(history);
	assert_int_equal(history_persister_error(history), 0);
	assert_int_equal(history_persister_not_on_disk(history), 0);
	assert_int_equal(n_late, 0);
	memcpy(did.committed, did.put, sizeof(did.put));
	history_persister_free(history, 0);
	check(true);
	fault_campaign_report("read-only start");
}

static const struct fault_campaign campaign = {
	begin_work, work, check, report, "history.db", FLIP_EVERY};

int main(int argc, char **argv)
{
	const struct CMUnitTest more[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(a_disk_that_is_full_for_a_while_loses_nothing),
		TEST(a_disk_that_is_read_only_at_the_start_is_read),
	};

	return fault_campaign_main(&campaign, more, ARRAY_LEN(more), argc, argv);
}
