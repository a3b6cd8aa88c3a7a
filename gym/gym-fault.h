// SPDX-License-Identifier: MIT
#pragma once
/* The faults of the script as gaps, clock jumps and sensor errors of a wearable. */
#include "gym/gym-private.h"

/* NULL, or the fault that is one too many. */
const struct timeline_fault *gym_fault_add_all(
	struct device_config *config, const struct gym *gym, size_t wearable);
