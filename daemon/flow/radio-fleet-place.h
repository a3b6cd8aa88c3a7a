// SPDX-License-Identifier: MIT
#pragma once
/* Asks fleet_assign, and follows its answer. */
#include "daemon/flow/radio-fleet-private.h"

void radio_fleet_place_run(struct radio_fleet *fleet, int64_t now_us);
