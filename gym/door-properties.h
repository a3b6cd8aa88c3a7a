// SPDX-License-Identifier: MIT
#pragma once
/* What the objects of the fake org.bluez look like, and the signals when that changes. */
#include "gym/door-private.h"

#define DOOR_IFACE_ADAPTER "org.bluez.Adapter1"
#define DOOR_IFACE_DEVICE  "org.bluez.Device1"
#define DOOR_IFACE_SERVICE "org.bluez.GattService1"
#define DOOR_IFACE_CHAR    "org.bluez.GattCharacteristic1"
#define DOOR_IFACE_BATTERY "org.bluez.Battery1"

/* All properties of an object's interface, as an a{sv}. False if there is no such object. */
bool door_properties_put_all(
	struct door *door, DBusMessageIter *args, const char *path, const char *interface);
void door_properties_put_adapter(
	struct door *door, DBusMessageIter *dict, const struct door_adapter *adapter);
void door_properties_put_device(
	struct door *door, DBusMessageIter *dict, const struct door_device *device);
void door_properties_put_char(struct door *door, DBusMessageIter *dict, const struct door_char *c);
/* PropertiesChanged for one property. */
void door_properties_say_bool(
	struct door *door, const char *path, const char *interface, const char *name, bool value);
void door_properties_say_text(struct door *door, const char *path, const char *interface,
	const char *name, const char *value);
void door_properties_say_battery(struct door *door, const char *path, uint8_t percent);
void door_properties_say_rssi(struct door *door, const char *path, int rssi_dbm);
void door_properties_say_value(
	struct door *door, const char *path, const uint8_t *value, size_t size);
/* PropertiesChanged with a value of any basic type, given as text; type "as" is an empty array.
 * Six parameters: they are the words of the order. */
void door_properties_say_any(struct door *door, const char *path, const char *interface,
	const char *name, const char *type, const char *value);
/* Paired and Bonded, said if the device is on the bus. */
void door_properties_set_bonded(struct door *door, struct door_device *device, bool is_bonded);
