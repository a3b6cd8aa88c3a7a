// SPDX-License-Identifier: MIT
#pragma once
/* One wearable as its link and its driver see it: what is configured for it, and what bluetoothd
 * knows of it. Plain reading, nothing is kept.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/uuid.h"
#include "coxad/drivers/driver.h"
#include "coxad/flow/link.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_context;

#define BLUEZ_PEER_BATTERY_LEVEL UUID_SIG(0x2a19)

struct bluez_peer {
	struct driver_peer driver; /* points into this struct and into the device */
	struct uuid characteristics[BLUEZ_CHARACTERISTICS_MAX + 1];
	uint8_t sync_root[6];
};

struct link_settings bluez_peer_settings(const struct bluez_context *context, unsigned wearable);
/* driver NULL: not known yet. */
struct link_profile bluez_peer_profile(const struct driver *driver);
void bluez_peer_describe(struct bluez_peer *ret, const struct conf *conf, unsigned wearable,
	const struct bluez_device *device);
/* Properties of a characteristic; -ENOENT. */
int bluez_peer_properties(const struct bluez_device *device, const struct uuid *uuid);
/* True if bluetoothd keeps the battery service for itself and shows Battery1 instead. */
bool bluez_peer_hides_battery(const struct bluez_device *device);
/* With require-encryption nothing is taken without a bond: it is what encrypts a connection.
 * device NULL: none. */
bool bluez_peer_is_trusted(const struct bluez_context *context, const struct bluez_device *device);
/* 0: unknown. */
unsigned bluez_peer_mtu(const struct bluez_device *device);
enum wearable_bond bluez_peer_bond(const struct bluez_device *device);
/* bluetoothd subscribes again by itself at each link, and then refuses to do it for us. device may be
 * NULL. */
bool bluez_peer_is_notifying(const struct bluez_device *device, const struct uuid *uuid);
