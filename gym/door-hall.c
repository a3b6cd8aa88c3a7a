// SPDX-License-Identifier: MIT
#include "gym/door-hall.h"

#include <math.h>

#define LENGTH_M 25
#define BESIDE_M 2 /* from a computer to the wearable in front of it */

static double distance_m(size_t bus, size_t n_buses, size_t wearable, size_t n_wearables)
{
	double along = ((double)bus + 0.5) / (double)n_buses -
		       ((double)wearable + 0.5) / (double)n_wearables;

	return hypot(BESIDE_M, LENGTH_M * along);
}

int door_hall_weaker_db(size_t bus, size_t n_buses, size_t wearable, size_t n_wearables)
{
	double nearest_m = INFINITY;

	for (size_t i = 0; i < n_buses; i++)
		nearest_m = fmin(nearest_m, distance_m(i, n_buses, wearable, n_wearables));
	return (int)lrint(20 * log10(distance_m(bus, n_buses, wearable, n_wearables) / nearest_m));
}

static bool has_another_link(const struct door_device *device)
{
	const struct door_hall *hall = device->door->hall;
	size_t index = (size_t)(device - device->door->devices);

	for (size_t i = 0; i < hall->n_doors; i++)
		if (&hall->door[i] != device->door && hall->door[i].devices[index].is_connected)
			return true;
	return false;
}

bool door_hall_is_reachable(const struct door_device *device, int64_t now_us)
{
	return device->weaker_db < DOOR_HALL_DEAF_DB && device_is_reachable(device->gym, now_us) &&
	       !has_another_link(device);
}

int door_hall_rssi_dbm(const struct door_device *device, int64_t now_us)
{
	return device_rssi_dbm(device->gym, now_us) - device->weaker_db;
}
