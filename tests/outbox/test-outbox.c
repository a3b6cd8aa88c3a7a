// SPDX-License-Identifier: MIT
/* The rules of delivery as properties, over random runs against a plain model. The seed is printed
 * and can be set with COXAD_TEST_SEED.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/units.h"
#include "coxad/outbox/outbox.h"

#define RUNS   200
#define EVENTS 400

static uint64_t seed_of_run;

static uint32_t random_below(uint64_t *state, uint32_t n)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33) % n;
}

/* What happened to each seq. */
struct fate {
	bool was_added, was_sent, is_gone;
	enum outbox_gone reason;
	unsigned class;
};

struct world {
	struct outbox *outbox;
	struct fate fate[EVENTS + 1];
	uint64_t n;                            /* last seq */
	uint64_t under_way[OUTBOX_WINDOW_MAX]; /* tokens, as the broker has them */
	unsigned n_under_way;
	uint64_t gone_events[OUTBOX_GONE_COUNT];
	unsigned states_gone[OUTBOX_GONE_COUNT];
};

static void on_gone(void *user, const struct outbox_entry *entry, enum outbox_gone reason)
{
	struct world *w = user;
	struct fate *fate = &w->fate[entry->item.seq];

	if (entry->item.kind != OUTBOX_KIND_EVENT) {
		w->states_gone[reason]++;
		return;
	}
	assert_false(fate->is_gone);
	fate->is_gone = true;
	fate->reason = reason;
	w->gone_events[reason]++;
}

static const struct outbox_ops ops = {.gone = on_gone};

static struct outbox_item event_of(uint64_t seq, unsigned class)
{
	return (struct outbox_item){.kind = OUTBOX_KIND_EVENT,
		.class = class,
		.seq = seq,
		.id = "id",
		.topic = "t",
		.payload = "{}",
		.size = 2};
}

static struct outbox_item state_of(const char *topic, const char *value)
{
	return (struct outbox_item){.kind = OUTBOX_KIND_STATE,
		.class = 1,
		.topic = topic,
		.payload = value,
		.size = strlen(value),
		.retain = true};
}

static const struct outbox_limits wide = {.max_events = 100000, .max_bytes = 1 << 24};

static void begin(struct world *w, const struct outbox_limits *limits)
{
	memset(w, 0, sizeof(*w));
	w->outbox = outbox_new(limits, &ops, w);
}

static struct outbox_entry *push(struct world *w, unsigned class, int64_t now_us)
{
	struct outbox_item item = event_of(++w->n, class);

	w->fate[w->n] = (struct fate){.was_added = true, .class = class};
	return outbox_add(w->outbox, now_us, &item, false);
}

/* One random run: pushes, sends, acknowledgements in any order, losses at any point. What the
 * broker has received is checked for order at each sending. */
static void run_once(uint64_t seed)
{
	struct world w;
	uint64_t state = seed;
	uint64_t newest_first_arrival = 0; /* seq of the newest event that the broker saw first */
	int64_t now_us = 0;
	unsigned window = 0;

	begin(&w, &wide);
	while (w.n < EVENTS || !outbox_is_empty(w.outbox)) {
		unsigned action = random_below(&state, 100);
		struct outbox_entry *entry;

		now_us += random_below(&state, 100000);
		if (action < 40 && w.n < EVENTS) {
			assert_non_null(push(&w, 2 + random_below(&state, 4), now_us));
		} else if (action < 70) {
			entry = outbox_next(w.outbox, now_us);
			if (!entry) {
				if (!window) {
					window = 1 + random_below(&state, 20);
					outbox_connection(w.outbox, now_us, window);
				}
				continue;
			}
			assert_true(w.n_under_way < window);
			assert_true(w.n_under_way < OUTBOX_WINDOW_MAX);
			if (!w.fate[entry->item.seq].was_sent) {
				assert_true(entry->item.seq > newest_first_arrival);
				newest_first_arrival = entry->item.seq;
			}
			w.fate[entry->item.seq].was_sent = true;
			w.under_way[w.n_under_way++] = entry->token;
		} else if (action < 95 && w.n_under_way) {
			unsigned i = random_below(&state, w.n_under_way);

			assert_int_equal(outbox_acked(w.outbox, w.under_way[i]), 0);
			/* A second acknowledgement of the same token has no effect. */
			assert_int_equal(outbox_acked(w.outbox, w.under_way[i]), -ENOENT);
			w.under_way[i] = w.under_way[--w.n_under_way];
		} else if (action >= 95) {
			outbox_connection(w.outbox, now_us, 0);
			window = w.n_under_way = 0;
		}
	}
	for (uint64_t seq = 1; seq <= EVENTS; seq++) {
		assert_true(w.fate[seq].was_sent);
		assert_true(w.fate[seq].is_gone);
		assert_int_equal(w.fate[seq].reason, OUTBOX_GONE_ACKED);
	}
	assert_int_equal(outbox_n_events(w.outbox), 0);
	assert_int_equal(outbox_n_bytes(w.outbox), 0);
	outbox_free(w.outbox);
}

static void all_are_sent_in_order_until_acknowledged(void **state)
{
	for (unsigned i = 0; i < RUNS; i++)
		run_once(seed_of_run + i);
}

/* Killed at any point: what was not acknowledged is sent again from disk, in order. */
static void a_restart_sends_the_rest_in_order(void **state)
{
	for (unsigned cut = 0; cut < 40; cut++) {
		struct world w, again;
		struct outbox_entry *entry;
		uint64_t last = 0;
		unsigned seen = 0, left = 0;

		begin(&w, &wide);
		outbox_connection(w.outbox, 0, 5);
		for (unsigned i = 0; i < 40; i++) {
			push(&w, 3, 0);
			entry = outbox_next(w.outbox, 0);
			if (entry && i < cut && i % 3)
				outbox_acked(w.outbox, entry->token);
		}
		begin(&again, &wide);
		for (uint64_t seq = 1; seq <= w.n; seq++) {
			struct outbox_item item = event_of(seq, 3);

			if (w.fate[seq].is_gone)
				continue;
			assert_non_null(outbox_restore(again.outbox, -5000000, &item));
			left++;
		}
		outbox_connection(again.outbox, 0, 16);
		while ((entry = outbox_next(again.outbox, 0))) {
			assert_true(entry->item.seq > last);
			last = entry->item.seq;
			assert_int_equal(outbox_late_ms(entry, 0), 5000);
			outbox_acked(again.outbox, entry->token);
			seen++;
		}
		assert_int_equal(seen, left);
		outbox_free(w.outbox);
		outbox_free(again.outbox);
	}
}

static void full_drops_the_oldest_of_the_lowest_class(void **state)
{
	const struct outbox_limits few = {.max_events = 4, .max_bytes = 1000};
	struct world w;

	begin(&w, &few);
	push(&w, 5, 0); /* 1: alert */
	push(&w, 2, 0); /* 2: rep */
	push(&w, 3, 0); /* 3: pop */
	push(&w, 2, 0); /* 4: rep */
	push(&w, 5, 0);
	assert_true(w.fate[2].is_gone && w.fate[2].reason == OUTBOX_GONE_FULL);
	push(&w, 5, 0);
	assert_true(w.fate[4].is_gone);
	push(&w, 5, 0);
	assert_true(w.fate[3].is_gone);
	/* Only alerts are left: a rep is not accepted, a new alert replaces the oldest one. */
	assert_null(push(&w, 2, 0));
	assert_true(w.fate[w.n].is_gone);
	assert_non_null(push(&w, 5, 0));
	assert_true(w.fate[1].is_gone);
	assert_int_equal(outbox_n_events(w.outbox), 4);
	assert_int_equal(outbox_n_gone(w.outbox, OUTBOX_GONE_FULL), 5);
	outbox_free(w.outbox);
}

static void limits_always_hold(void **state)
{
	for (unsigned i = 0; i < 20; i++) {
		uint64_t random = seed_of_run + 1000 + i;
		struct outbox_limits limits = {.max_events = 1 + random_below(&random, 30),
			.max_bytes = 5 + random_below(&random, 200)};
		uint64_t dropped;
		struct world w;

		begin(&w, &limits);
		while (w.n < EVENTS) {
			push(&w, random_below(&random, OUTBOX_CLASSES), 0);
			if (random_below(&random, 10) == 0)
				outbox_connection(w.outbox, 0, random_below(&random, 3));
			outbox_next(w.outbox, 0);
			assert_true(outbox_n_events(w.outbox) <= limits.max_events);
			assert_true(outbox_n_bytes(w.outbox) <= limits.max_bytes);
		}
		dropped = outbox_n_gone(w.outbox, OUTBOX_GONE_FULL);
		assert_int_equal(dropped + outbox_n_events(w.outbox), EVENTS);
		outbox_free(w.outbox);
	}
}

static void a_state_keeps_its_newest_value(void **state)
{
	struct world w;
	struct outbox_item one = state_of("a", "1"), two = state_of("a", "2"),
			   three = state_of("a", "3"), other = state_of("b", "x");
	struct outbox_entry *entry;

	begin(&w, &wide);
	outbox_add(w.outbox, 0, &one, false);
	outbox_add(w.outbox, 0, &other, false);
	outbox_add(w.outbox, 0, &two, false);
	assert_int_equal(w.states_gone[OUTBOX_GONE_REPLACED], 1);
	outbox_connection(w.outbox, 0, 16);
	entry = outbox_next(w.outbox, 0);
	assert_string_equal(entry->item.topic, "b");
	entry = outbox_next(w.outbox, 0);
	assert_memory_equal(entry->item.payload, "2", 1);
	/* A newer value while one is in flight: after a loss only the newer one is sent. */
	outbox_add(w.outbox, 0, &three, false);
	outbox_connection(w.outbox, 0, 0);
	outbox_connection(w.outbox, 0, 16);
	entry = outbox_next(w.outbox, 0);
	assert_string_equal(entry->item.topic, "b");
	entry = outbox_next(w.outbox, 0);
	assert_memory_equal(entry->item.payload, "3", 1);
	assert_null(outbox_next(w.outbox, 0));
	outbox_free(w.outbox);
}

static void a_birth_is_sent_before_the_backlog(void **state)
{
	struct world w;
	struct outbox_item birth = state_of("status", "online");

	begin(&w, &wide);
	push(&w, 3, 0);
	push(&w, 3, 0);
	outbox_add(w.outbox, 0, &birth, true);
	outbox_connection(w.outbox, 0, 16);
	assert_string_equal(outbox_next(w.outbox, 0)->item.topic, "status");
	assert_int_equal(outbox_next(w.outbox, 0)->item.seq, 1);
	outbox_free(w.outbox);
}

static void a_reply_ends_with_its_connection(void **state)
{
	struct world w;
	struct outbox_item reply = {
		.kind = OUTBOX_KIND_REPLY, .topic = "r", .payload = "{}", .size = 2};

	begin(&w, &wide);
	outbox_connection(w.outbox, 0, 16);
	outbox_add(w.outbox, 0, &reply, true);
	outbox_connection(w.outbox, 0, 0);
	assert_int_equal(w.states_gone[OUTBOX_GONE_DISCONNECTED], 1);
	assert_true(outbox_is_empty(w.outbox));
	outbox_free(w.outbox);
}

static void what_an_outage_held_back_is_late(void **state)
{
	struct world w;
	struct outbox_entry *entry;

	begin(&w, &wide);
	push(&w, 3, 1 * US_PER_S);
	outbox_connection(w.outbox, 4 * US_PER_S, 1);
	entry = outbox_next(w.outbox, 4 * US_PER_S);
	assert_int_equal(outbox_late_ms(entry, 4 * US_PER_S), 3000);
	/* Made while connected, only queued: not late. */
	push(&w, 3, 5 * US_PER_S);
	outbox_acked(w.outbox, entry->token);
	entry = outbox_next(w.outbox, 6 * US_PER_S);
	assert_int_equal(outbox_late_ms(entry, 6 * US_PER_S), 0);
	/* The connection is lost while it is in flight. */
	outbox_connection(w.outbox, 7 * US_PER_S, 0);
	outbox_connection(w.outbox, 8 * US_PER_S, 1);
	entry = outbox_next(w.outbox, 8 * US_PER_S);
	assert_int_equal(outbox_late_ms(entry, 8 * US_PER_S), 3000);
	outbox_free(w.outbox);
}

static void expiry_counts_in_the_outbox(void **state)
{
	struct world w;
	struct outbox_item cue = event_of(1, 4);
	struct outbox_entry *entry;

	begin(&w, &wide);
	cue.expiry_s = 5;
	outbox_add(w.outbox, 0, &cue, false);
	outbox_connection(w.outbox, 0, 1);
	entry = outbox_next(w.outbox, 2 * US_PER_S);
	assert_int_equal(outbox_expiry_left_s(entry, 2 * US_PER_S), 3);
	assert_int_equal(outbox_expiry_left_s(entry, 7000), 5);
	assert_int_equal(outbox_expiry_left_s(entry, 4900000), 1);
	outbox_connection(w.outbox, 3 * US_PER_S, 0);
	outbox_connection(w.outbox, 6 * US_PER_S, 1);
	assert_null(outbox_next(w.outbox, 6 * US_PER_S));
	assert_int_equal(w.fate[1].reason, OUTBOX_GONE_EXPIRED);
	outbox_free(w.outbox);
}

static void age_is_limited(void **state)
{
	const struct outbox_limits limits = {
		.max_events = 10, .max_bytes = 1000, .max_age_us = 60 * US_PER_S};
	struct world w;

	begin(&w, &limits);
	push(&w, 5, 0);
	push(&w, 5, 30 * US_PER_S);
	outbox_advance(w.outbox, 61 * US_PER_S);
	assert_int_equal(outbox_n_events(w.outbox), 1);
	assert_int_equal(w.fate[1].reason, OUTBOX_GONE_AGED);
	outbox_free(w.outbox);
}

static void what_was_not_sent_is_next(void **state)
{
	struct world w;
	struct outbox_entry *entry;

	begin(&w, &wide);
	push(&w, 3, 0);
	push(&w, 3, 0);
	outbox_connection(w.outbox, 0, 16);
	entry = outbox_next(w.outbox, 0);
	assert_int_equal(outbox_unsent(w.outbox, entry->token), 0);
	assert_int_equal(outbox_next(w.outbox, 0)->item.seq, 1);
	assert_int_equal(outbox_next(w.outbox, 0)->item.seq, 2);
	outbox_free(w.outbox);
}

static void what_is_set_aside_returns_alone_and_last(void **state)
{
	struct world w;
	struct outbox_entry *entry;

	begin(&w, &wide);
	for (int i = 0; i < 4; i++)
		push(&w, i == 2 ? 5 : 3, 0);
	outbox_connection(w.outbox, 0, 16);
	for (int i = 0; i < 3; i++) {
		entry = outbox_next(w.outbox, 0);
		entry->losses = i == 0 ? 0 : 3;
		assert_int_equal(outbox_hold(w.outbox, entry->token, 100 + i, true), 0);
	}
	assert_int_equal(outbox_n_aside(w.outbox), 3);
	assert_int_equal(outbox_probe_us(w.outbox), 100);
	/* Neither time nor a connection brings them back by themselves. */
	outbox_connection(w.outbox, 0, 0);
	outbox_connection(w.outbox, 1000, 16);
	assert_int_equal(outbox_held_until_us(w.outbox), T_NEVER);
	assert_int_equal(outbox_next(w.outbox, 1000)->item.seq, 4);
	assert_null(outbox_next(w.outbox, 1000));
	assert_null(outbox_probe(w.outbox, 99));
	/* What ended no connection is first, then the alert. */
	assert_int_equal(outbox_probe(w.outbox, 200)->item.seq, 1);
	assert_int_equal(outbox_probe(w.outbox, 200)->item.seq, 3);
	push(&w, 5, 200);
	assert_int_equal(outbox_next(w.outbox, 200)->item.seq, 1);
	assert_int_equal(outbox_n_events(w.outbox), 5);
	outbox_free(w.outbox);
}

static void a_newer_value_of_what_is_aside_is_tried(void **state)
{
	struct outbox_item old = state_of("kit/1/session", "bad"), new = old;
	struct outbox_entry *entry;
	struct world w;

	begin(&w, &wide);
	new.payload = "good";
	new.size = 4;
	outbox_add(w.outbox, 0, &old, true);
	outbox_connection(w.outbox, 0, 16);
	entry = outbox_next(w.outbox, 0);
	entry->losses = 3;
	entry->trouble = OUTBOX_TROUBLE_ASIDE;
	outbox_hold(w.outbox, entry->token, 1000, true);
	outbox_add(w.outbox, 0, &new, false);
	entry = outbox_next(w.outbox, 0);
	assert_memory_equal(entry->item.payload, "good", 4);
	assert_int_equal(entry->losses, 0);
	assert_int_equal(entry->trouble, OUTBOX_TROUBLE_ASIDE);
	assert_int_equal(outbox_n_held(w.outbox), 0);
	/* The same if it came while the old one was on its way. */
	outbox_add(w.outbox, 0, &old, false);
	outbox_hold(w.outbox, entry->token, 1000, true);
	entry = outbox_next(w.outbox, 0);
	assert_memory_equal(entry->item.payload, "bad", 3);
	outbox_free(w.outbox);
}

static void what_is_held_returns_with_its_topic(void **state)
{
	struct world w;

	begin(&w, &wide);
	push(&w, 3, 0);
	outbox_connection(w.outbox, 0, 16);
	outbox_hold(w.outbox, outbox_next(w.outbox, 0)->token, 1000, false);
	assert_null(outbox_next(w.outbox, 999));
	outbox_release_topic(w.outbox, "another");
	assert_null(outbox_next(w.outbox, 999));
	outbox_release_topic(w.outbox, "t");
	assert_int_equal(outbox_next(w.outbox, 999)->item.seq, 1);
	outbox_free(w.outbox);
}

/* Killed in between, coxad would have answered what nobody ever gets. */
static void a_reply_waits_for_what_it_promises(void **state)
{
	struct outbox_item reply = {
		.kind = OUTBOX_KIND_REPLY, .topic = "r", .payload = "", .class = 1};
	struct world w;
	struct outbox_entry *event;

	begin(&w, &wide);
	outbox_connection(w.outbox, 0, 16);
	event = push(&w, 5, 0);
	event->is_pending = true;
	outbox_add(w.outbox, 0, &reply, true);
	assert_null(outbox_next(w.outbox, 0));
	event->is_pending = false;
	assert_string_equal(outbox_next(w.outbox, 0)->item.topic, "r");
	assert_ptr_equal(outbox_next(w.outbox, 0), event);
	outbox_free(w.outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_sent_in_order_until_acknowledged),
		cmocka_unit_test(a_restart_sends_the_rest_in_order),
		cmocka_unit_test(full_drops_the_oldest_of_the_lowest_class),
		cmocka_unit_test(limits_always_hold),
		cmocka_unit_test(a_state_keeps_its_newest_value),
		cmocka_unit_test(a_birth_is_sent_before_the_backlog),
		cmocka_unit_test(a_reply_ends_with_its_connection),
		cmocka_unit_test(what_an_outage_held_back_is_late),
		cmocka_unit_test(expiry_counts_in_the_outbox),
		cmocka_unit_test(age_is_limited),
		cmocka_unit_test(what_was_not_sent_is_next),
		cmocka_unit_test(a_reply_waits_for_what_it_promises),
		cmocka_unit_test(what_is_set_aside_returns_alone_and_last),
		cmocka_unit_test(a_newer_value_of_what_is_aside_is_tried),
		cmocka_unit_test(what_is_held_returns_with_its_topic),
	};
	const char *set = getenv("COXAD_TEST_SEED");

	seed_of_run = set ? strtoull(set, NULL, 10) : (uint64_t)time(NULL);
	printf("# COXAD_TEST_SEED=%llu\n", (unsigned long long)seed_of_run);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
