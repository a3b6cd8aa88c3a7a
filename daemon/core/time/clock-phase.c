// SPDX-License-Identifier: MIT
#include "daemon/core/time/clock-phase.h"

#include <math.h>
#include <string.h>

#include "coxad/base/units.h"

/* Bluetooth Core Vol 6 Part B 4.5.1: intervals are multiples of 1.25 ms from 7.5 ms. Motion is
 * not streamed at more than 100 ms. */
#define INTERVAL_UNIT_US 1250.0
#define INTERVAL_MIN     6
#define INTERVAL_MAX     80
/* Alignment of n arrivals by chance: over 0.3 in any of the 75 intervals once in a thousand with
 * n = 128. */
#define GRID_MIN     0.5
#define CONTRAST_MIN 0.3
/* Share of the best; lowered by the scatter of an alignment of few arrivals. */
#define AS_GOOD 0.8
/* Neither grid nor spread known: Linux requests 30 to 50 ms (net/bluetooth/hci_core.c). */
#define SPREAD_UNKNOWN_US 50000.0
#define SPREAD_MIN_US     10000.0
#define MEMORY_US         (60.0 * US_PER_S) /* decision-model.md 5 */
/* A phase counts as filled with this share of a uniform distribution; a rare late packet fills
 * none. */
#define FILLED_SHARE 0.2
#define PACKETS_MIN  20.0

void clock_phase_forget(struct clock_sync *clock)
{
	clock->n_arrivals = 0;
	clock->interval_us = 0;
	clock->spread_us = 0;
	memset(clock->phase, 0, sizeof(clock->phase));
}

/* Length of the mean unit vector of the times' phases in the interval: 1 if all lie on one grid of
 * that width, near 0 if they are spread uniformly over it. */
static double alignment(const double *times_us, unsigned n, double interval_us)
{
	float c = 0, s = 0;

	for (unsigned i = 0; i < n; i++) {
		double turns = times_us[i] / interval_us;
		float angle = (float)(2 * M_PI * (turns - floor(turns)));

		c += cosf(angle);
		s += sinf(angle);
	}
	return hypotf(c, s) / (float)n;
}

/* The widest interval whose grid the arrivals lie on (its divisors fit as well). A periodic stream
 * lies on a grid of its own, and so do its delays; what counts is how much better the arrivals fit
 * than the delays. If that shows no difference, packets and interval are in step, and the widest
 * grid of the arrivals is the safe answer. */
static double find_interval(const struct clock_sync *clock)
{
	double arrivals[CLOCK_SYNC_ARRIVALS], grid[INTERVAL_MAX + 1], contrast[INTERVAL_MAX + 1];
	double best_grid = 0, best_contrast = 0, as_good;
	double delays[CLOCK_SYNC_ARRIVALS];
	unsigned n =
		clock->n_arrivals < CLOCK_SYNC_ARRIVALS ? clock->n_arrivals : CLOCK_SYNC_ARRIVALS;

	for (unsigned i = 0; i < n; i++) {
		unsigned at = (clock->n_arrivals - 1 - i) % CLOCK_SYNC_ARRIVALS;

		arrivals[i] = (double)(clock->arrivals_us[at] - clock->arrivals_us[0]);
		delays[i] = clock->delays_us[at];
	}
	for (unsigned k = INTERVAL_MIN; k <= INTERVAL_MAX; k++) {
		grid[k] = alignment(arrivals, n, k * INTERVAL_UNIT_US);
		contrast[k] = grid[k] - alignment(delays, n, k * INTERVAL_UNIT_US);
		best_grid = fmax(best_grid, grid[k]);
		best_contrast = fmax(best_contrast, contrast[k]);
	}
	as_good = AS_GOOD - 1 / sqrt(n);
	for (unsigned k = INTERVAL_MAX; k >= INTERVAL_MIN && best_contrast >= CONTRAST_MIN; k--)
		if (contrast[k] >= as_good * best_contrast)
			return k * INTERVAL_UNIT_US;
	for (unsigned k = INTERVAL_MAX; k >= INTERVAL_MIN && best_grid >= GRID_MIN; k--)
		if (grid[k] >= as_good * best_grid)
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
	/* A uniform distribution is sqrt(12) times its standard deviation wide. */
	return sqrt(12 * fmax(square / n - sum * sum, 0));
}

/* Early and often while little is known; about 150 us of work each time. */
static bool is_time_to_look(unsigned n)
{
	return n == CLOCK_SYNC_ARRIVALS / 4 || n == CLOCK_SYNC_ARRIVALS / 2 ||
	       n == CLOCK_SYNC_ARRIVALS || n % (4 * CLOCK_SYNC_ARRIVALS) == 0;
}

void clock_phase_push(struct clock_sync *clock, int64_t arrival_us, double delay_us)
{
	unsigned at = clock->n_arrivals % CLOCK_SYNC_ARRIVALS;
	double width, phase;

	clock->arrivals_us[at] = arrival_us;
	clock->delays_us[at] = delay_us;
	clock->n_arrivals++;
	if (is_time_to_look(clock->n_arrivals)) {
		double interval_us = find_interval(clock);

		if (interval_us != clock->interval_us)
			memset(clock->phase, 0, sizeof(clock->phase));
		clock->interval_us = interval_us;
		clock->spread_us = find_spread(clock);
	}

	width = clock_phase_spread(clock);
	phase = delay_us / width - floor(delay_us / width);
	if (arrival_us - clock->phase_us >= US_PER_S) {
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
	if (sum < PACKETS_MIN || (clock->interval_us == 0 && clock->spread_us == 0))
		return 0;
	for (unsigned i = 0; i < CLOCK_SYNC_PHASES; i++)
		filled += clock->phase[i] >= FILLED_SHARE * sum / CLOCK_SYNC_PHASES;
	return (double)filled / CLOCK_SYNC_PHASES;
}

double clock_phase_bias_spread(const struct clock_sync *clock)
{
	double spread_us = clock_phase_spread(clock);

	return clock->spread_us > 0 ? fmin(spread_us, clock->spread_us) : spread_us;
}

double clock_phase_spread(const struct clock_sync *clock)
{
	if (clock->interval_us > 0)
		return clock->interval_us;
	if (clock->spread_us > 0)
		return fmin(fmax(clock->spread_us, SPREAD_MIN_US), SPREAD_UNKNOWN_US);
	return SPREAD_UNKNOWN_US;
}
