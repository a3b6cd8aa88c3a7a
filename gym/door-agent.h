// SPDX-License-Identifier: MIT
#pragma once
/* Agents that clients have registered, and wearables that ask something of the person before they agree to a
 * bond: as bluetoothd does, it asks the agent of whoever called Pair, or the default one. An agent, and what
 * it pairs, ends with its owner's connection.
 */
#include "gym/door-private.h"

/* org.bluez.AgentManager1. False: there is no such agent. */
bool door_agent_call(struct door *door, DBusMessage *call, const char *member);
/* Takes the call if this wearable demands something, and answers it when that is decided; also where there is
 * no agent, and so no pairing. */
bool door_agent_pair(struct door *door, struct door_device *device, DBusMessage *call);
/* "demand WHO nothing|shown|entered|compared|pin [VALUE]" and "enter WHO VALUE" */
const char *door_agent_demand(struct door_device *device, char **words, size_t n);
const char *door_agent_enter(struct door_device *device, const char *value);
/* The link is gone, and the pairing with it. */
void door_agent_link_down(struct door_device *device);
/* bluetoothd dies. */
void door_agent_forget_all(struct door *door);
unsigned door_agent_count(const struct door *door);
/* A filter: clients leave the bus. */
DBusHandlerResult door_agent_on_signal(DBusConnection *connection, DBusMessage *signal, void *user);
