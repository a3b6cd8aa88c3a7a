// SPDX-License-Identifier: MIT
#pragma once
/* Reads BlueZ's properties, an a{sv} of any version, into the mirror's objects. Ignores what has the
 * wrong type or is out of range.
 */
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bus-message.h"

bool bluez_properties_read_address(const DBusMessageIter *value, char ret[static ADDRESS_SIZE]);
void bluez_properties_read_adapter(
	struct bluez_adapter *adapter, const DBusMessageIter *properties);
/* A mask of enum bluez_change: what changed and matters. */
unsigned bluez_properties_read_device(
	struct bluez_device *device, const DBusMessageIter *properties);
unsigned bluez_properties_read_battery(
	struct bluez_device *device, const DBusMessageIter *properties);
/* True if there is a valid UUID. *ret_value (ret_value may be NULL): the bytes of Value, if it is
 * there. */
bool bluez_properties_read_characteristic(struct bluez_characteristic *characteristic,
	const DBusMessageIter *properties, const uint8_t **ret_value, size_t *ret_size);
