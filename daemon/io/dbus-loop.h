// SPDX-License-Identifier: MIT
#pragma once
/* A libdbus connection on an sd-event loop. One io source for each descriptor, because libdbus
 * adds two watches on one and epoll takes it once; one message is dispatched in a turn of the loop,
 * so that a full queue delays nobody else; nothing is dispatched inside libdbus's callbacks.
 */
#include <dbus/dbus.h>
#include <systemd/sd-event.h>

struct dbus_loop;

/* Borrows the connection until dbus_loop_detach, which comes before its last unref. */
int dbus_loop_attach(sd_event *loop, DBusConnection *connection, struct dbus_loop **ret);
struct dbus_loop *dbus_loop_detach(struct dbus_loop *dbus_loop);
