// SPDX-License-Identifier: MIT
#pragma once
/* What a client of the fake org.bluez can call. */
#include "gym/door-private.h"

/* A libdbus filter; user is the door. */
DBusHandlerResult door_methods_on_call(DBusConnection *connection, DBusMessage *call, void *user);
