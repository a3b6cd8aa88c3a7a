// SPDX-License-Identifier: MIT
#pragma once
/* A libdbus connection on an sd-event loop. One io source for each descriptor, because libdbus
 * adds two watches on one and epoll takes it once; one message is dispatched in a turn of the loop,
 * so that a full queue delays nobody else; nothing is dispatched inside libdbus's callbacks.
 */
#include <dbus/dbus.h>
#include <systemd/sd-event.h>

struct bus_loop;

/* Borrows the connection until bus_loop_detach, which comes before its last unref. */
int bus_loop_attach(sd_event *loop, DBusConnection *connection, struct bus_loop **ret);
struct bus_loop *bus_loop_detach(struct bus_loop *bus_loop);
