// SPDX-License-Identifier: MIT
#pragma once
/* What the motion chip of a wearable measures, in the units that the kinds of wearables send. */
#include "coxad/base/vec.h"
#include "gym/device-private.h"

/* After the chip's range, noise and quantisation. */
struct chip_sample {
	int16_t raw[6]; /* acceleration, rate of turn; full scale is 32768 */
	double acc_mps2[3], gyr_dps[3];
};

void chip_set_ranges(struct device *device, double range_g, double range_dps);
void chip_measure(struct device *device, double t_us, struct chip_sample *ret);
/* From the sensor's frame to the room's, z up: what a perfect sensor fusion would give. */
struct quat chip_orientation(const struct device *device, double t_us);
/* Gravity as an acceleration, up, in the sensor's frame. */
struct vec3 chip_up_mps2(const struct device *device, double t_us);
/* Microtesla in the sensor's frame, for central Europe. */
struct vec3 chip_magnetic_ut(const struct device *device, double t_us);
/* Roll, pitch, yaw about x, y, z; yaw is applied first. */
void chip_euler_deg(struct quat q, double ret[3]);
