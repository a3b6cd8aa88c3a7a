// SPDX-License-Identifier: MIT
#include "clock-phase.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* Bluetooth Core Vol 6 Part B 4.5.1: intervals are multiples of 1.25 ms from 7.5 ms. Beyond 100 ms
 * nobody streams motion. */
#define INTERVAL_UNIT_US 1250.0
#define INTERVAL_MIN     6
#define INTERVAL_MAX     80
/* Length of the mean unit vector of the arrivals' phases above which they stand on a grid. With
 * 128 arrivals and none, chance gives 0.3 once in 100 000. */
#define GRID_MIN      0.5
#define GRID_ARRIVALS 48
/* No grid seen, no spread known: Linux asks for 30 to 50 ms (robustness.md 0.3). */
#define SPREAD_UNKNOWN_US 50000.0
#define SPREAD_MIN_US     10000.0
#define MEMORY_US         (60.0 * US_PER_S) /* domain.md 5 */
/* A phase counts as filled with this share of what an even spread would give it: a rare late
 * packet fills none. */
#define FILLED_SHARE 0.2
#define PACKETS_MIN  20.0

void clock_phase_forget(struct clock_sync *clock)
{
	clock->n_arrivals = 0;
	clock->interval_us = 0;
	clock->spread_us = 0;
	memset(clock->phase, 0, sizeof(clock->phase));
}

static double grid_strength(const struct clock_sync *clock, double interval_us)
{
	double c = 0, s = 0;

	for (unsigned i = 0; i < CLOCK_SYNC_ARRIVALS; i++) {
		if (i >= clock->n_arrivals)
			break;
		double since = (double)(clock->arrivals[i] - clock->arrivals[0]);
		double angle = 2 * M_PI * (since / interval_us - floor(since / interval_us));

		c += cos(angle);
		s += sin(angle);
	}
	return hypot(c, s) / fmin(clock->n_arrivals, CLOCK_SYNC_ARRIVALS);
}

/* The widest grid that the arrivals stand on: an interval's divisors fit as well as itself. */
static double find_interval(const struct clock_sync *clock)
{
	for (unsigned k = INTERVAL_MAX; k >= INTERVAL_MIN; k--)
		if (grid_strength(clock, k * INTERVAL_UNIT_US) >= GRID_MIN)
			return k * INTERVAL_UNIT_US;
	return 0;
}

static double find_spread(const struct clock_sync *clock)
{
	unsigned n =
		clock->n_arrivals < CLOCK_SYNC_ARRIVALS ? clock->n_arrivals : CLOCK_SYNC_ARRIVALS;
	double sum = 0, square = 0;

	for (unsigned i = 0; i < n; i++) {
		sum += clock->delays_us[i];
		square += clock->delays_us[i] * clock->delays_us[i];
	}
	sum /= n;
	/* An even spread is sqrt(12) times its standard deviation wide. */
	return sqrt(12 * fmax(square / n - sum * sum, 0));
}

void clock_phase_push(struct clock_sync *clock, int64_t arrival_us, double delay_us)
{
	unsigned at = clock->n_arrivals % CLOCK_SYNC_ARRIVALS;
	double width, phase;

	clock->arrivals[at] = arrival_us;
	clock->delays_us[at] = delay_us;
	clock->n_arrivals++;
	/* Keeps the ring's place when the count comes round. */
	if (clock->n_arrivals == 4 * CLOCK_SYNC_ARRIVALS)
		clock->n_arrivals = 2 * CLOCK_SYNC_ARRIVALS;
	if (clock->n_arrivals == GRID_ARRIVALS || clock->n_arrivals % CLOCK_SYNC_ARRIVALS == 0) {
		double interval_us = find_interval(clock);

		if (interval_us != clock->interval_us)
			memset(clock->phase, 0, sizeof(clock->phase));
		clock->interval_us = interval_us;
		clock->spread_us = find_spread(clock);
	}

	width = clock_phase_spread(clock);
	phase = delay_us / width - floor(delay_us / width);
	if (arrival_us > clock->phase_us) {
		double fade = exp(-(double)(arrival_us - clock->phase_us) / MEMORY_US);

		for (unsigned i = 0; i < CLOCK_SYNC_PHASES; i++)
			clock->phase[i] *= fade;
		clock->phase_us = arrival_us;
	}
	at = (unsigned)(phase * CLOCK_SYNC_PHASES);
	clock->phase[at < CLOCK_SYNC_PHASES ? at : CLOCK_SYNC_PHASES - 1] += 1;
}

double clock_phase_coverage(const struct clock_sync *clock)
{
	double sum = 0;
	unsigned filled = 0;

	for (unsigned i = 0; i < CLOCK_SYNC_PHASES; i++)
		sum += clock->phase[i];
	if (sum < PACKETS_MIN)
		return 0;
	for (unsigned i = 0; i < CLOCK_SYNC_PHASES; i++)
		filled += clock->phase[i] >= FILLED_SHARE * sum / CLOCK_SYNC_PHASES;
	return (double)filled / CLOCK_SYNC_PHASES;
}

double clock_phase_spread(const struct clock_sync *clock)
{
	if (clock->interval_us > 0)
		return clock->interval_us;
	if (clock->spread_us > 0)
		return fmin(fmax(clock->spread_us, SPREAD_MIN_US), SPREAD_UNKNOWN_US);
	return SPREAD_UNKNOWN_US;
}
