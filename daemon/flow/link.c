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

#define MUTE_LINKS_MAX   3
#define UNRESOLVED_MAX   3
#define QUICK_DROPS_MAX  3
#define PATIENCE_GAPS    20 /* silence is this many usual distances between packets */

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

void link_wish(struct link *link, const struct link_wish *wish)
{
	/* The queue is drained after each fact; a fact asks for far less than it holds. */
	if (link->n_wishes == LINK_WISHES_MAX)
		return;
	size_t at = (link->wish_first + link->n_wishes++) % LINK_WISHES_MAX;
	link->wish[at] = *wish;
	link->wish[at].epoch = link->epoch;
}

bool link_take(struct link *link, struct link_wish *ret)
{
	if (!link->n_wishes)
		return false;
	*ret = link->wish[link->wish_first];
	link->wish_first = (link->wish_first + 1) % LINK_WISHES_MAX;
	link->n_wishes--;
	return true;
}

static void enter(struct link *link, enum link_state state, int64_t deadline_us)
{
	link->state = state;
	link->deadline_us = deadline_us;
}

static bool is_heard(const struct link *link, int64_t now_us)
{
	return link->heard_us != T_NEVER && now_us - link->heard_us < link->timing.heard;
}

/* Nothing is under way: what it does next depends on whether it was heard. */
static void rest(struct link *link, int64_t now_us)
{
	if (is_heard(link, now_us))
		enter(link, LINK_STATE_HEARD, link->heard_us + link->timing.heard);
	else
		enter(link, LINK_STATE_ABSENT, now_us + link->timing.check);
}

static void end_epoch(struct link *link, const char *why)
{
	link_steps_cancel(link);
	link->is_pairing = false;
	link->n_streams = 0;
	link->poll_us = link->check_us = T_NEVER;
	link->bytes_us = link->gap_us = link->acquired_us = 0;
	link->rung = 0;
	link->why = why;
	if (link->is_up)
		link_wish(link, &(struct link_wish){.kind = LINK_WISH_DOWN, .why = why});
	link->is_up = false;
}

static void back_off(struct link *link, int64_t now_us)
{
	link->epoch++;
	if (link->is_stopping) {
		enter(link, LINK_STATE_STOPPED, T_NEVER);
		return;
	}
	enter(link, LINK_STATE_BACKOFF,
		now_us + (link->wait_us ? backoff_next(&link->backoff, link->wait_us,
						  link->timing.wait_most)
					: 0));
}

static void forget_if_due(struct link *link)
{
	if (link->forget_next && !link->n_poisoned) {
		link_wish(link, &(struct link_wish){.kind = LINK_WISH_FORGET,
					.timeout_us = link->timing.step});
		link->is_connected = link->is_resolved = link->is_bonded = false;
		link->heard_us = T_NEVER;
	}
	link->forget_next = false;
}

void link_drain(struct link *link, int64_t now_us)
{
	enter(link, LINK_STATE_DRAINING, now_us + link->timing.disconnect);
	link_wish(link, &(struct link_wish){.kind = LINK_WISH_DISCONNECT,
				.timeout_us = link->timing.disconnect});
}

void link_drop(struct link *link, int64_t now_us, int64_t wait_us, const char *why)
{
	link->failures++;
	link->wait_us = wait_us;
	end_epoch(link, why);
	link_drain(link, now_us);
}

void link_quarantine(struct link *link, int64_t now_us, const char *why)
{
	link->failures++;
	end_epoch(link, why);
	link_wish(link, &(struct link_wish){.kind = LINK_WISH_DISCONNECT,
				.timeout_us = link->timing.disconnect});
	link->epoch++;
	link->unprepared = 0;
	link->forget_next = false;
	enter(link, LINK_STATE_QUARANTINED, now_us + link->timing.quarantine);
}

/* A wearable that lost its bond lets go, or refuses, soon after the link is there; with ours kept
 * it would do so for ever. */
static void count_bond_failure(struct link *link)
{
	if (!link->is_bonded || ++link->quick_drops < QUICK_DROPS_MAX)
		return;
	link->quick_drops = 0;
	link->forget_next = true;
}

/* The link is gone, by itself or as wished. */
static void lost(struct link *link, int64_t now_us, const char *why)
{
	bool was_wanted = link->state == LINK_STATE_DRAINING;

	link->is_connected = link->is_resolved = false;
	if (was_wanted) {
		end_epoch(link, link->why);
	} else {
		bool was_streaming = link->state == LINK_STATE_STREAMING ||
				     link->state == LINK_STATE_STALLED;

		if (now_us - link->connected_us < link->timing.quick)
			count_bond_failure(link);
		if (!was_streaming)
			link->failures++;
		/* A stream that ran ends for reasons of radio: try again at once. */
		link->wait_us = was_streaming && link->bytes_us ? 0 : link->timing.wait_transient;
		end_epoch(link, why);
	}
	forget_if_due(link);
	back_off(link, now_us);
}

static void prepare_if_possible(struct link *link, int64_t now_us)
{
	if (!link->is_resolved || link->is_pairing)
		return;
	if (!link_steps_are_possible(link)) {
		if (link->deadline_us > now_us + link->timing.characteristics)
			link->deadline_us = now_us + link->timing.characteristics;
		return;
	}
	if ((link->settings.bond || link->profile.needs_bond) && link->settings.may_pair &&
		!link->is_bonded) {
		link->is_pairing = true;
		link->ticket = ++link->tickets ? link->tickets : ++link->tickets;
		link->deadline_us = now_us + link->timing.pair + link->timing.pair / 4;
		link_wish(link, &(struct link_wish){.kind = LINK_WISH_PAIR, .ticket = link->ticket,
					.timeout_us = link->timing.pair});
		return;
	}
	link->unresolved = 0;
	link->is_up = true;
	link_wish(link, &(struct link_wish){.kind = LINK_WISH_UP});
	enter(link, LINK_STATE_PREPARING, T_NEVER);
	link_steps_start(link, now_us, DRIVER_PLAN_START);
}

static void connected(struct link *link, int64_t now_us)
{
	bool was_connected = link->is_connected;

	link->is_connected = true;
	if (!was_connected)
		link->connected_us = now_us;
	switch (link->state) {
	case LINK_STATE_ABSENT:
	case LINK_STATE_HEARD:
	case LINK_STATE_BACKOFF:
		link->epoch++;
		/* fall through */
	case LINK_STATE_CONNECTING:
		enter(link, LINK_STATE_RESOLVING, now_us + link->timing.resolve);
		prepare_if_possible(link, now_us);
		return;
	case LINK_STATE_STOPPED:
		link_drain(link, now_us);
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
		return; /* went on with Connected=true long ago */
	if (error == LINK_ERROR_NONE || link->is_connected) {
		connected(link, now_us);
		return;
	}
	link->failures++;
	link->wait_us = link->timing.wait_transient;
	end_epoch(link, link_error_to_string(error));
	switch (error) {
	case LINK_ERROR_UNKNOWN_OBJECT:
		link->heard_us = T_NEVER; /* to be found again first */
		break;
	case LINK_ERROR_LIMIT:
	case LINK_ERROR_NOT_READY:
		link->wait_us = link->timing.wait_slot;
		break;
	case LINK_ERROR_TIMEOUT:
		link->wait_us = link->timing.wait_timeout;
		link_drain(link, now_us); /* the attempt lives on in bluetoothd until cancelled */
		return;
	case LINK_ERROR_IN_PROGRESS:
		link->wait_us = link->timing.wait_gatt;
		if (link->failures % 2 == 0) {
			link_drain(link, now_us);
			return;
		}
		break;
	case LINK_ERROR_AUTHENTICATION:
		count_bond_failure(link);
		forget_if_due(link);
		break;
	case LINK_ERROR_NONE:
	case LINK_ERROR_FAILED:
	case LINK_ERROR_NOT_PERMITTED:
	case LINK_ERROR_NOT_SUPPORTED:
	case LINK_ERROR_NOT_CONNECTED:
	case LINK_ERROR_NO_LINK:
	case LINK_ERROR_NO_CHARACTERISTIC:
		break;
	}
	back_off(link, now_us);
}

void link_stream_started(struct link *link, int64_t now_us)
{
	link->check_us = now_us + link->timing.check;
	link->poll_us = link->profile.poll_us ? now_us + link->profile.poll_us : T_NEVER;
	enter(link, LINK_STATE_STREAMING,
		link->profile.is_periodic ? now_us + link->timing.first_bytes : T_NEVER);
	for (size_t i = 0; i < link->n_streams; i++)
		if (link->stream[i].is_closed) {
			enter(link, LINK_STATE_STALLED, now_us + link->timing.reopen);
			return;
		}
}

static int64_t patience(const struct link *link)
{
	int64_t usual = link->gap_us * PATIENCE_GAPS;

	if (usual < link->timing.silence)
		usual = link->timing.silence;
	return usual < link->timing.silence_most ? usual : link->timing.silence_most;
}

static void bytes(struct link *link, int64_t now_us)
{
	/* What is read while preparing says nothing of the streams. */
	if (link->state != LINK_STATE_STREAMING && link->state != LINK_STATE_STALLED)
		return;
	if (link->bytes_us) {
		int64_t gap = now_us - link->bytes_us;

		link->gap_us = link->gap_us ? link->gap_us + (gap - link->gap_us) / 8 : gap;
	}
	link->bytes_us = now_us;
	if (now_us - link->connected_us >= link->timing.quick)
		link->quick_drops = 0;
	link->failures = link->unresolved = link->unprepared = link->mute = link->refused = 0;
	backoff_reset(&link->backoff);
	if (link->state == LINK_STATE_STALLED) {
		for (size_t i = 0; i < link->n_streams; i++)
			if (link->stream[i].is_closed)
				return; /* others of its streams still speak */
		link->rung = 0;
		link->state = LINK_STATE_STREAMING;
	}
	link->deadline_us = link->profile.is_periodic ? now_us + patience(link) : T_NEVER;
}

static void stream_closed(struct link *link, int64_t now_us, const struct uuid *uuid)
{
	for (size_t i = 0; i < link->n_streams; i++) {
		struct link_stream *stream = &link->stream[i];

		if (!uuid_is_equal(&stream->characteristic, uuid) ||
			stream->path != LINK_PATH_FD || stream->is_closed)
			continue;
		stream->is_closed = true;
		/* Closed soon after it was opened: some wearables do not bear the socket's way. */
		if (now_us - link->acquired_us < 2 * link->timing.quick && link->is_connected)
			link->distrusts_fd = true;
		if (link->state == LINK_STATE_STREAMING)
			enter(link, LINK_STATE_STALLED, now_us + link->timing.reopen);
	}
}

static void climb_ladder(struct link *link, int64_t now_us)
{
	bool any_closed = false;

	for (size_t i = 0; i < link->n_streams; i++)
		any_closed = any_closed || link->stream[i].is_closed;
	if (link->rung++ == 0 && link->n_streams) {
		enter(link, LINK_STATE_STALLED, now_us + link->timing.resubscribe);
		link_steps_resubscribe(link, now_us, !any_closed);
		return;
	}
	if (!link->bytes_us && ++link->mute >= MUTE_LINKS_MAX) {
		link->mute = 0;
		link->forget_next = true;
	}
	link_drop(link, now_us, link->timing.wait_transient, "silent");
}

/* The answer, where it is yes, is a fact like any other. */
static void ask(struct link *link)
{
	link_wish(link, &(struct link_wish){
				.kind = LINK_WISH_CHECK, .timeout_us = link->timing.step});
}

static void poll_if_due(struct link *link, int64_t now_us)
{
	if (now_us >= link->poll_us && !link->is_running && link->step_us == T_NEVER) {
		link->poll_us = now_us + link->profile.poll_us;
		link_steps_start(link, now_us, DRIVER_PLAN_POLL);
	}
	if (now_us >= link->check_us) {
		link->check_us = now_us + link->timing.check;
		ask(link);
	}
}

static void tick(struct link *link, int64_t now_us)
{
	if (link->state == LINK_STATE_STREAMING)
		poll_if_due(link, now_us);
	if (now_us >= link->step_us)
		link_steps_done(link, now_us,
			link->ticket ? LINK_ERROR_TIMEOUT : LINK_ERROR_NONE);
	if (now_us < link->deadline_us)
		return;
	switch (link->state) {
	case LINK_STATE_ABSENT:
		ask(link);
		rest(link, now_us);
		return;
	case LINK_STATE_HEARD:
		rest(link, now_us);
		return;
	case LINK_STATE_CONNECTING:
		connect_done(link, now_us, LINK_ERROR_TIMEOUT);
		return;
	case LINK_STATE_RESOLVING:
		if (++link->unresolved >= UNRESOLVED_MAX) {
			link->unresolved = 0;
			link->forget_next = true;
		}
		link_drop(link, now_us, link->timing.wait_gatt,
			link->is_pairing ? "pairing_timeout"
			: link->is_resolved ? "characteristics_missing"
					    : "services_unresolved");
		return;
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
		climb_ladder(link, now_us);
		return;
	case LINK_STATE_DRAINING:
		/* No answer to Disconnect: go by what the bus says later. */
		end_epoch(link, link->why);
		forget_if_due(link);
		link->is_connected = link->is_resolved = false;
		back_off(link, now_us);
		return;
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
		/* A Disconnect that failed leaves a link behind, and what is linked is never heard. */
		if (link->failures)
			ask(link);
		rest(link, now_us);
		if (link->is_connected)
			connected(link, now_us);
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
		prepare_if_possible(link, now_us);
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
	end_epoch(link, "bluez_gone");
	link->is_connected = link->is_resolved = link->is_bonded = false;
	link->heard_us = T_NEVER;
	link->n_poisoned = 0;
	link->distrusts_fd = link->forget_next = false;
	link->failures = link->unresolved = link->unprepared = link->mute = link->quick_drops = 0;
	backoff_reset(&link->backoff);
	link->epoch++;
	if (link->is_stopping)
		enter(link, LINK_STATE_STOPPED, T_NEVER);
	else
		rest(link, now_us);
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
		enter(link, LINK_STATE_DRAINING, now_us + link->timing.disconnect);
		link_steps_start(link, now_us, DRIVER_PLAN_STOP);
		return;
	case LINK_STATE_CONNECTING:
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
		end_epoch(link, "stopped");
		link_drain(link, now_us);
		return;
	case LINK_STATE_DRAINING:
		return;
	case LINK_STATE_ABSENT:
	case LINK_STATE_HEARD:
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
	case LINK_STATE_STOPPED:
		enter(link, LINK_STATE_STOPPED, T_NEVER);
		return;
	}
}

static void seen(struct link *link, int64_t now_us)
{
	link->heard_us = now_us;
	if (link->state == LINK_STATE_ABSENT || link->state == LINK_STATE_HEARD)
		rest(link, now_us);
}

static void disconnected(struct link *link, int64_t now_us, const char *why)
{
	switch (link->state) {
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
	case LINK_STATE_DRAINING:
		lost(link, now_us, why ? why : "lost");
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

void link_push(struct link *link, const struct link_fact *fact)
{
	int64_t now_us = fact->t_us;

	switch (fact->kind) {
	case LINK_FACT_TICK:
		tick(link, now_us);
		return;
	case LINK_FACT_SEEN:
		seen(link, now_us);
		return;
	case LINK_FACT_GONE:
		link->heard_us = T_NEVER;
		link->is_bonded = false;
		if (link->state == LINK_STATE_CONNECTING)
			connect_done(link, now_us, LINK_ERROR_UNKNOWN_OBJECT);
		else
			disconnected(link, now_us, "removed");
		if (link->state == LINK_STATE_HEARD)
			rest(link, now_us);
		return;
	case LINK_FACT_PERMITTED:
		if (link->state != LINK_STATE_HEARD)
			return;
		link->epoch++;
		enter(link, LINK_STATE_CONNECTING, now_us + link->timing.connect + link->timing.connect / 8);
		link_wish(link, &(struct link_wish){
					.kind = LINK_WISH_CONNECT, .timeout_us = link->timing.connect});
		return;
	case LINK_FACT_CONNECT_DONE:
		if (fact->epoch == link->epoch)
			connect_done(link, now_us, fact->error);
		return;
	case LINK_FACT_CONNECTED:
		connected(link, now_us);
		return;
	case LINK_FACT_RESOLVED:
		link->is_resolved = true;
		/* fall through */
	case LINK_FACT_CHARACTERISTICS:
		if (link->state == LINK_STATE_RESOLVING)
			prepare_if_possible(link, now_us);
		return;
	case LINK_FACT_BONDED:
		link->is_bonded = true;
		return;
	case LINK_FACT_STEP_DONE:
		if (fact->epoch != link->epoch || !fact->ticket || fact->ticket != link->ticket)
			return;
		if (link->is_pairing)
			pair_done(link, now_us, fact->error);
		else
			link_steps_done(link, now_us, fact->error);
		return;
	case LINK_FACT_BYTES:
		if (fact->epoch == link->epoch)
			bytes(link, now_us);
		return;
	case LINK_FACT_STREAM_CLOSED:
		if (fact->epoch == link->epoch)
			stream_closed(link, now_us, &fact->characteristic);
		return;
	case LINK_FACT_DISCONNECTED:
		disconnected(link, now_us, fact->why);
		return;
	case LINK_FACT_DISCONNECT_DONE:
		if (fact->epoch == link->epoch && link->state == LINK_STATE_DRAINING)
			lost(link, now_us, link->why);
		return;
	case LINK_FACT_BUS_LOST:
		bus_lost(link, now_us);
		return;
	case LINK_FACT_STOP:
		stop(link, now_us);
		return;
	}
}

int link_write(struct link *link, const struct driver_step *step)
{
	if (link->state != LINK_STATE_STREAMING && link->state != LINK_STATE_STALLED)
		return -ENOTCONN;
	if (link->n_wishes > LINK_WISHES_MAX / 2)
		return -EAGAIN;
	link_wish(link, &(struct link_wish){.kind = LINK_WISH_WRITE,
				.timeout_us = link->timing.step, .step = *step});
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

bool link_hears(const struct link *link, const struct uuid *characteristic)
{
	for (size_t i = 0; i < link->n_streams; i++)
		if (uuid_is_equal(&link->stream[i].characteristic, characteristic))
			return link->stream[i].path == LINK_PATH_SIGNAL;
	/* The first values may come before the answer to the subscription. */
	return link->ticket && link->step.kind == DRIVER_STEP_SUBSCRIBE &&
	       link->path == LINK_PATH_SIGNAL &&
	       uuid_is_equal(&link->step.characteristic, characteristic);
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
	static const char *const text[] = {"absent", "heard", "connecting", "resolving", "preparing",
		"streaming", "stalled", "draining", "backoff", "quarantined", "stopped"};

	return (unsigned)state < ARRAY_LEN(text) ? text[state] : "unknown";
}

const char *link_error_to_string(enum link_error error)
{
	static const char *const text[] = {"none", "failed", "timeout", "in_progress",
		"unknown_object", "not_ready", "not_permitted", "not_supported", "not_connected",
		"no_link", "authentication", "limit", "no_characteristic"};

	return (unsigned)error < ARRAY_LEN(text) ? text[error] : "unknown";
}
