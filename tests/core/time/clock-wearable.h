// SPDX-License-Identifier: MIT
#pragma once
/* A wearable whose clock is received through the simulated radio, and the clock-sync that follows it:
 * for the tests of clock-sync. Its true time is known.
 */
#include "coxad/core/time/clock-sync.h"
#include "tests/core/time/radio-sim.h"

#define CLOCK_WRAP   4294967296.0
#define CLOCK_SAMPLE 9615.4 /* 104 Hz */

struct clock_wearable {
	struct radio_sim sim;
	struct clock_sync clock;
	double epoch_us; /* what the true device time is shifted by: steps and reboots */
	/* Of the last packet. */
	struct radio_packet packet;
	uint64_t tick;
	int result;
	struct clock_sync_time at;
	double error_us;
};

/* The settings as shipped. */
const struct analysis_conf *clock_analysis(void);

/* Samples a packet, as the profile asks. */
extern const unsigned clock_varied[4];

struct clock_wearable clock_wearable_of(
	uint64_t seed, double interval_us, double loss, double spikes);
uint64_t clock_wearable_tick(const struct clock_wearable *w, double device_us);
/* One packet through the clock. Returns host time of its truth. */
double clock_wearable_step(struct clock_wearable *w);
/* Each packet is taken until then, or the test fails. */
void clock_wearable_run_until(struct clock_wearable *w, double host_us);
