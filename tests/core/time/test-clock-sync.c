// SPDX-License-Identifier: MIT
/* Properties of clock-sync against a simulated radio whose truth is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "tests/core/time/clock-wearable.h"
#include "coxad/base/order.h"

#define SEEDS      12
#define SETTLED    62e6 /* us: the window of 60 s is full */
#define POINTS_MAX (SEEDS * 2 * 64)

/* The even period of decision-model.md 5. */
static const unsigned even[] = {7};

static uint64_t first_seed = 1;

/* p95 of the difference of two wearables' errors, each second of two minutes after the first. */
static double p95_between(double interval_us, double loss, double spikes, bool is_even)
{
	static double differences[POINTS_MAX], errors[2][64];
	unsigned n = 0;

	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		for (unsigned side = 0; side < 2; side++) {
			struct clock_wearable w =
				clock_wearable_of(seed * 2 + side, interval_us, loss, spikes);

			if (is_even) {
				w.sim.sizes = even;
				w.sim.n_sizes = 1;
			}
			for (unsigned i = 0; i < 60; i++) {
				while (clock_wearable_step(&w) < SETTLED + i * 2e6)
					;
				errors[side][i] = w.error_us;
			}
		}
		for (unsigned i = 0; i < 60; i++)
			differences[n++] = fabs(errors[0][i] - errors[1][i]);
	}
	order_sort(differences, n);
	return differences[n * 95 / 100];
}

static void two_wearables_agree(void **state)
{
	static const struct {
		double interval_us, loss, spikes;
		bool is_even;
		double limit_us; /* decision-model.md 9; for 7.5, 15 and 50 ms what its table has */
	} cases[] = {
		{30000, 0.05, 0.02, false, 1000},
		{30000, 0.05, 0.02, true, 1000},
		{30000, 0.20, 0.10, false, 1400},
		{30000, 0.20, 0.10, true, 1400},
		{7500, 0.05, 0.02, true, 550},
		{15000, 0.05, 0.02, true, 730},
		{50000, 0.05, 0.02, true, 2180},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double p95 = p95_between(
			cases[i].interval_us, cases[i].loss, cases[i].spikes, cases[i].is_even);

		print_message("interval %.1f ms, loss %.0f %%: p95 %.2f ms (limit %.2f)\n",
			cases[i].interval_us / 1000, cases[i].loss * 100, p95 / 1000,
			cases[i].limit_us / 1000);
		/* Of few seeds: somewhat more than over many. */
		assert_true(p95 <= cases[i].limit_us * 1.25);
	}
}

static void stated_uncertainty_is_honest_from_the_first_packet(void **state)
{
	static const double intervals_us[] = {0, 7500, 15000, 30000, 50000};
	static const double losses[] = {0, 0.05, 0.2};

	for (size_t i = 0; i < sizeof(intervals_us) / sizeof(intervals_us[0]); i++)
		for (size_t k = 0; k < sizeof(losses) / sizeof(losses[0]); k++) {
			unsigned held = 0, all = 0, held_early = 0, early = 0;

			for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
				struct clock_wearable w =
					clock_wearable_of(seed, intervals_us[i], losses[k], 0.02);

				while (clock_wearable_step(&w) < 90e6) {
					bool holds = fabs(w.error_us) <= (double)w.at.unc_us;

					all++;
					held += holds;
					early += w.packet.true_us < 10e6;
					held_early += holds && w.packet.true_us < 10e6;
				}
			}
			/* Of the first seconds there are few, and what spoils one spoils many. */
			if (held < 0.95 * all || held_early < 0.93 * early)
				fail_msg("interval %.1f ms, loss %.2f: held %.3f, in the first 10 "
					 "s %.3f",
					intervals_us[i] / 1000, losses[k], (double)held / all,
					(double)held_early / early);
		}
}

static void it_does_not_hide_behind_a_wide_uncertainty(void **state)
{
	struct clock_wearable w = clock_wearable_of(first_seed, 30000, 0.05, 0.02);
	struct clock_sync_status status;

	clock_wearable_run_until(&w, SETTLED);
	clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
	assert_true(status.is_synced);
	assert_true(status.uncertainty_us < 5000);
	assert_true(status.coverage >= 0.7);
	assert_float_equal(status.interval_us, 30000, 1);
	assert_true(fabs(status.skew_ppm - w.sim.skew_ppm) < 30);
}

/* decision-model.md 5, "Trap": the period is twice the connection interval. */
static void packets_in_step_with_the_radio_are_told(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct clock_wearable w = clock_wearable_of(seed, 30000, 0.05, 0.02);
		struct analysis_conf careless = *clock_analysis();
		struct clock_sync_status status;

		w.sim.sizes = even;
		w.sim.n_sizes = 1;
		w.sim.sample_us = 60000.0 / 7;
		w.sim.skew_ppm = 2;
		clock_wearable_run_until(&w, SETTLED);
		clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
		assert_true(status.coverage < 0.7);
		assert_true(status.uncertainty_us >= 15000);
		assert_true(fabs(w.error_us) <= (double)w.at.unc_us);
		/* That is by the setting. */
		careless.clock_coverage = 0;
		w.clock.settings.analysis = &careless;
		clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
		assert_true(status.uncertainty_us < 15000);
	}
}

static void a_fast_crystal_is_followed(void **state)
{
	static const double skews_ppm[] = {120, -120, 190};

	for (size_t i = 0; i < sizeof(skews_ppm) / sizeof(skews_ppm[0]); i++) {
		struct clock_wearable w = clock_wearable_of(first_seed, 30000, 0.05, 0.02);
		struct clock_sync_status status;

		w.sim.skew_ppm = skews_ppm[i];
		w.sim.next_us = radio_device_of(&w.sim, 1e6);
		clock_wearable_run_until(&w, SETTLED);
		clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
		assert_true(fabs(status.skew_ppm - skews_ppm[i]) < 50);
		assert_true(fabs(w.error_us) < 3000);
	}
}

static void a_pause_of_ten_minutes_is_bridged(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct clock_wearable w = clock_wearable_of(seed, 30000, 0.05, 0.02);
		double before;
		struct clock_sync_time at;

		clock_wearable_run_until(&w, 70e6);
		/* A pop in the pause, told afterwards. */
		before = radio_device_of(&w.sim, 370e6);
		w.sim.next_us = radio_device_of(&w.sim, 670e6);
		clock_wearable_step(&w);
		assert_int_equal(w.result, 0);
		assert_true(fabs(w.error_us) <= (double)w.at.unc_us);
		assert_int_equal(clock_sync_map(&w.clock, clock_wearable_tick(&w, before),
					 (int64_t)w.packet.arrival_us, true, &at),
			0);
		assert_true(fabs((double)at.t_us - 370e6) <= (double)at.unc_us);
		clock_wearable_run_until(&w, 700e6);
		assert_int_equal(w.clock.steps, 0);
		assert_true(fabs(w.error_us) <= (double)w.at.unc_us);
	}
}

/* decision-model.md, ruling 8: a wearable without Motion answers every 10 s. */
static void a_polled_clock_converges(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct clock_wearable w = clock_wearable_of(seed, 30000, 0.05, 0.02);
		static const unsigned one[] = {1};
		unsigned held = 0, all = 0;

		w.sim.sizes = one;
		w.sim.n_sizes = 1;
		w.sim.sample_us = 10.0137e6;
		while (clock_wearable_step(&w) < 600e6) {
			all++;
			held += fabs(w.error_us) <= (double)w.at.unc_us;
		}
		assert_true(held >= 0.95 * all);
		assert_true(fabs(w.error_us) < 20000);
	}
}

/* No counter but that of the samples, at a rate that is only roughly known. */
static void a_count_of_samples_serves_as_a_clock(void **state)
{
	struct clock_wearable w = clock_wearable_of(first_seed, 30000, 0, 0.02);
	unsigned held = 0, all = 0;

	clock_sync_init(&w.clock, &(struct clock_sync_settings){.analysis = clock_analysis(),
					  .tick_us = 1,
					  .tick_bits = 64,
					  .max_skew_ppm = 50000});
	w.sim.skew_ppm = 21000;
	w.sim.offset_us = 0;
	w.sim.next_us = radio_device_of(&w.sim, 1e6);
	while (clock_wearable_step(&w) < 120e6) {
		assert_int_equal(w.result, 0);
		all++;
		held += fabs(w.error_us) <= (double)w.at.unc_us;
	}
	assert_true(held >= 0.95 * all);
	assert_true(fabs(w.error_us) < 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_wearables_agree),
		cmocka_unit_test(stated_uncertainty_is_honest_from_the_first_packet),
		cmocka_unit_test(it_does_not_hide_behind_a_wide_uncertainty),
		cmocka_unit_test(packets_in_step_with_the_radio_are_told),
		cmocka_unit_test(a_fast_crystal_is_followed),
		cmocka_unit_test(a_pause_of_ten_minutes_is_bridged),
		cmocka_unit_test(a_polled_clock_converges),
		cmocka_unit_test(a_count_of_samples_serves_as_a_clock),
	};
	const char *seed = getenv("COXAD_TEST_SEED");

	if (seed)
		first_seed = strtoull(seed, NULL, 0);
	print_message("COXAD_TEST_SEED=%llu\n", (unsigned long long)first_seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
