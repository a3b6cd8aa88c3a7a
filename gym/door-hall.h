// SPDX-License-Identifier: MIT
#pragma once
/* Who hears whom in a hall with several computers. They stand in a row, as do the wearables in their
 * order in the script; the script's RSSI is what the nearest of them hears. A wearable accepts one
 * link, and does not advertise while it has it.
 */
#include "gym/door-private.h"

#define DOOR_HALL_DEAF_DB 100 /* so much weaker it is not heard at all */

/* How much weaker the one hears the other than the nearest computer does. */
int door_hall_weaker_db(size_t bus, size_t n_buses, size_t wearable, size_t n_wearables);
/* False also while it has a link with another computer. */
bool door_hall_is_reachable(const struct door_device *device, int64_t now_us);
int door_hall_rssi_dbm(const struct door_device *device, int64_t now_us);
