// SPDX-License-Identifier: MIT
#pragma once
/* Messages to the bus, at once or later. Nothing is sent while bluetoothd is dead. */
#include "gym/door-private.h"

/* Takes the message. */
void door_send_message(struct door *door, DBusMessage *message, int64_t delay_us);
/* An empty reply. */
void door_send_reply(struct door *door, DBusMessage *call);
/* Sends the delayed messages that are due. Returns when the next one is. */
int64_t door_send_due(struct door *door, int64_t now_us);
void door_send_drop_delayed(struct door *door);
