// SPDX-License-Identifier: MIT
#pragma once
/* What is wrong with the brain's fleet, in words. */
#include "daemon/flow/radio-fleet-private.h"

void radio_fleet_health_look(struct radio_fleet *fleet, int64_t now_us);
/* Nothing more is wrong with the radio. */
void radio_fleet_health_forget(struct radio_fleet *fleet, int radio);
/* Or with the wearable, which had that name. */
void radio_fleet_health_forget_wearable(
	struct radio_fleet *fleet, unsigned wearable, const char *name);
/* What was wrong with the radio by what it last said, and what is now. */
void radio_fleet_health_follow(struct radio_fleet *fleet, const char *radio,
	const struct radio_status *before, const struct radio_status *now);
