// SPDX-License-Identifier: MIT
#pragma once
/* Method calls on one connection: asynchronous, each with its own deadline, at most 16 of them
 * unanswered at a time (the system bus allows 128 for the whole connection: bus/config-parser.c),
 * the others wait in order.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stdint.h>

struct bus_calls;

/* reply is a method return or an error, never NULL; borrowed. */
typedef void (*bus_call_done_fn)(DBusMessage *reply, void *user);

/* Borrows the connection until bus_calls_free, which tells nobody. */
struct bus_calls *bus_calls_new(DBusConnection *connection);
struct bus_calls *bus_calls_free(struct bus_calls *calls);
/* Takes message. done NULL: the answer matters to nobody. The answer never comes inside this call,
 * and never where the calls are freed or the owner is forgotten before. user (may be NULL) is freed
 * with the call in each case. */
void bus_calls_send(struct bus_calls *calls, DBusMessage *message, int64_t timeout_us,
	bus_call_done_fn done, void *user, const void *owner);
void bus_calls_forget(struct bus_calls *calls, const void *owner);
/* True where a call is unanswered far beyond its own deadline: the loop or the bus hangs. */
bool bus_calls_are_overdue(const struct bus_calls *calls, int64_t now_us);
