// SPDX-License-Identifier: MIT
#pragma once
/* Infers the radio's behaviour from the arrivals: the connection interval, from the grid that they
 * lie on, and how evenly packets are spread over it. Works on the fields of struct clock_sync.
 */
#include "coxad/core/time/clock-sync.h"

/* One arrival and its delay over the line. Searches for the grid from time to time. */
void clock_phase_push(struct clock_sync *clock, int64_t arrival_us, double delay_us);
void clock_phase_forget(struct clock_sync *clock);
/* Share of the phases filled in the last minute, 0..1. */
double clock_phase_coverage(const struct clock_sync *clock);
/* Range of a delay, measured or assumed. */
double clock_phase_spread(const struct clock_sync *clock);
/* Range that the delays actually had: smaller if packets and interval are in step. */
double clock_phase_bias_spread(const struct clock_sync *clock);
