// SPDX-License-Identifier: MIT
#pragma once
/* One pairing that a person asked for. It has a connection to the bus of its own, and on it an agent with
 * keyboard and display. So the agent of all other pairing stays as it is, and however this one ends, even
 * with coxad, bluetoothd forgets its agent and cancels what is under way, because the connection is gone.
 */
#include <dbus/dbus.h>
#include <stdbool.h>

#include "coxad/bluez/source-bluez-pair.h"

struct bluez_context;
struct bluez_device;
struct bluez_pairing;
struct bus_call;

struct bluez_pairing_ops {
	/* The agent is there: the wearable's link may connect and pair. */
	void (*ready)(void *user);
	void (*ask)(void *user, enum source_bluez_pair_ask ask, const char *value);
	/* Once; it is not freed inside. */
	void (*ended)(void *user, enum source_bluez_pair_end end);
};

/* Borrows all. -errno. Six parameters: whom to pair, for how long to look for it, and whom to tell. */
int bluez_pairing_new(const struct bluez_context *context, const char *address, int64_t for_us,
	const struct bluez_pairing_ops *ops, void *user, struct bluez_pairing **ret);
/* Not from a callback of its connection. */
struct bluez_pairing *bluez_pairing_free(struct bluez_pairing *pairing);
/* Ends it, for a reason that somebody else knows. */
void bluez_pairing_end(struct bluez_pairing *pairing, enum source_bluez_pair_end end);
/* Sends a link's Pair, if it is the wearable of this pairing: then it takes the call. pairing may be NULL. */
bool bluez_pairing_send(struct bluez_pairing *pairing, const struct bluez_device *device,
	const struct bus_call *call);
/* Who waits for the answer does so no longer. pairing may be NULL. */
void bluez_pairing_forget(struct bluez_pairing *pairing, const void *owner);
const char *bluez_pairing_address(const struct bluez_pairing *pairing);
/* Pair was sent. */
bool bluez_pairing_is_under_way(const struct bluez_pairing *pairing);
bool bluez_pairing_is_over(const struct bluez_pairing *pairing);
/* As source_bluez_pair_answer. */
int bluez_pairing_answer(struct bluez_pairing *pairing, const char *answer);
