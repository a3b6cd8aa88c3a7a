// SPDX-License-Identifier: MIT
#pragma once
#include "gym/device-private.h"

#define DEVICE_BLUEST_CHARACTERISTICS 1

extern const struct device_ops device_bluest_ops;
/* For a recorded node that is played back. */
extern const struct device_characteristic
	device_bluest_characteristics[DEVICE_BLUEST_CHARACTERISTICS];
size_t device_bluest_advert(const struct device *device, uint8_t buffer[31]);
