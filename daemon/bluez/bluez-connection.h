// SPDX-License-Identifier: MIT
#pragma once
/* One wearable's pure link at work on BlueZ: carries out its actions as calls to org.bluez, feeds
 * the answers and the notifications back as events, and reports what a capture records. Owns the
 * link, its timer and its notification sockets.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/flow/link.h"
#include "coxad/wire/capture.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_connection;
struct bluez_context;

struct bluez_connection_ops {
	/* The link is in another state now. */
	void (*entered)(void *user, enum link_state state);
	/* The adapter's controller takes no further connection. */
	void (*refused)(void *user, const struct bluez_adapter *adapter);
};

/* -errno. context is borrowed. */
int bluez_connection_new(const struct bluez_context *context, unsigned wearable,
	const struct bluez_connection_ops *ops, void *user, struct bluez_connection **ret);
/* Reports "disconnected" if it was connected. */
struct bluez_connection *bluez_connection_free(struct bluez_connection *connection);
/* The configuration or BlueZ's version changed: in force from the next connect. */
void bluez_connection_configure(struct bluez_connection *connection);

/* The device it goes through, or is to go through; NULL: it left. */
void bluez_connection_set_device(struct bluez_connection *connection, struct bluez_device *device);
/* What is known of the device, as events. */
void bluez_connection_review(struct bluez_connection *connection);
/* Its device changed, a mask of enum bluez_change. */
void bluez_connection_changed(struct bluez_connection *connection, unsigned changes);
/* A characteristic of any device has a new value. */
void bluez_connection_value(struct bluez_connection *connection,
	const struct bluez_characteristic *characteristic, const uint8_t *value, size_t size);
/* An event without details, that happens now. */
void bluez_connection_tell(struct bluez_connection *connection, enum link_event_kind kind);
/* -ENOTCONN, -EAGAIN. */
int bluez_connection_write(struct bluez_connection *connection, const struct driver_step *step);
/* Reports an event of this wearable; fills in its address. */
void bluez_connection_emit(struct bluez_connection *connection, struct capture_event event);

struct bluez_device *bluez_connection_device(const struct bluez_connection *connection);
const struct link *bluez_connection_link(const struct bluez_connection *connection);
