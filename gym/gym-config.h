// SPDX-License-Identifier: MIT
#pragma once
/* The configuration of a wearable as the script describes it, and by chance where it does not. */
#include "gym/gym-private.h"

/* Also gives the wearable its local name if the script does not. */
void gym_config_init(
	struct device_config *config, const struct gym *gym, struct script_wearable *w);
/* What the wearable sends: bits of Sensor Information (wearable-profile.md). */
unsigned gym_config_streams(const struct script_wearable *w);
