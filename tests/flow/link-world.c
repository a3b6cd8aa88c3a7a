// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "tests/flow/link-world.h"

#define NOTIFY 0x10

static int on_plan(void *user, enum driver_plan plan, unsigned index, struct driver_step *ret)
{
	const struct link_world *w = user;
	static const struct driver_step start[] = {
		{.kind = DRIVER_STEP_READ,
			.characteristic = {{0, 0, 0xff, 1, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f,
				0x9b, 0x34, 0xfb}}},
		{.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = {{0, 0, 0xff, 2, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f,
				0x9b, 0x34, 0xfb}}},
		{.kind = DRIVER_STEP_WAIT, .wait_ms = 100},
		{.kind = DRIVER_STEP_WRITE,
			.is_optional = true,
			.characteristic = {{0, 0, 0xff, 1, 0, 0, 0x10, 0, 0x80, 0, 0, 0x80, 0x5f,
				0x9b, 0x34, 0xfb}}},
	};

	switch (plan) {
	case DRIVER_PLAN_START:
		if (w->start && index < w->n_start)
			*ret = w->start[index];
		if (w->start)
			return index < w->n_start;
		if (index >= ARRAY_LEN(start))
			return 0;
		*ret = start[index];
		return 1;
	case DRIVER_PLAN_POLL:
	case DRIVER_PLAN_STOP:
		if (index || (plan == DRIVER_PLAN_POLL && w->has_nothing_to_ask))
			return 0;
		*ret = w->ask && plan == DRIVER_PLAN_POLL ? *w->ask : start[3];
		return 1;
	}
	return -EINVAL;
}

static int on_characteristic(void *user, const struct uuid *uuid)
{
	const struct link_world *w = user;

	if (uuid_is_equal(uuid, &LINK_WORLD_CHAR(1)))
		return 0x02;
	if (uuid_is_equal(uuid, &LINK_WORLD_CHAR(2)) && w->has_motion)
		return NOTIFY;
	return -ENOENT;
}

static void on_profile(void *user, struct link_profile *ret)
{
	const struct link_world *w = user;

	*ret = (struct link_profile){.has_driver = w->has_driver,
		.is_periodic = true,
		.needs_signal_order = w->needs_signal_order,
		.needs_bond = w->needs_bond,
		.poll_us = w->poll_us,
		.polls_beside = w->polls_beside};
}

static const struct link_ops ops = {on_plan, on_characteristic, on_profile};

static const char *const action_names[] = {"connect", "pair", "up", "subscribe", "acquire",
	"unsubscribe", "read", "write", "check", "down", "disconnect", "forget"};

void link_world_take(struct link_world *w)
{
	struct link_action action;

	while (link_take(w->link, &action)) {
		w->actions[action.kind]++;
		if (action.ticket || action.kind == LINK_ACTION_CONNECT ||
			action.kind == LINK_ACTION_DISCONNECT)
			w->last = action;
		if (action.kind == LINK_ACTION_UP) {
			assert_false(w->is_up);
			w->is_up = true;
			w->ups++;
		} else if (action.kind == LINK_ACTION_DOWN) {
			assert_true(w->is_up);
			assert_non_null(action.reason);
			w->is_up = false;
			w->downs++;
		}
		if (strlen(w->trace) < sizeof(w->trace) - 32) {
			strcat(w->trace, action_names[action.kind]);
			strcat(w->trace, " ");
		}
	}
}

void link_world_until(struct link_world *w, int64_t t_us)
{
	for (unsigned i = 0; link_deadline(w->link) <= t_us; i++) {
		assert_true(i < 10000); /* a timer that never moves on */
		if (link_deadline(w->link) > w->t_us)
			w->t_us = link_deadline(w->link);
		link_push(w->link, &(struct link_event){.kind = LINK_EVENT_TICK, .t_us = w->t_us});
		link_world_take(w);
	}
	w->t_us = t_us;
}

void link_world_after(struct link_world *w, int64_t us)
{
	link_world_until(w, w->t_us + us);
}

void link_world_event(struct link_world *w, enum link_event_kind kind)
{
	static const uint8_t motion[] = {0, 0};
	bool is_bytes = kind == LINK_EVENT_BYTES;

	link_push(w->link, &(struct link_event){.kind = kind,
				   .t_us = w->t_us,
				   .epoch = link_epoch(w->link),
				   .characteristic = LINK_WORLD_CHAR(2),
				   .data = is_bytes ? motion : NULL,
				   .size = is_bytes ? sizeof(motion) : 0});
	link_world_take(w);
}

void link_world_answer(struct link_world *w, enum link_error error)
{
	struct link_event f = {.kind = LINK_EVENT_STEP_DONE,
		.t_us = w->t_us,
		.epoch = w->last.epoch,
		.ticket = w->last.ticket,
		.error = error};

	if (w->last.kind == LINK_ACTION_CONNECT)
		f.kind = LINK_EVENT_CONNECT_DONE;
	else if (w->last.kind == LINK_ACTION_DISCONNECT)
		f.kind = LINK_EVENT_DISCONNECT_DONE;
	link_push(w->link, &f);
	link_world_take(w);
}

void link_world_says(struct link_world *w, uint8_t opcode, uint8_t status)
{
	const uint8_t data[] = {opcode | 0x80, status};

	link_push(w->link, &(struct link_event){.kind = LINK_EVENT_BYTES,
				   .t_us = w->t_us,
				   .epoch = link_epoch(w->link),
				   .characteristic = LINK_WORLD_CHAR(1),
				   .data = data,
				   .size = sizeof(data)});
	link_world_take(w);
}

void link_world_closed(struct link_world *w)
{
	link_push(w->link, &(struct link_event){.kind = LINK_EVENT_STREAM_CLOSED,
				   .t_us = w->t_us,
				   .epoch = link_epoch(w->link),
				   .characteristic = LINK_WORLD_CHAR(2)});
	link_world_take(w);
}

void link_world_is_in(const struct link_world *w, enum link_state state)
{
	if (link_state(w->link) != state)
		fail_msg("%s, not %s; %s", link_state_to_string(link_state(w->link)),
			link_state_to_string(state), w->trace);
}

void link_world_begin(struct link_world *w, struct link_settings settings)
{
	*w = (struct link_world){.t_us = 1000000, .has_motion = true, .has_driver = true};
	link_timing_default(&w->timing);
	w->link = link_new(&settings, &w->timing, 7, &ops, w);
}

void link_world_end(struct link_world *w)
{
	assert_int_equal(w->ups, w->downs + w->is_up);
	w->link = link_free(w->link);
}

void link_world_bytes_for(struct link_world *w, int64_t us, int64_t step_us)
{
	for (int64_t end_us = w->t_us + us; w->t_us < end_us;) {
		link_world_after(w, step_us);
		link_world_event(w, LINK_EVENT_BYTES);
	}
}

void link_world_see_and_permit(struct link_world *w)
{
	link_world_event(w, LINK_EVENT_SEEN);
	link_world_is_in(w, LINK_STATE_SEEN);
	link_world_event(w, LINK_EVENT_PERMITTED);
	link_world_is_in(w, LINK_STATE_CONNECTING);
}

void link_world_see_and_connect(struct link_world *w)
{
	link_world_see_and_permit(w);
	link_world_after(w, US_PER_S / 2);
	link_world_event(w, LINK_EVENT_CONNECTED);
	link_world_is_in(w, LINK_STATE_RESOLVING);
	link_world_after(w, US_PER_S / 5);
	link_world_event(w, LINK_EVENT_RESOLVED);
}

void link_world_prepare(struct link_world *w)
{
	link_world_is_in(w, LINK_STATE_PREPARING);
	link_world_answer(w, LINK_ERROR_NONE); /* read */
	link_world_answer(w, LINK_ERROR_NONE); /* subscribe */
	link_world_after(w, US_PER_S / 5);     /* wait */
	link_world_answer(w, LINK_ERROR_NONE); /* write */
	link_world_is_in(w, LINK_STATE_STREAMING);
}

void link_world_stream(struct link_world *w)
{
	link_world_see_and_connect(w);
	link_world_prepare(w);
	link_world_bytes_for(w, 5 * US_PER_S, US_PER_S / 50);
	link_world_is_in(w, LINK_STATE_STREAMING);
}
