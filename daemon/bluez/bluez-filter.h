// SPDX-License-Identifier: MIT
#pragma once
/* What discovery looks for. */
#include <dbus/dbus.h>
#include <stdbool.h>

#include "coxad/config/conf.h"

/* The call of SetDiscoveryFilter for the adapter at this path; is_wide: any device, whatever services
 * it advertises. Returns-owned. */
DBusMessage *bluez_filter_new(const struct conf *conf, const char *path, bool is_wide);
