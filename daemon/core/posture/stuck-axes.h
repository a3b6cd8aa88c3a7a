// SPDX-License-Identifier: MIT
#pragma once
/* A sensor that says the very same for over a second while its packets keep coming is stuck
 * (https://github.com/jrowberg/i2cdevlib/issues/519): a real one is never still to the last bit.
 * Pure value.
 */
#include <stdbool.h>

#include "coxad/core/record.h"

/* How much of the past is in doubt once it is found. */
#define STUCK_AXES_S 1.0

struct stuck_axes {
	double same_s;
	unsigned n; /* samples of the block before */
	struct motion_sample last[MOTION_SAMPLES_MAX];
	float last_quat[4];
	bool has_quat;
};

void stuck_axes_init(struct stuck_axes *stuck);
/* Whether it is stuck, by this block and those before it; RECORD_MOTION or RECORD_ORIENTATION. */
bool stuck_axes_push(struct stuck_axes *stuck, const struct record *record, double interval_s);
