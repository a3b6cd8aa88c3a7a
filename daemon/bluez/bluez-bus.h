// SPDX-License-Identifier: MIT
#pragma once
/* The connection to the bus, and whether bluetoothd is on it: both come and go at any time, and the
 * bus is connected to again. Owns the connection and the calls on it. Only the connect() of the
 * local socket blocks.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <systemd/sd-event.h>

struct bluez_bus;
struct bus_calls;

struct bluez_bus_ops {
	/* There is a new connection: export objects on it now. */
	void (*opened)(void *user, DBusConnection *connection);
	/* bluetoothd is on the bus. Its objects follow. */
	void (*came)(void *user);
	/* bluetoothd or the bus is gone; calls that are unanswered get no answer that counts. */
	void (*gone)(void *user);
	/* The reply of GetManagedObjects, borrowed. NULL, as the next: not asked for. */
	void (*objects)(void *user, DBusMessage *reply);
	/* A signal of bluetoothd, borrowed. */
	void (*signal)(void *user, DBusMessage *signal);
};

/* address NULL: the system bus. -errno if it cannot be connected to now. */
int bluez_bus_new(sd_event *loop, const char *address, const struct bluez_bus_ops *ops, void *user,
	struct bluez_bus **ret);
/* Calls nothing of ops. */
struct bluez_bus *bluez_bus_free(struct bluez_bus *bus);
const char *bluez_bus_address(const struct bluez_bus *bus);
/* From now on a lost bus is not connected to again. */
void bluez_bus_stop(struct bluez_bus *bus);
/* Asks for all objects once more. */
void bluez_bus_fetch(struct bluez_bus *bus);

/* NULL: no connection. Borrowed until the loop turns. */
struct bus_calls *bluez_bus_calls(const struct bluez_bus *bus);
/* Changes when bluetoothd comes or goes: answers to calls of an earlier one are stale. */
unsigned bluez_bus_generation(const struct bluez_bus *bus);
/* True for the unique name of bluetoothd. */
bool bluez_bus_is_bluetoothd(const struct bluez_bus *bus, const char *sender);
