// SPDX-License-Identifier: MIT
/* The outbox on a disk with faults, as SQLite tests itself: the same small workload, with each kind
 * of fault at every single call of the disk, and the power cut at every call, followed by an
 * ordinary start. Nothing that was committed may be lost, changed or numbered again, nothing may
 * appear that was never written, and a disk that is well again holds everything.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"
#include "tests/store/fault-vfs.h"
#include "tests/store/store-rig.h"

#define EVENTS_MAX 16
#define FLIP_EVERY 13 /* bytes */
#define FILE_MAX   65536

/* Thousands of lines about the disk otherwise. */
void journal_write(int level, const char *blame, const char *format, ...)
{
}
void journal_write_limited(
	struct journal_limit *limit, int level, const char *blame, const char *format, ...)
{
}

/* What the workload did. */
static struct {
	unsigned n; /* seq 1 to n were pushed */
	bool is_committed[EVENTS_MAX], is_delivered[EVENTS_MAX];
} did;

static struct {
	unsigned runs, committed, lost, again;
} total[FAULT_COUNT];

static struct fault_plan plan;
static unsigned violations;

/* Goes on, to show which calls are concerned. */
static void demand(bool is_so, const char *what)
{
	if (is_so)
		return;
	if (violations++ < 20)
		print_error("%s at call %u%s: %s\n", fault_vfs_name(plan.fault), plan.at,
			plan.is_lasting ? " and after" : "", what);
}

static char *payload_of(uint64_t seq)
{
	char pad[200];

	memset(pad, (int)('a' + seq), sizeof(pad) - 1);
	pad[sizeof(pad) - 1] = '\0';
	return alloc_printf("{\"n\":%u,\"pad\":\"%s\"}", (unsigned)seq, pad);
}

static void push(struct store_rig *rig)
{
	_auto_free_ char *payload = payload_of(rig->seq + 1);
	struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
		.class = 3,
		.seq = ++rig->seq,
		.topic = "base/athlete/ana/pop",
		.id = "id",
		.payload = payload,
		.size = strlen(payload)};

	did.n = (unsigned)item.seq;
	assert_true(did.n < EVENTS_MAX);
	outbox_persister_added(rig->persister, outbox_add(rig->outbox, 0, &item, false));
	outbox_persister_settle(rig->persister);
}

static void set_state(struct store_rig *rig, const char *value)
{
	struct outbox_item item = {.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = "base/athlete/ana/alerts",
		.payload = value,
		.size = strlen(value),
		.retain = true};

	outbox_persister_added(rig->persister, outbox_add(rig->outbox, 0, &item, false));
	outbox_persister_flush(rig->persister);
}

static void deliver(struct store_rig *rig, unsigned n)
{
	struct outbox_entry *entry;

	outbox_connection(rig->outbox, 0, 1);
	while (n-- && (entry = outbox_next(rig->outbox, 0))) {
		if (entry->item.kind == OUTBOX_KIND_EVENT)
			did.is_delivered[entry->item.seq] = true;
		outbox_acked(rig->outbox, entry->token);
	}
	outbox_connection(rig->outbox, 0, 0);
}

static void note_committed(void *user, struct outbox_entry *entry)
{
	if (entry->item.kind == OUTBOX_KIND_EVENT && entry->is_stored)
		did.is_committed[entry->item.seq] = true;
}

static void settle(struct store_rig *rig)
{
	outbox_persister_flush(rig->persister);
	outbox_each(rig->outbox, note_committed, NULL);
}

/* One start: events, some of them delivered, a state, and an orderly end with its checkpoint. */
static void run_once(unsigned first, unsigned then)
{
	struct store_rig rig;

	store_rig_begin(&rig);
	/* Small numbers, whatever this start could read. */
	rig.seq = did.n;
	for (unsigned i = 0; i < first; i++) {
		push(&rig);
		outbox_each(rig.outbox, note_committed, NULL);
	}
	deliver(&rig, 2);
	set_state(&rig, first > 2 ? "{\"open\":1}" : "{\"open\":2}");
	settle(&rig);
	for (unsigned i = 0; i < then; i++)
		push(&rig);
	settle(&rig);
	store_rig_end(&rig);
}

static unsigned found[EVENTS_MAX];

static void check_found(void *user, struct outbox_entry *entry)
{
	_auto_free_ char *payload = payload_of(entry->item.seq);

	if (entry->item.kind == OUTBOX_KIND_STATE) {
		assert_string_equal(entry->item.topic, "base/athlete/ana/alerts");
		assert_memory_equal(entry->item.payload, "{\"open\":", 8);
		return;
	}
	assert_in_range(entry->item.seq, 1, did.n);
	assert_string_equal(entry->item.topic, "base/athlete/ana/pop");
	assert_int_equal(entry->item.size, strlen(payload));
	assert_memory_equal(entry->item.payload, payload, entry->item.size);
	found[entry->item.seq]++;
}

static unsigned n_replaced(const struct store_rig *rig)
{
	struct outbox_persister_counters counters;

	outbox_persister_get_counters(rig->persister, &counters);
	return (unsigned)counters.replaced;
}

/* An ordinary start on what is there now. */
static void check(enum fault fault)
{
	bool is_honest = fault != FAULT_LOST;
	struct store_rig rig;

	memset(found, 0, sizeof(found));
	store_rig_begin(&rig);
	outbox_each(rig.outbox, check_found, NULL);
	for (unsigned seq = 1; seq <= did.n; seq++) {
		demand(found[seq] <= 1, "an event is there twice");
		if (!did.is_committed[seq])
			continue;
		total[fault].committed++;
		if (did.is_delivered[seq])
			total[fault].again += found[seq] != 0;
		else
			total[fault].lost += !found[seq];
		if (!is_honest)
			continue;
		demand(found[seq] || did.is_delivered[seq], "a committed event is lost");
		demand(rig.seq >= seq, "a number is given again");
	}
	demand(!is_honest || !n_replaced(&rig), "a sound file was taken to be damaged");
	rig.seq = did.n;
	push(&rig);
	assert_true(outbox_persister_is_safe(rig.persister));
	store_rig_end(&rig);
	total[fault].runs++;
}

static void work(const struct fault_plan *next)
{
	plan = *next;
	memset(&did, 0, sizeof(did));
	store_rig_tear_down(NULL);
	store_rig_set_up(NULL);
	fault_vfs_begin(&plan);
	run_once(4, 2);
	run_once(2, 1);
}

static unsigned count_calls(void)
{
	work(&(struct fault_plan){.fault = FAULT_NONE});
	return fault_vfs_calls();
}

static void at_every_call(enum fault fault, bool is_lasting)
{
	unsigned n = count_calls();

	for (unsigned at = 1; at <= n; at++) {
		work(&(struct fault_plan){.fault = fault, .at = at, .is_lasting = is_lasting});
		fault_vfs_heal();
		check(fault);
	}
}

static void report(enum fault fault, const char *what)
{
	print_message("%-12s %5u runs, %6u committed events: %u lost, %u delivered again\n", what,
		total[fault].runs, total[fault].committed, total[fault].lost, total[fault].again);
	unsigned n = violations;

	violations = 0;
	memset(&total[fault], 0, sizeof(total[fault]));
	assert_int_equal(n, 0);
}

static void an_error_at_every_call_loses_nothing(void **state)
{
	static const enum fault faults[] = {FAULT_EIO, FAULT_FULL, FAULT_SHORT, FAULT_READ_ONLY};

	for (unsigned i = 0; i < ARRAY_LEN(faults); i++) {
		if (faults[i] != FAULT_READ_ONLY)
			at_every_call(faults[i], false);
		at_every_call(faults[i], true);
		report(faults[i], fault_vfs_name(faults[i]));
	}
}

static void a_power_cut_at_every_call_loses_nothing(void **state)
{
	unsigned n = count_calls();

	for (unsigned seed = 0; seed < 2; seed++)
		for (unsigned at = 1; at <= n; at++) {
			work(&(struct fault_plan){.fault = FAULT_POWER, .at = at, .seed = seed});
			fault_vfs_power_on();
			check(FAULT_POWER);
		}
	report(FAULT_POWER, "power cut");
}

/* No software can make up for a disk that says it has written and has not: what is left is whole. */
static void a_lost_write_makes_nothing_up(void **state)
{
	at_every_call(FAULT_LOST, false);
	report(FAULT_LOST, "lost write");
}

/* In each row, and in what holds the rows together. */
static void a_flipped_bit_makes_nothing_up(void **state)
{
	_auto_free_ char *path = NULL, *bytes = alloc_zero(1, FILE_MAX);
	ssize_t size;
	int fd;

	work(&(struct fault_plan){.fault = FAULT_NONE});
	path = alloc_printf("%s/outbox.db", store_rig_directory);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = read(fd, bytes, FILE_MAX);
	close(fd);
	assert_in_range(size, 1, FILE_MAX - 1);
	print_message("outbox.db of %u events: %zd bytes\n", did.n, size);
	for (ssize_t at = 0; at < size; at += FLIP_EVERY) {
		char flipped = (char)(bytes[at] ^ 1 << at % 8);
		unsigned n = did.n;

		plan.at = (unsigned)at;
		unlink(path);
		store_rig_write_at("outbox.db", 0, bytes, (size_t)size);
		store_rig_write_at("outbox.db", at, &flipped, 1);
		check(FAULT_LOST);
		did.n = n;
	}
	report(FAULT_LOST, "flipped bit");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, store_rig_set_up, store_rig_tear_down)
		TEST(an_error_at_every_call_loses_nothing),
		TEST(a_power_cut_at_every_call_loses_nothing),
		TEST(a_lost_write_makes_nothing_up),
		TEST(a_flipped_bit_makes_nothing_up),
	};
	fault_vfs_install();
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
