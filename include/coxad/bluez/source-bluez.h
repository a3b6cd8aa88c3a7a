// SPDX-License-Identifier: MIT
#pragma once
/* Wearables through BlueZ over D-Bus: finds, connects, prepares, listens; says what it hears as
 * capture events. Owns the bus connection, the mirror of org.bluez, one pure `link` a wearable,
 * the slots of the adapters, the pairing agent. One thread, on the given loop; every call is
 * asynchronous with a deadline. org.bluez may be absent, late, or restarted at any time.
 */
#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "coxad/config/conf.h"
#include "coxad/drivers/driver.h"
#include "coxad/wire/capture.h"

struct source_bluez;

struct source_bluez_ops {
	/* t_us is the stamp taken at the read itself. Borrowed during the call. */
	void (*event)(void *user, const struct capture_event *event);
	/* As gateway_plan and gateway_driver. */
	int (*plan)(void *user, unsigned wearable, const struct driver_peer *peer,
		enum driver_plan plan, unsigned index, struct driver_step *ret);
	const struct driver *(*driver)(void *user, unsigned wearable);
	/* Adapters came or went: the gateway's status is to be published again. */
	void (*adapters_changed)(void *user);
};

/* bus_address NULL: the system bus. Connecting is the one blocking call; -errno where the bus is
 * not there. conf is borrowed until source_bluez_free or source_bluez_reload. */
int source_bluez_new(sd_event *loop, const char *bus_address, const struct conf *conf,
	const struct source_bluez_ops *ops, void *user, struct source_bluez **ret);
struct source_bluez *source_bluez_free(struct source_bluez *source);
/* Wearables that stayed keep their links. Indices may change. */
int source_bluez_reload(struct source_bluez *source, const struct conf *conf);
/* Carries out a write on a streaming wearable; -ENOTCONN. */
int source_bluez_write(
	struct source_bluez *source, unsigned wearable, const struct driver_step *step);
/* Addresses of powered adapters in use, borrowed until the loop turns. Returns how many. */
size_t source_bluez_adapters(const struct source_bluez *source, const char **ret, size_t room);
/* Begins an orderly end (stop plans, disconnects); free does not wait for it. */
void source_bluez_stop(struct source_bluez *source);
/* True once that end is reached; no callback tells. */
bool source_bluez_is_stopped(const struct source_bluez *source);
/* For the watchdog: false where a call to the bus is overdue beyond its own deadline. */
bool source_bluez_is_alive(const struct source_bluez *source);
