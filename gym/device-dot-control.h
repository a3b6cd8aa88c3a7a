// SPDX-License-Identifier: MIT
#pragma once
/* What is written to a DOT: measurement, device control, messages of synchronisation. */
#include "gym/device-dot-private.h"

void device_dot_control_stop(struct dot *dot);
unsigned device_dot_control_rate_hz(const struct dot *dot);
/* 0 or a negative ATT error. */
int device_dot_control_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
