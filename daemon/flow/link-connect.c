// SPDX-License-Identifier: MIT
/* How a connection is made, adopted, lost, ended. */
#include "daemon/flow/link-private.h"

#include "coxad/base/units.h"

#define QUICK_DROPS_MAX 3

void link_enter(struct link *link, enum link_state state, int64_t deadline_us)
{
	link->state = state;
	link->deadline_us = deadline_us;
}

static bool is_heard(const struct link *link, int64_t now_us)
{
	return link->heard_us != T_NEVER && now_us - link->heard_us < link->timing.heard;
}

/* Nothing is under way: what it does next depends on whether it was heard. */
void link_rest(struct link *link, int64_t now_us)
{
	if (is_heard(link, now_us))
		link_enter(link, LINK_STATE_HEARD, link->heard_us + link->timing.heard);
	else
		link_enter(link, LINK_STATE_ABSENT, now_us + link->timing.check);
}

void link_end_epoch(struct link *link, const char *why)
{
	link_steps_cancel(link);
	link->is_pairing = false;
	link->n_streams = 0;
	link->poll_us = link->check_us = T_NEVER;
	link->bytes_us = link->gap_us = link->acquired_us = 0;
	link->rung = 0;
	link->why = why;
	if (link->is_up)
		link_action(link, &(struct link_action){.kind = LINK_ACTION_DOWN, .why = why});
	link->is_up = false;
}

void link_back_off(struct link *link, int64_t now_us)
{
	link->epoch++;
	if (link->is_stopping) {
		link_enter(link, LINK_STATE_STOPPED, T_NEVER);
		return;
	}
	link_enter(link, LINK_STATE_BACKOFF,
		now_us + (link->wait_us ? backoff_next(&link->backoff, link->wait_us,
						  link->timing.wait_most)
					: 0));
}

void link_forget_if_due(struct link *link)
{
	if (link->forget_next && !link->n_poisoned) {
		link_action(link, &(struct link_action){.kind = LINK_ACTION_FORGET,
					  .timeout_us = link->timing.step});
		link->is_connected = link->is_resolved = link->is_bonded = false;
		link->heard_us = T_NEVER;
	}
	link->forget_next = false;
}

void link_drain(struct link *link, int64_t now_us)
{
	link_enter(link, LINK_STATE_DRAINING, now_us + link->timing.disconnect);
	link_action(link, &(struct link_action){.kind = LINK_ACTION_DISCONNECT,
				  .timeout_us = link->timing.disconnect});
}

void link_drop(struct link *link, int64_t now_us, int64_t wait_us, const char *why)
{
	link->failures++;
	link->wait_us = wait_us;
	link_end_epoch(link, why);
	link_drain(link, now_us);
}

void link_quarantine(struct link *link, int64_t now_us, const char *why)
{
	link->failures++;
	link_end_epoch(link, why);
	link_action(link, &(struct link_action){.kind = LINK_ACTION_DISCONNECT,
				  .timeout_us = link->timing.disconnect});
	link->epoch++;
	link->unprepared = 0;
	link->forget_next = false;
	link_enter(link, LINK_STATE_QUARANTINED, now_us + link->timing.quarantine);
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

/* The link is gone, by itself or as asked. */
void link_lost(struct link *link, int64_t now_us, const char *why)
{
	bool was_wanted = link->state == LINK_STATE_DRAINING;

	link->is_connected = link->is_resolved = false;
	if (was_wanted) {
		link_end_epoch(link, link->why);
	} else {
		bool was_streaming =
			link->state == LINK_STATE_STREAMING || link->state == LINK_STATE_STALLED;

		if (now_us - link->connected_us < link->timing.quick)
			count_bond_failure(link);
		if (!was_streaming)
			link->failures++;
		/* A stream that ran ends for reasons of radio: try again at once. */
		link->wait_us = was_streaming && link->bytes_us ? 0 : link->timing.wait_transient;
		link_end_epoch(link, why);
	}
	link_forget_if_due(link);
	link_back_off(link, now_us);
}

void link_prepare_if_possible(struct link *link, int64_t now_us)
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
		link_action(link, &(struct link_action){.kind = LINK_ACTION_PAIR,
					  .ticket = link->ticket,
					  .timeout_us = link->timing.pair});
		return;
	}
	link->unresolved = 0;
	link->is_up = true;
	link_action(link, &(struct link_action){.kind = LINK_ACTION_UP});
	link_enter(link, LINK_STATE_PREPARING, T_NEVER);
	link_steps_start(link, now_us, DRIVER_PLAN_START);
}

void link_connected(struct link *link, int64_t now_us)
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
		link_enter(link, LINK_STATE_RESOLVING, now_us + link->timing.resolve);
		link_prepare_if_possible(link, now_us);
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

void link_connect_done(struct link *link, int64_t now_us, enum link_error error)
{
	if (link->state != LINK_STATE_CONNECTING)
		return; /* went on with Connected=true long ago */
	if (error == LINK_ERROR_NONE || link->is_connected) {
		link_connected(link, now_us);
		return;
	}
	link->failures++;
	link->wait_us = link->timing.wait_transient;
	link_end_epoch(link, link_error_to_string(error));
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
		link_forget_if_due(link);
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
	link_back_off(link, now_us);
}
