// SPDX-License-Identifier: MIT
#pragma once
/* One configured wearable: which adapters receive its adverts, and the connection through one of
 * them. Lives as long as the source; devices come and go under it.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/drivers/driver.h"
#include "coxad/flow/link-state.h"
#include "coxad/flow/slots.h"
#include "daemon/bluez/bluez-objects.h"

struct bluez_context;
struct bluez_link;

struct bluez_link_ops {
	/* A streaming connection ended by itself, as the radio's faults end it. */
	void (*lost)(void *user);
	/* Slots and discovery are to be looked at again, once the loop turns. */
	void (*changed)(void *user);
	/* The adapter's controller takes no connection beside those it has. */
	void (*refused)(void *user, unsigned wearable, const struct bluez_adapter *adapter);
};

/* -errno. context is borrowed. */
int bluez_link_new(const struct bluez_context *context, unsigned wearable,
	const struct bluez_link_ops *ops, void *user, struct bluez_link **ret);
struct bluez_link *bluez_link_free(struct bluez_link *link);
/* The configuration or BlueZ's version changed. */
void bluez_link_configure(struct bluez_link *link);

const char *bluez_link_address(const struct bluez_link *link);
enum link_state bluez_link_state(const struct bluez_link *link);
/* The adapter on which it takes up a slot; NULL: none. */
const struct bluez_adapter *bluez_link_adapter(const struct bluez_link *link);
/* When the wearable last gave a sign of life through it; 0: never. */
int64_t bluez_link_alive_us(const struct bluez_link *link);
/* When an adapter last received an advert of it, and how loud that was, or -128; 0: none did. */
int64_t bluez_link_heard(const struct bluez_link *link, int *ret_rssi_dbm);
/* One entry for each adapter that receives it, while it waits for a slot. */
size_t bluez_link_candidates(
	const struct bluez_link *link, struct slots_candidate *ret, size_t capacity);
/* It may connect now, through this adapter. */
void bluez_link_permit(struct bluez_link *link, unsigned adapter_slot);

/* The device is another wearable's now. */
void bluez_link_release(struct bluez_link *link, struct bluez_device *device);
/* The connection through it is dead, whatever bluetoothd says. */
void bluez_link_adapter_silent(struct bluez_link *link);
/* A mask of enum bluez_change. */
void bluez_link_device(struct bluez_link *link, struct bluez_device *device, unsigned changes);
void bluez_link_value(struct bluez_link *link, const struct bluez_characteristic *characteristic,
	const uint8_t *value, size_t size);
/* org.bluez is gone, with all that was asked. */
void bluez_link_bus_lost(struct bluez_link *link);
/* A person asks for it to be paired, or does not any more. */
void bluez_link_pair(struct bluez_link *link, bool is_asked);
/* Through one of the adapters. */
bool bluez_link_is_bonded(const struct bluez_link *link);
void bluez_link_stop(struct bluez_link *link);
/* -ENOTCONN, -EAGAIN. */
int bluez_link_write(struct bluez_link *link, const struct driver_step *step);
