// SPDX-License-Identifier: MIT
#pragma once
/* What BlueZ's and the bus's errors mean to a link. BlueZ's texts say little (src/device.c,
 * att_connect_cb): they only refine what the name leaves open, never more.
 */
#include <dbus/dbus.h>

#include "coxad/flow/link-error.h"

/* NONE for a method return, and for errors that say that it is so already. */
enum link_error bluez_error_of(DBusMessage *reply);
/* The error's message, or its name; "" for a method return. Lives as long as the reply. */
const char *bluez_error_text(DBusMessage *reply);
