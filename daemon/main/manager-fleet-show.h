// SPDX-License-Identifier: MIT
#pragma once
/* gateway/<name>/radios: how the radios are, as the fleet and the hub know it. */
#include "daemon/main/manager-fleet-private.h"

void manager_fleet_show(struct manager_fleet *fleet, int64_t now_us);
