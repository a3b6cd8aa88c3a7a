// SPDX-License-Identifier: MIT
#pragma once
/* Which sounds of the script a wearable hears, how loud and when, and which knocks it feels. */
#include "gym/gym-private.h"

/* The config is that of the wearable with this index. */
void gym_sound_add_all(struct device_config *config, const struct gym *gym, size_t wearable);
