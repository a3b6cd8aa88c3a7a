// SPDX-License-Identifier: MIT
#include "daemon/flow/link-private.h"

#include <errno.h>

#include "coxad/base/units.h"

#define PROPERTY_NOTIFY 0x10 /* Core Vol 3 Part G 3.3.1.1 */
#define PLAN_STEPS_MAX  64   /* a plan without an end is the driver's error */
#define UNPREPARED_MAX  12   /* failures in a row; then it rests, and leaves its slot to others */

/* The answer's own deadline comes first; this one holds where no answer comes at all. */
static int64_t overdue(int64_t now_us, int64_t timeout_us)
{
	return now_us + timeout_us + timeout_us / 4;
}

static bool is_poisoned(const struct link *link, const struct uuid *uuid)
{
	for (size_t i = 0; i < link->n_poisoned; i++)
		if (uuid_is_equal(&link->poisoned[i], uuid))
			return true;
	return false;
}

static void poison(struct link *link, const struct uuid *uuid)
{
	if (!is_poisoned(link, uuid) && link->n_poisoned < LINK_STREAMS_MAX)
		link->poisoned[link->n_poisoned++] = *uuid;
}

static enum link_path first_path(const struct link *link, const struct uuid *uuid)
{
	int properties = link->ops->characteristic(link->user, uuid);

	/* BlueZ before 5.80 acquires no characteristic that only indicates. */
	if (properties < 0 || !(properties & PROPERTY_NOTIFY) || is_poisoned(link, uuid) ||
		link->profile.needs_signal_order || link->distrusts_fd)
		return LINK_PATH_SIGNAL;
	return link->settings.path;
}

static void queue_step(
	struct link *link, int64_t now_us, enum link_action_kind kind, int64_t timeout_us)
{
	if (++link->tickets == 0)
		link->tickets = 1;
	link->ticket = link->tickets;
	link->step_us = overdue(now_us, timeout_us);
	link_action(link, &(struct link_action){.kind = kind,
				  .ticket = link->ticket,
				  .timeout_us = timeout_us,
				  .step = link->step});
}

static void subscribe(struct link *link, int64_t now_us)
{
	queue_step(link, now_us,
		link->path == LINK_PATH_FD ? LINK_ACTION_ACQUIRE : LINK_ACTION_SUBSCRIBE,
		link->timing.subscribe);
}

static void start_step(struct link *link, int64_t now_us)
{
	link->tried_other = false;
	switch (link->step.kind) {
	case DRIVER_STEP_WAIT:
		link->ticket = 0;
		link->step_us = now_us + (int64_t)link->step.wait_ms * US_PER_MS;
		return;
	case DRIVER_STEP_SUBSCRIBE:
		link->path = first_path(link, &link->step.characteristic);
		subscribe(link, now_us);
		return;
	case DRIVER_STEP_READ:
		queue_step(link, now_us, LINK_ACTION_READ, link->timing.step);
		return;
	case DRIVER_STEP_WRITE:
	case DRIVER_STEP_WRITE_COMMAND:
		queue_step(link, now_us, LINK_ACTION_WRITE, link->timing.step);
		return;
	}
}

static void end_plan(struct link *link, int64_t now_us)
{
	link_steps_cancel(link);
	switch (link->plan) {
	case DRIVER_PLAN_START:
		link_stream_started(link, now_us);
		return;
	case DRIVER_PLAN_STOP:
		link_drain(link, now_us);
		return;
	case DRIVER_PLAN_POLL:
		return;
	}
}

void link_steps_next(struct link *link, int64_t now_us)
{
	struct driver_step step = {0};
	int r = link->index < PLAN_STEPS_MAX
			? link->ops->plan(link->user, link->plan, link->index, &step)
			: -ELOOP;

	if (r < 0 && link->plan == DRIVER_PLAN_START) {
		link_steps_cancel(link);
		link_quarantine(link, now_us, "no_plan");
		return;
	}
	if (r <= 0) {
		end_plan(link, now_us);
		return;
	}
	link->index++;
	link->step = step;
	start_step(link, now_us);
}

void link_steps_start(struct link *link, int64_t now_us, enum driver_plan plan)
{
	link->plan = plan;
	link->index = 0;
	link->is_running = true;
	link_steps_next(link, now_us);
}

void link_steps_cancel(struct link *link)
{
	link->is_running = false;
	link->ticket = 0;
	link->step_us = T_NEVER;
}

static void add_stream(struct link *link, int64_t now_us)
{
	size_t i = 0;

	while (i < link->n_streams &&
		!uuid_is_equal(&link->stream[i].characteristic, &link->step.characteristic))
		i++;
	if (i == LINK_STREAMS_MAX)
		return;
	if (i == link->n_streams)
		link->n_streams++;
	link->stream[i] = (struct link_stream){
		.characteristic = link->step.characteristic, .path = link->path};
	if (link->path == LINK_PATH_FD)
		link->acquired_us = now_us;
}

/* True where the other path is worth a try after this error. */
static bool turn_to_other_path(struct link *link, int64_t now_us, enum link_error error)
{
	const struct uuid *uuid = &link->step.characteristic;
	int properties = link->ops->characteristic(link->user, uuid);

	if (link->path == LINK_PATH_FD && error == LINK_ERROR_TIMEOUT && !link->settings.fd_is_safe)
		poison(link, uuid);
	if (link->tried_other || error == LINK_ERROR_NOT_CONNECTED || properties < 0)
		return false;
	if (link->path == LINK_PATH_FD) {
		link->path = LINK_PATH_SIGNAL;
	} else {
		/* Another client's signals stand in the way of ours, not of a socket. */
		if (!link->settings.fd_is_safe || link->distrusts_fd || is_poisoned(link, uuid) ||
			link->profile.needs_signal_order || !(properties & PROPERTY_NOTIFY) ||
			(error != LINK_ERROR_IN_PROGRESS && error != LINK_ERROR_NOT_PERMITTED))
			return false;
		link->path = LINK_PATH_FD;
	}
	link->tried_other = true;
	subscribe(link, now_us);
	return true;
}

static void step_failed(struct link *link, int64_t now_us, enum link_error error)
{
	bool is_poison = link->step.kind == DRIVER_STEP_SUBSCRIBE &&
			 is_poisoned(link, &link->step.characteristic);

	link_steps_cancel(link);
	if (is_poison) {
		/* Only a restart of bluetoothd heals it, and asking again can end bluetoothd. */
		link_quarantine(link, now_us, "poisoned");
		return;
	}
	link->unprepared++;
	if (error == LINK_ERROR_AUTHENTICATION && ++link->refused >= 3 &&
		!link->settings.may_pair) {
		link->refused = 0;
		link_quarantine(link, now_us, "authentication");
		return;
	}
	if (link->unprepared >= UNPREPARED_MAX) {
		link_quarantine(link, now_us, "step_failed");
		return;
	}
	if (link->unprepared % 3 == 0)
		link->forget_next = true;
	link_drop(link, now_us, link->timing.wait_gatt,
		error == LINK_ERROR_TIMEOUT ? "step_timeout" : "step_failed");
}

void link_steps_done(struct link *link, int64_t now_us, enum link_error error)
{
	bool is_plan = link->is_running;

	link->ticket = 0;
	link->step_us = T_NEVER;
	if (error != LINK_ERROR_NONE && link->step.kind == DRIVER_STEP_SUBSCRIBE &&
		turn_to_other_path(link, now_us, error))
		return;
	if (error == LINK_ERROR_NONE && link->step.kind == DRIVER_STEP_SUBSCRIBE)
		add_stream(link, now_us);
	if (!is_plan) {
		/* Of a resubscription: what follows is data, or the next rung. */
		if (error == LINK_ERROR_NONE)
			link_steps_resubscribe(link, now_us, false);
		return;
	}
	if (error != LINK_ERROR_NONE && !link->step.is_optional &&
		link->plan == DRIVER_PLAN_START) {
		step_failed(link, now_us, error);
		return;
	}
	link_steps_next(link, now_us);
}

void link_steps_resubscribe(struct link *link, int64_t now_us, bool all)
{
	for (size_t i = 0; all && i < link->n_streams; i++) {
		struct link_stream *stream = &link->stream[i];

		stream->is_closed = true;
		/* Stopping what never started touches freed memory in BlueZ before 5.84. */
		if (!is_poisoned(link, &stream->characteristic))
			link_action(
				link, &(struct link_action){.kind = LINK_ACTION_UNSUBSCRIBE,
					      .timeout_us = link->timing.step,
					      .step = {.kind = DRIVER_STEP_SUBSCRIBE,
						      .characteristic = stream->characteristic}});
	}
	link_steps_cancel(link);
	for (size_t i = 0; i < link->n_streams; i++) {
		if (!link->stream[i].is_closed)
			continue;
		link->step = (struct driver_step){.kind = DRIVER_STEP_SUBSCRIBE,
			.characteristic = link->stream[i].characteristic};
		start_step(link, now_us);
		return;
	}
}

bool link_steps_are_possible(struct link *link)
{
	struct driver_step step;
	unsigned i;

	link->ops->profile(link->user, &link->profile);
	for (i = 0; i < PLAN_STEPS_MAX; i++) {
		step = (struct driver_step){0};
		int r = link->ops->plan(link->user, DRIVER_PLAN_START, i, &step);

		if (r < 0)
			return false;
		if (r == 0)
			break;
		if (step.kind != DRIVER_STEP_WAIT && !step.is_optional &&
			link->ops->characteristic(link->user, &step.characteristic) < 0)
			return false;
	}
	/* Choosing the plan may have told which driver it is. */
	link->ops->profile(link->user, &link->profile);
	return link->profile.has_driver;
}
