// SPDX-License-Identifier: MIT
#pragma once
/* Every driver there is, in the order in which `driver = auto` tries them. A driver is added to
 * daemon/drivers/drivers.list.
 */
#include "coxad/drivers/driver.h"

const struct driver *const *driver_list(size_t *ret_n);
/* NULL where there is none. */
const struct driver *driver_list_find(const char *id);
/* The first driver that claims the characteristic, or NULL. */
const struct driver *driver_list_find_by_characteristic(const struct uuid *characteristic);
