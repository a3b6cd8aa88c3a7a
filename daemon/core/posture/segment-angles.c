// SPDX-License-Identifier: MIT
#include "daemon/core/posture/segment-angles.h"

#include <math.h>

static struct vec3 in_plane(struct vec3 axis, struct vec3 v)
{
	return vec3_sub(v, vec3_scale(axis, vec3_dot(axis, v)));
}

double segment_angles_turn(struct vec3 axis, struct vec3 zero, struct vec3 up)
{
	struct vec3 from = in_plane(axis, up), to = in_plane(axis, zero);

	return atan2(vec3_dot(vec3_cross(from, to), axis), vec3_dot(from, to));
}

static double clamp1(double x)
{
	return x > 1 ? 1 : x < -1 ? -1 : x;
}

double segment_angles_lean(struct vec3 axis, struct vec3 zero, struct vec3 up)
{
	return asin(clamp1(vec3_dot(axis, up))) - asin(clamp1(vec3_dot(axis, zero)));
}

double segment_angles_principal(const double c[6], struct vec3 *ret_axis)
{
	double trace = c[0] + c[3] + c[5];
	/* The column with the largest diagonal is never orthogonal to the result. */
	struct vec3 v = c[0] >= c[3] && c[0] >= c[5] ? (struct vec3){c[0], c[1], c[2]}
			: c[3] >= c[5]               ? (struct vec3){c[1], c[3], c[4]}
						     : (struct vec3){c[2], c[4], c[5]};

	if (!(trace > 0))
		return 0;
	v = vec3_unit(v);
	/* Power iteration: converges with the ratio of the two largest eigenvalues; every caller
	 * rejects a share below 0.5. */
	for (unsigned i = 0; i < 100; i++)
		v = vec3_unit((struct vec3){c[0] * v.x + c[1] * v.y + c[2] * v.z,
			c[1] * v.x + c[3] * v.y + c[4] * v.z,
			c[2] * v.x + c[4] * v.y + c[5] * v.z});
	*ret_axis = v;
	return vec3_dot(v, (struct vec3){c[0] * v.x + c[1] * v.y + c[2] * v.z,
				   c[1] * v.x + c[3] * v.y + c[4] * v.z,
				   c[2] * v.x + c[4] * v.y + c[5] * v.z}) /
	       trace;
}
