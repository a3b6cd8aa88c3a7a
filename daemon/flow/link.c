// SPDX-License-Identifier: MIT
/*
 *  ABSENT --seen--> HEARD --permitted--> CONNECTING --connected--> RESOLVING --all there--> PREPARING
 *    ^               ^                       |  fails                 |  fails                | plan's end
 *    |  heard too    |                       v                        v                       v
 *    +--long ago-----+------- BACKOFF <-- DRAINING <-- rung 2 -- STALLED <--silence, EOF-- STREAMING
 *                                                                   +-----bytes-------------->
 * The ladder of silence: 1 subscribe again, 2 disconnect, 3 (after three links without a byte)
 * forget, which is left out where a characteristic is poisoned. A connection that nobody asked for
 * (bluetoothd reconnects by itself, or kept it over our restart) is adopted in any state.
 */
#include "daemon/flow/link-private.h"

#include <errno.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define UNRESOLVED_MAX 3

void link_timing_default(struct link_timing *ret)
{
	*ret = (struct link_timing){
		/* Adverts come at least each 1.3 s in practice; a few may be missed. */
		.heard = 12 * US_PER_S,
		.connect = 20 * US_PER_S, /* bluetoothd gives up at 25 to 40 s; most links take 2 */
		.resolve = 20 * US_PER_S, /* 10 is too short for some straps */
		.characteristics = 5 * US_PER_S,
		.pair = 30 * US_PER_S,
		.step = 6 * US_PER_S,
		.subscribe = 10 * US_PER_S, /* may raise encryption first */
		.first_bytes = 10 * US_PER_S,
		.silence = 3 * US_PER_S,
		.silence_most = 30 * US_PER_S,
		.reopen = US_PER_S / 2, /* a socket's end comes some 10 ms before Connected=false */
		.resubscribe = 6 * US_PER_S,
		.check = 30 * US_PER_S,
		.disconnect = 6 * US_PER_S, /* bluetoothd takes up to 2.7 s */
		.quick = 2 * US_PER_S,
		.wait_transient = US_PER_S / 4,
		.wait_timeout = US_PER_S / 2,
		.wait_gatt = US_PER_S,
		.wait_slot = 4 * US_PER_S,
		.wait_most = 10 * US_PER_S,
		.quarantine = 60 * US_PER_S,
	};
}

struct link *link_new(const struct link_settings *settings, const struct link_timing *timing,
	uint64_t seed, const struct link_ops *ops, void *user)
{
	struct link *link = new0(struct link);

	link->settings = *settings;
	link->timing = *timing;
	link->ops = ops;
	link->user = user;
	link->why = "new";
	link->heard_us = T_NEVER;
	link->deadline_us = link->step_us = link->poll_us = link->check_us = T_NEVER;
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

void link_action(struct link *link, const struct link_action *action)
{
	/* The queue is drained after each event; a event asks for far less than it holds. */
	if (link->n_actions == LINK_ACTIONS_MAX)
		return;
	size_t at = (link->action_first + link->n_actions++) % LINK_ACTIONS_MAX;
	link->action[at] = *action;
	link->action[at].epoch = link->epoch;
}

bool link_take(struct link *link, struct link_action *ret)
{
	if (!link->n_actions)
		return false;
	*ret = link->action[link->action_first];
	link->action_first = (link->action_first + 1) % LINK_ACTIONS_MAX;
	link->n_actions--;
	return true;
}

static void tick(struct link *link, int64_t now_us)
{
	if (link->state == LINK_STATE_STREAMING)
		link_stream_poll(link, now_us);
	if (now_us >= link->step_us)
		link_steps_done(link, now_us, link->ticket ? LINK_ERROR_TIMEOUT : LINK_ERROR_NONE);
	if (now_us < link->deadline_us)
		return;
	switch (link->state) {
	case LINK_STATE_ABSENT:
		link_ask(link);
		link_rest(link, now_us);
		return;
	case LINK_STATE_HEARD:
		link_rest(link, now_us);
		return;
	case LINK_STATE_CONNECTING:
		link_connect_done(link, now_us, LINK_ERROR_TIMEOUT);
		return;
	case LINK_STATE_RESOLVING:
		if (++link->unresolved >= UNRESOLVED_MAX) {
			link->unresolved = 0;
			link->forget_next = true;
		}
		link_drop(link, now_us, link->timing.wait_gatt,
			link->is_pairing    ? "pairing_timeout"
			: link->is_resolved ? "characteristics_missing"
					    : "services_unresolved");
		return;
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
		link_stream_climb(link, now_us);
		return;
	case LINK_STATE_DRAINING:
		/* No answer to Disconnect: go by what the bus says later. */
		link_end_epoch(link, link->why);
		link_forget_if_due(link);
		link->is_connected = link->is_resolved = false;
		link_back_off(link, now_us);
		return;
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
		/* A Disconnect that failed leaves a link behind, and what is linked is never heard. */
		if (link->failures)
			link_ask(link);
		link_rest(link, now_us);
		if (link->is_connected)
			link_connected(link, now_us);
		return;
	case LINK_STATE_PREPARING:
	case LINK_STATE_STOPPED:
		return; /* the steps have deadlines of their own */
	}
}

static void pair_done(struct link *link, int64_t now_us, enum link_error error)
{
	link->is_pairing = false;
	link->ticket = 0;
	if (error == LINK_ERROR_NONE) {
		link->is_bonded = true;
		link_prepare_if_possible(link, now_us);
		return;
	}
	if (++link->refused >= 3) {
		link->refused = 0;
		link_quarantine(link, now_us, "pairing");
		return;
	}
	link_drop(link, now_us, link->timing.wait_gatt, "pairing");
}

static void bus_lost(struct link *link, int64_t now_us)
{
	link_end_epoch(link, "bluez_gone");
	link->is_connected = link->is_resolved = link->is_bonded = false;
	link->heard_us = T_NEVER;
	link->n_poisoned = 0;
	link->distrusts_fd = link->forget_next = false;
	link->failures = link->unresolved = link->unprepared = link->mute = link->quick_drops = 0;
	backoff_reset(&link->backoff);
	link->epoch++;
	if (link->is_stopping)
		link_enter(link, LINK_STATE_STOPPED, T_NEVER);
	else
		link_rest(link, now_us);
}

static void stop(struct link *link, int64_t now_us)
{
	if (link->is_stopping)
		return;
	link->is_stopping = true;
	link->why = "stopped";
	switch (link->state) {
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
		link_steps_cancel(link);
		link_enter(link, LINK_STATE_DRAINING, now_us + link->timing.disconnect);
		link_steps_start(link, now_us, DRIVER_PLAN_STOP);
		return;
	case LINK_STATE_CONNECTING:
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
		link_end_epoch(link, "stopped");
		link_drain(link, now_us);
		return;
	case LINK_STATE_DRAINING:
		return;
	case LINK_STATE_ABSENT:
	case LINK_STATE_HEARD:
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
	case LINK_STATE_STOPPED:
		link_enter(link, LINK_STATE_STOPPED, T_NEVER);
		return;
	}
}

static void seen(struct link *link, int64_t now_us)
{
	link->heard_us = now_us;
	if (link->state == LINK_STATE_ABSENT || link->state == LINK_STATE_HEARD)
		link_rest(link, now_us);
}

static void disconnected(struct link *link, int64_t now_us, const char *why)
{
	switch (link->state) {
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
	case LINK_STATE_DRAINING:
		link_lost(link, now_us, why ? why : "lost");
		return;
	case LINK_STATE_CONNECTING: /* the reply tells */
	case LINK_STATE_ABSENT:
	case LINK_STATE_HEARD:
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
	case LINK_STATE_STOPPED:
		link->is_connected = link->is_resolved = false;
		return;
	}
}

void link_push(struct link *link, const struct link_event *event)
{
	int64_t now_us = event->t_us;

	switch (event->kind) {
	case LINK_EVENT_TICK:
		tick(link, now_us);
		return;
	case LINK_EVENT_SEEN:
		seen(link, now_us);
		return;
	case LINK_EVENT_GONE:
		link->heard_us = T_NEVER;
		link->is_bonded = false;
		if (link->state == LINK_STATE_CONNECTING)
			link_connect_done(link, now_us, LINK_ERROR_UNKNOWN_OBJECT);
		else
			disconnected(link, now_us, "removed");
		if (link->state == LINK_STATE_HEARD)
			link_rest(link, now_us);
		return;
	case LINK_EVENT_PERMITTED:
		if (link->state != LINK_STATE_HEARD)
			return;
		link->epoch++;
		link_enter(link, LINK_STATE_CONNECTING,
			now_us + link->timing.connect + link->timing.connect / 8);
		link_action(link, &(struct link_action){.kind = LINK_ACTION_CONNECT,
					  .timeout_us = link->timing.connect});
		return;
	case LINK_EVENT_CONNECT_DONE:
		if (event->epoch == link->epoch)
			link_connect_done(link, now_us, event->error);
		return;
	case LINK_EVENT_CONNECTED:
		link_connected(link, now_us);
		return;
	case LINK_EVENT_RESOLVED:
		link->is_resolved = true;
		/* fall through */
	case LINK_EVENT_CHARACTERISTICS:
		if (link->state == LINK_STATE_RESOLVING)
			link_prepare_if_possible(link, now_us);
		return;
	case LINK_EVENT_BONDED:
		link->is_bonded = true;
		return;
	case LINK_EVENT_STEP_DONE:
		if (event->epoch != link->epoch || !event->ticket || event->ticket != link->ticket)
			return;
		if (link->is_pairing)
			pair_done(link, now_us, event->error);
		else
			link_steps_done(link, now_us, event->error);
		return;
	case LINK_EVENT_BYTES:
		if (event->epoch == link->epoch)
			link_stream_bytes(link, now_us);
		return;
	case LINK_EVENT_STREAM_CLOSED:
		if (event->epoch == link->epoch)
			link_stream_closed(link, now_us, &event->characteristic);
		return;
	case LINK_EVENT_DISCONNECTED:
		disconnected(link, now_us, event->why);
		return;
	case LINK_EVENT_DISCONNECT_DONE:
		if (event->epoch == link->epoch && link->state == LINK_STATE_DRAINING)
			link_lost(link, now_us, link->why);
		return;
	case LINK_EVENT_BUS_LOST:
		bus_lost(link, now_us);
		return;
	case LINK_EVENT_STOP:
		stop(link, now_us);
		return;
	}
}

int link_write(struct link *link, const struct driver_step *step)
{
	if (link->state != LINK_STATE_STREAMING && link->state != LINK_STATE_STALLED)
		return -ENOTCONN;
	if (link->n_actions > LINK_ACTIONS_MAX / 2)
		return -EAGAIN;
	link_action(link,
		&(struct link_action){
			.kind = LINK_ACTION_WRITE, .timeout_us = link->timing.step, .step = *step});
	return 0;
}

int64_t link_deadline(const struct link *link)
{
	int64_t at = link->deadline_us < link->step_us ? link->deadline_us : link->step_us;

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

unsigned link_failures(const struct link *link)
{
	return link->failures;
}

const char *link_why(const struct link *link)
{
	return link->why;
}

const char *link_state_to_string(enum link_state state)
{
	static const char *const text[] = {"absent", "heard", "connecting", "resolving",
		"preparing", "streaming", "stalled", "draining", "backoff", "quarantined",
		"stopped"};

	return (unsigned)state < ARRAY_LEN(text) ? text[state] : "unknown";
}

const char *link_error_to_string(enum link_error error)
{
	static const char *const text[] = {"none", "failed", "timeout", "in_progress",
		"unknown_object", "not_ready", "not_permitted", "not_supported", "not_connected",
		"no_link", "authentication", "limit", "no_characteristic"};

	return (unsigned)error < ARRAY_LEN(text) ? text[error] : "unknown";
}
