// SPDX-License-Identifier: MIT
#pragma once
/* What the arrivals tell of the radio: the connection interval, from the grid that they stand on,
 * and how evenly the packets fall into it. Works on the fields of struct clock_sync.
 */
#include "coxad/core/time/clock-sync.h"

/* One arrival and its delay over the line. Looks for the grid now and then. */
void clock_phase_push(struct clock_sync *clock, int64_t arrival_us, double delay_us);
void clock_phase_forget(struct clock_sync *clock);
/* Share of the phases filled in the last minute, 0..1. */
double clock_phase_coverage(const struct clock_sync *clock);
/* What a delay varies by, known or assumed. */
double clock_phase_spread(const struct clock_sync *clock);
/* What the delays did vary by: less than the above where packets and interval go in step. */
double clock_phase_bias_spread(const struct clock_sync *clock);
