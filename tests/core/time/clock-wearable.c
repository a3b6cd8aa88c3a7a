// SPDX-License-Identifier: MIT
#include "tests/core/time/clock-wearable.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

const unsigned clock_varied[4] = {7, 8, 7, 9};

const struct analysis_conf *clock_analysis(void)
{
	static struct analysis_conf analysis;

	analysis_conf_default(&analysis);
	return &analysis;
}

struct clock_wearable clock_wearable_of(
	uint64_t seed, double interval_us, double loss, double spikes)
{
	struct clock_wearable w = {.sim = {.random = seed * 2654435761u + 1,
					   .interval_us = interval_us,
					   .loss = loss,
					   .spikes = spikes,
					   .host_us = 2000,
					   .sample_us = CLOCK_SAMPLE,
					   .sizes = clock_varied,
					   .n_sizes = 4}};

	for (unsigned i = 0; i < 10; i++)
		radio_random(&w.sim);
	w.sim.skew_ppm = 40 * radio_random(&w.sim) - 20;
	w.sim.event_us = radio_random(&w.sim) * interval_us;
	w.sim.offset_us = radio_random(&w.sim) * CLOCK_WRAP;
	w.sim.next_us = radio_device_of(&w.sim, 1e6 * (1 + radio_random(&w.sim)));
	clock_sync_init(&w.clock, &(struct clock_sync_settings){.analysis = clock_analysis(),
					  .tick_us = 1,
					  .tick_bits = 32,
					  .max_skew_ppm = 200});
	return w;
}

uint64_t clock_wearable_tick(const struct clock_wearable *w, double device_us)
{
	return (uint64_t)(int64_t)(device_us + w->epoch_us) & UINT32_MAX;
}

double clock_wearable_step(struct clock_wearable *w)
{
	w->packet = radio_next(&w->sim);
	w->tick = clock_wearable_tick(w, w->packet.device_us);
	w->result = clock_sync_pair(&w->clock, w->tick, 0, (int64_t)w->packet.arrival_us);
	if (clock_sync_map(&w->clock, w->tick, (int64_t)w->packet.arrival_us, false, &w->at) == 0)
		w->error_us = (double)w->at.t_us - w->packet.true_us;
	return w->packet.true_us;
}

void clock_wearable_run_until(struct clock_wearable *w, double host_us)
{
	while (clock_wearable_step(w) < host_us)
		assert_int_equal(w->result, 0);
}
