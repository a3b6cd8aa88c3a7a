// SPDX-License-Identifier: MIT
#pragma once
/* A libdbus connection on an sd-event loop. One I/O source for each descriptor, because libdbus adds
 * two watches for one and epoll accepts it only once. One message is dispatched per turn of the loop,
 * so that a full queue delays nobody else. Nothing is dispatched inside libdbus's callbacks.
 */
#include <dbus/dbus.h>
#include <systemd/sd-event.h>

struct bus_loop;

/* Borrows the connection; detach before its last unref. -errno. */
int bus_loop_attach(sd_event *loop, DBusConnection *connection, struct bus_loop **ret);
struct bus_loop *bus_loop_detach(struct bus_loop *bus_loop);
