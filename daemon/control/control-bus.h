// SPDX-License-Identifier: MIT
#pragma once
/* The connection to the system bus (DBUS_SYSTEM_BUS_ADDRESS, as libdbus takes it) and the name on it.
 * Either may be missing at any time, and is tried again every few seconds; each reason is logged
 * once. Nothing here waits for the bus.
 */
#include <stdbool.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#define CONTROL_BUS_NAME    "org.coxad"
#define CONTROL_BUS_PATH    "/org/coxad"
#define CONTROL_BUS_GATEWAY CONTROL_BUS_NAME ".Gateway1"
#define CONTROL_BUS_ADMIN   CONTROL_BUS_GATEWAY ".Admin"

struct control_bus_ops {
	/* A fresh connection: objects are to be added. -errno. */
	int (*connected)(void *user, sd_bus *bus);
	/* The connection is about to be closed; may be called twice. */
	void (*lost)(void *user);
};

struct control_bus {
	sd_event *loop;
	const struct control_bus_ops *ops;
	void *user;
	sd_bus *bus; /* NULL: none */
	sd_event_source *retry;
	int told; /* -errno that was logged last; 0: none */
};

/* Borrows all. Only the lack of descriptors is a failure. */
int control_bus_start(
	struct control_bus *bus, sd_event *loop, const struct control_bus_ops *ops, void *user);
void control_bus_stop(struct control_bus *bus);
