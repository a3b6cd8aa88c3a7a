// SPDX-License-Identifier: MIT
#pragma once
/* Units. Instants are int64_t microseconds, and the name says by which clock:
 *   t_us, *_us      the gateway's monotonic clock ("host time"), as `t` in a capture
 *   device_us       a wearable's own clock, unwrapped
 *   wall_us         UTC since 1970
 * No time_t anywhere: armhf may have 32 bits of it. Durations are *_us, *_ms or *_s.
 * SI inside (m/s^2, rad, rad/s). Degrees only where a name says _deg: the decision model and the
 * messages use degrees, as the literature does. Unknown floats are NAN.
 */
#include <stdint.h>

#define US_PER_MS 1000
#define US_PER_S  1000000
/* The instant that never comes: "no deadline". */
#define T_NEVER INT64_MAX

/* Standard gravity, CGPM 1901. */
#define GRAVITY_MPS2 9.80665
#define RAD_PER_DEG  0.017453292519943295
#define DEG_PER_RAD  57.29577951308232
