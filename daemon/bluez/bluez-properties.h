// SPDX-License-Identifier: MIT
#pragma once
/* BlueZ's properties, an a{sv} of any version of it, into the mirror's objects. What is of another
 * type than it should be, or out of range, is passed over.
 */
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bus-message.h"

bool bluez_properties_read_address(const DBusMessageIter *value, char ret[static ADDRESS_SIZE]);
void bluez_properties_read_adapter(
	struct bluez_adapter *adapter, const DBusMessageIter *properties);
/* Masks of enum bluez_change: what was there and matters. */
unsigned bluez_properties_read_device(
	struct bluez_device *device, const DBusMessageIter *properties);
unsigned bluez_properties_read_battery(
	struct bluez_device *device, const DBusMessageIter *properties);
/* True where the UUID could be read. *ret_value (may be NULL): the bytes of Value, where it is
 * there. */
bool bluez_properties_read_characteristic(struct bluez_characteristic *characteristic,
	const DBusMessageIter *properties, const uint8_t **ret_value, size_t *ret_size);
