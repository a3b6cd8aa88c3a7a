// SPDX-License-Identifier: MIT
#include "tests/store/fault-campaign.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"
#include "tests/store/store-rig.h"

#define FILE_MAX  65536
#define SHOWN_MAX 20
#define SEEDS     2 /* of what a power cut leaves of each write */

void journal_write(int level, const char *blame, const char *format, ...)
{
}
void journal_write_limited(
	struct journal_limit *limit, int level, const char *blame, const char *format, ...)
{
}

static const struct fault_campaign *campaign;
static struct fault_plan plan;
static unsigned violations;

void fault_campaign_demand(bool is_so, const char *what)
{
	if (is_so)
		return;
	if (violations++ < SHOWN_MAX)
		print_error("%s at call %u%s: %s\n", fault_vfs_name(plan.fault), plan.at,
			plan.is_lasting ? " and after" : "", what);
}

unsigned fault_campaign_work(const struct fault_plan *next)
{
	plan = *next;
	campaign->begin();
	store_rig_tear_down(NULL);
	store_rig_set_up(NULL);
	fault_vfs_begin(&plan);
	campaign->work(&plan);
	return fault_vfs_calls();
}

void fault_campaign_report(const char *what)
{
	unsigned n = violations;

	campaign->report(what);
	violations = 0;
	assert_int_equal(n, 0);
}

static void at_every_call(enum fault fault, bool is_lasting)
{
	unsigned n = fault_campaign_work(&(struct fault_plan){.fault = FAULT_NONE});

	for (unsigned at = 1; at <= n; at++) {
		fault_campaign_work(
			&(struct fault_plan){.fault = fault, .at = at, .is_lasting = is_lasting});
		fault_vfs_heal();
		campaign->check(fault != FAULT_LOST);
	}
}

/* Each kind of error, once and from then on: nothing is lost. */
static void errors(void **state)
{
	static const enum fault faults[] = {FAULT_EIO, FAULT_FULL, FAULT_SHORT, FAULT_READ_ONLY};

	for (unsigned i = 0; i < ARRAY_LEN(faults); i++) {
		if (faults[i] != FAULT_READ_ONLY)
			at_every_call(faults[i], false);
		at_every_call(faults[i], true);
		fault_campaign_report(fault_vfs_name(faults[i]));
	}
}

/* Nothing is lost. */
static void power_cuts(void **state)
{
	unsigned n = fault_campaign_work(&(struct fault_plan){.fault = FAULT_NONE});

	for (unsigned seed = 0; seed < SEEDS; seed++)
		for (unsigned at = 1; at <= n; at++) {
			fault_campaign_work(
				&(struct fault_plan){.fault = FAULT_POWER, .at = at, .seed = seed});
			fault_vfs_power_on();
			campaign->check(true);
		}
	fault_campaign_report(fault_vfs_name(FAULT_POWER));
}

/* No software can make up for a disk that says it has written and has not: what is left is whole. */
static void lost_writes(void **state)
{
	at_every_call(FAULT_LOST, false);
	fault_campaign_report(fault_vfs_name(FAULT_LOST));
}

/* In each row and in what holds the rows together: nothing is made up. */
static void flips(void **state)
{
	_auto_free_ char *path = NULL, *bytes = alloc_zero(1, FILE_MAX);
	ssize_t size;
	int fd;

	fault_campaign_work(&(struct fault_plan){.fault = FAULT_NONE});
	path = store_rig_path(campaign->file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = read(fd, bytes, FILE_MAX);
	close(fd);
	assert_in_range(size, 1, FILE_MAX - 1);
	print_message("%s: %zd bytes\n", campaign->file, size);
	for (ssize_t at = 0; at < size; at += campaign->flip_every) {
		char flipped = (char)(bytes[at] ^ 1 << at % 8);

		plan.at = (unsigned)at;
		unlink(path);
		store_rig_write_at(campaign->file, 0, bytes, (size_t)size);
		store_rig_write_at(campaign->file, at, &flipped, 1);
		campaign->check(false);
	}
	fault_campaign_report("flipped bit");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
static const struct CMUnitTest usual[] = {
	TEST(errors), TEST(power_cuts), TEST(lost_writes), TEST(flips)};

int fault_campaign_main(const struct fault_campaign *c, const struct CMUnitTest *more, size_t n,
	int argc, char **argv)
{
	_auto_free_ struct CMUnitTest *tests = alloc_zero(ARRAY_LEN(usual) + n, sizeof(*tests));

	campaign = c;
	fault_vfs_install();
	memcpy(tests, usual, sizeof(usual));
	if (n)
		memcpy(tests + ARRAY_LEN(usual), more, n * sizeof(*more));
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return _cmocka_run_group_tests("faults", tests, ARRAY_LEN(usual) + n, NULL, NULL);
}
