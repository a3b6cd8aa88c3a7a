// SPDX-License-Identifier: MIT
#pragma once
/* Roll, pitch and yaw in degrees, applied yaw first about z, then y, then x (aerospace order), as
 * a unit quaternion from sensor to earth. Pure value.
 */
#include <math.h>

#include "coxad/base/units.h"

static inline void euler_to_quat(
	double roll_deg, double pitch_deg, double yaw_deg, float ret_wxyz[4])
{
	double cr = cos(roll_deg * RAD_PER_DEG / 2), sr = sin(roll_deg * RAD_PER_DEG / 2);
	double cp = cos(pitch_deg * RAD_PER_DEG / 2), sp = sin(pitch_deg * RAD_PER_DEG / 2);
	double cy = cos(yaw_deg * RAD_PER_DEG / 2), sy = sin(yaw_deg * RAD_PER_DEG / 2);

	ret_wxyz[0] = (float)(cr * cp * cy + sr * sp * sy);
	ret_wxyz[1] = (float)(sr * cp * cy - cr * sp * sy);
	ret_wxyz[2] = (float)(cr * sp * cy + sr * cp * sy);
	ret_wxyz[3] = (float)(cr * cp * sy - sr * sp * cy);
}
