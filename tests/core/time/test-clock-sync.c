// SPDX-License-Identifier: MIT
/* Properties of clock-sync against a simulated radio whose truth is known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "coxad/base/diag.h"
#include "coxad/base/units.h"
#include "coxad/core/time/clock-sync.h"
#include "tests/core/time/radio-sim.h"

#define SEEDS      12
#define WRAP       4294967296.0
#define SETTLED    62e6   /* us: the window of 60 s is full */
#define SAMPLE     9615.4 /* 104 Hz */
#define POINTS_MAX (SEEDS * 2 * 64)

/* As the profile asks, and the even period of domain.md 5. */
static const unsigned varied[] = {7, 8, 7, 9};
static const unsigned even[] = {7};

static uint64_t first_seed = 1;

struct wearable {
	struct radio_sim sim;
	struct clock_sync clock;
	double epoch_us; /* what the true device time is shifted by: steps and reboots */
	/* Of the last packet. */
	struct radio_packet packet;
	uint64_t tick;
	int result;
	int64_t t_us, unc_us;
	double error_us;
};

static struct wearable wearable_of(uint64_t seed, double interval_us, double loss, double spikes)
{
	struct wearable w = {.sim = {.random = seed * 2654435761u + 1,
				     .interval_us = interval_us,
				     .loss = loss,
				     .spikes = spikes,
				     .host_us = 2000,
				     .sample_us = SAMPLE,
				     .sizes = varied,
				     .n_sizes = 4}};

	for (unsigned i = 0; i < 10; i++)
		radio_random(&w.sim);
	w.sim.skew_ppm = 40 * radio_random(&w.sim) - 20;
	w.sim.event_us = radio_random(&w.sim) * interval_us;
	w.sim.offset_us = radio_random(&w.sim) * WRAP;
	w.sim.next_us = radio_device_of(&w.sim, 1e6 * (1 + radio_random(&w.sim)));
	clock_sync_init(&w.clock,
		&(struct clock_sync_settings){.tick_us = 1, .tick_bits = 32, .max_skew_ppm = 200});
	return w;
}

static uint64_t tick_of(const struct wearable *w, double device_us)
{
	return (uint64_t)(int64_t)(device_us + w->epoch_us) & UINT32_MAX;
}

/* One packet through the clock. Returns host time of its truth. */
static double step(struct wearable *w)
{
	w->packet = radio_next(&w->sim);
	w->tick = tick_of(w, w->packet.device_us);
	w->result = clock_sync_pair(&w->clock, w->tick, 0, (int64_t)w->packet.arrival_us);
	if (clock_sync_map(&w->clock, w->tick, (int64_t)w->packet.arrival_us, false, &w->t_us,
		    &w->unc_us) == 0)
		w->error_us = (double)w->t_us - w->packet.true_us;
	return w->packet.true_us;
}

static void run_until(struct wearable *w, double host_us)
{
	while (step(w) < host_us)
		assert_int_equal(w->result, 0);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* p95 of the difference of two wearables' errors, each second of two minutes after the first. */
static double p95_between(double interval_us, double loss, double spikes, bool is_even)
{
	static double differences[POINTS_MAX], errors[2][64];
	unsigned n = 0;

	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		for (unsigned side = 0; side < 2; side++) {
			struct wearable w = wearable_of(seed * 2 + side, interval_us, loss, spikes);

			if (is_even) {
				w.sim.sizes = even;
				w.sim.n_sizes = 1;
			}
			for (unsigned i = 0; i < 60; i++) {
				while (step(&w) < SETTLED + i * 2e6)
					;
				errors[side][i] = w.error_us;
			}
		}
		for (unsigned i = 0; i < 60; i++)
			differences[n++] = fabs(errors[0][i] - errors[1][i]);
	}
	qsort(differences, n, sizeof(differences[0]), compare);
	return differences[n * 95 / 100];
}

static void two_wearables_agree(void **state)
{
	static const struct {
		double interval_us, loss, spikes;
		bool is_even;
		double limit_us; /* domain.md 9; for 7.5, 15 and 50 ms what its table has */
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
				struct wearable w =
					wearable_of(seed, intervals_us[i], losses[k], 0.02);

				while (step(&w) < 90e6) {
					bool holds = fabs(w.error_us) <= (double)w.unc_us;

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
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);
	struct clock_sync_status status;

	run_until(&w, SETTLED);
	clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
	assert_true(status.is_synced);
	assert_true(status.uncertainty_us < 5000);
	assert_true(status.coverage >= 0.7);
	assert_float_equal(status.interval_us, 30000, 1);
	assert_true(fabs(status.skew_ppm - w.sim.skew_ppm) < 30);
}

/* domain.md 5, "Trap": the period is twice the connection interval. */
static void packets_in_step_with_the_radio_are_told(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct wearable w = wearable_of(seed, 30000, 0.05, 0.02);
		struct clock_sync_status status;

		w.sim.sizes = even;
		w.sim.n_sizes = 1;
		w.sim.sample_us = 60000.0 / 7;
		w.sim.skew_ppm = 2;
		run_until(&w, SETTLED);
		clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
		assert_true(status.coverage < 0.7);
		assert_true(status.uncertainty_us >= 15000);
		assert_true(fabs(w.error_us) <= (double)w.unc_us);
	}
}

static void the_counter_wraps_unseen(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);

	w.sim.offset_us = WRAP - 30e6;
	w.sim.next_us = radio_device_of(&w.sim, 1e6);
	while (step(&w) < 60e6) {
		assert_int_equal(w.result, 0);
		assert_true(fabs(w.error_us) <= 100000);
	}
	assert_int_equal(w.clock.steps, 0);
	assert_true(fabs(w.error_us) < 5000);
}

/* Case 3 and 5 of clock-sync.c, both ways. */
static void a_step_opens_an_epoch_and_is_stated_meanwhile(void **state)
{
	static const double shifts_us[] = {180000, -180000, 60000, -400000};

	for (size_t i = 0; i < sizeof(shifts_us) / sizeof(shifts_us[0]); i++)
		for (uint64_t seed = first_seed; seed < first_seed + 4; seed++) {
			struct wearable w = wearable_of(seed, 30000, 0.05, 0.02);
			unsigned held = 0, all = 0;

			run_until(&w, 70e6);
			w.epoch_us += shifts_us[i];
			while (step(&w) < 110e6) {
				assert_int_equal(w.result, 0);
				if (w.packet.true_us < 70.5e6)
					continue;
				all++;
				held += fabs(w.error_us) <= (double)w.unc_us;
			}
			assert_int_equal(w.clock.steps, 1);
			if (held < 0.95 * all)
				fail_msg("shift %.0f, seed %llu: held %.3f", shifts_us[i],
					(unsigned long long)seed, (double)held / all);
			assert_true(fabs(w.error_us) < 6000);
			assert_true(w.clock.step_us > 70000000 && w.clock.step_us < 82000000);
		}
}

static void an_instant_before_the_step_keeps_its_epoch(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);
	int64_t t_us, unc_us;
	uint64_t tick;
	double truth;

	run_until(&w, 70e6);
	tick = w.tick;
	truth = w.packet.true_us;
	w.epoch_us += 300000;
	run_until(&w, 90e6);
	assert_int_equal(w.clock.steps, 1);
	assert_int_equal(
		clock_sync_map(&w.clock, tick, (int64_t)w.packet.arrival_us, true, &t_us, &unc_us),
		0);
	assert_true(fabs((double)t_us - truth) <= (double)unc_us);
	assert_true(unc_us < 10000);
}

/* Case 4. */
static void a_jump_is_refused_and_what_follows_is_not(void **state)
{
	static const double jumps_us[] = {1.5e6, -1.5e6, 60e6, -60e6, 2e9, -2e9};
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);

	run_until(&w, 20e6);
	for (size_t i = 0; i < sizeof(jumps_us) / sizeof(jumps_us[0]); i++) {
		w.epoch_us += jumps_us[i];
		step(&w);
		assert_int_equal(w.result, -REASON_TIME_JUMP);
		w.epoch_us -= jumps_us[i];
		step(&w);
		assert_int_equal(w.result, 0);
		assert_true(fabs(w.error_us) <= (double)w.unc_us);
	}
	/* For good: not one passes. */
	w.epoch_us += 5e6;
	for (unsigned i = 0; i < 200; i++) {
		step(&w);
		assert_int_equal(w.result, -REASON_TIME_JUMP);
	}
	assert_int_equal(w.clock.steps, 0);
}

static void a_wearable_that_tells_no_boot_may_begin_anew(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);
	unsigned refused = 0;

	w.clock.settings.tells_no_boot = true;
	run_until(&w, 20e6);
	w.epoch_us -= 500e6;
	while (step(&w) < 40e6)
		refused += w.result < 0;
	assert_in_range(refused, 1, 20);
	assert_true(fabs(w.error_us) <= (double)w.unc_us);
}

static void a_wrong_first_packet_does_not_lock_the_others_out(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);

	w.epoch_us = 1e9;
	step(&w);
	w.epoch_us = 0;
	while (step(&w) < 10e6)
		;
	assert_int_equal(w.result, 0);
	assert_true(fabs(w.error_us) <= (double)w.unc_us);
}

static void a_reboot_is_no_wrap(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);

	run_until(&w, 70e6);
	clock_sync_restart(&w.clock);
	w.epoch_us = -radio_device_of(&w.sim, 71e6);
	while (step(&w) < 100e6) {
		assert_int_equal(w.result, 0);
		assert_true(fabs(w.error_us) <= (double)w.unc_us + 20000);
	}
	assert_true(fabs(w.error_us) <= (double)w.unc_us);
	assert_int_equal(w.clock.steps, 0);
}

static void a_fast_crystal_is_followed(void **state)
{
	static const double skews_ppm[] = {120, -120, 190};

	for (size_t i = 0; i < sizeof(skews_ppm) / sizeof(skews_ppm[0]); i++) {
		struct wearable w = wearable_of(first_seed, 30000, 0.05, 0.02);
		struct clock_sync_status status;

		w.sim.skew_ppm = skews_ppm[i];
		w.sim.next_us = radio_device_of(&w.sim, 1e6);
		run_until(&w, SETTLED);
		clock_sync_status(&w.clock, (int64_t)w.packet.arrival_us, &status);
		assert_true(fabs(status.skew_ppm - skews_ppm[i]) < 50);
		assert_true(fabs(w.error_us) < 3000);
	}
}

static void a_pause_of_ten_minutes_is_bridged(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct wearable w = wearable_of(seed, 30000, 0.05, 0.02);
		double before;
		int64_t t_us, unc_us;

		run_until(&w, 70e6);
		/* A pop in the pause, told afterwards. */
		before = radio_device_of(&w.sim, 370e6);
		w.sim.next_us = radio_device_of(&w.sim, 670e6);
		step(&w);
		assert_int_equal(w.result, 0);
		assert_true(fabs(w.error_us) <= (double)w.unc_us);
		assert_int_equal(clock_sync_map(&w.clock, tick_of(&w, before),
					 (int64_t)w.packet.arrival_us, true, &t_us, &unc_us),
			0);
		assert_true(fabs((double)t_us - 370e6) <= (double)unc_us);
		run_until(&w, 700e6);
		assert_int_equal(w.clock.steps, 0);
		assert_true(fabs(w.error_us) <= (double)w.unc_us);
	}
}

/* Rulings 8: a wearable without Motion answers every 10 s. */
static void a_polled_clock_converges(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct wearable w = wearable_of(seed, 30000, 0.05, 0.02);
		static const unsigned one[] = {1};
		unsigned held = 0, all = 0;

		w.sim.sizes = one;
		w.sim.n_sizes = 1;
		w.sim.sample_us = 10.0137e6;
		while (step(&w) < 600e6) {
			all++;
			held += fabs(w.error_us) <= (double)w.unc_us;
		}
		assert_true(held >= 0.95 * all);
		assert_true(fabs(w.error_us) < 20000);
	}
}

/* No counter but that of the samples, at a rate that is only roughly known. */
static void a_count_of_samples_serves_as_a_clock(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0, 0.02);
	unsigned held = 0, all = 0;

	clock_sync_init(&w.clock, &(struct clock_sync_settings){
					  .tick_us = 1, .tick_bits = 64, .max_skew_ppm = 50000});
	w.sim.skew_ppm = 21000;
	w.sim.offset_us = 0;
	w.sim.next_us = radio_device_of(&w.sim, 1e6);
	while (step(&w) < 120e6) {
		assert_int_equal(w.result, 0);
		all++;
		held += fabs(w.error_us) <= (double)w.unc_us;
	}
	assert_true(held >= 0.95 * all);
	assert_true(fabs(w.error_us) < 5000);
}

static void blocks_never_go_back(void **state)
{
	for (uint64_t seed = first_seed; seed < first_seed + SEEDS; seed++) {
		struct wearable w = wearable_of(seed, 50000, 0.2, 0.1);
		int64_t end_us = 0;

		while (w.packet.true_us < 60e6) {
			int64_t t_us, unc_us;
			double interval_us;
			unsigned n = varied[w.sim.packet % 4];

			/* Now and then the device's clock steps. */
			if (radio_random(&w.sim) < 0.005)
				w.epoch_us += 200000 * (radio_random(&w.sim) - 0.5);
			w.packet = radio_next(&w.sim);
			w.tick = tick_of(&w, w.packet.device_us - (n - 1) * SAMPLE);
			if (clock_sync_pair(&w.clock, w.tick, (n - 1) * SAMPLE,
				    (int64_t)w.packet.arrival_us) < 0)
				continue;
			assert_int_equal(
				clock_sync_map_block(&w.clock, w.tick, (int64_t)w.packet.arrival_us,
					n, SAMPLE, &t_us, &unc_us, &interval_us),
				0);
			assert_true(t_us >= end_us);
			assert_true(fabs(interval_us / SAMPLE - 1) < 300e-6);
			end_us = t_us + (int64_t)((n - 1) * interval_us);
		}
	}
}

static void garbage_leaves_finite_figures(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0, 0);
	int64_t arrival_us = 0;

	for (unsigned i = 0; i < 200000; i++) {
		struct clock_sync_status status;
		uint64_t tick = (uint64_t)(radio_random(&w.sim) * WRAP);
		int64_t t_us, unc_us;

		arrival_us += (int64_t)(radio_random(&w.sim) * 1e5);
		if (radio_random(&w.sim) < 0.001)
			arrival_us += (int64_t)(radio_random(&w.sim) * 1e11);
		if (radio_random(&w.sim) < 0.9)
			tick = (uint64_t)arrival_us & UINT32_MAX;
		clock_sync_pair(&w.clock, tick, 0, arrival_us);
		if (clock_sync_map(&w.clock, tick, arrival_us, i % 7 == 0, &t_us, &unc_us) < 0)
			continue;
		assert_true(unc_us > 0);
		if (i % 1000)
			continue;
		clock_sync_status(&w.clock, arrival_us, &status);
		assert_true(isfinite(status.uncertainty_us));
		assert_true(status.coverage >= 0 && status.coverage <= 1);
	}
}

static void nothing_is_known_before_the_first_pair(void **state)
{
	struct wearable w = wearable_of(first_seed, 30000, 0, 0);
	struct clock_sync_status status;
	int64_t t_us = 7, unc_us = 7;

	assert_int_equal(clock_sync_map(&w.clock, 5, 1000, false, &t_us, &unc_us), -REASON_ORDER);
	assert_int_equal(t_us, 7);
	clock_sync_status(&w.clock, 1000, &status);
	assert_false(status.is_synced);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_wearables_agree),
		cmocka_unit_test(stated_uncertainty_is_honest_from_the_first_packet),
		cmocka_unit_test(it_does_not_hide_behind_a_wide_uncertainty),
		cmocka_unit_test(packets_in_step_with_the_radio_are_told),
		cmocka_unit_test(the_counter_wraps_unseen),
		cmocka_unit_test(a_step_opens_an_epoch_and_is_stated_meanwhile),
		cmocka_unit_test(an_instant_before_the_step_keeps_its_epoch),
		cmocka_unit_test(a_jump_is_refused_and_what_follows_is_not),
		cmocka_unit_test(a_wearable_that_tells_no_boot_may_begin_anew),
		cmocka_unit_test(a_wrong_first_packet_does_not_lock_the_others_out),
		cmocka_unit_test(a_reboot_is_no_wrap),
		cmocka_unit_test(a_fast_crystal_is_followed),
		cmocka_unit_test(a_pause_of_ten_minutes_is_bridged),
		cmocka_unit_test(a_polled_clock_converges),
		cmocka_unit_test(a_count_of_samples_serves_as_a_clock),
		cmocka_unit_test(blocks_never_go_back),
		cmocka_unit_test(garbage_leaves_finite_figures),
		cmocka_unit_test(nothing_is_known_before_the_first_pair),
	};
	const char *seed = getenv("COXAD_TEST_SEED");

	if (seed)
		first_seed = strtoull(seed, NULL, 0);
	print_message("COXAD_TEST_SEED=%llu\n", (unsigned long long)first_seed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
