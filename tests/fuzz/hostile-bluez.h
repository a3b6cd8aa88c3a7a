// SPDX-License-Identifier: MIT
#pragma once
/* What bluetoothd might say, made from the bytes of a fuzzer's input: signals and answers as BlueZ
 * sends them, the same with wrong types and absurd values, and errors. Two adapters, each with the
 * three wearables of hostile_bluez_address() and a stranger, with characteristics of every driver.
 */
#include <dbus/dbus.h>
#include <stdbool.h>

#include "coxad/base/address.h"
#include "coxad/base/bytes.h"

#define HOSTILE_BLUEZ_WEARABLES 3

void hostile_bluez_address(unsigned wearable, char ret[static ADDRESS_SIZE]);
/* InterfacesAdded, InterfacesRemoved or PropertiesChanged. */
DBusMessage *hostile_bluez_signal(struct bytes *input);
/* A wearable that is there: its object, an advert, connected, resolved, with characteristics. */
DBusMessage *hostile_bluez_arrival(struct bytes *input);
DBusMessage *hostile_bluez_connected(struct bytes *input);
DBusMessage *hostile_bluez_resolved(struct bytes *input);
DBusMessage *hostile_bluez_value(struct bytes *input);
/* As BlueZ answers that call. ret_fd: the other end of a socket in the answer, or -1. */
DBusMessage *hostile_bluez_answer(DBusMessage *call, struct bytes *input, int *ret_fd);
DBusMessage *hostile_bluez_error(DBusMessage *call, struct bytes *input);
/* An answer with arguments of any type; sockets too. */
DBusMessage *hostile_bluez_nonsense(DBusMessage *call, struct bytes *input);
/* What bluetoothd, or somebody else, asks of the pairing agent. */
DBusMessage *hostile_bluez_pairing(struct bytes *input);
