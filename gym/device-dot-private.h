// SPDX-License-Identifier: MIT
#pragma once
/* What device-dot.c (the wearable) and device-dot-control.c (what is written to it) share. */
#include "gym/device-sold.h"

#define DOT_CONTROL_SIZE 32

enum dot_characteristic {
	DOT_INFORMATION,
	DOT_CONTROL,
	DOT_REPORT,
	DOT_MEASUREMENT,
	DOT_LONG,
	DOT_MEDIUM,
	DOT_SHORT,
	DOT_RESET,
	DOT_RESET_STATUS,
	DOT_BATTERY,
	DOT_MESSAGE,
	DOT_MESSAGE_ACK,
	DOT_MESSAGE_NOTIFY,
};

/* Fields after the time: q quaternion, e Euler, f free acceleration, a acceleration, g rate of
 * turn, d turn and v velocity since the sample before, m magnetometer, s status and counts of
 * clipping. */
struct dot_mode {
	uint8_t number;
	enum dot_characteristic to;
	const char *fields;
};

struct dot {
	struct device base;
	uint8_t control[DOT_CONTROL_SIZE], measurement[3], reset[2];
	uint8_t ack[8];
	size_t ack_size;
	bool is_synchronised;
	const struct dot_mode *mode; /* NULL: does not measure */
	struct beat beat;
	struct quat before; /* orientation of the sample before */
	uint8_t clips[2];   /* acceleration, rate of turn */
	struct button button;
};

void device_dot_stop(struct dot *dot);
unsigned device_dot_rate_hz(const struct dot *dot);
/* ATT's answer to a write. */
int device_dot_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
