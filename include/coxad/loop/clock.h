// SPDX-License-Identifier: MIT
#pragma once
/* The machine's two clocks. Any thread. */
#include <stdint.h>

/* Monotonic: host time of a live run. */
int64_t clock_now_us(void);
/* UTC, since 1970. */
int64_t clock_wall_us(void);
