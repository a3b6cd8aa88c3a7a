// SPDX-License-Identifier: MIT
#pragma once
/* The machine's two clocks, and how far they can be trusted. Any thread. */
#include <stdbool.h>
#include <stdint.h>

/* Monotonic: host time of a live run. */
int64_t clock_now_us(void);
/* UTC, since 1970. */
int64_t clock_wall_us(void);
/* The wall clock has been set from the network, as far as coxad may see. */
bool clock_is_synchronised(void);
/* Which start of the machine this is: clock_now_us goes on within one only. Never negative; 0:
 * unknown. */
int64_t clock_boot(void);
