// SPDX-License-Identifier: MIT
#pragma once
/* An inertial sensor on a body: mounting, noise, bias, clipping, quantisation, and the ways it can
 * come loose. Gives what the chip would have in its registers. Borrows the body.
 */
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "gym/body.h"
#include "gym/random.h"

#define SENSOR_FAULTS_MAX 8
#define SENSOR_TAPS_MAX   64

/* How one of its chips can be wrong for as long as it lasts. */
enum sensor_defect {
	SENSOR_GYRO_DEAD,
	SENSOR_GYRO_WHIRLS, /* one axis at full scale */
	SENSOR_GYRO_MIRRORED,
	SENSOR_GYRO_SCALE,
	SENSOR_ACC_WEAK, /* two axes say a seventh */
	SENSOR_ACC_SCALE,
	SENSOR_ACC_OFFSET, /* m/s^2 on each axis */
	SENSOR_ACC_LIMIT,  /* m/s^2, beyond which it stays */
};

struct sensor {
	const struct body *body;
	enum body_segment segment;
	struct quat mount;                    /* from the sensor's frame into the segment's */
	struct vec3 lever_m;                  /* from the segment's pivot, in the segment's frame */
	double acc_noise_mps2, gyr_noise_rps; /* standard deviation of a sample */
	struct vec3 acc_bias_mps2, gyr_bias_rps;
	double acc_range_mps2, gyr_range_rps;
	struct random random;
	/* Slips: it turns on the segment, faster than the gyroscope can follow. */
	struct {
		double at_s;
		struct quat turn;
	} slip[SENSOR_FAULTS_MAX];
	size_t n_slips;
	struct {
		double from_s, to_s;
	} loose[SENSOR_FAULTS_MAX];
	size_t n_loose;
	/* Somebody shakes it; the last ones count. */
	struct {
		double from_s, to_s;
	} shake[SENSOR_FAULTS_MAX];
	size_t n_shakes;
	/* It says again what it said before, to the last bit. */
	struct {
		double from_s, to_s;
	} frozen[SENSOR_FAULTS_MAX];
	size_t n_frozen;
	int16_t said[6];
	struct {
		double from_s, to_s, value;
		enum sensor_defect kind;
	} defect[SENSOR_FAULTS_MAX];
	size_t n_defects;
	/* Taps on the housing, which the body does not feel. */
	struct {
		double at_s, width_s, peak_mps2;
	} tap[SENSOR_TAPS_MAX];
	size_t n_taps;
};

/* The lever of a placement: where such a sensor is usually worn. */
struct vec3 sensor_lever(enum placement placement);
/* In the hand: to and fro, about 350 degrees a second. 0 seconds: it rests from now on. */
void sensor_shake(struct sensor *sensor, double from_s, double seconds);
/* From the sensor's frame into the room's, slips included. */
struct quat sensor_orientation(const struct sensor *sensor, double t_s);
/* ax ay az gx gy gz in SI units, before noise, bias, quantisation and clipping. */
void sensor_ideal(const struct sensor *sensor, double t_s, double ret[6]);
/* ax ay az gx gy gz; one unit is full scale / 32768. */
void sensor_sample(struct sensor *sensor, double t_s, int16_t ret[6]);
