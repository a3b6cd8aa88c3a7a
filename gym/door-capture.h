// SPDX-License-Identifier: MIT
#pragma once
/* The gym's first door, a capture file: runs a gym against a simulated gateway (which connects,
 * reads Sensor Information, subscribes, starts the streams, asks again for pops after a lost link)
 * over a simulated radio, as fast as it can, and writes what that gateway received
 * (coxad/wire/capture.h). The same script and seed give the same bytes.
 */
#include <stdint.h>

#include "gym/gym.h"

/* The gateway's clock when the gym starts; it depends on the seed. */
int64_t door_capture_base_us(const struct gym *gym);
/* Writes path, gzipped if it ends in .gz. -errno. The gym has then been played. */
int door_capture_write(struct gym *gym, const char *path);
