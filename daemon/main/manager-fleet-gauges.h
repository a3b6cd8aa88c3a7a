// SPDX-License-Identifier: MIT
#pragma once
/* Of what the radios said, for the stats. */
#include "daemon/main/manager-private.h"

/* Returns how many it wrote; none where the role is not `brain`. */
size_t manager_fleet_gauges(const struct manager *m, struct stat_entry *entries, size_t capacity);
