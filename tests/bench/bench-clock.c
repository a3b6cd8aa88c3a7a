// SPDX-License-Identifier: MIT
/* bench-clock [PAIRS]: clock-sync against a simulated radio, after the table of
 * decision-model.md 5: the error between two wearables once the window of 60 s is full, how often
 * the stated uncertainty holds the truth (from the first packet on, and settled), what it is, and
 * the phases covered.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "coxad/core/time/clock-sync.h"
#include "coxad/base/order.h"
#include "tests/core/time/radio-sim.h"

#define SETTLED_US 62e6
#define END_US     182e6
#define STEP_US    2e6
#define STEPS      60
#define PAIRS_MAX  400

static const unsigned even[] = {7}, varied[] = {7, 8, 7, 9}, one[] = {1}, four[] = {4};

static const struct row {
	const char *name;
	double interval_us, loss, spikes, sample_us;
	const unsigned *sizes;
	unsigned n_sizes;
	double skew_ppm;     /* crystals lie within */
	double max_skew_ppm; /* what the driver allows */
	double quantum_us;   /* its counter goes by these */
} rows[] = {
	{"7.5 ms, packets of 67.3 ms", 7500, 0.05, 0.02, 9615.4, even, 1, 20, 200, 0},
	{"15 ms", 15000, 0.05, 0.02, 9615.4, even, 1, 20, 200, 0},
	{"30 ms", 30000, 0.05, 0.02, 9615.4, even, 1, 20, 200, 0},
	{"50 ms", 50000, 0.05, 0.02, 9615.4, even, 1, 20, 200, 0},
	{"30 ms, 20 % loss, 10 % spikes", 30000, 0.2, 0.1, 9615.4, even, 1, 20, 200, 0},
	{"30 ms, packets of 7 to 9", 30000, 0.05, 0.02, 9615.4, varied, 4, 20, 200, 0},
	{"the same, 20 % loss", 30000, 0.2, 0.1, 9615.4, varied, 4, 20, 200, 0},
	{"30 ms, crystals of 100 ppm", 30000, 0.05, 0.02, 9615.4, even, 1, 100, 200, 0},
	{"the same, 20 % loss", 30000, 0.2, 0.1, 9615.4, even, 1, 100, 200, 0},
	{"30 ms, packets of 60.00 ms", 30000, 0.05, 0.02, 60000.0 / 7, even, 1, 20, 200, 0},
	{"15 ms, packets of 60.00 ms", 15000, 0.05, 0.02, 60000.0 / 7, even, 1, 20, 200, 0},
	{"30 ms, 20.8 Hz, steps of 8 ms", 30000, 0.05, 0.02, 48077, one, 1, 20, 50000, 8000},
	{"30 ms, a count at 100 Hz, 2 %", 30000, 0.05, 0.02, 10000, four, 1, 20000, 50000, 0},
	{"15 ms, a count at 100 Hz, 2 %", 15000, 0.05, 0.02, 10000, four, 1, 20000, 50000, 0},
};

struct figures {
	unsigned all, held, settled, settled_held;
	double unc_us, coverage;
};

static double device_time(const struct row *row, double device_us)
{
	return row->quantum_us > 0 ? floor(device_us / row->quantum_us) * row->quantum_us
				   : device_us;
}

/* The error at each step once settled. */
static void run(const struct row *row, uint64_t seed, double ret_error_us[STEPS], struct figures *f)
{
	struct radio_sim sim = {.random = seed * 2654435761u + 1,
		.interval_us = row->interval_us,
		.loss = row->loss,
		.spikes = row->spikes,
		.host_us = 2000,
		.sample_us = row->sample_us,
		.sizes = row->sizes,
		.n_sizes = row->n_sizes};
	struct analysis_conf analysis;
	struct clock_sync clock;
	struct clock_sync_status status;
	unsigned step = 0;

	analysis_conf_default(&analysis);
	for (unsigned i = 0; i < 10; i++)
		radio_random(&sim);
	sim.skew_ppm = row->skew_ppm * (2 * radio_random(&sim) - 1);
	sim.event_us = radio_random(&sim) * row->interval_us;
	sim.offset_us = radio_random(&sim) * 4e9;
	sim.next_us = radio_device_of(&sim, 1e6 * (1 + radio_random(&sim)));
	clock_sync_init(&clock, &(struct clock_sync_settings){.analysis = &analysis,
					.tick_us = 1,
					.tick_bits = 64,
					.max_skew_ppm = row->max_skew_ppm,
					.quantum_us = row->quantum_us});
	while (step < STEPS) {
		struct radio_packet p = radio_next(&sim);
		uint64_t tick = (uint64_t)device_time(row, p.device_us);
		struct clock_sync_time at;
		double error_us;
		bool holds;

		clock_sync_pair(&clock, tick, 0, (int64_t)p.arrival_us);
		if (clock_sync_map(&clock, tick, (int64_t)p.arrival_us, false, &at) < 0)
			continue;
		error_us = (double)at.t_us - p.true_us;
		holds = fabs(error_us) <= (double)at.unc_us;
		f->all++;
		f->held += holds;
		if (p.true_us < SETTLED_US)
			continue;
		f->settled++;
		f->settled_held += holds;
		f->unc_us += (double)at.unc_us;
		if (p.true_us >= SETTLED_US + step * STEP_US)
			ret_error_us[step++] = error_us;
	}
	clock_sync_status(&clock, (int64_t)END_US, &status);
	f->coverage += status.coverage;
}

int main(int argc, char **argv)
{
	static double difference[PAIRS_MAX * STEPS], error_us[2][STEPS];
	unsigned pairs = argc > 1 ? (unsigned)atoi(argv[1]) : 40;

	if (pairs < 1 || pairs > PAIRS_MAX)
		return 2;
	printf("%-32s %8s %8s %8s %8s %8s %8s\n", "between two wearables", "mean ms", "p95 ms",
		"held %", "settled", "unc ms", "phases");
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct figures f = {0};
		double sum = 0;
		unsigned n = 0;

		for (unsigned pair = 0; pair < pairs; pair++) {
			run(&rows[i], 2 * pair + 1, error_us[0], &f);
			run(&rows[i], 2 * pair + 2, error_us[1], &f);
			for (unsigned k = 0; k < STEPS; k++) {
				difference[n] = fabs(error_us[0][k] - error_us[1][k]);
				sum += difference[n++];
			}
		}
		order_sort(difference, n);
		printf("%-32s %8.2f %8.2f %8.1f %8.1f %8.2f %8.2f\n", rows[i].name, sum / n / 1000,
			difference[n * 95 / 100] / 1000, 100.0 * f.held / f.all,
			100.0 * f.settled_held / f.settled, f.unc_us / f.settled / 1000,
			f.coverage / pairs / 2);
	}
	return 0;
}
