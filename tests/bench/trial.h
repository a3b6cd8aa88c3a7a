// SPDX-License-Identifier: MIT
#pragma once
/* Recordings in the CSV form of the BROAD benchmark: a first line with the rate, a line of names,
 * then gyroscope (rad/s), acceleration (m/s^2), a reference quaternion w x y z (sensor to earth)
 * and a mark of movement, nan where not known; plain or compressed. A file without names has the
 * columns in this order.
 */
#include <stdbool.h>
#include <stddef.h>

#include "coxad/core/record.h"

#define TRIAL_COLUMNS 11

struct trial_line {
	double gyr[3], acc[3], quat[4], movement;
};

struct trial {
	double rate_hz;
	size_t n, room;
	struct trial_line *line; /* the caller frees it */
	int at[TRIAL_COLUMNS];   /* where a column stands, -1 nowhere */
	bool has_movement;
};

/* 0 or a negative errno. */
int trial_read(const char *path, struct trial *ret);
bool trial_is_known(const double *v, unsigned n);
/* Several lines as one sample: mean of the gyroscope, acceleration of the last. False: unknown. */
bool trial_sample(const struct trial_line *line, unsigned step, struct motion_sample *ret);
