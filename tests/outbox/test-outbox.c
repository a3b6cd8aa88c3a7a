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
#include <time.h>

#include "coxad/base/units.h"
#include "tests/outbox/outbox-world.h"

#define RUNS 200

static uint64_t seed_of_run;

static uint32_t random_below(uint64_t *state, uint32_t n)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33) % n;
}

/* One random run: pushes, sends, acknowledgements in any order, losses at any point. What the
 * broker has received is checked for order at each sending. */
static void run_once(uint64_t seed)
{
	struct outbox_world w;
	uint64_t state = seed;
	uint64_t newest_first_arrival = 0; /* seq of the newest event that the broker saw first */
	int64_t now_us = 0;
	unsigned window = 0;

	outbox_world_begin(&w, &outbox_world_wide);
	while (w.n < OUTBOX_WORLD_EVENTS || !outbox_is_empty(w.outbox)) {
		unsigned action = random_below(&state, 100);
		struct outbox_entry *entry;

		now_us += random_below(&state, 100000);
		if (action < 40 && w.n < OUTBOX_WORLD_EVENTS) {
			assert_non_null(outbox_world_push(&w, 2 + random_below(&state, 4), now_us));
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
	for (uint64_t seq = 1; seq <= OUTBOX_WORLD_EVENTS; seq++) {
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
		struct outbox_world w, again;
		struct outbox_entry *entry;
		uint64_t last = 0;
		unsigned seen = 0, left = 0;

		outbox_world_begin(&w, &outbox_world_wide);
		outbox_connection(w.outbox, 0, 5);
		for (unsigned i = 0; i < 40; i++) {
			outbox_world_push(&w, 3, 0);
			entry = outbox_next(w.outbox, 0);
			if (entry && i < cut && i % 3)
				outbox_acked(w.outbox, entry->token);
		}
		outbox_world_begin(&again, &outbox_world_wide);
		for (uint64_t seq = 1; seq <= w.n; seq++) {
			struct outbox_item item = outbox_world_event_of(seq, 3);

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
	struct outbox_world w;

	outbox_world_begin(&w, &few);
	outbox_world_push(&w, 5, 0); /* 1: alert */
	outbox_world_push(&w, 2, 0); /* 2: rep */
	outbox_world_push(&w, 3, 0); /* 3: pop */
	outbox_world_push(&w, 2, 0); /* 4: rep */
	outbox_world_push(&w, 5, 0);
	assert_true(w.fate[2].is_gone && w.fate[2].reason == OUTBOX_GONE_FULL);
	outbox_world_push(&w, 5, 0);
	assert_true(w.fate[4].is_gone);
	outbox_world_push(&w, 5, 0);
	assert_true(w.fate[3].is_gone);
	/* Only alerts are left: a rep is not accepted, a new alert replaces the oldest one. */
	assert_null(outbox_world_push(&w, 2, 0));
	assert_true(w.fate[w.n].is_gone);
	assert_non_null(outbox_world_push(&w, 5, 0));
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
		struct outbox_world w;

		outbox_world_begin(&w, &limits);
		while (w.n < OUTBOX_WORLD_EVENTS) {
			outbox_world_push(&w, random_below(&random, OUTBOX_CLASSES), 0);
			if (random_below(&random, 10) == 0)
				outbox_connection(w.outbox, 0, random_below(&random, 3));
			outbox_next(w.outbox, 0);
			assert_true(outbox_n_events(w.outbox) <= limits.max_events);
			assert_true(outbox_n_bytes(w.outbox) <= limits.max_bytes);
		}
		dropped = outbox_n_gone(w.outbox, OUTBOX_GONE_FULL);
		assert_int_equal(dropped + outbox_n_events(w.outbox), OUTBOX_WORLD_EVENTS);
		outbox_free(w.outbox);
	}
}

static void a_state_keeps_its_newest_value(void **state)
{
	struct outbox_world w;
	struct outbox_item one = outbox_world_state_of("a", "1"),
			   two = outbox_world_state_of("a", "2"),
			   three = outbox_world_state_of("a", "3"),
			   other = outbox_world_state_of("b", "x");
	struct outbox_entry *entry;

	outbox_world_begin(&w, &outbox_world_wide);
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
	struct outbox_world w;
	struct outbox_item birth = outbox_world_state_of("status", "online");

	outbox_world_begin(&w, &outbox_world_wide);
	outbox_world_push(&w, 3, 0);
	outbox_world_push(&w, 3, 0);
	outbox_add(w.outbox, 0, &birth, true);
	outbox_connection(w.outbox, 0, 16);
	assert_string_equal(outbox_next(w.outbox, 0)->item.topic, "status");
	assert_int_equal(outbox_next(w.outbox, 0)->item.seq, 1);
	outbox_free(w.outbox);
}

static void a_reply_ends_with_its_connection(void **state)
{
	struct outbox_world w;
	struct outbox_item reply = {
		.kind = OUTBOX_KIND_REPLY, .topic = "r", .payload = "{}", .size = 2};

	outbox_world_begin(&w, &outbox_world_wide);
	outbox_connection(w.outbox, 0, 16);
	outbox_add(w.outbox, 0, &reply, true);
	outbox_connection(w.outbox, 0, 0);
	assert_int_equal(w.states_gone[OUTBOX_GONE_DISCONNECTED], 1);
	assert_true(outbox_is_empty(w.outbox));
	outbox_free(w.outbox);
}

static void what_an_outage_held_back_is_late(void **state)
{
	struct outbox_world w;
	struct outbox_entry *entry;

	outbox_world_begin(&w, &outbox_world_wide);
	outbox_world_push(&w, 3, 1 * US_PER_S);
	outbox_connection(w.outbox, 4 * US_PER_S, 1);
	entry = outbox_next(w.outbox, 4 * US_PER_S);
	assert_int_equal(outbox_late_ms(entry, 4 * US_PER_S), 3000);
	/* Made while connected, only queued: not late. */
	outbox_world_push(&w, 3, 5 * US_PER_S);
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
	struct outbox_world w;
	struct outbox_item cue = outbox_world_event_of(1, 4);
	struct outbox_entry *entry;

	outbox_world_begin(&w, &outbox_world_wide);
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
	struct outbox_world w;

	outbox_world_begin(&w, &limits);
	outbox_world_push(&w, 5, 0);
	outbox_world_push(&w, 5, 30 * US_PER_S);
	outbox_advance(w.outbox, 61 * US_PER_S);
	assert_int_equal(outbox_n_events(w.outbox), 1);
	assert_int_equal(w.fate[1].reason, OUTBOX_GONE_AGED);
	outbox_free(w.outbox);
}

static void what_was_not_sent_is_next(void **state)
{
	struct outbox_world w;
	struct outbox_entry *entry;

	outbox_world_begin(&w, &outbox_world_wide);
	outbox_world_push(&w, 3, 0);
	outbox_world_push(&w, 3, 0);
	outbox_connection(w.outbox, 0, 16);
	entry = outbox_next(w.outbox, 0);
	assert_int_equal(outbox_unsent(w.outbox, entry->token), 0);
	assert_int_equal(outbox_next(w.outbox, 0)->item.seq, 1);
	assert_int_equal(outbox_next(w.outbox, 0)->item.seq, 2);
	outbox_free(w.outbox);
}

/* Killed in between, coxad would have answered what nobody ever gets. */
static void a_reply_waits_for_what_it_promises(void **state)
{
	struct outbox_item reply = {
		.kind = OUTBOX_KIND_REPLY, .topic = "r", .payload = "", .class = 1};
	struct outbox_world w;
	struct outbox_entry *event;

	outbox_world_begin(&w, &outbox_world_wide);
	outbox_connection(w.outbox, 0, 16);
	event = outbox_world_push(&w, 5, 0);
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
	};
	const char *set = getenv("COXAD_TEST_SEED");

	seed_of_run = set ? strtoull(set, NULL, 10) : (uint64_t)time(NULL);
	printf("# COXAD_TEST_SEED=%llu\n", (unsigned long long)seed_of_run);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
