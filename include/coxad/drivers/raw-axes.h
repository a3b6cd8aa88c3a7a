// SPDX-License-Identifier: MIT
#pragma once
/* Three axes of a chip as signed 16-bit numbers, and what no axis can say. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/bytes.h"
#include "coxad/base/units.h"

/* Reads three axes. False: all three are -32768, which chips and firmware send where they have
 * nothing; one alone is full scale. */
static inline bool raw_axes_read(struct bytes *b, int ret[3])
{
	for (unsigned i = 0; i < 3; i++)
		ret[i] = bytes_le16s(b);
	return ret[0] != INT16_MIN || ret[1] != INT16_MIN || ret[2] != INT16_MIN;
}

static inline bool raw_axes_clip(const int raw[3])
{
	for (unsigned i = 0; i < 3; i++)
		if (raw[i] == INT16_MAX || raw[i] == INT16_MIN)
			return true;
	return false;
}

/* The range of an accelerometer that does not tell it: the least of 2, 4, 8 and 16 g that holds all
 * that it has said since it connected. Some chips (MMA8653) go on a little beyond it. */
struct raw_axes_range {
	double g; /* 0: nothing said yet */
};

#define RAW_AXES_RANGE_MAX_G 16
#define RAW_AXES_BEYOND      1.05

/* Whether it is at its range, or above this share of it. */
static inline bool raw_axes_reach(
	struct raw_axes_range *range, const float acc_mps2[3], double share)
{
	double most_g = 0;

	for (unsigned i = 0; i < 3; i++)
		most_g = fmax(most_g, fabs((double)acc_mps2[i]) / GRAVITY_MPS2);
	if (range->g <= 0)
		range->g = 2;
	while (range->g < RAW_AXES_RANGE_MAX_G && most_g > RAW_AXES_BEYOND * range->g)
		range->g *= 2;
	return most_g >= share * range->g;
}
