// SPDX-License-Identifier: MIT
#pragma once
/* What errors of BlueZ and of the bus mean to a link. BlueZ's texts are not stable (src/device.c,
 * att_connect_cb): they only refine what the error's name leaves open.
 */
#include <dbus/dbus.h>

#include "coxad/flow/link-error.h"

/* NONE for a method return, and for errors that say that it is already so. */
enum link_error bluez_error_of(DBusMessage *reply);
/* The error's message, or its name; "" for a method return. Borrowed from the reply. */
const char *bluez_error_text(DBusMessage *reply);
