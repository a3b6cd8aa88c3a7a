// SPDX-License-Identifier: MIT
#pragma once
/* The inside of a loaded gym, for the doors and the truth. */
#include "gym/device-private.h"
#include "gym/script.h"
#include "gym/timeline.h"

struct gym {
	uint64_t seed;
	struct script *script;
	struct timeline *timeline;
	struct gym_device **device; /* one a wearable of the script, same order */
	size_t n_devices;
	int64_t end_us;
};

/* As gym_load, from text in memory. */
struct gym *gym_from_text(
	const char *path, const char *text, uint64_t seed, char *ret_error, size_t error_size);
