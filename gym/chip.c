// SPDX-License-Identifier: MIT
#include "gym/chip.h"

#include <math.h>

#include "coxad/base/units.h"

void chip_set_ranges(struct device *device, double range_g, double range_dps)
{
	device->config.sensor.acc_range_mps2 = range_g * GRAVITY_MPS2;
	device->config.sensor.gyr_range_rps = range_dps * RAD_PER_DEG;
}

void chip_measure(struct device *device, double t_us, struct chip_sample *ret)
{
	struct sensor *sensor = &device->config.sensor;

	sensor_sample(sensor, t_us / 1e6, ret->raw);
	for (unsigned i = 0; i < 3; i++) {
		ret->acc_mps2[i] = ret->raw[i] * sensor->acc_range_mps2 / 32768;
		ret->gyr_dps[i] = ret->raw[3 + i] * sensor->gyr_range_rps / RAD_PER_DEG / 32768;
	}
}

struct quat chip_orientation(const struct device *device, double t_us)
{
	return sensor_orientation(&device->config.sensor, t_us / 1e6);
}

struct vec3 chip_up_mps2(const struct device *device, double t_us)
{
	return quat_rotate(
		quat_conj(chip_orientation(device, t_us)), (struct vec3){0, 0, GRAVITY_MPS2});
}

struct vec3 chip_magnetic_ut(const struct device *device, double t_us)
{
	return quat_rotate(quat_conj(chip_orientation(device, t_us)), (struct vec3){20, 0, -43});
}

void chip_euler_deg(struct quat q, double ret[3])
{
	double sine = 2 * (q.w * q.y - q.z * q.x);

	ret[0] = atan2(2 * (q.w * q.x + q.y * q.z), 1 - 2 * (q.x * q.x + q.y * q.y)) / RAD_PER_DEG;
	ret[1] = asin(fmax(-1, fmin(1, sine))) / RAD_PER_DEG;
	ret[2] = atan2(2 * (q.w * q.z + q.x * q.y), 1 - 2 * (q.y * q.y + q.z * q.z)) / RAD_PER_DEG;
}
