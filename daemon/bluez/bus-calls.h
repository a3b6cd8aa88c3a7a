// SPDX-License-Identifier: MIT
#pragma once
/* Method calls on one connection: asynchronous, each with its own deadline. At most 16 are
 * unanswered at a time (the system bus allows 128 for a connection: bus/config-parser.c); the others
 * wait in order.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>

struct bus_calls;

struct bus_call {
	DBusMessage *message; /* taken */
	int64_t timeout_us;
	bool may_wait; /* others go first, and find room */
	/* reply: a method return or an error, borrowed. NULL: fire and forget. */
	void (*done)(DBusMessage *reply, void *owner, void *data);
	void *owner; /* whose call it is, for bus_calls_forget */
	void *data;  /* taken, freed after done or with the call; may be NULL */
};

/* Takes a reference to the connection. */
struct bus_calls *bus_calls_new(DBusConnection *connection);
/* Drops what is unanswered; done is not called. */
struct bus_calls *bus_calls_free(struct bus_calls *calls);
/* done is never called from inside. */
void bus_calls_send(struct bus_calls *calls, const struct bus_call *call);
/* The owner's calls go on, but done is not called. */
void bus_calls_forget(struct bus_calls *calls, const void *owner);
/* True if a call is unanswered far beyond its own deadline: the loop or the bus hangs. */
bool bus_calls_are_overdue(const struct bus_calls *calls, int64_t now_us);
