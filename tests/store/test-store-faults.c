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
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/store/fault-campaign.h"
#include "tests/store/store-rig.h"

#define EVENTS_MAX 16
#define FLIP_EVERY 13 /* bytes */

/* What the workload did. */
static struct {
	unsigned n; /* seq 1 to n were pushed */
	bool is_committed[EVENTS_MAX], is_delivered[EVENTS_MAX];
} did;

static struct {
	unsigned runs, committed, lost, again;
} total;

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
static void check(bool is_honest)
{
	unsigned n = did.n;
	struct store_rig rig;

	memset(found, 0, sizeof(found));
	store_rig_begin(&rig);
	outbox_each(rig.outbox, check_found, NULL);
	for (unsigned seq = 1; seq <= did.n; seq++) {
		fault_campaign_demand(found[seq] <= 1, "an event is there twice");
		if (!did.is_committed[seq])
			continue;
		total.committed++;
		if (did.is_delivered[seq])
			total.again += found[seq] != 0;
		else
			total.lost += !found[seq];
		if (!is_honest)
			continue;
		fault_campaign_demand(
			found[seq] || did.is_delivered[seq], "a committed event is lost");
		fault_campaign_demand(rig.seq >= seq, "a number is given again");
	}
	fault_campaign_demand(
		!is_honest || !n_replaced(&rig), "a sound file was taken to be damaged");
	rig.seq = did.n;
	push(&rig);
	assert_true(outbox_persister_is_safe(rig.persister));
	store_rig_end(&rig);
	total.runs++;
	did.n = n;
}

static void begin(void)
{
	memset(&did, 0, sizeof(did));
}

static void work(const struct fault_plan *plan)
{
	run_once(4, 2);
	run_once(2, 1);
}

static void report(const char *what)
{
	print_message("%-12s %5u runs, %6u committed events: %u lost, %u delivered again\n", what,
		total.runs, total.committed, total.lost, total.again);
	memset(&total, 0, sizeof(total));
}

static const struct fault_campaign campaign = {begin, work, check, report, "outbox.db", FLIP_EVERY};

int main(int argc, char **argv)
{
	return fault_campaign_main(&campaign, NULL, 0, argc, argv);
}
