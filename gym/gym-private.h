// SPDX-License-Identifier: MIT
#pragma once
/* The inside of a loaded gym, for the capture door and the truth. */
#include "gym/device-private.h"
#include "gym/gym.h"
#include "gym/script.h"
#include "gym/timeline.h"

struct gym {
	uint64_t seed;
	struct script *script;
	struct timeline *timeline;
	struct device **device; /* one per wearable of the script, in the same order */
	size_t n_devices;
	int64_t end_us;
};
