// SPDX-License-Identifier: MIT
#pragma once
/* Reads BlueZ's properties, an a{sv} of any version, into the mirror's objects. What has the wrong type
 * or makes no sense is left out and counted in *odd.
 */
#include "daemon/bluez/bluez-objects.h"
#include "daemon/bluez/bus-message.h"

/* The bytes of Value; NULL: it is not there. */
struct bluez_value {
	const uint8_t *bytes;
	size_t size;
};

bool bluez_properties_read_address(const DBusMessageIter *value, char ret[static ADDRESS_SIZE]);
void bluez_properties_read_adapter(
	struct bluez_adapter *adapter, const DBusMessageIter *properties, unsigned *odd);
/* A mask of enum bluez_change: what changed and matters. */
unsigned bluez_properties_read_device(
	struct bluez_device *device, const DBusMessageIter *properties, unsigned *odd);
unsigned bluez_properties_read_battery(
	struct bluez_device *device, const DBusMessageIter *properties, unsigned *odd);
/* True if there is a valid UUID. ret may be NULL. */
bool bluez_properties_read_characteristic(struct bluez_characteristic *characteristic,
	const DBusMessageIter *properties, struct bluez_value *ret, unsigned *odd);
