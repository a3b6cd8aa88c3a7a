// SPDX-License-Identifier: MIT
#pragma once
/* The part of libdbus that connects, calls and is answered, without a bus: linked into a program, it
 * takes the place of libdbus's functions; messages stay libdbus's own. The fuzzer is the other side:
 * it sees the calls that are unanswered, and answers or sends what it likes. Ends the program if more
 * is under way than a system bus allows.
 */
#include <dbus/dbus.h>
#include <stdbool.h>
#include <stddef.h>

#define VIRTUAL_BUS_BLUETOOTHD ":1.7"

/* Forgets everything; ends the program if a connection is left. */
void virtual_bus_reset(void);
/* Whether a connection can be opened. */
void virtual_bus_set_up(bool is_up);
bool virtual_bus_is_open(void);
/* Each call when it is sent; borrowed. */
void virtual_bus_on_call(void (*seen)(DBusMessage *call));

/* Unanswered calls, oldest first. Borrowed. */
size_t virtual_bus_calls(void);
DBusMessage *virtual_bus_call(size_t index);
/* Takes the reply to that call. */
void virtual_bus_answer(size_t index, DBusMessage *reply);
/* Calls whose time is over are answered as libdbus does. */
void virtual_bus_time_out(void);

/* A message from the other side; taken. */
void virtual_bus_deliver(DBusMessage *message);
/* As if the bus had ended. */
void virtual_bus_cut(void);
