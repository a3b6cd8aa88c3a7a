// SPDX-License-Identifier: MIT
/* Reconnect stories, each a few lines: at T the fact, and the wishes and the state after it.
 * Timers run by themselves: before a fact, each TICK that was due until then.
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

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/link.h"

#define NOTIFY 0x10
#define INDICATE 0x20

#define CHAR(n) UUID_SIG(0xff00 + (n))

struct world {
	struct link *link;
	struct link_timing timing;
	int64_t t_us;
	unsigned wished[LINK_WISH_FORGET + 1];
	struct link_wish last; /* that waits for an answer */
	char trace[4096];
	bool is_up, has_motion, has_driver, needs_signal_order, needs_bond;
	unsigned ups, downs;
	int64_t poll_us;
	bool polls_beside;
};

static int on_plan(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	static const struct driver_step start[] = {
		{.kind = DRIVER_STEP_READ, .characteristic = {{0, 0, 0xff, 1, 0, 0, 0x10, 0, 0x80, 0, 0,
							0x80, 0x5f, 0x9b, 0x34, 0xfb}}},
		{.kind = DRIVER_STEP_SUBSCRIBE, .characteristic = {{0, 0, 0xff, 2, 0, 0, 0x10, 0, 0x80,
							     0, 0, 0x80, 0x5f, 0x9b, 0x34, 0xfb}}},
		{.kind = DRIVER_STEP_WAIT, .wait_ms = 100},
		{.kind = DRIVER_STEP_WRITE, .is_optional = true,
			.characteristic = {{0, 0, 0xff, 1, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f,
				0x9b, 0x34, 0xfb}}},
	};

	switch (plan) {
	case DRIVER_PLAN_START:
		if (index >= ARRAY_LEN(start))
			return 0;
		*ret = start[index];
		return 1;
	case DRIVER_PLAN_POLL:
	case DRIVER_PLAN_STOP:
		if (index)
			return 0;
		*ret = start[3];
		return 1;
	}
	return -EINVAL;
}

static int on_characteristic(void *user, const struct uuid *uuid)
{
	const struct world *w = user;

	if (uuid_is_equal(uuid, &CHAR(1)))
		return 0x02;
	if (uuid_is_equal(uuid, &CHAR(2)) && w->has_motion)
		return NOTIFY;
	return -ENOENT;
}

static void on_profile(void *user, struct link_profile *ret)
{
	const struct world *w = user;

	*ret = (struct link_profile){.has_driver = w->has_driver, .is_periodic = true,
		.needs_signal_order = w->needs_signal_order, .needs_bond = w->needs_bond,
		.poll_us = w->poll_us, .polls_beside = w->polls_beside};
}

static const struct link_ops ops = {on_plan, on_characteristic, on_profile};

static const char *const wish_names[] = {"connect", "pair", "up", "subscribe", "acquire",
	"unsubscribe", "read", "write", "check", "down", "disconnect", "forget"};

static void take(struct world *w)
{
	struct link_wish wish;

	while (link_take(w->link, &wish)) {
		w->wished[wish.kind]++;
		if (wish.ticket || wish.kind == LINK_WISH_CONNECT ||
			wish.kind == LINK_WISH_DISCONNECT)
			w->last = wish;
		if (wish.kind == LINK_WISH_UP) {
			assert_false(w->is_up);
			w->is_up = true;
			w->ups++;
		} else if (wish.kind == LINK_WISH_DOWN) {
			assert_true(w->is_up);
			assert_non_null(wish.why);
			w->is_up = false;
			w->downs++;
		}
		if (strlen(w->trace) < sizeof(w->trace) - 32) {
			strcat(w->trace, wish_names[wish.kind]);
			strcat(w->trace, " ");
		}
	}
}

/* Lets time pass, with the ticks that the link asks for. */
static void until(struct world *w, int64_t t_us)
{
	for (unsigned i = 0; link_deadline(w->link) <= t_us; i++) {
		assert_true(i < 10000); /* a timer that never moves on */
		if (link_deadline(w->link) > w->t_us)
			w->t_us = link_deadline(w->link);
		link_push(w->link, &(struct link_fact){.kind = LINK_FACT_TICK, .t_us = w->t_us});
		take(w);
	}
	w->t_us = t_us;
}

static void after(struct world *w, int64_t us)
{
	until(w, w->t_us + us);
}

static void fact(struct world *w, enum link_fact_kind kind)
{
	link_push(w->link, &(struct link_fact){.kind = kind, .t_us = w->t_us,
				   .epoch = link_epoch(w->link)});
	take(w);
}

static void answer(struct world *w, enum link_error error)
{
	struct link_fact f = {.kind = LINK_FACT_STEP_DONE, .t_us = w->t_us, .epoch = w->last.epoch,
		.ticket = w->last.ticket, .error = error};

	if (w->last.kind == LINK_WISH_CONNECT)
		f.kind = LINK_FACT_CONNECT_DONE;
	else if (w->last.kind == LINK_WISH_DISCONNECT)
		f.kind = LINK_FACT_DISCONNECT_DONE;
	link_push(w->link, &f);
	take(w);
}

static void closed(struct world *w)
{
	link_push(w->link, &(struct link_fact){.kind = LINK_FACT_STREAM_CLOSED, .t_us = w->t_us,
				   .epoch = link_epoch(w->link), .characteristic = CHAR(2)});
	take(w);
}

static void is_in(const struct world *w, enum link_state state)
{
	if (link_state(w->link) != state)
		fail_msg("%s, not %s; %s", link_state_to_string(link_state(w->link)),
			link_state_to_string(state), w->trace);
}

static void begin(struct world *w, struct link_settings settings)
{
	*w = (struct world){.t_us = 1000000, .has_motion = true, .has_driver = true};
	link_timing_default(&w->timing);
	w->link = link_new(&settings, &w->timing, 7, &ops, w);
}

static void end(struct world *w)
{
	assert_int_equal(w->ups, w->downs + w->is_up);
	w->link = link_free(w->link);
}

static void bytes_for(struct world *w, int64_t us, int64_t step_us)
{
	for (int64_t end_us = w->t_us + us; w->t_us < end_us;) {
		after(w, step_us);
		fact(w, LINK_FACT_BYTES);
	}
}

static void hear_and_connect(struct world *w)
{
	fact(w, LINK_FACT_SEEN);
	is_in(w, LINK_STATE_HEARD);
	fact(w, LINK_FACT_PERMITTED);
	is_in(w, LINK_STATE_CONNECTING);
	after(w, US_PER_S / 2);
	fact(w, LINK_FACT_CONNECTED);
	is_in(w, LINK_STATE_RESOLVING);
	after(w, US_PER_S / 5);
	fact(w, LINK_FACT_RESOLVED);
}

static void prepare(struct world *w)
{
	is_in(w, LINK_STATE_PREPARING);
	answer(w, LINK_ERROR_NONE); /* read */
	answer(w, LINK_ERROR_NONE); /* subscribe */
	after(w, US_PER_S / 5);     /* wait */
	answer(w, LINK_ERROR_NONE); /* write */
	is_in(w, LINK_STATE_STREAMING);
}

static void stream(struct world *w)
{
	hear_and_connect(w);
	prepare(w);
	bytes_for(w, 5 * US_PER_S, US_PER_S / 50);
	is_in(w, LINK_STATE_STREAMING);
}

static const struct link_settings by_signal = {0};
static const struct link_settings by_fd = {.path = LINK_PATH_FD, .fd_is_safe = true};
static const struct link_settings by_fd_old = {.path = LINK_PATH_FD};

static void straight_to_the_stream(void **state)
{
	struct world w;

	begin(&w, by_signal);
	stream(&w);
	assert_string_equal(w.trace, "connect up read subscribe write ");
	assert_true(link_hears(w.link, &CHAR(2)));
	end(&w);
	begin(&w, by_fd);
	stream(&w);
	assert_string_equal(w.trace, "connect up read acquire write ");
	assert_false(link_hears(w.link, &CHAR(2)));
	end(&w);
}

static void every_state_has_a_timer(void **state)
{
	struct world w;

	/* Whatever state it is left in, without a word from outside it comes to rest: absent. */
	for (unsigned stop = 0; stop < 8; stop++) {
		begin(&w, by_fd);
		fact(&w, LINK_FACT_SEEN);
		for (unsigned i = 0; i < stop; i++) {
			if (i == 0)
				fact(&w, LINK_FACT_PERMITTED);
			else if (i == 1)
				fact(&w, LINK_FACT_CONNECTED);
			else if (i == 2)
				fact(&w, LINK_FACT_RESOLVED);
			else if (i < 5)
				answer(&w, LINK_ERROR_NONE);
			else
				after(&w, US_PER_S / 5);
		}
		after(&w, 300 * (int64_t)US_PER_S);
		is_in(&w, LINK_STATE_ABSENT);
		assert_false(w.is_up);
		end(&w);
	}
}

static void connect_fails_and_waits_longer_up_to_a_cap(void **state)
{
	struct world w;
	int64_t longest = 0, first = 0;

	begin(&w, by_signal);
	for (unsigned i = 0; i < 20; i++) {
		int64_t from;

		fact(&w, LINK_FACT_SEEN);
		fact(&w, LINK_FACT_PERMITTED);
		is_in(&w, LINK_STATE_CONNECTING);
		answer(&w, LINK_ERROR_FAILED);
		is_in(&w, LINK_STATE_BACKOFF);
		from = w.t_us;
		until(&w, link_deadline(w.link));
		first = i ? first : w.t_us - from;
		longest = w.t_us - from > longest ? w.t_us - from : longest;
	}
	assert_in_range(first, w.timing.wait_transient * 3 / 4, w.timing.wait_transient * 5 / 4);
	assert_in_range(longest, w.timing.wait_most * 3 / 4, w.timing.wait_most * 5 / 4);
	assert_int_equal(link_failures(w.link), 20);
	end(&w);
}

static void data_resets_the_backoff(void **state)
{
	struct world w;

	begin(&w, by_signal);
	for (unsigned i = 0; i < 6; i++) {
		fact(&w, LINK_FACT_SEEN);
		fact(&w, LINK_FACT_PERMITTED);
		answer(&w, LINK_ERROR_FAILED);
		until(&w, link_deadline(w.link));
	}
	stream(&w);
	assert_int_equal(link_failures(w.link), 0);
	fact(&w, LINK_FACT_DISCONNECTED);
	is_in(&w, LINK_STATE_BACKOFF);
	assert_int_equal(link_deadline(w.link), w.t_us); /* after a good stream: at once */
	after(&w, 0);
	fact(&w, LINK_FACT_SEEN);
	is_in(&w, LINK_STATE_HEARD);
	end(&w);
}

static void no_reply_to_connect_is_cancelled(void **state)
{
	struct world w;

	begin(&w, by_signal);
	fact(&w, LINK_FACT_SEEN);
	fact(&w, LINK_FACT_PERMITTED);
	after(&w, w.timing.connect * 2);
	assert_int_equal(w.wished[LINK_WISH_DISCONNECT], 1);
	end(&w);
}

static void late_answers_are_ignored(void **state)
{
	struct world w;
	struct link_wish old;

	begin(&w, by_signal);
	stream(&w);
	old = w.last;
	fact(&w, LINK_FACT_DISCONNECTED);
	after(&w, US_PER_S);
	fact(&w, LINK_FACT_SEEN);
	fact(&w, LINK_FACT_PERMITTED);
	fact(&w, LINK_FACT_CONNECTED);
	fact(&w, LINK_FACT_RESOLVED);
	is_in(&w, LINK_STATE_PREPARING);
	link_push(w.link, &(struct link_fact){.kind = LINK_FACT_STEP_DONE, .t_us = w.t_us,
				  .epoch = old.epoch, .ticket = w.last.ticket});
	assert_int_equal(w.wished[LINK_WISH_READ], 2); /* still the read */
	take(&w);
	assert_int_equal(w.wished[LINK_WISH_SUBSCRIBE], 1);
	end(&w);
}

static void unknown_object_must_be_found_again(void **state)
{
	struct world w;

	begin(&w, by_signal);
	fact(&w, LINK_FACT_SEEN);
	fact(&w, LINK_FACT_PERMITTED);
	answer(&w, LINK_ERROR_UNKNOWN_OBJECT);
	after(&w, US_PER_S);
	is_in(&w, LINK_STATE_ABSENT);
	stream(&w);
	end(&w);
}

static void adopts_a_link_that_nobody_asked_for(void **state)
{
	struct world w;

	begin(&w, by_signal);
	fact(&w, LINK_FACT_CONNECTED);
	is_in(&w, LINK_STATE_RESOLVING);
	fact(&w, LINK_FACT_RESOLVED);
	prepare(&w);
	assert_int_equal(w.wished[LINK_WISH_CONNECT], 0);
	end(&w);
}

static void unresolved_three_times_is_forgotten(void **state)
{
	struct world w;

	begin(&w, by_signal);
	for (unsigned i = 0; i < 3; i++) {
		fact(&w, LINK_FACT_SEEN);
		fact(&w, LINK_FACT_PERMITTED);
		fact(&w, LINK_FACT_CONNECTED);
		is_in(&w, LINK_STATE_RESOLVING);
		assert_int_equal(w.wished[LINK_WISH_FORGET], 0);
		after(&w, w.timing.resolve);
		is_in(&w, LINK_STATE_DRAINING);
		fact(&w, LINK_FACT_DISCONNECTED);
		after(&w, 10 * US_PER_S);
	}
	assert_int_equal(w.wished[LINK_WISH_FORGET], 1);
	assert_int_equal(w.ups, 0);
	end(&w);
}

static void late_characteristics_are_awaited(void **state)
{
	struct world w;

	begin(&w, by_signal);
	w.has_motion = false;
	hear_and_connect(&w);
	is_in(&w, LINK_STATE_RESOLVING);
	after(&w, US_PER_S);
	w.has_motion = true;
	fact(&w, LINK_FACT_CHARACTERISTICS);
	prepare(&w);
	end(&w);
}

static void unknown_driver_is_no_plan(void **state)
{
	struct world w;

	begin(&w, by_signal);
	w.has_driver = false;
	hear_and_connect(&w);
	is_in(&w, LINK_STATE_RESOLVING);
	after(&w, w.timing.characteristics);
	is_in(&w, LINK_STATE_DRAINING);
	assert_string_equal(link_why(w.link), "characteristics_missing");
	end(&w);
}

static void acquire_falls_back_to_signals(void **state)
{
	static const enum link_error errors[] = {LINK_ERROR_NOT_PERMITTED, LINK_ERROR_NOT_SUPPORTED,
		LINK_ERROR_IN_PROGRESS, LINK_ERROR_FAILED, LINK_ERROR_TIMEOUT};

	for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
		struct world w;

		begin(&w, by_fd);
		hear_and_connect(&w);
		answer(&w, LINK_ERROR_NONE); /* read */
		assert_int_equal(w.last.kind, LINK_WISH_ACQUIRE);
		answer(&w, errors[i]);
		assert_int_equal(w.last.kind, LINK_WISH_SUBSCRIBE);
		answer(&w, LINK_ERROR_NONE);
		after(&w, US_PER_S / 5);
		is_in(&w, LINK_STATE_PREPARING);
		answer(&w, LINK_ERROR_NONE);
		is_in(&w, LINK_STATE_STREAMING);
		assert_int_equal(w.wished[LINK_WISH_UNSUBSCRIBE], 0);
		end(&w);
	}
}

static void signals_fall_back_to_a_safe_socket(void **state)
{
	struct world w;
	struct link_settings settings = by_signal;

	settings.fd_is_safe = true;
	begin(&w, settings);
	hear_and_connect(&w);
	answer(&w, LINK_ERROR_NONE);
	answer(&w, LINK_ERROR_IN_PROGRESS);
	assert_int_equal(w.last.kind, LINK_WISH_ACQUIRE);
	end(&w);
	begin(&w, by_signal); /* not on old BlueZ */
	hear_and_connect(&w);
	answer(&w, LINK_ERROR_NONE);
	answer(&w, LINK_ERROR_IN_PROGRESS);
	assert_int_equal(w.wished[LINK_WISH_ACQUIRE], 0);
	end(&w);
}

static void order_of_signals_is_kept_where_it_matters(void **state)
{
	struct world w;

	begin(&w, by_fd);
	w.needs_signal_order = true;
	stream(&w);
	assert_int_equal(w.wished[LINK_WISH_ACQUIRE], 0);
	end(&w);
}

static void poisoned_is_left_alone_until_bluez_restarts(void **state)
{
	struct world w;

	begin(&w, by_fd_old);
	hear_and_connect(&w);
	answer(&w, LINK_ERROR_NONE);
	after(&w, w.timing.subscribe * 2); /* no answer to the acquire */
	assert_int_equal(w.last.kind, LINK_WISH_SUBSCRIBE);
	answer(&w, LINK_ERROR_NOT_PERMITTED);
	is_in(&w, LINK_STATE_QUARANTINED);
	assert_string_equal(link_why(w.link), "poisoned");
	for (unsigned i = 0; i < 8; i++) {
		fact(&w, LINK_FACT_DISCONNECTED);
		after(&w, w.timing.quarantine);
		hear_and_connect(&w);
		answer(&w, LINK_ERROR_NONE);
		answer(&w, LINK_ERROR_NOT_PERMITTED);
		is_in(&w, LINK_STATE_QUARANTINED);
	}
	assert_int_equal(w.wished[LINK_WISH_FORGET], 0);
	assert_int_equal(w.wished[LINK_WISH_UNSUBSCRIBE], 0);
	assert_int_equal(w.wished[LINK_WISH_ACQUIRE], 1);
	fact(&w, LINK_FACT_BUS_LOST);
	is_in(&w, LINK_STATE_ABSENT);
	stream(&w);
	assert_int_equal(w.wished[LINK_WISH_ACQUIRE], 2);
	end(&w);
}

static void ladder_of_silence(void **state)
{
	struct world w;

	begin(&w, by_signal);
	stream(&w);
	/* 1: subscribed again. */
	after(&w, w.timing.silence);
	is_in(&w, LINK_STATE_STALLED);
	assert_int_equal(w.wished[LINK_WISH_UNSUBSCRIBE], 1);
	assert_int_equal(w.wished[LINK_WISH_SUBSCRIBE], 2);
	answer(&w, LINK_ERROR_NONE);
	fact(&w, LINK_FACT_BYTES);
	is_in(&w, LINK_STATE_STREAMING);
	/* 2: disconnected. */
	bytes_for(&w, US_PER_S, US_PER_S / 50);
	after(&w, w.timing.silence);
	is_in(&w, LINK_STATE_STALLED);
	answer(&w, LINK_ERROR_NONE);
	after(&w, w.timing.resubscribe);
	is_in(&w, LINK_STATE_DRAINING);
	assert_string_equal(link_why(w.link), "silent");
	assert_false(w.is_up);
	fact(&w, LINK_FACT_DISCONNECTED);
	assert_int_equal(w.wished[LINK_WISH_FORGET], 0);
	/* 3: three links without a byte. */
	for (unsigned i = 0; i < 3; i++) {
		after(&w, 11 * US_PER_S);
		hear_and_connect(&w);
		prepare(&w);
		after(&w, w.timing.first_bytes);
		answer(&w, LINK_ERROR_NONE);
		after(&w, w.timing.resubscribe);
		fact(&w, LINK_FACT_DISCONNECTED);
	}
	assert_int_equal(w.wished[LINK_WISH_FORGET], 1);
	end(&w);
}

static void slow_talkers_are_given_time(void **state)
{
	struct world w;

	begin(&w, by_signal);
	hear_and_connect(&w);
	prepare(&w);
	bytes_for(&w, 60 * (int64_t)US_PER_S, 2 * US_PER_S); /* slower than `silence` in bursts */
	is_in(&w, LINK_STATE_STREAMING);
	after(&w, 15 * US_PER_S);
	is_in(&w, LINK_STATE_STREAMING);
	after(&w, 20 * US_PER_S);
	is_in(&w, LINK_STATE_STALLED);
	end(&w);
}

static void closed_socket_is_opened_again_or_the_link_is_lost(void **state)
{
	struct world w;

	begin(&w, by_fd);
	stream(&w);
	closed(&w);
	is_in(&w, LINK_STATE_STALLED);
	/* The end of the socket comes before Connected=false. */
	after(&w, 10 * US_PER_MS);
	fact(&w, LINK_FACT_DISCONNECTED);
	assert_int_equal(w.wished[LINK_WISH_ACQUIRE], 1);
	assert_false(w.is_up);
	after(&w, US_PER_S);
	stream(&w);
	closed(&w);
	after(&w, w.timing.reopen);
	assert_int_equal(w.wished[LINK_WISH_ACQUIRE], 3);
	answer(&w, LINK_ERROR_NONE);
	fact(&w, LINK_FACT_BYTES);
	is_in(&w, LINK_STATE_STREAMING);
	end(&w);
}

static void socket_that_ends_at_once_is_not_trusted(void **state)
{
	struct world w;

	begin(&w, by_fd);
	hear_and_connect(&w);
	prepare(&w);
	bytes_for(&w, US_PER_S, US_PER_S / 50);
	closed(&w);
	after(&w, w.timing.reopen);
	assert_int_equal(w.last.kind, LINK_WISH_SUBSCRIBE);
	end(&w);
}

static void lost_bond_is_removed(void **state)
{
	struct link_settings settings = by_signal;
	struct world w;

	settings.bond = settings.may_pair = true;
	begin(&w, settings);
	fact(&w, LINK_FACT_BONDED);
	for (unsigned i = 0; i < 3; i++) {
		fact(&w, LINK_FACT_SEEN);
		fact(&w, LINK_FACT_PERMITTED);
		fact(&w, LINK_FACT_CONNECTED);
		after(&w, US_PER_S / 4);
		fact(&w, LINK_FACT_DISCONNECTED);
		after(&w, 5 * US_PER_S);
	}
	assert_int_equal(w.wished[LINK_WISH_FORGET], 1);
	hear_and_connect(&w);
	assert_int_equal(w.last.kind, LINK_WISH_PAIR);
	answer(&w, LINK_ERROR_NONE);
	prepare(&w);
	end(&w);
}

static void bus_lost_in_each_state(void **state)
{
	for (unsigned stop = 0; stop < 9; stop++) {
		struct world w;

		begin(&w, by_fd);
		if (stop > 0)
			fact(&w, LINK_FACT_SEEN);
		if (stop > 1)
			fact(&w, LINK_FACT_PERMITTED);
		if (stop > 2)
			fact(&w, LINK_FACT_CONNECTED);
		if (stop > 3)
			fact(&w, LINK_FACT_RESOLVED);
		if (stop > 4)
			prepare(&w);
		if (stop > 5)
			bytes_for(&w, US_PER_S, US_PER_S / 50);
		if (stop > 6)
			after(&w, w.timing.silence);
		if (stop > 7)
			after(&w, w.timing.resubscribe);
		fact(&w, LINK_FACT_BUS_LOST);
		is_in(&w, LINK_STATE_ABSENT);
		assert_false(w.is_up);
		assert_string_equal(link_why(w.link), "bluez_gone");
		assert_false(link_holds_slot(w.link));
		stream(&w);
		end(&w);
	}
}

static void stop_runs_the_stop_plan(void **state)
{
	struct world w;

	begin(&w, by_signal);
	stream(&w);
	fact(&w, LINK_FACT_STOP);
	assert_int_equal(w.last.kind, LINK_WISH_WRITE);
	answer(&w, LINK_ERROR_NONE);
	assert_int_equal(w.last.kind, LINK_WISH_DISCONNECT);
	answer(&w, LINK_ERROR_NONE);
	is_in(&w, LINK_STATE_STOPPED);
	assert_false(w.is_up);
	fact(&w, LINK_FACT_SEEN);
	fact(&w, LINK_FACT_PERMITTED);
	is_in(&w, LINK_STATE_STOPPED);
	end(&w);
}

static void polls_while_streaming(void **state)
{
	struct world w;

	begin(&w, by_signal);
	w.poll_us = 2 * US_PER_S;
	stream(&w);
	w.wished[LINK_WISH_WRITE] = 0;
	for (unsigned i = 0; i < 500; i++) {
		after(&w, US_PER_S / 50);
		fact(&w, LINK_FACT_BYTES);
		if (w.last.kind == LINK_WISH_WRITE)
			answer(&w, i % 2 ? LINK_ERROR_NONE : LINK_ERROR_FAILED);
	}
	assert_in_range(w.wished[LINK_WISH_WRITE], 4, 6);
	is_in(&w, LINK_STATE_STREAMING);
	end(&w);
}

/* A wearable of events alone answers its polls, and nothing else for minutes. */
static void polled_ones_are_not_silent(void **state)
{
	struct world w;

	begin(&w, by_signal);
	w.poll_us = 10 * US_PER_S;
	hear_and_connect(&w);
	prepare(&w);
	bytes_for(&w, US_PER_S / 10, US_PER_S / 100); /* answers to the start plan */
	for (unsigned i = 0; i < 30; i++) {
		after(&w, 10 * US_PER_S);
		assert_int_equal(w.last.kind, LINK_WISH_WRITE);
		answer(&w, LINK_ERROR_NONE);
		fact(&w, LINK_FACT_BYTES);
		is_in(&w, LINK_STATE_STREAMING);
	}
	after(&w, 31 * US_PER_S);
	is_in(&w, LINK_STATE_STALLED);
	end(&w);
}

/* One that streams and is polled for its battery is silent as soon as any other. */
static void what_is_polled_beside_is_no_patience(void **state)
{
	struct world w;

	begin(&w, by_signal);
	w.poll_us = 60 * US_PER_S;
	w.polls_beside = true;
	hear_and_connect(&w);
	prepare(&w);
	bytes_for(&w, US_PER_S, US_PER_S / 100);
	is_in(&w, LINK_STATE_STREAMING);
	after(&w, 5 * US_PER_S);
	is_in(&w, LINK_STATE_STALLED);
	end(&w);
}

/* Whatever comes, in whatever order: UP and DOWN alternate, the queue never overflows, and left
 * alone it comes to rest. */
static void any_order_of_facts_is_survived(void **state)
{
	const char *text = getenv("COXAD_TEST_SEED");
	unsigned seed = text ? (unsigned)strtoul(text, NULL, 0) : 12345;

	print_message("seed %u\n", seed);
	srand(seed);
	for (unsigned run = 0; run < 300; run++) {
		struct link_settings settings = {.path = rand() % 2 ? LINK_PATH_FD : LINK_PATH_SIGNAL,
			.fd_is_safe = rand() % 2, .bond = rand() % 2, .may_pair = rand() % 2};
		struct world w;

		begin(&w, settings);
		w.poll_us = rand() % 2 ? US_PER_S : 0;
		for (unsigned i = 0; i < 400; i++) {
			after(&w, rand() % (3 * US_PER_S));
			w.has_motion = rand() % 8;
			switch (rand() % 4) {
			case 0:
				answer(&w, rand() % 3 ? LINK_ERROR_NONE
						      : (enum link_error)(rand() %
							(LINK_ERROR_NO_CHARACTERISTIC + 1)));
				break;
			case 1:
				closed(&w);
				break;
			default:
				fact(&w, (enum link_fact_kind)(rand() % LINK_FACT_STOP));
			}
			w.trace[0] = '\0';
		}
		fact(&w, LINK_FACT_DISCONNECTED);
		after(&w, 1000 * (int64_t)US_PER_S);
		is_in(&w, LINK_STATE_ABSENT);
		end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(straight_to_the_stream),
		cmocka_unit_test(every_state_has_a_timer),
		cmocka_unit_test(connect_fails_and_waits_longer_up_to_a_cap),
		cmocka_unit_test(data_resets_the_backoff),
		cmocka_unit_test(no_reply_to_connect_is_cancelled),
		cmocka_unit_test(late_answers_are_ignored),
		cmocka_unit_test(unknown_object_must_be_found_again),
		cmocka_unit_test(adopts_a_link_that_nobody_asked_for),
		cmocka_unit_test(unresolved_three_times_is_forgotten),
		cmocka_unit_test(late_characteristics_are_awaited),
		cmocka_unit_test(unknown_driver_is_no_plan),
		cmocka_unit_test(acquire_falls_back_to_signals),
		cmocka_unit_test(signals_fall_back_to_a_safe_socket),
		cmocka_unit_test(order_of_signals_is_kept_where_it_matters),
		cmocka_unit_test(poisoned_is_left_alone_until_bluez_restarts),
		cmocka_unit_test(ladder_of_silence),
		cmocka_unit_test(slow_talkers_are_given_time),
		cmocka_unit_test(closed_socket_is_opened_again_or_the_link_is_lost),
		cmocka_unit_test(socket_that_ends_at_once_is_not_trusted),
		cmocka_unit_test(lost_bond_is_removed),
		cmocka_unit_test(bus_lost_in_each_state),
		cmocka_unit_test(stop_runs_the_stop_plan),
		cmocka_unit_test(polls_while_streaming),
		cmocka_unit_test(polled_ones_are_not_silent),
		cmocka_unit_test(what_is_polled_beside_is_no_patience),
		cmocka_unit_test(any_order_of_facts_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
