// SPDX-License-Identifier: MIT
#pragma once
/* The axes assumed for a sensor that only had flat-back (decision-model.md, ruling 3): x along the
 * body to the head, z out of the skin. Gravity shows whether it can be worn that way. Pure
 * functions; the axis points to the athlete's left, in the sensor's frame.
 */
#include <stdbool.h>

#include "coxad/base/vec.h"
#include "coxad/core/terms.h"

/* up: in flat-back, or hanging. False if it is worn another way. */
bool default_axes_trunk(enum exercise exercise, struct vec3 up, struct vec3 *ret_axis);
/* leg: LEG_LEFT or LEG_RIGHT; up: hook-lying. ret_zero: up with the thigh flat. */
bool default_axes_thigh(unsigned leg, struct vec3 up, struct vec3 *ret_axis, struct vec3 *ret_zero);
