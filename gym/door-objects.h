// SPDX-License-Identifier: MIT
#pragma once
/* Which objects the fake org.bluez exports: adapters, devices, services, characteristics,
 * batteries, and unknown devices that only advertise. Exporting and removing one is signalled.
 */
#include "gym/door-private.h"

#define DOOR_PATH_SIZE 64

/* The reply to GetManagedObjects. */
void door_objects_put_all(struct door *door, DBusMessageIter *args);
void door_objects_add_device(struct door *door, struct door_device *device);
void door_objects_remove_device(struct door *door, struct door_device *device);
void door_objects_add_chars(struct door *door, struct door_device *device);
void door_objects_remove_chars(struct door *door, struct door_device *device);
/* Its characteristics get other handles, and so other paths, as after an update of its firmware. */
void door_objects_renumber(struct door *door, struct door_device *device);
void door_objects_add_adapter(struct door *door, struct door_adapter *adapter);
void door_objects_remove_adapter(struct door *door, struct door_adapter *adapter);
void door_objects_add_stranger(struct door *door, unsigned index);
void door_objects_stranger_path(unsigned index, char ret[static DOOR_PATH_SIZE]);
