// SPDX-License-Identifier: MIT
/* Connection stories: an event at a time, then the actions and the state that follow. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include "tests/flow/link-world.h"

static void reaches_streaming_without_failures(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_stream(&w);
	assert_string_equal(w.trace, "connect up read subscribe write ");
	assert_true(link_expects_signal(w.link, &LINK_WORLD_CHAR(2)));
	link_world_end(&w);
	link_world_begin(&w, by_fd);
	link_world_stream(&w);
	assert_string_equal(w.trace, "connect up read acquire write ");
	assert_false(link_expects_signal(w.link, &LINK_WORLD_CHAR(2)));
	link_world_end(&w);
}

static void every_state_has_a_timer(void **state)
{
	struct link_world w;

	/* Left alone in any state, it ends up absent. */
	for (unsigned stop = 0; stop < 8; stop++) {
		link_world_begin(&w, by_fd);
		link_world_event(&w, LINK_EVENT_SEEN);
		for (unsigned i = 0; i < stop; i++) {
			if (i == 0)
				link_world_event(&w, LINK_EVENT_PERMITTED);
			else if (i == 1)
				link_world_event(&w, LINK_EVENT_CONNECTED);
			else if (i == 2)
				link_world_event(&w, LINK_EVENT_RESOLVED);
			else if (i < 5)
				link_world_answer(&w, LINK_ERROR_NONE);
			else
				link_world_after(&w, US_PER_S / 5);
		}
		link_world_after(&w, 300 * (int64_t)US_PER_S);
		link_world_is_in(&w, LINK_STATE_ABSENT);
		assert_false(w.is_up);
		link_world_end(&w);
	}
}

static void backoff_grows_up_to_a_cap(void **state)
{
	struct link_world w;
	int64_t longest = 0, first = 0;

	link_world_begin(&w, by_signal);
	for (unsigned i = 0; i < 20; i++) {
		int64_t from;

		link_world_see_and_permit(&w);
		link_world_answer(&w, LINK_ERROR_FAILED);
		link_world_is_in(&w, LINK_STATE_BACKOFF);
		from = w.t_us;
		link_world_until(&w, link_deadline(w.link));
		first = i ? first : w.t_us - from;
		longest = w.t_us - from > longest ? w.t_us - from : longest;
	}
	assert_in_range(
		first, w.timing.wait_transient_us * 3 / 4, w.timing.wait_transient_us * 5 / 4);
	assert_in_range(longest, w.timing.wait_most_us * 3 / 4, w.timing.wait_most_us * 5 / 4);
	assert_int_equal(link_failures(w.link), 20);
	link_world_end(&w);
}

static void data_resets_the_backoff(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	for (unsigned i = 0; i < 6; i++) {
		link_world_see_and_permit(&w);
		link_world_answer(&w, LINK_ERROR_FAILED);
		link_world_until(&w, link_deadline(w.link));
	}
	link_world_stream(&w);
	assert_int_equal(link_failures(w.link), 0);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	link_world_is_in(&w, LINK_STATE_BACKOFF);
	assert_int_equal(link_deadline(w.link), w.t_us); /* at once after a good stream */
	link_world_after(&w, 0);
	link_world_event(&w, LINK_EVENT_SEEN);
	link_world_is_in(&w, LINK_STATE_SEEN);
	link_world_end(&w);
}

static void cancels_a_connect_without_reply(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_see_and_permit(&w);
	link_world_after(&w, w.timing.connect_us * 2);
	assert_int_equal(w.actions[LINK_ACTION_DISCONNECT], 1);
	link_world_end(&w);
}

static void ignores_late_answers(void **state)
{
	struct link_world w;
	struct link_action old;

	link_world_begin(&w, by_signal);
	link_world_stream(&w);
	old = w.last;
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	link_world_after(&w, US_PER_S);
	link_world_see_and_connect(&w);
	link_world_is_in(&w, LINK_STATE_PREPARING);
	link_push(w.link, &(struct link_event){.kind = LINK_EVENT_STEP_DONE,
				  .t_us = w.t_us,
				  .epoch = old.epoch,
				  .ticket = w.last.ticket});
	assert_int_equal(w.actions[LINK_ACTION_READ], 2); /* the read is still under way */
	link_world_take(&w);
	assert_int_equal(w.actions[LINK_ACTION_SUBSCRIBE], 1);
	link_world_end(&w);
}

static void unknown_object_must_be_found_again(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_see_and_permit(&w);
	link_world_answer(&w, LINK_ERROR_UNKNOWN_OBJECT);
	link_world_after(&w, US_PER_S);
	link_world_is_in(&w, LINK_STATE_ABSENT);
	link_world_stream(&w);
	link_world_end(&w);
}

static void adopts_an_unrequested_connection(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_event(&w, LINK_EVENT_CONNECTED);
	link_world_is_in(&w, LINK_STATE_RESOLVING);
	link_world_event(&w, LINK_EVENT_RESOLVED);
	link_world_prepare(&w);
	assert_int_equal(w.actions[LINK_ACTION_CONNECT], 0);
	link_world_end(&w);
}

static void forgets_after_three_unresolved_connections(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	for (unsigned i = 0; i < 3; i++) {
		link_world_see_and_permit(&w);
		link_world_event(&w, LINK_EVENT_CONNECTED);
		link_world_is_in(&w, LINK_STATE_RESOLVING);
		assert_int_equal(w.actions[LINK_ACTION_FORGET], 0);
		link_world_after(&w, w.timing.resolve_us);
		link_world_is_in(&w, LINK_STATE_DRAINING);
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		link_world_after(&w, 10 * US_PER_S);
	}
	assert_int_equal(w.actions[LINK_ACTION_FORGET], 1);
	assert_int_equal(w.ups, 0);
	link_world_end(&w);
}

static void waits_for_late_characteristics(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.has_motion = false;
	link_world_see_and_connect(&w);
	link_world_is_in(&w, LINK_STATE_RESOLVING);
	link_world_after(&w, US_PER_S);
	w.has_motion = true;
	link_world_event(&w, LINK_EVENT_CHARACTERISTICS);
	link_world_prepare(&w);
	link_world_end(&w);
}

static void unknown_driver_has_no_plan(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.has_driver = false;
	link_world_see_and_connect(&w);
	link_world_is_in(&w, LINK_STATE_RESOLVING);
	link_world_after(&w, w.timing.characteristics_us);
	link_world_is_in(&w, LINK_STATE_DRAINING);
	assert_string_equal(link_reason(w.link), "characteristics_missing");
	link_world_end(&w);
}

/* At the third time it is not that they are late; once they are there, all is well. */
static void tells_of_a_missing_service(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	w.has_motion = false;
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
		link_world_see_and_connect(&w);
		link_world_after(&w, w.timing.characteristics_us);
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		link_world_after(&w, w.timing.wait_most_us);
	}
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_SERVICE_MISSING);
	w.has_motion = true;
	link_world_see_and_connect(&w);
	link_world_prepare(&w);
	assert_int_equal(link_problem(w.link), WEARABLE_PROBLEM_NONE);
	link_world_end(&w);
}

/* One at a time: bluetoothd refuses the second of two at once. */
static void orders_wait_for_answers(void **state)
{
	const struct driver_step order = {
		.kind = DRIVER_STEP_WRITE, .characteristic = LINK_WORLD_CHAR(2)};
	struct link_world w;
	unsigned n = 0, writes;

	link_world_begin(&w, by_signal);
	link_world_stream(&w);
	writes = w.actions[LINK_ACTION_WRITE];
	while (n < 100 && link_write(w.link, w.t_us, &order) == 0) {
		link_world_take(&w);
		n++;
	}
	assert_in_range(n, 1, 8);
	assert_int_equal(link_write(w.link, w.t_us, &order), -EAGAIN);
	/* Its data are no answer. One that fails gives way, and is not written again. */
	link_world_event(&w, LINK_EVENT_BYTES);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 1);
	link_world_answer(&w, LINK_ERROR_FAILED);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 2);
	/* An answer makes room for one, a new connection for all. */
	assert_int_equal(link_write(w.link, w.t_us, &order), 0);
	assert_int_equal(link_write(w.link, w.t_us, &order), -EAGAIN);
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 2 + i);
		link_world_answer(&w, LINK_ERROR_NONE);
	}
	link_world_bytes_for(&w, 30 * US_PER_S, US_PER_S / 10);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 1 + n);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	assert_int_equal(link_write(w.link, w.t_us, &order), -ENOTCONN);
	link_world_after(&w, US_PER_S);
	link_world_stream(&w);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(link_write(w.link, w.t_us, &order), 0);
	link_world_take(&w);
	link_world_end(&w);
}

static void bus_lost_in_each_state(void **state)
{
	for (unsigned stop = 0; stop < 9; stop++) {
		struct link_world w;

		link_world_begin(&w, by_fd);
		if (stop > 0)
			link_world_event(&w, LINK_EVENT_SEEN);
		if (stop > 1)
			link_world_event(&w, LINK_EVENT_PERMITTED);
		if (stop > 2)
			link_world_event(&w, LINK_EVENT_CONNECTED);
		if (stop > 3)
			link_world_event(&w, LINK_EVENT_RESOLVED);
		if (stop > 4)
			link_world_prepare(&w);
		if (stop > 5)
			link_world_bytes_for(&w, US_PER_S, US_PER_S / 50);
		if (stop > 6)
			link_world_after(&w, w.timing.silence_us);
		if (stop > 7)
			link_world_after(&w, w.timing.resubscribe_us);
		link_world_event(&w, LINK_EVENT_BUS_LOST);
		link_world_is_in(&w, LINK_STATE_ABSENT);
		assert_false(w.is_up);
		assert_string_equal(link_reason(w.link), "bluez_gone");
		assert_false(link_holds_slot(w.link));
		link_world_stream(&w);
		link_world_end(&w);
	}
}

static void stop_runs_the_stop_plan(void **state)
{
	struct link_world w;

	link_world_begin(&w, by_signal);
	link_world_stream(&w);
	link_world_event(&w, LINK_EVENT_STOP);
	assert_int_equal(w.last.kind, LINK_ACTION_WRITE);
	link_world_answer(&w, LINK_ERROR_NONE);
	assert_int_equal(w.last.kind, LINK_ACTION_DISCONNECT);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_is_in(&w, LINK_STATE_STOPPED);
	assert_false(w.is_up);
	link_world_event(&w, LINK_EVENT_SEEN);
	link_world_event(&w, LINK_EVENT_PERMITTED);
	link_world_is_in(&w, LINK_STATE_STOPPED);
	link_world_end(&w);
}

/* Whatever comes, in whatever order: UP and DOWN alternate, the queue never overflows, and left
 * alone it comes to rest. */
static void survives_events_in_any_order(void **state)
{
	const char *text = getenv("COXAD_TEST_SEED");
	unsigned seed = text ? (unsigned)strtoul(text, NULL, 0) : 12345;

	print_message("seed %u\n", seed);
	srand(seed);
	for (unsigned run = 0; run < 300; run++) {
		struct link_settings settings = {
			.path = rand() % 2 ? LINK_PATH_FD : LINK_PATH_SIGNAL,
			.fd_is_safe = rand() % 2,
			.bond = rand() % 2,
			.may_pair = rand() % 2};
		struct link_world w;

		link_world_begin(&w, settings);
		w.poll_us = rand() % 2 ? US_PER_S : 0;
		for (unsigned i = 0; i < 400; i++) {
			link_world_after(&w, rand() % (3 * US_PER_S));
			w.has_motion = rand() % 8;
			switch (rand() % 4) {
			case 0:
				link_world_answer(&w,
					rand() % 3 ? LINK_ERROR_NONE
						   : (enum link_error)(
							     rand() %
							     (LINK_ERROR_NO_CHARACTERISTIC + 1)));
				break;
			case 1:
				link_world_closed(&w);
				break;
			default:
				link_world_event(
					&w, (enum link_event_kind)(rand() % LINK_EVENT_STOP));
			}
			w.trace[0] = '\0';
		}
		link_world_event(&w, LINK_EVENT_DISCONNECTED);
		link_world_after(&w, 1000 * (int64_t)US_PER_S);
		link_world_is_in(&w, LINK_STATE_ABSENT);
		link_world_end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reaches_streaming_without_failures),
		cmocka_unit_test(every_state_has_a_timer),
		cmocka_unit_test(backoff_grows_up_to_a_cap),
		cmocka_unit_test(data_resets_the_backoff),
		cmocka_unit_test(cancels_a_connect_without_reply),
		cmocka_unit_test(ignores_late_answers),
		cmocka_unit_test(unknown_object_must_be_found_again),
		cmocka_unit_test(adopts_an_unrequested_connection),
		cmocka_unit_test(forgets_after_three_unresolved_connections),
		cmocka_unit_test(waits_for_late_characteristics),
		cmocka_unit_test(unknown_driver_has_no_plan),
		cmocka_unit_test(tells_of_a_missing_service),
		cmocka_unit_test(orders_wait_for_answers),
		cmocka_unit_test(bus_lost_in_each_state),
		cmocka_unit_test(stop_runs_the_stop_plan),
		cmocka_unit_test(survives_events_in_any_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
