// SPDX-License-Identifier: MIT
#include "daemon/core/posture/default-axes.h"

#include <math.h>

#include "coxad/base/units.h"
#include "coxad/core/posture/kit-posture.h"

/* Maximum angle between a sensor and the default axes (decision-model.md, ruling 3). */
#define DEFAULT_AXES_DEG 35.0

static bool is_near(struct vec3 a, struct vec3 b)
{
	return vec3_angle(a, b) < DEFAULT_AXES_DEG * RAD_PER_DEG;
}

bool default_axes_trunk(enum exercise exercise, struct vec3 up, struct vec3 *ret_axis)
{
	const struct vec3 x = {1, 0, 0}, z = {0, 0, 1}, back = {0, 0, -1};

	if (exercise == EXERCISE_HANG) {
		/* Upright, gravity does not show front or back; the front is assumed. */
		*ret_axis = (struct vec3){0, -1, 0};
		return is_near(up, x);
	}
	*ret_axis = is_near(up, back) ? (struct vec3){0, 1, 0} : (struct vec3){0, -1, 0};
	return is_near(up, z) || is_near(up, back);
}

/* On the front, outer or inner side of the thigh. In hook-lying the knee points up, so up has a
 * component along -x and one along the front of the thigh. */
bool default_axes_thigh(unsigned leg, struct vec3 up, struct vec3 *ret_axis, struct vec3 *ret_zero)
{
	struct vec3 head = {1, 0, 0}, front;

	if (up.x > -0.35 || up.x < -0.97)
		return false;
	if (fabs(up.z) > fabs(up.y)) {
		front = (struct vec3){0, 0, up.z > 0 ? 1 : -1};
	} else {
		/* On the outer side of the left thigh, out of the skin is to the left. */
		front = (struct vec3){0, up.y > 0 ? 1 : -1, 0};
		if (leg == LEG_LEFT ? up.y < 0 : up.y > 0)
			return false;
	}
	*ret_zero = front;
	*ret_axis = vec3_cross(head, front);
	return true;
}
