// SPDX-License-Identifier: MIT
#include "daemon/bluez/bus-calls.h"

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"

#define IN_FLIGHT_MAX 16
#define GRACE_US      (10 * (int64_t)US_PER_S)

struct dbus_call {
	struct bus_calls *calls;
	struct dbus_call *next, *previous; /* in order of sending */
	DBusMessage *message;              /* until sent */
	DBusPendingCall *pending;          /* once sent */
	int64_t timeout_us, due_us;
	bus_call_done_fn done;
	void *user; /* owned */
	const void *owner;
};

struct bus_calls {
	DBusConnection *connection;
	struct dbus_call *first, *last;
	unsigned in_flight;
};

struct bus_calls *bus_calls_new(DBusConnection *connection)
{
	struct bus_calls *calls = new0(struct bus_calls);

	calls->connection = dbus_connection_ref(connection);
	return calls;
}

static void remove_call(struct dbus_call *call)
{
	struct bus_calls *calls = call->calls;

	*(call->previous ? &call->previous->next : &calls->first) = call->next;
	*(call->next ? &call->next->previous : &calls->last) = call->previous;
	if (call->pending) {
		calls->in_flight--;
		dbus_pending_call_cancel(call->pending);
		dbus_pending_call_unref(call->pending);
	}
	if (call->message)
		dbus_message_unref(call->message);
	free(call->user);
	free(call);
}

struct bus_calls *bus_calls_free(struct bus_calls *calls)
{
	if (!calls)
		return NULL;
	while (calls->first)
		remove_call(calls->first);
	dbus_connection_unref(calls->connection);
	free(calls);
	return NULL;
}

static void on_reply(DBusPendingCall *pending, void *user);

/* Sends as many as may be unanswered. A dead connection gives no pending call: its owner will be
 * told of the loss, and these calls go with it. */
static void pump(struct bus_calls *calls)
{
	struct dbus_call *call = calls->first;

	while (call && calls->in_flight < IN_FLIGHT_MAX) {
		struct dbus_call *next = call->next;

		if (call->message) {
			DBusPendingCall *pending = NULL;

			if (!dbus_connection_send_with_reply(calls->connection, call->message,
				    &pending, (int)(call->timeout_us / US_PER_MS)))
				abort();
			if (pending) {
				dbus_message_unref(steal(call->message));
				call->pending = pending;
				call->due_us = clock_now_us() + call->timeout_us;
				calls->in_flight++;
				if (!dbus_pending_call_set_notify(pending, on_reply, call, NULL))
					abort();
			}
		}
		call = next;
	}
}

static void on_reply(DBusPendingCall *pending, void *user)
{
	struct dbus_call *call = user;
	struct bus_calls *calls = call->calls;
	bus_call_done_fn done = call->done;
	_auto_free_ void *owned = steal(call->user);
	DBusMessage *reply = dbus_pending_call_steal_reply(pending);

	remove_call(call);
	pump(calls); /* before done, which may end it all */
	if (done && reply)
		done(reply, owned);
	if (reply)
		dbus_message_unref(reply);
}

void bus_calls_send(struct bus_calls *calls, DBusMessage *message, int64_t timeout_us,
	bus_call_done_fn done, void *user, const void *owner)
{
	struct dbus_call *call = new0(struct dbus_call);

	call->calls = calls;
	call->message = message;
	call->timeout_us = timeout_us > US_PER_MS ? timeout_us : US_PER_MS;
	call->due_us = T_NEVER;
	call->done = done;
	call->user = user;
	call->owner = owner;
	call->previous = calls->last;
	*(calls->last ? &calls->last->next : &calls->first) = call;
	calls->last = call;
	pump(calls);
}

void bus_calls_forget(struct bus_calls *calls, const void *owner)
{
	for (struct dbus_call *call = calls->first; call; call = call->next)
		if (call->owner == owner)
			call->done = NULL;
}

bool bus_calls_are_overdue(const struct bus_calls *calls, int64_t now_us)
{
	for (const struct dbus_call *call = calls->first; call; call = call->next)
		if (call->due_us != T_NEVER && now_us > call->due_us + GRACE_US)
			return true;
	return false;
}
