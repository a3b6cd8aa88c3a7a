// SPDX-License-Identifier: MIT
/* The logbook on a disk with faults: a small workload with each kind of fault at every single call of the
 * disk, and the power cut at every call, followed by an ordinary start. What was committed is there as
 * it was entered, in order and once, and a disk that is well again takes new entries. Then bits flipped
 * all over the file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/store/logbook-persister.h"
#include "tests/store/fault-campaign.h"
#include "tests/store/store-rig.h"

#define ENTRIES     7  /* of each run */
#define FLIP_EVERY  13 /* bytes */
#define ENTRIES_MAX 64

/* Entries are numbered from 1: how many were entered, and which are on disk for sure. */
static struct {
	unsigned entered;
	bool committed[ENTRIES_MAX];
} did;

static struct {
	unsigned runs, committed, lost;
} total;

static char *text_of(unsigned number)
{
	char pad[300];

	memset(pad, 'a' + number % 26, sizeof(pad) - 1);
	pad[sizeof(pad) - 1] = '\0';
	return alloc_printf("{\"number\":%u,\"pad\":\"%s\"}", number, pad);
}

static struct logbook_persister *begin(void)
{
	struct logbook_persister_options options = {.directory = store_rig_directory};
	struct logbook_persister *logbook;

	assert_int_equal(logbook_persister_new(&options, &logbook), 0);
	return logbook;
}

static void enter(struct logbook_persister *logbook)
{
	_auto_free_ char *text = text_of(++did.entered);

	logbook_persister_add(
		logbook, &(struct logbook_entry){.at_ms = 1764619200000 + did.entered,
				 .kind = (enum logbook_kind)(did.entered % LOGBOOK_KIND_COUNT),
				 .athlete = "ana",
				 .text = text,
				 .size = strlen(text)});
}

static void settle(struct logbook_persister *logbook)
{
	logbook_persister_settle(logbook);
	if (!logbook_persister_error(logbook) && !logbook_persister_n_waiting(logbook))
		memset(did.committed, true, (did.entered + 1) * sizeof(did.committed[0]));
}

static void begin_work(void)
{
	memset(&did, 0, sizeof(did));
}

static void run_once(const struct fault_plan *plan)
{
	struct logbook_persister *logbook = begin();

	for (unsigned i = 0; i < ENTRIES; i++) {
		enter(logbook);
		if (i % 3 != 1)
			settle(logbook);
	}
	if (plan->fault != FAULT_POWER && !plan->is_lasting) {
		logbook_persister_retry(logbook);
		settle(logbook);
	}
	logbook_persister_free(logbook, 0);
}

static void work(const struct fault_plan *plan)
{
	run_once(plan);
	run_once(plan);
}

struct found {
	int r;
	bool is_there[ENTRIES_MAX];
	bool is_in_order;
};

static void take_page(void *user, int r, const struct logbook_page *page)
{
	struct found *found = user;
	unsigned before = 0;

	found->r = r;
	for (size_t i = 0; i < page->n; i++) {
		const char *text = page->entry[i].text;
		unsigned number = (unsigned)atoi(text + strlen("{\"number\":"));
		_auto_free_ char *written = text_of(number);

		if (strcmp(text, written) != 0 || number >= ENTRIES_MAX || number > did.entered) {
			fault_campaign_demand(false, "an entry was never written like this");
			continue;
		}
		found->is_in_order = found->is_in_order && number > before;
		found->is_there[number] = true;
		before = number;
	}
}

static struct found look(struct logbook_persister *logbook)
{
	struct found found = {.is_in_order = true};
	struct logbook_query query = {.athlete = "ana", .limit = LOGBOOK_PAGE_ENTRIES};

	assert_int_equal(logbook_persister_query(logbook, &query, take_page, &found), 0);
	return found;
}

static void check(bool is_honest)
{
	struct logbook_persister *logbook = begin();
	struct found found;

	for (unsigned i = 0; i < 3; i++) /* damage is found when it is met, and mended */
		logbook_persister_retry(logbook);
	look(logbook);
	enter(logbook);
	logbook_persister_settle(logbook);
	logbook_persister_retry(logbook);
	fault_campaign_demand(!logbook_persister_n_waiting(logbook), "the disk is not used again");
	found = look(logbook);
	fault_campaign_demand(found.r == 0, "nothing can be read");
	fault_campaign_demand(found.is_in_order, "the order is another, or an entry is doubled");
	/* A bit of the index can hide an entry from a question; export and erasure do not go by it. */
	fault_campaign_demand(
		!is_honest || found.is_there[did.entered], "what was entered last is missing");
	for (unsigned i = 1; i < did.entered; i++) {
		total.committed += did.committed[i];
		total.lost += did.committed[i] && !found.is_there[i];
		fault_campaign_demand(!is_honest || !did.committed[i] || found.is_there[i],
			"a committed entry is lost");
	}
	fault_campaign_demand(
		!is_honest || !store_rig_exists("logbook.db.bad"), "a sound file was given up");
	logbook_persister_free(logbook, 0);
	did.entered--;
	total.runs++;
}

static void report(const char *what)
{
	print_message("%-12s %5u runs, %6u committed entries: %u lost\n", what, total.runs,
		total.committed, total.lost);
	memset(&total, 0, sizeof(total));
}

static void a_disk_that_is_full_for_a_while_loses_nothing(void **state)
{
	struct logbook_persister *logbook;
	struct found found;

	fault_campaign_work(&(struct fault_plan){.fault = FAULT_FULL, .at = UINT32_MAX});
	logbook = begin();
	fault_vfs_fail(FAULT_FULL);
	for (unsigned i = 0; i < 3; i++) {
		enter(logbook);
		logbook_persister_settle(logbook);
		logbook_persister_retry(logbook);
	}
	assert_true(logbook_persister_error(logbook) < 0);
	assert_int_equal(logbook_persister_n_waiting(logbook), 3);
	/* Meanwhile they are answered all the same, after what is on disk. */
	found = look(logbook);
	assert_int_equal(found.r, 0);
	assert_true(found.is_in_order);
	for (unsigned i = 1; i <= did.entered; i++)
		assert_true(found.is_there[i]);
	fault_vfs_heal();
	logbook_persister_retry(logbook);
	assert_int_equal(logbook_persister_error(logbook), 0);
	assert_int_equal(logbook_persister_n_waiting(logbook), 0);
	memset(did.committed, true, sizeof(did.committed));
	/* Killed: nothing is written at the end. */
	fault_vfs_cut();
	logbook_persister_free(logbook, 0);
	fault_vfs_power_on();
	check(true);
	fault_campaign_report("full a while");
}

static const struct fault_campaign campaign = {
	begin_work, work, check, report, "logbook.db", FLIP_EVERY};

int main(int argc, char **argv)
{
	const struct CMUnitTest more[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(a_disk_that_is_full_for_a_while_loses_nothing),
	};

	return fault_campaign_main(&campaign, more, ARRAY_LEN(more), argc, argv);
}
