// SPDX-License-Identifier: MIT
#include "gym/sensor.h"

#include <string.h>

#define LOOSE_MPS2 1.5 /* rattling of a loose sensor */
#define LOOSE_RPS  0.3
#define SHAKE_HZ   2.5
#define SHAKE_RAD  0.6

/* Across the sensor, so that gravity turns too. */
static const struct vec3 shake_axis = {0.6, 0.8, 0};

struct vec3 sensor_lever(enum placement placement)
{
	switch (placement) {
	case PLACEMENT_THIGH_LEFT:
	case PLACEMENT_THIGH_RIGHT:
		return (struct vec3){-0.25, 0, 0.06};
	case PLACEMENT_PELVIS:
		return (struct vec3){0.06, 0.10, 0.05};
	case PLACEMENT_HIP_LEFT:
		return (struct vec3){0.02, 0.15, 0.04};
	case PLACEMENT_HIP_RIGHT:
		return (struct vec3){0.02, -0.15, 0.04};
	case PLACEMENT_LUMBAR:
	case PLACEMENT_LOW_BACK:
		return (struct vec3){0.15, 0, -0.04};
	case PLACEMENT_ROOM:
	case PLACEMENT_COUNT:
		break;
	}
	return (struct vec3){0, 0, 0};
}

void sensor_shake(struct sensor *sensor, double from_s, double seconds)
{
	size_t at;

	if (seconds <= 0) {
		for (size_t i = 0; i < sensor->n_shakes && i < SENSOR_FAULTS_MAX; i++)
			sensor->shake[i].to_s = fmin(sensor->shake[i].to_s, from_s);
		return;
	}
	at = sensor->n_shakes++ % SENSOR_FAULTS_MAX;
	sensor->shake[at].from_s = from_s;
	sensor->shake[at].to_s = from_s + seconds;
}

/* The phase of a shake; false: nobody shakes it. */
static bool is_shaken(const struct sensor *sensor, double t_s, double *ret_rad)
{
	for (size_t i = 0; i < sensor->n_shakes && i < SENSOR_FAULTS_MAX; i++)
		if (t_s >= sensor->shake[i].from_s && t_s < sensor->shake[i].to_s) {
			*ret_rad = 2 * M_PI * SHAKE_HZ * (t_s - sensor->shake[i].from_s);
			return true;
		}
	return false;
}

static struct quat mount_at(const struct sensor *sensor, double t_s)
{
	struct quat mount = sensor->mount;
	double phase_rad;

	for (size_t i = 0; i < sensor->n_slips; i++)
		if (t_s >= sensor->slip[i].at_s)
			mount = quat_mul(mount, sensor->slip[i].turn);
	if (is_shaken(sensor, t_s, &phase_rad))
		mount = quat_mul(
			mount, quat_from_axis_angle(shake_axis, SHAKE_RAD * sin(phase_rad)));
	return mount;
}

struct quat sensor_orientation(const struct sensor *sensor, double t_s)
{
	return quat_mul(
		body_orientation(sensor->body, sensor->segment, t_s), mount_at(sensor, t_s));
}

void sensor_ideal(const struct sensor *sensor, double t_s, double ret[6])
{
	struct quat to_sensor = quat_conj(mount_at(sensor, t_s));
	struct vec3 f = body_force(sensor->body, sensor->segment, sensor->lever_m, t_s);
	struct vec3 w = quat_rotate(to_sensor, body_rate(sensor->body, sensor->segment, t_s));
	double phase_rad;

	f = quat_rotate(to_sensor, f);
	if (is_shaken(sensor, t_s, &phase_rad))
		w = vec3_add(w,
			vec3_scale(shake_axis, SHAKE_RAD * 2 * M_PI * SHAKE_HZ * cos(phase_rad)));
	for (size_t i = 0; i < sensor->n_taps; i++) {
		double x = (t_s - sensor->tap[i].at_s) / sensor->tap[i].width_s;
		if (x > 0 && x < 1)
			f.z += sensor->tap[i].peak_mps2 * (1 - cos(2 * M_PI * x)) / 2;
	}
	ret[0] = f.x;
	ret[1] = f.y;
	ret[2] = f.z;
	ret[3] = w.x;
	ret[4] = w.y;
	ret[5] = w.z;
}

static bool is_frozen(const struct sensor *sensor, double t_s)
{
	for (size_t i = 0; i < sensor->n_frozen; i++)
		if (t_s >= sensor->frozen[i].from_s && t_s < sensor->frozen[i].to_s)
			return true;
	return false;
}

static void scale(double v[3], double x, double y, double z)
{
	v[0] *= x;
	v[1] *= y;
	v[2] *= z;
}

static void limit(double v[3], double most)
{
	for (unsigned i = 0; i < 3; i++)
		v[i] = fmax(fmin(v[i], most), -most);
}

static void distort(const struct sensor *sensor, double t_s, double acc[3], double gyr[3])
{
	for (size_t i = 0; i < sensor->n_defects; i++) {
		double value = sensor->defect[i].value;

		if (t_s < sensor->defect[i].from_s || t_s >= sensor->defect[i].to_s)
			continue;
		switch (sensor->defect[i].kind) {
		case SENSOR_GYRO_DEAD:
			scale(gyr, 0, 0, 0);
			break;
		case SENSOR_GYRO_WHIRLS:
			gyr[0] = sensor->gyr_range_rps;
			break;
		case SENSOR_GYRO_MIRRORED:
			scale(gyr, -1, -1, -1);
			break;
		case SENSOR_GYRO_SCALE:
			scale(gyr, value, value, value);
			break;
		case SENSOR_ACC_WEAK:
			scale(acc, 0.15, 0.15, 1);
			break;
		case SENSOR_ACC_SCALE:
			scale(acc, value, value, value);
			break;
		case SENSOR_ACC_OFFSET:
			for (unsigned k = 0; k < 3; k++)
				acc[k] += value;
			break;
		case SENSOR_ACC_LIMIT:
			limit(acc, value);
			break;
		}
	}
}

static int16_t quantised(double value, double range)
{
	double units = rint(value / range * 32768);

	return (int16_t)(units > 32767 ? 32767 : units < -32768 ? -32768 : units);
}

void sensor_sample(struct sensor *sensor, double t_s, int16_t ret[6])
{
	const double *acc_bias = &sensor->acc_bias_mps2.x, *gyr_bias = &sensor->gyr_bias_rps.x;
	double acc_noise = sensor->acc_noise_mps2, gyr_noise = sensor->gyr_noise_rps, ideal[6];

	for (size_t i = 0; i < sensor->n_loose; i++)
		if (t_s >= sensor->loose[i].from_s && t_s < sensor->loose[i].to_s) {
			acc_noise = LOOSE_MPS2;
			gyr_noise = LOOSE_RPS;
		}
	sensor_ideal(sensor, t_s, ideal);
	distort(sensor, t_s, ideal, ideal + 3);
	for (unsigned i = 0; i < 3; i++)
		ret[i] = quantised(
			ideal[i] + acc_bias[i] + acc_noise * random_normal(&sensor->random),
			sensor->acc_range_mps2);
	for (unsigned i = 0; i < 3; i++)
		ret[3 + i] = quantised(
			ideal[3 + i] + gyr_bias[i] + gyr_noise * random_normal(&sensor->random),
			sensor->gyr_range_rps);
	if (is_frozen(sensor, t_s))
		memcpy(ret, sensor->said, sizeof(sensor->said));
	memcpy(sensor->said, ret, sizeof(sensor->said));
}
