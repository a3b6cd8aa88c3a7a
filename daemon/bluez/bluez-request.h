// SPDX-License-Identifier: MIT
#pragma once
/* A link's action as the method call that asks org.bluez for it, and what its answer is matched
 * with. */
#include <dbus/dbus.h>

#include "coxad/flow/link.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_bus;
struct bluez_pairing;

struct bluez_answer {
	enum link_action_kind action;
	unsigned epoch, ticket; /* of the action */
	unsigned generation;    /* of the bus when it was asked */
	struct uuid characteristic;
};

struct bluez_request {
	const struct link_action *action;
	const struct bluez_device *device;
	const struct bluez_characteristic *characteristic; /* NULL unless it is about one */
	/* As in struct bus_call; data is a struct bluez_answer. */
	void (*done)(DBusMessage *reply, void *owner, void *data);
	void *owner;
	struct bluez_pairing *pairing; /* that a person asked for, of any wearable; NULL: none */
};

/* Everything is borrowed during the call. The action is neither UP nor DOWN: those ask for nothing. */
void bluez_request_send(const struct bluez_bus *bus, const struct bluez_request *request);
/* The socket in the answer to ACQUIRE, the caller's to close; -1: none. */
int bluez_request_take_fd(DBusMessage *reply);
/* Closes it. */
void bluez_request_discard_fd(DBusMessage *reply);
const char *bluez_request_name(enum link_action_kind kind);
