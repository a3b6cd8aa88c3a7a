// SPDX-License-Identifier: MIT
#include "daemon/bluez/bus-calls.h"

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/loop/clock.h"
#include "daemon/bluez/bus-message.h"

#define IN_FLIGHT_MAX 16
#define WAITERS_MAX   8 /* of these, calls that may wait */
#define GRACE_US      (10 * (int64_t)US_PER_S)

struct entry {
	struct bus_calls *calls;
	struct entry *next, *previous; /* in order of sending */
	struct bus_call call;          /* message: NULL once sent */
	DBusPendingCall *pending;      /* once sent */
	int64_t due_us;
};

struct bus_calls {
	DBusConnection *connection;
	struct entry *first, *last;
	unsigned in_flight, waiters;
};

struct bus_calls *bus_calls_new(DBusConnection *connection)
{
	struct bus_calls *calls = new0(struct bus_calls);

	calls->connection = dbus_connection_ref(connection);
	return calls;
}

static void remove_entry(struct entry *entry)
{
	struct bus_calls *calls = entry->calls;

	*(entry->previous ? &entry->previous->next : &calls->first) = entry->next;
	*(entry->next ? &entry->next->previous : &calls->last) = entry->previous;
	if (entry->pending) {
		calls->in_flight--;
		calls->waiters -= entry->call.may_wait;
		dbus_pending_call_cancel(entry->pending);
		dbus_pending_call_unref(entry->pending);
	}
	if (entry->call.message)
		dbus_message_unref(entry->call.message);
	free(entry->call.data);
	free(entry);
}

struct bus_calls *bus_calls_free(struct bus_calls *calls)
{
	if (!calls)
		return NULL;
	while (calls->first)
		remove_entry(calls->first);
	dbus_connection_unref(calls->connection);
	free(calls);
	return NULL;
}

static void on_reply(DBusPendingCall *pending, void *user);

/* False if it stays in the queue: the connection is dead. Its owner will be told of the loss, and these
 * calls go with it. */
static bool send_entry(struct entry *entry)
{
	struct bus_calls *calls = entry->calls;
	DBusPendingCall *pending = NULL;

	bus_message_must(dbus_connection_send_with_reply(calls->connection, entry->call.message,
		&pending, (int)(entry->call.timeout_us / US_PER_MS)));
	if (!pending)
		return false;
	bus_message_must(dbus_pending_call_set_notify(pending, on_reply, entry, NULL));
	dbus_message_unref(steal(entry->call.message));
	entry->pending = pending;
	entry->due_us = clock_now_us() + entry->call.timeout_us;
	calls->in_flight++;
	calls->waiters += entry->call.may_wait;
	return true;
}

static void pump(struct bus_calls *calls)
{
	struct entry *entry = calls->first;

	while (entry && calls->in_flight < IN_FLIGHT_MAX) {
		bool has_room = !entry->call.may_wait || calls->waiters < WAITERS_MAX;

		if (entry->call.message && has_room && !send_entry(entry))
			return;
		entry = entry->next;
	}
}

static void on_reply(DBusPendingCall *pending, void *user)
{
	struct entry *entry = user;
	struct bus_calls *calls = entry->calls;
	struct bus_call call = entry->call;
	_auto_free_ void *data = steal(entry->call.data);
	DBusMessage *reply = dbus_pending_call_steal_reply(pending);

	remove_entry(entry);
	pump(calls); /* first, because done may free the calls */
	if (call.done && reply)
		call.done(reply, call.owner, data);
	if (reply)
		dbus_message_unref(reply);
}

void bus_calls_send(struct bus_calls *calls, const struct bus_call *call)
{
	struct entry *entry = new0(struct entry);

	*entry = (struct entry){
		.calls = calls, .call = *call, .due_us = T_NEVER, .previous = calls->last};
	if (call->timeout_us < US_PER_MS)
		entry->call.timeout_us = US_PER_MS;
	*(calls->last ? &calls->last->next : &calls->first) = entry;
	calls->last = entry;
	pump(calls);
}

void bus_calls_forget(struct bus_calls *calls, const void *owner)
{
	for (struct entry *entry = calls->first; entry; entry = entry->next)
		if (entry->call.owner == owner)
			entry->call.done = NULL;
}

bool bus_calls_are_overdue(const struct bus_calls *calls, int64_t now_us)
{
	for (const struct entry *entry = calls->first; entry; entry = entry->next)
		if (entry->due_us != T_NEVER && now_us > entry->due_us + GRACE_US)
			return true;
	return false;
}
