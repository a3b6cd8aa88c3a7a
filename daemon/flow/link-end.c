// SPDX-License-Identifier: MIT
#include "daemon/flow/link-end.h"

#include "coxad/base/units.h"
#include "daemon/flow/link-action.h"
#include "daemon/flow/link-bond.h"
#include "daemon/flow/link-request.h"
#include "daemon/flow/link-steps.h"

static bool is_seen(const struct link *link, int64_t now_us)
{
	return link->seen_us != T_NEVER && now_us - link->seen_us < link->timing.seen_us;
}

void link_end_rest(struct link *link, int64_t now_us)
{
	if (is_seen(link, now_us))
		link_enter(link, LINK_STATE_SEEN, link->seen_us + link->timing.seen_us);
	else
		link_enter(link, LINK_STATE_ABSENT, now_us + link->timing.check_us);
}

static void back_off(struct link *link, int64_t now_us)
{
	link->epoch++;
	if (link->is_stopping) {
		link_enter(link, LINK_STATE_STOPPED, T_NEVER);
		return;
	}
	link_enter(link, LINK_STATE_BACKOFF,
		now_us + (link->wait_us ? backoff_next(&link->backoff, link->wait_us,
						  link->timing.wait_most_us)
					: 0));
}

static void forget_if_due(struct link *link)
{
	if (link->forget_next && !link->n_poisoned && !link->is_bonded) {
		link_action_emit(link, &(struct link_action){.kind = LINK_ACTION_FORGET,
					       .timeout_us = link->timing.step_us});
		link->is_connected = link->is_resolved = false;
		link->seen_us = T_NEVER;
	}
	link->forget_next = false;
}

void link_end_drain(struct link *link, int64_t now_us)
{
	link_enter(link, LINK_STATE_DRAINING, now_us + link->timing.disconnect_us);
	link_action_emit(link, &(struct link_action){.kind = LINK_ACTION_DISCONNECT,
				       .timeout_us = link->timing.disconnect_us});
}

/* DOWN where it was up; all that belongs to the connection is reset. */
static void end_epoch(struct link *link, const char *reason)
{
	link_steps_cancel(link);
	link->is_pairing = false;
	link->is_started = false;
	link_request_reset(link);
	link->n_streams = 0;
	link->poll_us = link->check_us = T_NEVER;
	link->bytes_us = link->gap_us = link->acquired_us = 0;
	link->rung = 0;
	link->reason = reason;
	if (link->is_up)
		link_action_emit(
			link, &(struct link_action){.kind = LINK_ACTION_DOWN, .reason = reason});
	link->is_up = false;
}

void link_end_drop(struct link *link, int64_t now_us, int64_t wait_us, const char *reason)
{
	link->failures++;
	link->wait_us = wait_us;
	end_epoch(link, reason);
	link_end_drain(link, now_us);
}

void link_end_quarantine(struct link *link, int64_t now_us, const char *reason)
{
	link->failures++;
	end_epoch(link, reason);
	link_action_emit(link, &(struct link_action){.kind = LINK_ACTION_DISCONNECT,
				       .timeout_us = link->timing.disconnect_us});
	link->epoch++;
	link->unprepared = 0;
	link->forget_next = false;
	link_enter(link, LINK_STATE_QUARANTINED, now_us + link->timing.quarantine_us);
}

void link_end_unencrypted(struct link *link, int64_t now_us)
{
	link->problem = WEARABLE_PROBLEM_NEEDS_PAIRING;
	link_end_quarantine(link, now_us, wearable_problem_to_string(link->problem));
}

void link_end_bond_changed(struct link *link, int64_t now_us, bool is_bonded)
{
	bool was_lost = link->problem == WEARABLE_PROBLEM_BOND_LOST;

	link_bond_set(link, is_bonded);
	if (was_lost && !is_bonded && link->state == LINK_STATE_QUARANTINED)
		link_end_rest(link, now_us);
	if (link->is_up && link_bond_forbids(link))
		link_end_drop(link, now_us, link->timing.wait_gatt_us, "bond_removed");
}

void link_end_to_pair(struct link *link, int64_t now_us)
{
	if (link->is_stopping)
		return;
	link->is_asked_to_pair = true;
	switch (link->state) {
	case LINK_STATE_PREPARING:
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
		link_end_drop(link, now_us, 0, "pairing");
		return;
	case LINK_STATE_RESOLVING:
		if (link->is_pairing) /* by itself, without anybody to ask */
			link_end_drop(link, now_us, 0, "pairing");
		return;
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
		link->deadline_us = now_us;
		return;
	case LINK_STATE_ABSENT:
	case LINK_STATE_SEEN:
	case LINK_STATE_CONNECTING:
	case LINK_STATE_DRAINING:
	case LINK_STATE_STOPPED:
		return;
	}
}

void link_end_refused(struct link *link, int64_t now_us, bool was_asked_by_person)
{
	if (!was_asked_by_person && ++link->refused >= 3) {
		link->refused = 0;
		link_end_quarantine(link, now_us, "pairing");
		return;
	}
	link_end_drop(link, now_us, link->timing.wait_gatt_us, "pairing");
}

void link_end_pairing(struct link *link, int64_t now_us)
{
	bool is_under_way = link->is_asked_to_pair && link->is_pairing;

	link->is_asked_to_pair = false;
	if (is_under_way)
		link_end_drop(link, now_us, link->timing.wait_gatt_us, "pairing");
}

/* A wearable that lost its bond disconnects soon after connecting, and would do so for ever. Before
 * its services are known it may be the radio: a connection that was not established (HCI 0x3e) ends
 * in the same way, and in a noisy hall every third one does. */
static bool doubts_bond(struct link *link, int64_t now_us, bool was_resolved)
{
	if (was_resolved && now_us - link->connected_us < link->timing.quick_us)
		return link_bond_doubt(link, LINK_BOND_DOUBT_STRONG);
	return !link->bytes_us && link_bond_doubt(link, LINK_BOND_DOUBT_WEAK);
}

void link_end_lost(struct link *link, int64_t now_us, const char *reason)
{
	bool was_wanted = link->state == LINK_STATE_DRAINING, was_resolved = link->is_resolved;

	link->is_connected = link->is_resolved = false;
	if (was_wanted) {
		end_epoch(link, link->reason);
	} else {
		bool was_streaming =
			link->state == LINK_STATE_STREAMING || link->state == LINK_STATE_STALLED;

		if (doubts_bond(link, now_us, was_resolved)) {
			link_end_quarantine(link, now_us, "bond_lost");
			return;
		}
		if (!was_streaming)
			link->failures++;
		/* A working stream was lost to the radio: try again at once. */
		link->wait_us =
			was_streaming && link->bytes_us ? 0 : link->timing.wait_transient_us;
		end_epoch(link, reason);
	}
	forget_if_due(link);
	back_off(link, now_us);
}

void link_end_disconnected(struct link *link, int64_t now_us, const char *reason)
{
	switch (link->state) {
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
	case LINK_STATE_DRAINING:
		link_end_lost(link, now_us, reason ? reason : "lost");
		return;
	case LINK_STATE_CONNECTING: /* its own reply is to come */
	case LINK_STATE_ABSENT:
	case LINK_STATE_SEEN:
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
	case LINK_STATE_STOPPED:
		link->is_connected = link->is_resolved = false;
		return;
	}
}

void link_end_bus_lost(struct link *link, int64_t now_us)
{
	end_epoch(link, "bluez_gone");
	link->is_connected = link->is_resolved = link->is_bonded = false;
	link->seen_us = T_NEVER;
	link->n_poisoned = link->n_unread = 0;
	link->distrusts_fd = link->forget_next = false;
	link->failures = link->unresolved = link->unprepared = link->mute = 0;
	link->is_asked_to_pair = false;
	link_bond_trust(link);
	backoff_reset(&link->backoff);
	link->epoch++;
	if (link->is_stopping)
		link_enter(link, LINK_STATE_STOPPED, T_NEVER);
	else
		link_end_rest(link, now_us);
}

void link_end_unanswered(struct link *link, int64_t now_us)
{
	if (link->is_running) { /* the stop plan is not through */
		link_steps_cancel(link);
		link_end_drain(link, now_us);
		return;
	}
	end_epoch(link, link->reason);
	forget_if_due(link);
	link->is_connected = link->is_resolved = false;
	back_off(link, now_us);
}

/* A lost key ends a connect in many ways: "authentication failed" is the clearest, but bluetoothd
 * 5.66 says "aborted", and others report a success without a connection. */
static bool refutes_bond(struct link *link, enum link_error error)
{
	switch (error) {
	case LINK_ERROR_AUTHENTICATION:
		return link_bond_doubt(link, LINK_BOND_DOUBT_STRONG);
	case LINK_ERROR_FAILED:
	case LINK_ERROR_NO_LINK:
	case LINK_ERROR_NOT_CONNECTED:
		return link_bond_doubt(link, LINK_BOND_DOUBT_WEAK);
	case LINK_ERROR_NONE:
	case LINK_ERROR_TIMEOUT:
	case LINK_ERROR_IN_PROGRESS:
	case LINK_ERROR_UNKNOWN_OBJECT:
	case LINK_ERROR_NOT_READY:
	case LINK_ERROR_NOT_PERMITTED:
	case LINK_ERROR_NOT_SUPPORTED:
	case LINK_ERROR_LIMIT:
	case LINK_ERROR_NO_CHARACTERISTIC:
		break;
	}
	return false;
}

void link_end_connect_failed(struct link *link, int64_t now_us, enum link_error error)
{
	bool must_drain = false;

	if (refutes_bond(link, error)) {
		link_end_quarantine(link, now_us, "bond_lost");
		return;
	}
	link->failures++;
	link->wait_us = link->timing.wait_transient_us;
	end_epoch(link, link_error_to_string(error));
	switch (error) {
	case LINK_ERROR_UNKNOWN_OBJECT:
		link->seen_us = T_NEVER; /* to be found again first */
		break;
	case LINK_ERROR_LIMIT:
	case LINK_ERROR_NOT_READY:
		link->wait_us = link->timing.wait_slot_us;
		break;
	case LINK_ERROR_TIMEOUT:
		link->wait_us = link->timing.wait_timeout_us;
		must_drain = true; /* bluetoothd goes on trying until told to stop */
		break;
	case LINK_ERROR_IN_PROGRESS:
		link->wait_us = link->timing.wait_gatt_us;
		must_drain = link->failures % 2 == 0;
		break;
	case LINK_ERROR_NONE:
	case LINK_ERROR_FAILED:
	case LINK_ERROR_AUTHENTICATION:
	case LINK_ERROR_NOT_PERMITTED:
	case LINK_ERROR_NOT_SUPPORTED:
	case LINK_ERROR_NOT_CONNECTED:
	case LINK_ERROR_NO_LINK:
	case LINK_ERROR_NO_CHARACTERISTIC:
		break;
	}
	if (must_drain)
		link_end_drain(link, now_us);
	else
		back_off(link, now_us);
}

void link_end_stop(struct link *link, int64_t now_us)
{
	if (link->is_stopping)
		return;
	link->is_stopping = true;
	link->reason = "stopped";
	switch (link->state) {
	case LINK_STATE_STREAMING:
	case LINK_STATE_STALLED:
		link_steps_cancel(link);
		link_enter(link, LINK_STATE_DRAINING, now_us + link->timing.disconnect_us / 2);
		if (link_steps_start(link, now_us, DRIVER_PLAN_STOP).kind == LINK_OUTCOME_STOPPED)
			link_end_drain(link, now_us);
		return;
	case LINK_STATE_CONNECTING:
	case LINK_STATE_RESOLVING:
	case LINK_STATE_PREPARING:
		end_epoch(link, "stopped");
		link_end_drain(link, now_us);
		return;
	case LINK_STATE_DRAINING:
		return;
	case LINK_STATE_ABSENT:
	case LINK_STATE_SEEN:
	case LINK_STATE_BACKOFF:
	case LINK_STATE_QUARANTINED:
	case LINK_STATE_STOPPED:
		link_enter(link, LINK_STATE_STOPPED, T_NEVER);
		return;
	}
}
