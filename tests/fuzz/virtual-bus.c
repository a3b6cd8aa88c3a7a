// SPDX-License-Identifier: MIT
#include "tests/fuzz/virtual-bus.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/loop/clock.h"

#define CALLS_MAX   128 /* of one connection: max_replies_per_connection of the system bus */
#define FILTERS_MAX 4

struct DBusPendingCall {
	unsigned references;
	DBusConnection *connection; /* NULL: cancelled or answered */
	DBusMessage *call, *reply;
	int64_t due_us;
	DBusPendingCallNotifyFunction notify;
	void *user;
};

struct DBusConnection {
	unsigned references;
	bool is_open;
	dbus_uint32_t serial;
	DBusPendingCall *pending[CALLS_MAX];
	size_t n;
	DBusHandleMessageFunction filter[FILTERS_MAX];
	void *filter_user[FILTERS_MAX];
	DBusObjectPathMessageFunction object;
	void *object_user;
};

static struct {
	DBusConnection *connection;
	bool is_down;
	void (*seen)(DBusMessage *call);
} bus;

static void complain(const char *what)
{
	fprintf(stderr, "virtual-bus: %s\n", what);
	abort();
}

/* --- the other side --- */

void virtual_bus_reset(void)
{
	if (bus.connection)
		complain("a connection is left");
	bus.is_down = false;
	bus.seen = NULL;
}

void virtual_bus_set_up(bool is_up)
{
	bus.is_down = !is_up;
}

bool virtual_bus_is_open(void)
{
	return bus.connection && bus.connection->is_open;
}

void virtual_bus_on_call(void (*seen)(DBusMessage *call))
{
	bus.seen = seen;
}

size_t virtual_bus_calls(void)
{
	return virtual_bus_is_open() ? bus.connection->n : 0;
}

DBusMessage *virtual_bus_call(size_t index)
{
	return bus.connection->pending[index]->call;
}

static void complete(DBusConnection *connection, size_t index, DBusMessage *reply)
{
	DBusPendingCall *pending = connection->pending[index];

	list_drop(connection->pending, connection->n, index);
	pending->connection = NULL;
	dbus_message_unref(steal(pending->call));
	pending->reply = reply;
	if (pending->notify)
		pending->notify(pending, pending->user);
	dbus_pending_call_unref(pending);
}

void virtual_bus_answer(size_t index, DBusMessage *reply)
{
	complete(bus.connection, index, reply);
}

static DBusMessage *no_reply(DBusMessage *call)
{
	return dbus_message_new_error(call, DBUS_ERROR_NO_REPLY, "Did not receive a reply");
}

void virtual_bus_time_out(void)
{
	size_t i = 0;

	while (i < virtual_bus_calls())
		if (bus.connection->pending[i]->due_us <= clock_now_us())
			complete(bus.connection, i, no_reply(virtual_bus_call(i)));
		else
			i++;
}

void virtual_bus_deliver(DBusMessage *message)
{
	DBusConnection *connection = bus.connection;
	DBusHandlerResult result = DBUS_HANDLER_RESULT_NOT_YET_HANDLED;

	if (!connection) {
		dbus_message_unref(message);
		return;
	}
	dbus_connection_ref(connection);
	for (size_t i = 0; i < FILTERS_MAX && result != DBUS_HANDLER_RESULT_HANDLED; i++)
		if (connection->filter[i])
			result = connection->filter[i](
				connection, message, connection->filter_user[i]);
	if (result != DBUS_HANDLER_RESULT_HANDLED && connection->object)
		connection->object(connection, message, connection->object_user);
	dbus_message_unref(message);
	dbus_connection_unref(connection);
}

void virtual_bus_cut(void)
{
	if (!virtual_bus_is_open())
		return;
	bus.connection->is_open = false;
	while (bus.connection && bus.connection->n)
		complete(bus.connection, 0, no_reply(bus.connection->pending[0]->call));
	virtual_bus_deliver(
		dbus_message_new_signal(DBUS_PATH_LOCAL, DBUS_INTERFACE_LOCAL, "Disconnected"));
}

/* --- a connection --- */

DBusConnection *dbus_connection_open_private(const char *address, DBusError *error)
{
	if (bus.is_down) {
		dbus_set_error_const(error, DBUS_ERROR_FILE_NOT_FOUND, "no bus");
		return NULL;
	}
	if (bus.connection)
		complain("two connections");
	bus.connection = new0(DBusConnection);
	bus.connection->references = 1;
	bus.connection->is_open = true;
	return bus.connection;
}

DBusConnection *dbus_connection_ref(DBusConnection *connection)
{
	connection->references++;
	return connection;
}

void dbus_connection_unref(DBusConnection *connection)
{
	if (--connection->references > 0)
		return;
	if (connection->is_open)
		complain("the last reference to an open connection");
	if (connection->n)
		complain("calls are left on a connection that ends");
	if (bus.connection == connection)
		bus.connection = NULL;
	free(connection);
}

void dbus_connection_close(DBusConnection *connection)
{
	connection->is_open = false;
	while (connection->n)
		complete(connection, 0, no_reply(connection->pending[0]->call));
}

void dbus_connection_set_exit_on_disconnect(DBusConnection *connection, dbus_bool_t exits)
{
}

dbus_bool_t dbus_connection_set_watch_functions(DBusConnection *connection,
	DBusAddWatchFunction add, DBusRemoveWatchFunction remove, DBusWatchToggledFunction toggled,
	void *user, DBusFreeFunction free_user)
{
	return TRUE;
}

dbus_bool_t dbus_connection_set_timeout_functions(DBusConnection *connection,
	DBusAddTimeoutFunction add, DBusRemoveTimeoutFunction remove,
	DBusTimeoutToggledFunction toggled, void *user, DBusFreeFunction free_user)
{
	return TRUE;
}

void dbus_connection_set_dispatch_status_function(DBusConnection *connection,
	DBusDispatchStatusFunction function, void *user, DBusFreeFunction free_user)
{
}

DBusDispatchStatus dbus_connection_dispatch(DBusConnection *connection)
{
	return DBUS_DISPATCH_COMPLETE;
}

DBusDispatchStatus dbus_connection_get_dispatch_status(DBusConnection *connection)
{
	return DBUS_DISPATCH_COMPLETE;
}

dbus_bool_t dbus_connection_add_filter(DBusConnection *connection,
	DBusHandleMessageFunction function, void *user, DBusFreeFunction free_user)
{
	for (size_t i = 0; i < FILTERS_MAX; i++) {
		if (connection->filter[i])
			continue;
		connection->filter[i] = function;
		connection->filter_user[i] = user;
		return TRUE;
	}
	complain("too many filters");
	return FALSE;
}

void dbus_connection_remove_filter(
	DBusConnection *connection, DBusHandleMessageFunction function, void *user)
{
	for (size_t i = 0; i < FILTERS_MAX; i++)
		if (connection->filter[i] == function && connection->filter_user[i] == user)
			connection->filter[i] = NULL;
}

dbus_bool_t dbus_connection_register_object_path(
	DBusConnection *connection, const char *path, const DBusObjectPathVTable *table, void *user)
{
	connection->object = table->message_function;
	connection->object_user = user;
	return TRUE;
}

dbus_bool_t dbus_connection_send(
	DBusConnection *connection, DBusMessage *message, dbus_uint32_t *serial)
{
	return TRUE;
}

dbus_bool_t dbus_bus_set_unique_name(DBusConnection *connection, const char *name)
{
	return TRUE;
}

void dbus_bus_add_match(DBusConnection *connection, const char *rule, DBusError *error)
{
}

/* --- calls --- */

dbus_bool_t dbus_connection_send_with_reply(
	DBusConnection *connection, DBusMessage *message, DBusPendingCall **ret, int timeout_ms)
{
	DBusPendingCall *pending;

	*ret = NULL;
	if (!connection->is_open)
		return TRUE;
	if (connection->n == CALLS_MAX)
		complain("too many calls are unanswered");
	pending = new0(DBusPendingCall);
	*pending = (DBusPendingCall){.references = 2, /* ours and the caller's */
		.connection = connection,
		.call = dbus_message_ref(message),
		.due_us = clock_now_us() + timeout_ms * INT64_C(1000)};
	dbus_message_set_serial(message, ++connection->serial);
	connection->pending[connection->n++] = pending;
	*ret = pending;
	if (bus.seen)
		bus.seen(message);
	return TRUE;
}

dbus_bool_t dbus_pending_call_set_notify(DBusPendingCall *pending,
	DBusPendingCallNotifyFunction notify, void *user, DBusFreeFunction free_user)
{
	pending->notify = notify;
	pending->user = user;
	return TRUE;
}

void dbus_pending_call_cancel(DBusPendingCall *pending)
{
	DBusConnection *connection = pending->connection;

	pending->notify = NULL;
	for (size_t i = 0; connection && i < connection->n; i++) {
		if (connection->pending[i] != pending)
			continue;
		list_drop(connection->pending, connection->n, i);
		pending->connection = NULL;
		dbus_message_unref(steal(pending->call));
		dbus_pending_call_unref(pending);
		return;
	}
}

DBusMessage *dbus_pending_call_steal_reply(DBusPendingCall *pending)
{
	return steal(pending->reply);
}

void dbus_pending_call_unref(DBusPendingCall *pending)
{
	if (--pending->references > 0)
		return;
	if (pending->reply)
		dbus_message_unref(pending->reply);
	free(pending);
}
