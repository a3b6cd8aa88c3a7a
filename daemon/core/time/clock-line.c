// SPDX-License-Identifier: MIT
#include "daemon/core/time/clock-line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/order.h"

#define ROUNDS 5
/* Huber's bounds, in sigmas. A bin lies above the line if none of its packets was early, but below
 * it only by the jitter of the host, so late bins count less. Of the pairs tried on the radio of
 * decision-model.md 5, this one gives the smallest error. */
#define HUBER_LATE   0.5
#define HUBER_EARLY  3.0
#define PRIOR_BINS   6
#define MAD_TO_SIGMA 1.4826
#define SIGMA_MIN_US 50.0
/* No bin is more accurate than the jitter of the host that stamps it. */
#define BIN_SD_MIN_US 300.0

/* The minimum of n delays spread uniformly over an interval: its mean distance from the beginning,
 * and about its standard deviation. */
static double least_of(double spread_us, unsigned n)
{
	return spread_us / (n + 1);
}

static double median_of_magnitudes(const double *values, unsigned n)
{
	double sorted[CLOCK_SYNC_BINS + 1];

	for (unsigned i = 0; i < n; i++)
		sorted[i] = fabs(values[i]);
	return order_median(sorted, n);
}

/* Points far off the line count less, late ones least. */
static void huber_weights(const double *residual, unsigned n, double sigma, double *ret)
{
	for (unsigned i = 0; i < n; i++) {
		double bound = sigma * (residual[i] > 0 ? HUBER_LATE : HUBER_EARLY);

		ret[i] = fmin(1, bound / fmax(fabs(residual[i]), 1e-9));
	}
}

void clock_line_fit(const struct clock_sync_bin *bins, unsigned n, double spread_us,
	const struct clock_line_crystal *crystal, struct clock_sync_line *ret)
{
	const struct clock_sync_bin *newest = &bins[n - 1];
	double x[CLOCK_SYNC_BINS + 1], y[CLOCK_SYNC_BINS + 1], w[CLOCK_SYNC_BINS + 1];
	double huber[CLOCK_SYNC_BINS + 1], residual[CLOCK_SYNC_BINS + 1];
	double best = INFINITY, sigma, mean_x = 0, mean_y = 0, skew = crystal->skew, sxx = 0,
	       sum = 0;
	double lambda = 0;

	for (unsigned i = 0; i < n; i++) {
		double sd = fmax(least_of(spread_us, bins[i].n), BIN_SD_MIN_US);

		x[i] = bins[i].x_us - newest->x_us;
		y[i] = bins[i].y_us - newest->y_us - least_of(spread_us, bins[i].n);
		w[i] = 1 / (sd * sd);
		best = fmin(best, sd);
		huber[i] = 1;
	}
	for (unsigned i = 0; i < n; i++)
		w[i] *= best * best;
	sigma = best;
	for (unsigned round = 0; round < ROUNDS; round++) {
		double sx = 0, sy = 0, sxy = 0;

		sum = sxx = 0;
		for (unsigned i = 0; i < n; i++) {
			double weight = w[i] * huber[i];

			sum += weight;
			sx += weight * x[i];
			sy += weight * y[i];
		}
		mean_x = sx / sum;
		mean_y = sy / sum;
		for (unsigned i = 0; i < n; i++) {
			double weight = w[i] * huber[i];

			sxx += weight * (x[i] - mean_x) * (x[i] - mean_x);
			sxy += weight * (x[i] - mean_x) * (y[i] - mean_y);
		}
		lambda = sigma / crystal->skew_sd * (sigma / crystal->skew_sd);
		skew = (sxy + lambda * crystal->skew) / (sxx + lambda);
		skew = fmin(fmax(skew, -crystal->max_skew), crystal->max_skew);
		for (unsigned i = 0; i < n; i++)
			residual[i] = (y[i] - mean_y - skew * (x[i] - mean_x)) * sqrt(w[i]);
		sigma = fmax(MAD_TO_SIGMA * median_of_magnitudes(residual, n), SIGMA_MIN_US);
		/* Few bins may lie on a line by chance, so the expected sigma counts too. */
		sigma = sqrt((n * sigma * sigma + PRIOR_BINS * best * best) / (n + PRIOR_BINS));
		huber_weights(residual, n, sigma, huber);
	}
	*ret = (struct clock_sync_line){
		.x0_us = newest->x_us + mean_x,
		/* y is arrival less device time; at x0 the line is mean_y above. */
		.offset_us = newest->y_us + mean_y,
		.skew = skew,
		.sigma_us = sigma,
		.weight = sum,
		.spread_us2 = sxx + lambda,
	};
}
