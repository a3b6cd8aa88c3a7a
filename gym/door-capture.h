// SPDX-License-Identifier: MIT
#pragma once
/* The door into a file: runs a loaded gym against a simulated gateway (connects, reads Sensor
 * Information, subscribes, starts, asks again for pops after a lost link) over a simulated radio,
 * as fast as it can, and writes what that gateway heard (coxad/wire/capture.h). The same script and
 * seed give the same bytes.
 */
#include <stdint.h>

#include "gym/gym.h"

/* The gateway's clock at the gym's start, by the seed. */
int64_t door_capture_base_us(const struct gym *gym);
/* Writes path (gzipped where it ends in .gz). -errno. The gym has been played then. */
int door_capture_write(struct gym *gym, const char *path);
