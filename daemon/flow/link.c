// SPDX-License-Identifier: MIT
/*
 *  ABSENT --advert--> SEEN --permitted--> CONNECTING --connected--> RESOLVING --found--> PREPARING
 *    ^                 ^                     | fails                   | fails              | plan
 *    |   advert lately |                     v                         v                    v ends
 *    +--long ago-------+----- BACKOFF <-- DRAINING <-- rung 2 -- STALLED <--silence-- STREAMING
 *                                                                   +-------bytes------->
 *
 * The rungs of the ladder against silence: 1 subscribe again, 2 disconnect, 3 (after three
 * connections without a byte) forget the device and its cache, though never while a characteristic
 * is poisoned, and never a bond. A connection that nobody asked for, because bluetoothd reconnected by itself or kept it
 * over our restart, is adopted in any state.
 */
#include "coxad/flow/link.h"

#include <errno.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "daemon/flow/link-action.h"
#include "daemon/flow/link-bond.h"
#include "daemon/flow/link-end.h"
#include "daemon/flow/link-request.h"
#include "daemon/flow/link-steps.h"
#include "daemon/flow/link-stream.h"

#define UNRESOLVED_MAX 3
#define MUTE_LINKS_MAX 3

struct link *link_new(const struct link_settings *settings, const struct link_timing *timing,
	uint64_t seed, const struct link_ops *ops, void *user)
{
	struct link *link = new0(struct link);

	link->settings = *settings;
	link->timing = *timing;
	link->ops = ops;
	link->user = user;
	link->reason = "new";
	link->seen_us = T_NEVER;
	link->deadline_us = link->step_us = link->poll_us = link->check_us = T_NEVER;
	link_request_reset(link);
	backoff_init(&link->backoff, seed);
	return link;
}

struct link *link_free(struct link *link)
{
	free(link);
	return NULL;
}

void link_set(struct link *link, const struct link_settings *settings)
{
	link->settings = *settings;
}

bool link_take(struct link *link, struct link_action *ret)
{
	return link_action_take(link, ret);
}

static void ask_whether_connected(struct link *link)
{
	link_action_emit(link, &(struct link_action){.kind = LINK_ACTION_CHECK,
				       .timeout_us = link->timing.step_us});
}

static void begin_streaming(struct link *link, int64_t now_us)
{
	link->is_started = true;
	link_stream_begin(link, now_us);
	if (link_stream_has_closed(link))
		link_enter(link, LINK_STATE_STALLED, now_us + link->timing.reopen_us);
	else
		link_enter(link, LINK_STATE_STREAMING, link_stream_first_deadline(link, now_us));
}

/* What becomes of the link after a step of a plan. */
static void conclude(struct link *link, int64_t now_us, struct link_outcome outcome)
{
	switch (outcome.kind) {
	case LINK_OUTCOME_NONE:
		return;
	case LINK_OUTCOME_STARTED:
		begin_streaming(link, now_us);
		return;
	case LINK_OUTCOME_STOPPED:
		link_end_drain(link, now_us);
		return;
	case LINK_OUTCOME_FAILED:
		link_end_drop(link, now_us, link->timing.wait_gatt_us, outcome.reason);
		return;
	case LINK_OUTCOME_QUARANTINE:
		link_end_quarantine(link, now_us, outcome.reason);
		return;
	}
}

static void conclude_request(struct link *link, int64_t now_us, struct link_request_end end)
{
	if (end.is_over)
		conclude(link, now_us, link_steps_done(link, now_us, end.error));
}

static void pair(struct link *link, int64_t now_us)
{
	/* A person reads and types meanwhile. */
	int64_t timeout_us = link->timing.pair_us * (link->is_asked_to_pair ? 2 : 1);

	link->is_pairing = true;
	link->deadline_us = now_us + timeout_us + timeout_us / 4;
	link->ticket = link_action_await(
		link, &(struct link_action){.kind = LINK_ACTION_PAIR, .timeout_us = timeout_us});
}

/* In LINK_STATE_RESOLVING. */
static bool lacks_characteristics(const struct link *link)
{
	return link->is_resolved && !link->is_pairing;
}

static void prepare_if_possible(struct link *link, int64_t now_us)
{
	if (!link->is_resolved || link->is_pairing)
		return;
	if (!link_steps_are_possible(link)) {
		if (link->deadline_us > now_us + link->timing.characteristics_us)
			link->deadline_us = now_us + link->timing.characteristics_us;
		return;
	}
	if (link_bond_must_pair(link)) {
		pair(link, now_us);
		return;
	}
	if (link_bond_forbids(link)) {
		link_end_unencrypted(link, now_us);
		return;
	}
	link->unresolved = 0;
	if (link->problem == WEARABLE_PROBLEM_SERVICE_MISSING)
		link->problem = WEARABLE_PROBLEM_NONE;
	link->is_up = true;
	link_action_emit(link, &(struct link_action){.kind = LINK_ACTION_UP});
	link_enter(link, LINK_STATE_PREPARING, T_NEVER);
	conclude(link, now_us, link_steps_start(link, now_us, DRIVER_PLAN_START));
}

static void connected(struct link *link, int64_t now_us)
{
	bool was_connected = link->is_connected;

	link->is_connected = true;
	if (!was_connected)
		link->connected_us = now_us;
	switch (link->state) {
	case LINK_STATE_ABSENT:
	case LINK_STATE_SEEN:
	case LINK_STATE_BACKOFF:
		link->epoch++;
		/* fall through */
	case LINK_STATE_CONNECTING:
		link_enter(link, LINK_STATE_RESOLVING, now_us + link->timing.resolve_us);
		prepare_if_possible(link, now_us);
		return;
	case LINK_STATE_STOPPED:
		link_end_drain(link, now_us);
		return;
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
	case LINK_STATE_DRAINING:
	case LINK_STATE_QUARANTINED:
		return;
	}
}

static void connect_done(struct link *link, int64_t now_us, enum link_error error)
{
	if (link->state != LINK_STATE_CONNECTING)
		return; /* Connected=true came first and moved it on */
	if (error == LINK_ERROR_NONE || link->is_connected)
		connected(link, now_us);
	else
		link_end_connect_failed(link, now_us, error);
}

static bool is_running(const struct link *link)
{
	return link->state == LINK_STATE_STREAMING || link->state == LINK_STATE_STALLED;
}

static void bytes(struct link *link, const struct link_event *event)
{
	int64_t now_us = event->t_us;
	bool is_answer = link_request_is_answer(link, event);
	bool is_read = !event->data && link->is_running && link->plan == DRIVER_PLAN_START;

	if (is_answer)
		conclude_request(link, now_us, link_request_bytes(link, event));
	/* What the start plan reads says nothing about the streams, nor does an answer, except to the
	 * polls of a wearable that has no stream. */
	if (!is_running(link) || is_read || (is_answer && !link->has_polls))
		return;
	link_stream_bytes(link, now_us);
	if (now_us - link->connected_us >= link->timing.quick_us)
		link_bond_trust(link);
	link->failures = link->unresolved = link->unprepared = link->mute = link->refused = 0;
	backoff_reset(&link->backoff);
	if (link->state == LINK_STATE_STALLED) {
		if (link_stream_has_closed(link))
			return; /* these came from another of its streams */
		link->rung = 0;
	}
	link_enter(link, LINK_STATE_STREAMING, link_stream_deadline(link, now_us));
}

/* The next rung against silence. */
static void climb(struct link *link, int64_t now_us)
{
	if (link->rung++ == 0 && link->n_streams) {
		bool any_closed = link_stream_has_closed(link);

		link->reason = any_closed ? "stream_closed" : "silent";
		link_enter(link, LINK_STATE_STALLED, now_us + link->timing.resubscribe_us);
		link_steps_resubscribe(link, now_us, !any_closed);
		return;
	}
	if (!link->bytes_us && ++link->mute >= MUTE_LINKS_MAX) {
		link->mute = 0;
		link->forget_next = true;
	}
	link_end_drop(link, now_us, link->timing.wait_transient_us, "silent");
}

static void poll(struct link *link, int64_t now_us)
{
	if (now_us >= link->poll_us && !link->is_running && link->step_us == T_NEVER) {
		link->poll_us = now_us + link->profile.poll_us;
		conclude(link, now_us, link_steps_start(link, now_us, DRIVER_PLAN_POLL));
	}
	if (now_us >= link->check_us) {
		link->check_us = now_us + link->timing.check_us;
		ask_whether_connected(link);
	}
}

static void tick(struct link *link, int64_t now_us)
{
	if (link->state == LINK_STATE_STREAMING)
		poll(link, now_us);
	conclude_request(link, now_us, link_request_advance(link, now_us));
	if (now_us >= link->step_us)
		conclude(link, now_us,
			link_steps_done(
				link, now_us, link->ticket ? LINK_ERROR_TIMEOUT : LINK_ERROR_NONE));
	if (now_us < link->deadline_us)
		return;
	switch (link->state) {
	case LINK_STATE_ABSENT:
		ask_whether_connected(link);
		link_end_rest(link, now_us);
		return;
	case LINK_STATE_SEEN:
		link_end_rest(link, now_us);
		return;
	case LINK_STATE_CONNECTING:
		connect_done(link, now_us, LINK_ERROR_TIMEOUT);
		return;
	case LINK_STATE_RESOLVING:
		if (++link->unresolved >= UNRESOLVED_MAX) {
			link->unresolved = 0;
			link->forget_next = true;
			if (lacks_characteristics(link))
				link->problem = WEARABLE_PROBLEM_SERVICE_MISSING;
		}
		link_end_drop(link, now_us, link->timing.wait_gatt_us,
			lacks_characteristics(link) ? "characteristics_missing"
			: link->is_pairing          ? "pairing_timeout"
						    : "services_unresolved");
		return;
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
		climb(link, now_us);
		return;
	case LINK_STATE_DRAINING:
		link_end_unanswered(link, now_us);
		return;
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
		/* A failed Disconnect may have left it connected, and so without adverts. */
		if (link->failures)
			ask_whether_connected(link);
		link_end_rest(link, now_us);
		if (link->is_connected)
			connected(link, now_us);
		return;
	case LINK_STATE_PREPARING:
	case LINK_STATE_STOPPED:
		return; /* steps have deadlines of their own */
	}
}

static void pair_done(struct link *link, int64_t now_us, enum link_error error)
{
	bool was_asked = link->is_asked_to_pair;

	link->is_pairing = link->is_asked_to_pair = false;
	link->ticket = 0;
	if (error == LINK_ERROR_NONE) {
		link_bond_set(link, true);
		prepare_if_possible(link, now_us);
		return;
	}
	link_end_refused(link, now_us, was_asked);
}

static void seen(struct link *link, int64_t now_us)
{
	link->seen_us = now_us;
	if (link->state == LINK_STATE_ABSENT || link->state == LINK_STATE_SEEN)
		link_end_rest(link, now_us);
}

static void gone(struct link *link, int64_t now_us)
{
	link->seen_us = T_NEVER;
	link_end_bond_changed(link, now_us, false);
	if (link->state == LINK_STATE_CONNECTING)
		connect_done(link, now_us, LINK_ERROR_UNKNOWN_OBJECT);
	else
		link_end_disconnected(link, now_us, "removed");
	if (link->state == LINK_STATE_SEEN)
		link_end_rest(link, now_us);
}

static void permitted(struct link *link, int64_t now_us)
{
	if (link->state != LINK_STATE_SEEN)
		return;
	link->epoch++;
	link_enter(link, LINK_STATE_CONNECTING,
		now_us + link->timing.connect_us + link->timing.connect_us / 8);
	link_bond_attempt(link);
	link_action_emit(link, &(struct link_action){.kind = LINK_ACTION_CONNECT,
				       .timeout_us = link->timing.connect_us});
}

static void step_done(struct link *link, const struct link_event *event)
{
	if (event->ticket && event->ticket == link->requests.ticket)
		conclude_request(
			link, event->t_us, link_request_written(link, event->t_us, event->error));
	if (!event->ticket || event->ticket != link->ticket)
		return;
	if (link->is_pairing)
		pair_done(link, event->t_us, event->error);
	else
		conclude(link, event->t_us, link_steps_done(link, event->t_us, event->error));
}

static void stream_closed(struct link *link, const struct link_event *event)
{
	if (link_stream_closed(link, event->t_us, &event->characteristic) &&
		link->state == LINK_STATE_STREAMING)
		link_enter(link, LINK_STATE_STALLED, event->t_us + link->timing.reopen_us);
}

static void on_connection(struct link *link, const struct link_event *event)
{
	if (event->kind == LINK_EVENT_STEP_DONE)
		step_done(link, event);
	else if (event->kind == LINK_EVENT_BYTES)
		bytes(link, event);
	else
		stream_closed(link, event);
}

void link_push(struct link *link, const struct link_event *event)
{
	bool is_present = event->epoch == link->epoch;
	int64_t now_us = event->t_us;

	switch (event->kind) {
	case LINK_EVENT_TICK:
		tick(link, now_us);
		return;
	case LINK_EVENT_SEEN:
		seen(link, now_us);
		return;
	case LINK_EVENT_GONE:
		gone(link, now_us);
		return;
	case LINK_EVENT_PERMITTED:
		permitted(link, now_us);
		return;
	case LINK_EVENT_CONNECT_DONE:
		if (is_present)
			connect_done(link, now_us, event->error);
		return;
	case LINK_EVENT_CONNECTED:
		connected(link, now_us);
		return;
	case LINK_EVENT_RESOLVED:
		link->is_resolved = true;
		/* fall through */
	case LINK_EVENT_CHARACTERISTICS:
		if (link->state == LINK_STATE_RESOLVING)
			prepare_if_possible(link, now_us);
		return;
	case LINK_EVENT_BONDED:
	case LINK_EVENT_UNBONDED:
		link_end_bond_changed(link, now_us, event->kind == LINK_EVENT_BONDED);
		return;
	case LINK_EVENT_STEP_DONE:
	case LINK_EVENT_BYTES:
	case LINK_EVENT_STREAM_CLOSED:
		if (is_present)
			on_connection(link, event);
		return;
	case LINK_EVENT_DISCONNECTED:
		link_end_disconnected(link, now_us, event->reason);
		return;
	case LINK_EVENT_DISCONNECT_DONE:
		if (is_present && link->state == LINK_STATE_DRAINING)
			link_end_lost(link, now_us, link->reason);
		return;
	case LINK_EVENT_PAIR:
		link_end_to_pair(link, now_us);
		return;
	case LINK_EVENT_PAIR_END:
		link_end_pairing(link, now_us);
		return;
	case LINK_EVENT_BUS_LOST:
		link_end_bus_lost(link, now_us);
		return;
	case LINK_EVENT_STOP:
		link_end_stop(link, now_us);
		return;
	}
}

int link_write(struct link *link, int64_t now_us, const struct driver_step *step)
{
	return is_running(link) ? link_request_order(link, now_us, step) : -ENOTCONN;
}

int64_t link_deadline(const struct link *link)
{
	int64_t at = link->deadline_us < link->step_us ? link->deadline_us : link->step_us;
	int64_t request_us = link_request_deadline(link);

	at = request_us < at ? request_us : at;
	if (link->state != LINK_STATE_STREAMING)
		return at;
	if (link->poll_us < at && !link->is_running && link->step_us == T_NEVER)
		at = link->poll_us;
	return link->check_us < at ? link->check_us : at;
}

enum link_state link_state(const struct link *link)
{
	return link->state;
}

unsigned link_epoch(const struct link *link)
{
	return link->epoch;
}

bool link_holds_slot(const struct link *link)
{
	return link->is_connected || link->state == LINK_STATE_CONNECTING ||
	       link->state == LINK_STATE_DRAINING;
}

bool link_expects_signal(const struct link *link, const struct uuid *characteristic)
{
	return link_stream_is_by_signal(link, characteristic);
}

unsigned link_failures(const struct link *link)
{
	return link->failures;
}

const char *link_reason(const struct link *link)
{
	return link->reason;
}

enum wearable_problem link_problem(const struct link *link)
{
	return link->problem;
}
