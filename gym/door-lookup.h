// SPDX-License-Identifier: MIT
#pragma once
/* Finding what an object path stands for. All give NULL for an object that is not exported. */
#include "gym/door-private.h"

struct door_device *door_lookup_device(struct door *door, const char *path);
/* Also the device it belongs to. */
struct door_char *door_lookup_char(
	struct door *door, const char *path, struct door_device **ret_device);
struct door_adapter *door_lookup_adapter(struct door *door, const char *path);
