// SPDX-License-Identifier: MIT
#pragma once
/* What a MetaMotion does when it is sent a command. */
#include "gym/device-meta-private.h"

/* Always 0: a command has no answer by ATT, and an invalid one is ignored. */
int device_meta_control_write(struct device *device, int64_t t_us, unsigned characteristic,
	const uint8_t *value, size_t size);
