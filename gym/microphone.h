// SPDX-License-Identifier: MIT
#pragma once
/* The waveform that a wearable's microphone picks up, for those that stream sound. */
#include "gym/device-private.h"
#include "gym/random.h"

/* At an instant, noise included; full scale is 32767. */
int16_t microphone_sample(const struct device_config *config, struct random *noise, double t_us);
