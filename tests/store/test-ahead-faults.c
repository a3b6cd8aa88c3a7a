// SPDX-License-Identifier: MIT
/* Outbox, history and logbook together on a disk with faults: an event that may have been sent is in
 * the logbook, once, and remembered, whatever call of the disk failed or was the last.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/store/ahead.h"
#include "tests/store/fault-campaign.h"
#include "tests/store/store-rig.h"

#define EVENTS_MAX 16
#define FLIP_EVERY 29 /* bytes */

static struct store_rig now;

/* What the workload did: events 1 to n; those that may have been sent as they should. */
static struct {
	unsigned n;
	bool is_sent[EVENTS_MAX];
} did;

static unsigned n_found[EVENTS_MAX], remembered, done, n_runs, n_sent, n_missing;

/* Who has the source of the events may forget them up to n_forgotten: their results are on disk. */
static unsigned n_taken, n_forgotten;

static void note_done(void *user)
{
	char text[32];

	if (n_taken == did.n)
		return;
	n_taken = did.n;
	snprintf(text, sizeof(text), "{\"n\":%u}", n_taken);
	history_persister_put(now.history, HISTORY_KIND_RADIO, "mat", text, strlen(text));
}

static void forget(void *user)
{
	n_forgotten = n_taken;
}

static void start(void)
{
	store_rig_has_books = true;
	store_rig_begins = note_done;
	store_rig_stored = forget;
	store_rig_begin(&now);
	now.seq = did.n;
}

static void end(void)
{
	ahead_flush(now.ahead, 0);
	store_rig_end(&now);
}

/* The disk does what it should, as far as anybody knows. */
static bool is_well(void)
{
	struct outbox_persister_counters counters;

	outbox_persister_get_counters(now.persister, &counters);
	return !counters.is_in_memory && !counters.not_on_disk &&
	       !history_persister_error(now.history) && !logbook_persister_error(now.logbook);
}

static void end_turn(void)
{
	outbox_persister_settle(now.persister);
	if (ahead_keep(now.ahead))
		return;
	history_persister_settle(now.history);
	logbook_persister_settle(now.logbook);
}

static void push(void)
{
	char text[32];
	unsigned n = ++did.n;
	size_t size = (size_t)snprintf(text, sizeof(text), "{\"n\":%u}", n);
	struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
		.class = 3,
		.seq = ++now.seq,
		.topic = "base/athlete/ana/pop",
		.id = "id",
		.payload = text,
		.size = size};

	assert_true(n < EVENTS_MAX);
	logbook_persister_add(now.logbook, &(struct logbook_entry){.at_ms = 1764590400000 + n,
						   .kind = LOGBOOK_KIND_POP,
						   .athlete = "ana",
						   .text = text,
						   .size = size});
	history_persister_put(now.history, HISTORY_KIND_ATHLETE, "ana", text, size);
	outbox_persister_added(now.persister, outbox_add(now.outbox, 0, &item, false));
	end_turn();
	did.is_sent[n] = is_well();
}

static void begin(void)
{
	memset(&did, 0, sizeof(did));
	n_taken = n_forgotten = 0;
}

static void work(const struct fault_plan *plan)
{
	for (unsigned i = 0; i < 2; i++) {
		start();
		push();
		ahead_flush(now.ahead, 0);
		push();
		outbox_persister_flush(now.persister);
		push();
		end();
	}
}

static void on_page(void *user, int r, const struct logbook_page *page)
{
	unsigned n;

	for (size_t i = 0; i < page->n; i++)
		if (sscanf(page->entry[i].text, "{\"n\":%u}", &n) == 1 && n < EVENTS_MAX)
			n_found[n]++;
}

static unsigned number_of(enum history_kind kind, const char *name)
{
	const char *text = history_persister_get(now.history, kind, name);
	unsigned n = 0;

	if (text)
		assert_int_equal(sscanf(text, "{\"n\":%u}", &n), 1);
	return n;
}

static void look(void)
{
	struct logbook_query query = {.athlete = "ana", .limit = LOGBOOK_PAGE_ENTRIES};

	memset(n_found, 0, sizeof(n_found));
	assert_int_equal(logbook_persister_query(now.logbook, &query, on_page, NULL), 0);
	remembered = number_of(HISTORY_KIND_ATHLETE, "ana");
	done = number_of(HISTORY_KIND_RADIO, "mat");
}

/* An ordinary start on what is there now. */
static void check(bool is_honest)
{
	start();
	look();
	for (unsigned n = 1; n <= did.n; n++) {
		fault_campaign_demand(n_found[n] <= 1, "an entry is there twice");
		if (!did.is_sent[n])
			continue;
		n_sent++;
		n_missing += !n_found[n];
		fault_campaign_demand(!is_honest || n_found[n], "an entry is lost");
		fault_campaign_demand(!is_honest || remembered >= n, "an older memory came back");
	}
	fault_campaign_demand(remembered <= did.n, "what is remembered was never put");
	fault_campaign_demand(!is_honest || done >= n_forgotten, "what is forgotten is not done");
	fault_campaign_demand(!is_honest || remembered >= done, "what is done has no results");
	fault_campaign_demand(!is_honest || remembered <= done, "what has results is done again");
	end();
	n_runs++;
}

static void report(const char *what)
{
	print_message("%-12s %5u runs, %6u events that may have been sent: %u not in the logbook\n",
		what, n_runs, n_sent, n_missing);
	n_runs = n_sent = n_missing = 0;
}

static const struct fault_campaign campaign = {begin, work, check, report, "outbox.db", FLIP_EVERY};

int main(int argc, char **argv)
{
	return fault_campaign_main(&campaign, NULL, 0, argc, argv);
}
