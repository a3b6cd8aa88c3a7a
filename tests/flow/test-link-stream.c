// SPDX-License-Identifier: MIT
/* Subscribing, streaming, and what happens when no data come. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "tests/flow/link-world.h"

static void acquire_falls_back_to_signals(void **state)
{
	static const enum link_error errors[] = {LINK_ERROR_NOT_PERMITTED, LINK_ERROR_NOT_SUPPORTED,
		LINK_ERROR_IN_PROGRESS, LINK_ERROR_FAILED, LINK_ERROR_TIMEOUT};

	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct link_world w;

		link_world_begin(&w, by_fd);
		link_world_see_and_connect(&w);
		link_world_answer(&w, LINK_ERROR_NONE); /* read */
		assert_int_equal(w.last.kind, LINK_ACTION_ACQUIRE);
		link_world_answer(&w, errors[i]);
		assert_int_equal(w.last.kind, LINK_ACTION_SUBSCRIBE);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_after(&w, US_PER_S / 5);
		link_world_is_in(&w, LINK_STATE_PREPARING);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_is_in(&w, LINK_STATE_STREAMING);
		assert_int_equal(w.actions[LINK_ACTION_UNSUBSCRIBE], 0);
		link_world_end(&w);
	}
}

static void signals_fall_back_to_a_safe_socket(void **state)
{
	struct link_world w;
	struct link_settings settings = by_signal;

	settings.fd_is_safe = true;
	link_world_begin(&w, settings);
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_answer(&w, LINK_ERROR_IN_PROGRESS);
	assert_int_equal(w.last.kind, LINK_ACTION_ACQUIRE);
	link_world_end(&w);
	link_world_begin(&w, by_signal); /* not on old BlueZ */
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_answer(&w, LINK_ERROR_IN_PROGRESS);
	assert_int_equal(w.actions[LINK_ACTION_ACQUIRE], 0);
	link_world_end(&w);
}

static void keeps_the_order_of_signals_where_it_matters(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_fd);
	w.needs_signal_order = true;
	link_world_stream(&w);
	assert_int_equal(w.actions[LINK_ACTION_ACQUIRE], 0);
	link_world_end(&w);
}

static void leaves_poisoned_ones_alone_until_bluez_restarts(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_fd_old);
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_after(&w, w.timing.subscribe_us * 2); /* no answer to the acquire */
	assert_int_equal(w.last.kind, LINK_ACTION_SUBSCRIBE);
	link_world_answer(&w, LINK_ERROR_NOT_PERMITTED);
	link_world_is_in(&w, LINK_STATE_QUARANTINED);
	assert_string_equal(link_reason(w.link), "poisoned");
	for (unsigned i = 0; i < 8; i++) {
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		link_world_after(&w, w.timing.quarantine_us);
		link_world_see_and_connect(&w);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_answer(&w, LINK_ERROR_NOT_PERMITTED);
		link_world_is_in(&w, LINK_STATE_QUARANTINED);
	}
	assert_int_equal(w.actions[LINK_ACTION_FORGET], 0);
	assert_int_equal(w.actions[LINK_ACTION_UNSUBSCRIBE], 0);
	assert_int_equal(w.actions[LINK_ACTION_ACQUIRE], 1);
	link_world_event(&w, LINK_EVENT_BUS_LOST);
	link_world_is_in(&w, LINK_STATE_ABSENT);
	link_world_stream(&w);
	assert_int_equal(w.actions[LINK_ACTION_ACQUIRE], 2);
	link_world_end(&w);
}

/* As after a reconnection: pops are asked for again, while samples already stream. */
static void an_answered_question_costs_no_patience(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.poll_us = 10 * US_PER_S;
	link_world_see_and_connect(&w);
	link_world_prepare(&w);
	link_world_bytes_for(&w, US_PER_S, US_PER_S / 50);
	w.has_nothing_to_ask = true;
	link_world_bytes_for(&w, 2 * US_PER_S, US_PER_S / 50);
	link_world_after(&w, w.timing.silence_us);
	link_world_is_in(&w, LINK_STATE_STALLED);
	link_world_end(&w);
}

static void ladder_of_silence(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_stream(&w);
	/* 1: subscribed again. */
	link_world_after(&w, w.timing.silence_us);
	link_world_is_in(&w, LINK_STATE_STALLED);
	assert_int_equal(w.actions[LINK_ACTION_UNSUBSCRIBE], 1);
	assert_int_equal(w.actions[LINK_ACTION_SUBSCRIBE], 2);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_event(&w, LINK_EVENT_BYTES);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	/* 2: disconnected. */
	link_world_bytes_for(&w, US_PER_S, US_PER_S / 50);
	link_world_after(&w, w.timing.silence_us);
	link_world_is_in(&w, LINK_STATE_STALLED);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_after(&w, w.timing.resubscribe_us);
	link_world_is_in(&w, LINK_STATE_DRAINING);
	assert_string_equal(link_reason(w.link), "silent");
	assert_false(w.is_up);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	assert_int_equal(w.actions[LINK_ACTION_FORGET], 0);
	/* 3: three connections without a byte. */
	for (unsigned i = 0; i < 3; i++) {
		link_world_after(&w, 11 * US_PER_S);
		link_world_see_and_connect(&w);
		link_world_prepare(&w);
		link_world_after(&w, w.timing.first_bytes_us);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_after(&w, w.timing.resubscribe_us);
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
	}
	assert_int_equal(w.actions[LINK_ACTION_FORGET], 1);
	link_world_end(&w);
}

static void patience_follows_the_usual_gap(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_see_and_connect(&w);
	link_world_prepare(&w);
	link_world_bytes_for(
		&w, 60 * (int64_t)US_PER_S, 2 * US_PER_S); /* slower than `silence` in bursts */
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_after(&w, 15 * US_PER_S);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_after(&w, 20 * US_PER_S);
	link_world_is_in(&w, LINK_STATE_STALLED);
	link_world_end(&w);
}

static void reopens_a_closed_socket_unless_disconnected(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_fd);
	link_world_stream(&w);
	link_world_closed(&w);
	link_world_is_in(&w, LINK_STATE_STALLED);
	/* The socket ends before Connected=false. */
	link_world_after(&w, 10 * US_PER_MS);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	assert_int_equal(w.actions[LINK_ACTION_ACQUIRE], 1);
	assert_false(w.is_up);
	link_world_after(&w, US_PER_S);
	link_world_stream(&w);
	link_world_closed(&w);
	link_world_after(&w, w.timing.reopen_us);
	assert_int_equal(w.actions[LINK_ACTION_ACQUIRE], 3);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_event(&w, LINK_EVENT_BYTES);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_end(&w);
}

static void distrusts_sockets_that_close_at_once(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_fd);
	link_world_see_and_connect(&w);
	link_world_prepare(&w);
	link_world_bytes_for(&w, US_PER_S, US_PER_S / 50);
	link_world_closed(&w);
	link_world_after(&w, w.timing.reopen_us);
	assert_int_equal(w.last.kind, LINK_ACTION_SUBSCRIBE);
	link_world_end(&w);
}

static void polls_while_streaming(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.poll_us = 2 * US_PER_S;
	link_world_stream(&w);
	w.actions[LINK_ACTION_WRITE] = 0;
	for (unsigned i = 0; i < 500; i++) {
		link_world_after(&w, US_PER_S / 50);
		link_world_event(&w, LINK_EVENT_BYTES);
		if (w.last.kind == LINK_ACTION_WRITE)
			link_world_answer(&w, i % 2 ? LINK_ERROR_NONE : LINK_ERROR_FAILED);
	}
	assert_in_range(w.actions[LINK_ACTION_WRITE], 4, 6);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_end(&w);
}

/* A wearable that only sends events answers its polls, and is otherwise quiet for minutes. */
static void a_polled_wearable_is_not_silent(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.poll_us = 10 * US_PER_S;
	link_world_see_and_connect(&w);
	link_world_prepare(&w);
	link_world_bytes_for(&w, US_PER_S / 10, US_PER_S / 100); /* answers to the start plan */
	for (unsigned i = 0; i < 30; i++) {
		link_world_after(&w, 10 * US_PER_S);
		assert_int_equal(w.last.kind, LINK_ACTION_WRITE);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_event(&w, LINK_EVENT_BYTES);
		link_world_is_in(&w, LINK_STATE_STREAMING);
	}
	link_world_after(&w, 31 * US_PER_S);
	link_world_is_in(&w, LINK_STATE_STALLED);
	link_world_end(&w);
}

/* Polling the battery does not make a silent stream look alive. */
static void battery_polls_do_not_extend_patience(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.poll_us = 60 * US_PER_S;
	w.polls_beside = true;
	link_world_see_and_connect(&w);
	link_world_prepare(&w);
	link_world_bytes_for(&w, US_PER_S, US_PER_S / 100);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_after(&w, 5 * US_PER_S);
	link_world_is_in(&w, LINK_STATE_STALLED);
	link_world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acquire_falls_back_to_signals),
		cmocka_unit_test(signals_fall_back_to_a_safe_socket),
		cmocka_unit_test(keeps_the_order_of_signals_where_it_matters),
		cmocka_unit_test(leaves_poisoned_ones_alone_until_bluez_restarts),
		cmocka_unit_test(an_answered_question_costs_no_patience),
		cmocka_unit_test(ladder_of_silence),
		cmocka_unit_test(patience_follows_the_usual_gap),
		cmocka_unit_test(reopens_a_closed_socket_unless_disconnected),
		cmocka_unit_test(distrusts_sockets_that_close_at_once),
		cmocka_unit_test(polls_while_streaming),
		cmocka_unit_test(a_polled_wearable_is_not_silent),
		cmocka_unit_test(battery_polls_do_not_extend_patience),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
