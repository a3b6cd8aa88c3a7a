// SPDX-License-Identifier: MIT
#pragma once
/* The control point of a virtual Coxa wearable (wearable-profile.md, 0003). */
#include "gym/device-coxa-private.h"

/* 0 or a negative ATT error; the result comes as an indication. */
int device_coxa_control_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
