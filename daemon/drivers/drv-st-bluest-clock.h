// SPDX-License-Identifier: MIT
#pragma once
/* The time of BlueST packets: 16 bits in a unit that only the arrivals reveal. */
#include "daemon/drivers/drv-st-bluest-private.h"

/* The 16 bits of a packet as a count that does not wrap. */
void drv_st_bluest_clock_take(struct bluest_state *s, uint16_t raw, int64_t arrival_us);
/* Gives a record the tick of the time taken last, or none before the unit is known. */
void drv_st_bluest_clock_stamp(const struct bluest_state *s, struct record *r);
/* False for a packet that has been here before. Learns the interval of single samples. */
bool drv_st_bluest_clock_is_new(struct bluest_state *s, uint32_t mask);
