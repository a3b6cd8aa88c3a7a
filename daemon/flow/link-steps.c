// SPDX-License-Identifier: MIT
#include "daemon/flow/link-steps.h"

#include <errno.h>

#include "coxad/base/units.h"
#include "daemon/flow/link-action.h"
#include "daemon/flow/link-bond.h"
#include "daemon/flow/link-request.h"
#include "daemon/flow/link-stream.h"

#define PROPERTY_NOTIFY 0x10 /* Core Vol 3 Part G 3.3.1.1 */
#define PLAN_STEPS_MAX  64   /* a longer plan is a bug of the driver */
#define UNPREPARED_MAX  12   /* failures in a row; then others get its slot for a while */

/* The caller reports a timeout itself; this is for when it reports nothing at all. */
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

	/* BlueZ before 5.80 cannot acquire a characteristic that only indicates. */
	if (properties < 0 || !(properties & PROPERTY_NOTIFY) || is_poisoned(link, uuid) ||
		link->profile.needs_signal_order || link->distrusts_fd)
		return LINK_PATH_SIGNAL;
	return link->settings.path;
}

static void queue_step(
	struct link *link, int64_t now_us, enum link_action_kind kind, int64_t timeout_us)
{
	link->step_us = overdue(now_us, timeout_us);
	link->ticket = link_action_await(link,
		&(struct link_action){.kind = kind, .timeout_us = timeout_us, .step = link->step});
}

static void subscribe(struct link *link, int64_t now_us)
{
	queue_step(link, now_us,
		link->path == LINK_PATH_FD ? LINK_ACTION_ACQUIRE : LINK_ACTION_SUBSCRIBE,
		link->timing.subscribe_us);
}

static bool is_unread(const struct link *link, const struct uuid *uuid)
{
	for (size_t i = 0; i < link->n_unread; i++)
		if (uuid_is_equal(&link->unread[i], uuid))
			return true;
	return false;
}

/* A read that is never answered blocks whatever is asked after it: it is not repeated. */
static void give_up_reading(struct link *link)
{
	if (link->n_unread < LINK_UNREAD_MAX)
		link->unread[link->n_unread++] = link->step.characteristic;
}

/* False: nothing to wait for. */
static bool start_step(struct link *link, int64_t now_us)
{
	link->tried_other = false;
	switch (link->step.kind) {
	case DRIVER_STEP_WAIT:
		link->ticket = 0;
		link->step_us = now_us + (int64_t)link->step.wait_ms * US_PER_MS;
		return true;
	case DRIVER_STEP_SUBSCRIBE:
		link->path = first_path(link, &link->step.characteristic);
		subscribe(link, now_us);
		return true;
	case DRIVER_STEP_READ:
		if (link->step.is_optional && is_unread(link, &link->step.characteristic))
			return false;
		queue_step(link, now_us, LINK_ACTION_READ, link->timing.step_us);
		return true;
	case DRIVER_STEP_WRITE:
	case DRIVER_STEP_WRITE_COMMAND:
		if (link->step.answer) {
			link->ticket = 0;
			link->step_us = T_NEVER;
			return link_request_plan(link, now_us);
		}
		queue_step(link, now_us, LINK_ACTION_WRITE, link->timing.step_us);
		return true;
	}
	return false;
}

void link_steps_cancel(struct link *link)
{
	link->is_running = false;
	link->ticket = 0;
	link->step_us = T_NEVER;
	link_request_abandon(link);
}

static struct link_outcome end_plan(struct link *link)
{
	link_steps_cancel(link);
	switch (link->plan) {
	case DRIVER_PLAN_START:
		return (struct link_outcome){
			.kind = link->is_started ? LINK_OUTCOME_NONE : LINK_OUTCOME_STARTED};
	case DRIVER_PLAN_STOP:
		return (struct link_outcome){.kind = LINK_OUTCOME_STOPPED};
	case DRIVER_PLAN_POLL:
		break;
	}
	return (struct link_outcome){.kind = LINK_OUTCOME_NONE};
}

static struct link_outcome quarantine(struct link *link, const char *reason)
{
	link_steps_cancel(link);
	return (struct link_outcome){.kind = LINK_OUTCOME_QUARANTINE, .reason = reason};
}

static int read_plan(const struct link *link, unsigned index, struct driver_step *ret)
{
	*ret = (struct driver_step){0};
	return index < PLAN_STEPS_MAX ? link->ops->plan(link->user, link->plan, index, ret)
				      : -ELOOP;
}

/* True where the rest of the start plan, from an optional read on, is not needed for data to come. */
static bool is_rest_optional(const struct link *link)
{
	struct driver_step step;

	if (link->plan != DRIVER_PLAN_START || link->is_started ||
		link->step.kind != DRIVER_STEP_READ || !link->step.is_optional)
		return false;
	for (unsigned i = link->index; read_plan(link, i, &step) > 0; i++)
		if (!step.is_optional)
			return false;
	return true;
}

static struct link_outcome next_step(struct link *link, int64_t now_us)
{
	do {
		struct driver_step step;
		int r = read_plan(link, link->index, &step);

		if (r < 0 && link->plan == DRIVER_PLAN_START)
			return quarantine(link, "no_plan");
		if (r <= 0)
			return end_plan(link);
		link->index++;
		link->step = step;
	} while (!start_step(link, now_us));
	return (struct link_outcome){
		.kind = is_rest_optional(link) ? LINK_OUTCOME_STARTED : LINK_OUTCOME_NONE};
}

struct link_outcome link_steps_start(struct link *link, int64_t now_us, enum driver_plan plan)
{
	link->plan = plan;
	link->index = 0;
	link->is_running = true;
	return next_step(link, now_us);
}

/* Tries the other path where this error leaves hope for it. */
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
		/* Another client's StartNotify blocks ours, but not a socket. */
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

void link_steps_resubscribe(struct link *link, int64_t now_us, bool all)
{
	for (size_t i = 0; all && i < link->n_streams; i++) {
		struct link_stream *stream = &link->stream[i];

		stream->is_closed = true;
		/* Stopping what never started uses freed memory in BlueZ before 5.84. */
		if (!is_poisoned(link, &stream->characteristic))
			link_action_emit(
				link, &(struct link_action){.kind = LINK_ACTION_UNSUBSCRIBE,
					      .timeout_us = link->timing.step_us,
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

static bool refutes_bond(struct link *link, enum link_error error)
{
	if (error == LINK_ERROR_AUTHENTICATION)
		return link_bond_doubt(link, LINK_BOND_DOUBT_STRONG);
	return error == LINK_ERROR_TIMEOUT && link_bond_doubt(link, LINK_BOND_DOUBT_WEAK);
}

static struct link_outcome step_failed(struct link *link, enum link_error error)
{
	if (link->step.kind == DRIVER_STEP_SUBSCRIBE &&
		is_poisoned(link, &link->step.characteristic))
		/* Only a restart of bluetoothd heals it, and another try can crash bluetoothd. */
		return quarantine(link, "poisoned");
	if (link_bond_refuses(link, error) || refutes_bond(link, error))
		return quarantine(link, wearable_problem_to_string(link->problem));
	link->unprepared++;
	if (link->unprepared >= UNPREPARED_MAX)
		return quarantine(link, "step_failed");
	if (link->unprepared % 3 == 0)
		link->forget_next = true;
	link_steps_cancel(link);
	return (struct link_outcome){.kind = LINK_OUTCOME_FAILED,
		.reason = error == LINK_ERROR_TIMEOUT ? "step_timeout" : "step_failed"};
}

struct link_outcome link_steps_done(struct link *link, int64_t now_us, enum link_error error)
{
	bool is_plan = link->is_running, is_subscription = link->step.kind == DRIVER_STEP_SUBSCRIBE;

	link->ticket = 0;
	link->step_us = T_NEVER;
	if (error == LINK_ERROR_TIMEOUT && link->step.kind == DRIVER_STEP_READ &&
		link->step.is_optional)
		give_up_reading(link);
	if (error != LINK_ERROR_NONE && is_subscription && turn_to_other_path(link, now_us, error))
		return (struct link_outcome){.kind = LINK_OUTCOME_NONE};
	if (error == LINK_ERROR_NONE && is_subscription)
		link_stream_add(link, now_us);
	if (is_plan && error != LINK_ERROR_NONE && !link->step.is_optional &&
		link->plan == DRIVER_PLAN_START)
		return step_failed(link, error);
	if (is_plan)
		return next_step(link, now_us);
	/* Of a resubscription: data follow, or the next rung. */
	if (error == LINK_ERROR_NONE)
		link_steps_resubscribe(link, now_us, false);
	return (struct link_outcome){.kind = LINK_OUTCOME_NONE};
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
	/* Planning may have settled which driver it is. */
	link->ops->profile(link->user, &link->profile);
	return link->profile.has_driver;
}
