// SPDX-License-Identifier: MIT
#include "gym/door-lookup.h"

#include <string.h>

struct door_device *door_lookup_device(struct door *door, const char *path)
{
	for (size_t i = 0; i < door->n_devices; i++)
		if (door->devices[i].is_exported && strcmp(door->devices[i].path, path) == 0)
			return &door->devices[i];
	return NULL;
}

struct door_char *door_lookup_char(
	struct door *door, const char *path, struct door_device **ret_device)
{
	for (size_t i = 0; i < door->n_devices; i++) {
		struct door_device *device = &door->devices[i];
		size_t length = strlen(device->path);

		if (!device->is_exported || strncmp(device->path, path, length) != 0)
			continue;
		for (size_t k = 0; k < device->n_chars; k++)
			if (device->chars[k].is_exported &&
				strcmp(device->chars[k].path, path) == 0) {
				*ret_device = device;
				return &device->chars[k];
			}
	}
	return NULL;
}

struct door_adapter *door_lookup_adapter(struct door *door, const char *path)
{
	for (unsigned i = 0; i < DOOR_ADAPTERS_MAX; i++)
		if (door->adapter[i].is_there && strcmp(door->adapter[i].path, path) == 0)
			return &door->adapter[i];
	return NULL;
}
