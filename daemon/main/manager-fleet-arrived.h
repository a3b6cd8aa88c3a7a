// SPDX-License-Identifier: MIT
#pragma once
/* What the radios and other brains say. */
#include "daemon/main/manager-fleet-private.h"

/* Not while coxad ends. */
void manager_fleet_arrived(struct manager_fleet *fleet, const struct fleet_topic *topic,
	const struct fleet_arrival *arrival);
