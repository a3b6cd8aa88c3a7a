// SPDX-License-Identifier: MIT
#pragma once
/* The state of a virtual DOT, for device-dot.c and device-dot-control.c alone. */
#include "gym/beat.h"
#include "gym/button.h"
#include "gym/device-private.h"

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

/* Payload modes. Fields after the time: q quaternion, e Euler, f free acceleration, a acceleration,
 * g rate of turn, d turn and v velocity since the sample before, m magnetometer, s status and
 * counts of clipping. */
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
	const struct dot_mode *mode; /* NULL: not measuring */
	struct beat beat;
	struct quat last; /* orientation of the last sample */
	uint8_t clips[2]; /* acceleration, rate of turn */
	struct button button;
};
