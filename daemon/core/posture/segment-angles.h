// SPDX-License-Identifier: MIT
#pragma once
/* Angles of a body segment from the direction of up in its sensor: gravity projected onto the plane
 * normal to the medio-lateral axis, so no heading is needed (decision-model.md 4.2). Signs: the
 * axis points to the athlete's left; turning about it forward (anterior tilt) is positive, so a
 * rising thigh is negative. Pure functions, radians.
 */
#include <stdbool.h>

#include "coxad/base/vec.h"

/* Rotation about the axis since `zero`. */
double segment_angles_turn(struct vec3 axis, struct vec3 zero, struct vec3 up);
/* Angle of up out of the plane of motion, relative to `zero`. */
double segment_angles_lean(struct vec3 axis, struct vec3 zero, struct vec3 up);
/* First principal component of a covariance (xx xy xz yy yz zz); returns its share, 0..1, or 0
 * without any rotation. */
double segment_angles_principal(const double covariance[6], struct vec3 *ret_axis);
