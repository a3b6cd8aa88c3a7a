// SPDX-License-Identifier: MIT
/* A radio and a brain with a bad network between them, and restarts of either: every event is taken
 * once and in order, or reported as lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/units.h"
#include "coxad/core/fleet/radio-buffer.h"
#include "tests/core/fleet/lossy-way.h"

#define STEP_US     (20 * US_PER_MS)
#define STEPS       3000 /* a minute of trouble */
#define HEALED      3000 /* steps after it, at most */
#define SMALL_BYTES 300000
#define EVENTS_MAX  65536
#define BATCHES_MAX 8192
#define LINES_MAX   12

enum { UNSEEN, TAKEN, SETTLED };

static struct world {
	uint64_t dice;
	int64_t now_us;
	struct lossy_way up, down;
	struct radio_buffer *buffer;
	struct radio_inbox inbox;
	int64_t boot;
	/* Events are numbered through; those of batch b are from first[b] up to first[b + 1]. */
	unsigned n_events, n_batches;
	unsigned first[BATCHES_MAX + 2];
	bool is_stream[EVENTS_MAX];
	uint8_t state[EVENTS_MAX];
	uint64_t settled_lost, taken_lost;
	int64_t expected;                 /* the next batch that may be taken */
	int64_t stored_boot, stored_done; /* the brain's disk */
} w;

struct message {
	struct radio_span span;
	unsigned n, n_numbers;
	unsigned number[LINES_MAX];
};

static unsigned roll(unsigned n)
{
	return lossy_way_roll(&w.dice, n);
}

static void start_radio(size_t bytes_max)
{
	radio_buffer_free(w.buffer);
	w.buffer = radio_buffer_new(++w.boot, bytes_max);
	w.n_events = w.n_batches = 0;
	w.first[1] = 0;
	w.settled_lost = w.taken_lost = 0;
	w.expected = 1;
	memset(w.state, UNSEEN, sizeof(w.state));
}

static void begin(uint64_t seed, size_t bytes_max)
{
	radio_buffer_free(w.buffer);
	memset(&w, 0, sizeof(w));
	w.dice = seed;
	w.up.dice = seed + 1;
	w.down.dice = seed + 2;
	start_radio(bytes_max);
	radio_inbox_init(&w.inbox);
}

static void hear(void)
{
	char text[LINES_MAX * 32] = "";
	bool is_stream[LINES_MAX];
	struct radio_lines lines = {
		.text = text, .n = 1 + roll(LINES_MAX), .is_stream = is_stream, .t_us = w.now_us};

	for (unsigned i = 0; i < lines.n; i++) {
		is_stream[i] = w.is_stream[w.n_events] = roll(20) > 0;
		lines.size += (size_t)sprintf(
			text + lines.size, "%u%*s\n", w.n_events++, (int)roll(20), "");
	}
	radio_buffer_add(w.buffer, &lines);
	w.first[++w.n_batches + 1] = w.n_events;
}

static void send_up(void)
{
	struct radio_parcel parcel;

	for (unsigned i = 0; i < 3 && radio_buffer_take(w.buffer, w.now_us, &parcel); i++) {
		struct message m = {.span = parcel.span, .n = parcel.n};
		const char *at = parcel.text, *end = at ? at + parcel.size : NULL;

		for (; at < end; at = memchr(at, '\n', (size_t)(end - at)) + 1)
			m.number[m.n_numbers++] = (unsigned)strtoul(at, NULL, 10);
		assert_int_equal(m.n_numbers, m.n);
		lossy_way_send(&w.up, w.now_us, &m, sizeof(m));
	}
}

/* Each line is from the batch that it came with, and was not there before. */
static void take_lines(const struct message *m)
{
	unsigned end = w.first[m->span.last + 1], begin_ = w.first[m->span.first];

	for (unsigned i = 0; i < m->n; i++) {
		assert_true(m->number[i] >= begin_ && m->number[i] < end);
		assert_int_equal(w.state[m->number[i]], UNSEEN);
		w.state[m->number[i]] = TAKEN;
	}
	assert_int_equal(m->n + m->span.lost, end - begin_);
}

static void receive(const struct message *m)
{
	if (radio_inbox_offer(&w.inbox, &m->span, w.now_us) != RADIO_REASON_NONE)
		return;
	if (m->span.boot != w.boot)
		return; /* the brain cannot know yet */
	assert_true(m->span.first <= w.expected && m->span.last >= w.expected);
	w.expected = m->span.last + 1;
	w.taken_lost += m->span.lost;
	take_lines(m);
}

static void settle(void)
{
	if (w.inbox.now.boot != w.boot)
		return;
	w.stored_boot = w.boot;
	w.stored_done = w.expected - 1;
	w.settled_lost = w.taken_lost;
	for (unsigned i = 0; i < w.n_events; i++)
		w.state[i] = w.state[i] == UNSEEN ? UNSEEN : SETTLED;
	radio_inbox_settle(&w.inbox, w.stored_boot, w.stored_done);
}

/* What was not on disk never happened. */
static void restart_brain(void)
{
	radio_inbox_init(&w.inbox);
	if (w.stored_boot)
		radio_inbox_restore(&w.inbox, w.stored_boot, w.stored_done);
	w.expected = w.stored_boot == w.boot ? w.stored_done + 1 : 1;
	w.taken_lost = w.settled_lost;
	for (unsigned i = 0; i < w.n_events; i++)
		w.state[i] = w.state[i] == SETTLED ? SETTLED : UNSEEN;
}

static void step(bool is_hearing)
{
	uint8_t bytes[LOSSY_WAY_BYTES];
	struct radio_flow flow;

	w.now_us += STEP_US;
	if (is_hearing && w.n_batches < BATCHES_MAX)
		hear();
	radio_buffer_advance(w.buffer, w.now_us);
	send_up();
	while (lossy_way_take(&w.up, w.now_us, bytes))
		receive((const struct message *)bytes);
	if (roll(10) == 0)
		settle();
	while (radio_inbox_flow(&w.inbox, w.now_us, &flow))
		lossy_way_send(&w.down, w.now_us, &flow, sizeof(flow));
	while (lossy_way_take(&w.down, w.now_us, bytes))
		radio_buffer_flow(w.buffer, (const struct radio_flow *)bytes);
}

static void set_trouble(unsigned lost_percent, unsigned doubled_percent, int64_t delay_us)
{
	w.up.lost_percent = w.down.lost_percent = lost_percent;
	w.up.doubled_percent = w.down.doubled_percent = doubled_percent;
	w.up.delay_us = w.down.delay_us = delay_us;
}

/* Everything is taken and done, without anything new having to happen. */
static void heal(void)
{
	struct radio_buffer_status status;
	unsigned steps = 0;

	set_trouble(0, 0, 1000);
	do {
		step(false);
		radio_buffer_status(w.buffer, &status);
	} while (status.bytes && ++steps < HEALED);
	assert_int_equal(status.bytes, 0);
	assert_int_equal(status.events, 0);
	assert_int_equal(w.expected, w.n_batches + 1);
	assert_true(radio_buffer_deadline(w.buffer) == T_NEVER);
}

static unsigned unseen(bool is_stream)
{
	unsigned n = 0;

	for (unsigned i = 0; i < w.n_events; i++)
		n += w.state[i] == UNSEEN && w.is_stream[i] == is_stream;
	return n;
}

static void nothing_is_lost_or_doubled(void **state)
{
	for (uint64_t seed = 1; seed <= 12; seed++) {
		begin(seed, RADIO_BUFFER_BYTES_MAX);
		set_trouble(10 * (unsigned)(seed % 5), 10, 20000 * (int64_t)(seed % 7));
		for (unsigned i = 0; i < STEPS; i++)
			step(true);
		heal();
		assert_int_equal(unseen(true) + unseen(false), 0);
		assert_int_equal(w.inbox.lost, 0);
	}
	assert_true(w.inbox.count[RADIO_REASON_DUPLICATE] > 0);
	assert_true(w.inbox.count[RADIO_REASON_GAP] > 0);
}

/* A network that is cut for 30 s and a small buffer: streams are dropped, and every one is told of. */
static void what_is_dropped_is_reported(void **state)
{
	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct radio_buffer_status status;
		uint64_t most = 0;

		begin(seed, SMALL_BYTES);
		set_trouble(5, 5, 100000);
		for (unsigned i = 0; i < STEPS; i++) {
			if (i == STEPS / 3 || i == 2 * STEPS / 3)
				set_trouble(i == STEPS / 3 ? 100 : 5, 5, 100000);
			step(true);
			radio_buffer_status(w.buffer, &status);
			most = status.bytes > most ? status.bytes : most;
		}
		heal();
		assert_true(most <= SMALL_BYTES);
		radio_buffer_status(w.buffer, &status);
		assert_int_equal(status.lost, 0);
		assert_true(status.dropped > 100);
		assert_int_equal(unseen(false), 0);
		assert_true(unseen(true) > 100);
		assert_int_equal(unseen(true), w.taken_lost);
	}
}

static void a_brain_that_restarts_goes_on_where_its_disk_is(void **state)
{
	for (uint64_t seed = 1; seed <= 12; seed++) {
		begin(seed, RADIO_BUFFER_BYTES_MAX);
		set_trouble(10, 10, 60000);
		for (unsigned i = 0; i < STEPS; i++) {
			step(true);
			if (roll(200) == 0)
				restart_brain();
		}
		heal();
		assert_int_equal(unseen(true) + unseen(false), 0);
	}
}

static void nothing_of_an_earlier_boot_is_taken(void **state)
{
	uint64_t refused = 0, restarts = 0;

	for (uint64_t seed = 1; seed <= 12; seed++) {
		begin(seed, RADIO_BUFFER_BYTES_MAX);
		set_trouble(10, 30, 400000);
		for (unsigned i = 0; i < STEPS; i++) {
			step(true);
			if (roll(200) == 0)
				start_radio(RADIO_BUFFER_BYTES_MAX);
		}
		heal();
		assert_int_equal(unseen(true) + unseen(false), 0);
		refused += w.inbox.count[RADIO_REASON_BOOT];
		restarts += w.inbox.restarts;
	}
	assert_true(refused > 0 && restarts > 0);
}

static int teardown(void **state)
{
	w.buffer = radio_buffer_free(w.buffer);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nothing_is_lost_or_doubled, teardown),
		cmocka_unit_test_teardown(what_is_dropped_is_reported, teardown),
		cmocka_unit_test_teardown(
			a_brain_that_restarts_goes_on_where_its_disk_is, teardown),
		cmocka_unit_test_teardown(nothing_of_an_earlier_boot_is_taken, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
