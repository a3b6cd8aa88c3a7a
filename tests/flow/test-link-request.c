// SPDX-License-Identifier: MIT
/* Requests to a control point: one at a time, "busy" is not final, and nothing optional holds up what
 * is needed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "coxad/base/alloc.h"
#include "tests/flow/link-world.h"

#define BUSY 3

enum { START = 1, RATE = 3, RESEND = 5, IDENTIFY = 7, HAPTIC = 8 };

#define SIG(x)                                                                                     \
	{                                                                                          \
		{                                                                                  \
			0, 0, 0xff, x, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f, 0x9b, 0x34, 0xfb     \
		}                                                                                  \
	}
#define REQUEST(opcode)                                                                            \
	.kind = DRIVER_STEP_WRITE, .characteristic = SIG(1), .bytes = {opcode}, .size = 1,         \
	.answer = opcode | 0x80, .busy = BUSY

static const struct driver_step plan[] = {
	{.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = SIG(2)},
	{REQUEST(RATE), .is_optional = true},
	{REQUEST(START)},
	{REQUEST(RESEND), .is_optional = true, .is_aside = true},
	{.kind = DRIVER_STEP_READ, .characteristic = SIG(1), .is_optional = true},
	{.kind = DRIVER_STEP_READ, .characteristic = SIG(2), .is_optional = true},
};
static const struct driver_step identify = {REQUEST(IDENTIFY)}, haptic = {REQUEST(HAPTIC)};

static void begin(struct link_world *w)
{
	link_world_begin(w, by_signal);
	w->start = plan;
	w->n_start = ARRAY_LEN(plan);
	w->ask = &plan[3];
	w->poll_us = 10 * US_PER_S;
}

/* The request under way has this opcode. */
static void expect(const struct link_world *w, uint8_t opcode)
{
	assert_int_equal(w->last.kind, LINK_ACTION_WRITE);
	assert_int_equal(w->last.step.bytes[0], opcode);
}

static void answer(struct link_world *w, uint8_t opcode, uint8_t status)
{
	expect(w, opcode);
	link_world_answer(w, LINK_ERROR_NONE);
	link_world_says(w, opcode, status);
}

static void reach_start(struct link_world *w)
{
	begin(w);
	link_world_see_and_connect(w);
	link_world_answer(w, LINK_ERROR_NONE); /* subscribe */
	answer(w, RATE, 0);
	expect(w, START);
}

static void reach_reads(struct link_world *w)
{
	reach_start(w);
	answer(w, START, 0);
	answer(w, RESEND, 0);
	assert_int_equal(w->last.kind, LINK_ACTION_READ);
}

static void each_request_waits_for_the_answer_before(void **state)
{
	struct link_world w;
	unsigned writes;

	reach_start(&w);
	writes = w.actions[LINK_ACTION_WRITE];
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_after(&w, US_PER_S);
	link_world_says(&w, RATE, 0); /* late, of another request */
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes);
	link_world_says(&w, START, 0);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 1);
	/* The answer may come before the write is acknowledged. */
	expect(&w, RESEND);
	link_world_says(&w, RESEND, 0);
	assert_int_equal(w.last.kind, LINK_ACTION_WRITE);
	link_world_answer(&w, LINK_ERROR_NONE);
	assert_int_equal(w.last.kind, LINK_ACTION_READ);
	link_world_end(&w);
}

static void other_answers_are_final(void **state)
{
	static const uint8_t statuses[] = {0, 1, 2, 4};

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		struct link_world w;

		reach_start(&w);
		answer(&w, START, statuses[i]);
		answer(&w, RESEND, statuses[i]);
		link_world_is_in(&w, LINK_STATE_STREAMING);
		assert_int_equal(w.actions[LINK_ACTION_WRITE], 3);
		w.has_nothing_to_ask = true;
		link_world_bytes_for(&w, 30 * US_PER_S, US_PER_S / 10);
		assert_int_equal(w.actions[LINK_ACTION_WRITE], 3);
		link_world_end(&w);
	}
}

/* Busy for ten minutes: asked ever more slowly, never given up, nothing disconnected. */
static void a_busy_start_is_tried_again(void **state)
{
	struct link_world w;
	int64_t from_us, longest_us = 0;
	unsigned tries = 0;

	reach_start(&w);
	for (int64_t end_us = w.t_us + 600 * (int64_t)US_PER_S; w.t_us < end_us; tries++) {
		unsigned writes = w.actions[LINK_ACTION_WRITE];

		answer(&w, START, BUSY);
		from_us = w.t_us;
		while (w.actions[LINK_ACTION_WRITE] == writes)
			link_world_until(&w, link_deadline(w.link));
		if (w.t_us - from_us > longest_us)
			longest_us = w.t_us - from_us;
		if (tries == 0)
			assert_true(longest_us < US_PER_S / 2);
	}
	assert_in_range(tries, 60, 100);
	assert_in_range(longest_us, w.timing.wait_most_us * 3 / 4, w.timing.wait_most_us * 5 / 4);
	assert_int_equal(w.actions[LINK_ACTION_DISCONNECT], 0);
	answer(&w, START, 0);
	answer(&w, RESEND, 0);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_end(&w);
}

/* What the plan can do without is asked again beside it. */
static void a_busy_resend_holds_nothing_up(void **state)
{
	struct link_world w;
	unsigned writes;

	reach_start(&w);
	answer(&w, START, 0);
	answer(&w, RESEND, BUSY);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	assert_int_equal(w.last.kind, LINK_ACTION_READ);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_answer(&w, LINK_ERROR_NONE);
	/* Past the poll, which must not ask for the same a second time at once. */
	for (unsigned tries = 1; tries < 12; tries++) {
		writes = w.actions[LINK_ACTION_WRITE];
		while (w.actions[LINK_ACTION_WRITE] == writes)
			link_world_bytes_for(&w, US_PER_S / 50, US_PER_S / 50);
		assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 1);
		answer(&w, RESEND, BUSY);
		link_world_is_in(&w, LINK_STATE_STREAMING);
	}
	w.has_nothing_to_ask = true;
	writes = w.actions[LINK_ACTION_WRITE];
	while (w.actions[LINK_ACTION_WRITE] == writes)
		link_world_bytes_for(&w, US_PER_S / 50, US_PER_S / 50);
	answer(&w, RESEND, 0);
	writes = w.actions[LINK_ACTION_WRITE];
	link_world_bytes_for(&w, 60 * US_PER_S, US_PER_S / 50);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes);
	/* Nor does it make silence look like patience. */
	link_world_after(&w, w.timing.silence_us);
	link_world_is_in(&w, LINK_STATE_STALLED);
	link_world_end(&w);
}

static void a_busy_request_ends_with_its_link(void **state)
{
	struct link_world w;

	reach_start(&w);
	answer(&w, START, BUSY);
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	assert_false(w.is_up);
	link_world_after(&w, 60 * US_PER_S);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], 2);
	link_world_end(&w);
}

static void orders_wait_for_their_turn(void **state)
{
	struct link_world w;
	unsigned writes;

	reach_reads(&w);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	writes = w.actions[LINK_ACTION_WRITE];
	assert_int_equal(link_write(w.link, w.t_us, &identify), 0);
	assert_int_equal(link_write(w.link, w.t_us, &haptic), 0);
	assert_int_equal(link_write(w.link, w.t_us, &identify), 0);
	assert_int_equal(link_write(w.link, w.t_us, &identify), 0);
	assert_int_equal(link_write(w.link, w.t_us, &identify), -EAGAIN);
	link_world_take(&w);
	assert_true(w.last.is_order);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 1);
	answer(&w, IDENTIFY, 0);
	answer(&w, HAPTIC, BUSY);
	answer(&w, IDENTIFY, 4);
	answer(&w, IDENTIFY, 0);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 4);
	/* The newest cue takes the place of the one that the wearable was too busy for. */
	struct driver_step newest = haptic;
	newest.bytes[1] = 3;
	newest.size = 2;
	assert_int_equal(link_write(w.link, w.t_us, &newest), 0);
	link_world_bytes_for(&w, US_PER_S / 2, US_PER_S / 50);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 5);
	assert_int_equal(w.last.step.bytes[1], 3);
	answer(&w, HAPTIC, 0);
	link_world_end(&w);
}

/* A wearable that never indicates: each request has its time, and no more. */
static void unanswered_requests_hold_nothing_up_for_long(void **state)
{
	struct link_world w;

	begin(&w);
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	for (unsigned i = 0; i < 3; i++) {
		link_world_answer(&w, LINK_ERROR_NONE);
		link_world_after(&w, w.timing.step_us * 5 / 4);
	}
	link_world_is_in(&w, LINK_STATE_STREAMING);
	link_world_end(&w);
	/* The write itself is never acknowledged: this connection is of no use. */
	reach_start(&w);
	link_world_after(&w, w.timing.step_us * 5 / 4);
	assert_int_equal(w.last.kind, LINK_ACTION_DISCONNECT);
	assert_string_equal(link_reason(w.link), "step_timeout");
	link_world_end(&w);
}

/* Another write is under way in bluetoothd. */
static void a_write_in_progress_is_busy(void **state)
{
	struct link_world w;

	reach_start(&w);
	link_world_answer(&w, LINK_ERROR_IN_PROGRESS);
	link_world_after(&w, US_PER_S / 2);
	assert_int_equal(w.actions[LINK_ACTION_WRITE], 3);
	answer(&w, START, 0);
	link_world_end(&w);
}

static struct driver_step write_of(uint8_t byte, unsigned n_follow)
{
	return (struct driver_step){.kind = DRIVER_STEP_WRITE,
		.characteristic = SIG(1),
		.bytes = {byte},
		.size = 1,
		.n_follow = n_follow};
}

/* A plan writes at the same time: the order is written again, and the rest of it waits. */
static void an_order_beside_another_write_is_not_lost(void **state)
{
	struct link_world w;
	unsigned writes;

	reach_reads(&w);
	writes = w.actions[LINK_ACTION_WRITE];
	for (uint8_t i = 0; i < 3; i++) {
		struct driver_step step = write_of(i, 2 - i);

		assert_int_equal(link_write(w.link, w.t_us, &step), 0);
	}
	link_world_take(&w);
	for (unsigned tries = 0; tries < 3; tries++) {
		expect(&w, 0);
		link_world_answer(&w, LINK_ERROR_IN_PROGRESS);
		assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 1 + tries);
		while (w.actions[LINK_ACTION_WRITE] == writes + 1 + tries)
			link_world_until(&w, link_deadline(w.link));
	}
	for (uint8_t i = 0; i < 3; i++) {
		expect(&w, i);
		link_world_answer(&w, LINK_ERROR_NONE);
	}
	assert_int_equal(w.actions[LINK_ACTION_WRITE], writes + 6);
	link_world_end(&w);
}

static void an_order_is_taken_whole_or_not_at_all(void **state)
{
	const struct driver_step pause = write_of(1, 2), show = write_of(2, 1),
				 go_on = write_of(3, 0);
	struct link_world w;

	reach_reads(&w);
	assert_int_equal(link_write(w.link, w.t_us, &pause), 0);
	assert_int_equal(link_write(w.link, w.t_us, &show), 0);
	assert_int_equal(link_write(w.link, w.t_us, &go_on), 0);
	assert_int_equal(link_write(w.link, w.t_us, &pause), -EAGAIN);
	link_world_take(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	assert_int_equal(link_write(w.link, w.t_us, &pause), -EAGAIN);
	link_world_answer(&w, LINK_ERROR_NONE);
	assert_int_equal(link_write(w.link, w.t_us, &pause), 0);
	link_world_take(&w);
	link_world_end(&w);
}

static void an_unanswered_read_holds_nothing_up(void **state)
{
	struct link_world w;
	unsigned reads;

	reach_reads(&w);
	/* It streams already, while names and batteries are still to be read. */
	link_world_is_in(&w, LINK_STATE_STREAMING);
	assert_int_equal(link_write(w.link, w.t_us, &haptic), 0);
	link_world_take(&w);
	answer(&w, HAPTIC, 0);
	link_world_bytes_for(&w, w.timing.step_us * 3, US_PER_S / 50);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	assert_int_equal(w.actions[LINK_ACTION_READ], 2);
	/* What was never answered is not read again, though it may block the next connection too. */
	link_world_event(&w, LINK_EVENT_DISCONNECTED);
	link_world_after(&w, US_PER_S);
	reads = w.actions[LINK_ACTION_READ];
	link_world_see_and_connect(&w);
	link_world_answer(&w, LINK_ERROR_NONE);
	answer(&w, RATE, 0);
	answer(&w, START, 0);
	answer(&w, RESEND, 0);
	link_world_is_in(&w, LINK_STATE_STREAMING);
	assert_int_equal(w.actions[LINK_ACTION_READ], reads);
	link_world_end(&w);
}

static void stops_in_the_middle_of_a_request(void **state)
{
	struct link_world w;

	reach_reads(&w);
	assert_int_equal(link_write(w.link, w.t_us, &haptic), 0);
	link_world_take(&w);
	link_world_event(&w, LINK_EVENT_STOP);
	link_world_after(&w, w.timing.disconnect_us);
	assert_int_equal(w.last.kind, LINK_ACTION_DISCONNECT);
	link_world_answer(&w, LINK_ERROR_NONE);
	link_world_is_in(&w, LINK_STATE_STOPPED);
	link_world_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_request_waits_for_the_answer_before),
		cmocka_unit_test(other_answers_are_final),
		cmocka_unit_test(a_busy_start_is_tried_again),
		cmocka_unit_test(a_busy_resend_holds_nothing_up),
		cmocka_unit_test(a_busy_request_ends_with_its_link),
		cmocka_unit_test(orders_wait_for_their_turn),
		cmocka_unit_test(unanswered_requests_hold_nothing_up_for_long),
		cmocka_unit_test(a_write_in_progress_is_busy),
		cmocka_unit_test(an_order_beside_another_write_is_not_lost),
		cmocka_unit_test(an_order_is_taken_whole_or_not_at_all),
		cmocka_unit_test(an_unanswered_read_holds_nothing_up),
		cmocka_unit_test(stops_in_the_middle_of_a_request),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
