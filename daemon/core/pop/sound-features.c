// SPDX-License-Identifier: MIT
#include "daemon/core/pop/sound-features.h"

#include <math.h>
#include <stdlib.h>

/* A new pulse needs a dip this deep since the last one. */
#define DIP_DB         6.0
#define RISE_FROM      0.2
#define RISE_TO        0.7
#define NOISE_SIGMAS   4.5 /* above this it is not only noise */
#define RISE_FROM_MOST 0.6
#define FLAT_DB2       1e-6 /* less variation than rounding */
#define STANDS_OUT     0.5  /* of the noise's power, before it can be subtracted */

static double held(const float *level, size_t at, size_t hold)
{
	float peak = level[at];

	for (size_t i = at > hold ? at - hold : 0; i < at; i++)
		peak = fmaxf(peak, level[i]);
	return (double)peak;
}

unsigned sound_features_sub_pulses(const float *level, size_t n, double least_db, size_t hold)
{
	double low = -INFINITY, high = -INFINITY;
	unsigned count = 0;
	int is_rising = 1;

	for (size_t i = 0; i < n; i++) {
		double now = held(level, i, hold);

		if (is_rising && now > high)
			high = now;
		if (is_rising && high >= least_db && now < high - DIP_DB) {
			count++;
			is_rising = 0;
			low = now;
		}
		if (!is_rising && now < low)
			low = now;
		if (!is_rising && now > low + DIP_DB) {
			is_rising = 1;
			high = now;
		}
	}
	return count ? count : 1;
}

size_t sound_features_time_above(const float *level, size_t n, double least_db, size_t hold)
{
	size_t count = 0, hole = 0;

	for (size_t i = 0; i < n; i++) {
		if ((double)level[i] < least_db) {
			hole++;
			continue;
		}
		count += count && hole < hold ? hole + 1 : 1;
		hole = 0;
	}
	return count;
}

double sound_features_kurtosis(const float *x, size_t n, size_t of, double noise)
{
	double mean = 0, m2 = 0, m4 = 0;

	for (size_t i = 0; i < n; i++)
		mean += (double)x[i];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double e = ((double)x[i] - mean) * ((double)x[i] - mean);

		m2 += e;
		m4 += e * e;
	}
	m2 /= (double)n;
	m4 /= (double)n;
	/* Moments of a sum of independent parts; those of the noise are v and 3 v^2. */
	if (m2 - noise > STANDS_OUT * noise) {
		m2 -= noise;
		m4 -= 6 * m2 * noise + 3 * noise * noise;
	}
	return m2 > 0 ? m4 / (m2 * m2) * (double)of / (double)n : 0;
}

/* The earliest sample of at least `least` that is connected with `at` by pauses of at most hold. */
static size_t reach_back(const float *x, size_t at, double least, size_t hold)
{
	size_t first = at;

	for (size_t i = at; i-- > 0 && first - i <= hold;)
		if (fabs((double)x[i]) >= least)
			first = i;
	return first;
}

size_t sound_features_rise(const float *x, size_t peak_from, size_t n, double noise, size_t hold)
{
	size_t peak = peak_from, high;
	double most, least;

	for (size_t i = peak_from; i < n; i++)
		if (fabsf(x[i]) > fabsf(x[peak]))
			peak = i;
	most = fabs((double)x[peak]);
	high = reach_back(x, peak, RISE_TO * most, hold);
	least = fmin(fmax(RISE_FROM * most, NOISE_SIGMAS * noise), RISE_FROM_MOST * most);
	return high - reach_back(x, high, least, hold);
}

double sound_features_bend(const float *level, size_t n)
{
	double x1 = 0, x2 = 0, y1 = 0, xy = 0, slope, offset, sum = 0, count = (double)n;

	if (n < 3)
		return 0;
	for (size_t i = 0; i < n; i++) {
		double x = (double)i, y = (double)level[i];

		x1 += x;
		x2 += x * x;
		y1 += y;
		xy += x * y;
	}
	slope = (count * xy - x1 * y1) / (count * x2 - x1 * x1);
	offset = (y1 - slope * x1) / count;
	for (size_t i = 0; i < n; i++) {
		double off = (double)level[i] - offset - slope * (double)i;

		sum += off * off;
	}
	return sqrt(sum / count);
}

size_t sound_features_pulse_end(const float *level, size_t n, size_t hold)
{
	double low = INFINITY;
	size_t valley = 0;

	for (size_t i = 0; i < n; i++) {
		double now = held(level, i, hold);

		if (now < low) {
			low = now;
			valley = i;
		}
		if (now > low + DIP_DB)
			return valley;
	}
	return n;
}

double sound_features_periodicity(
	const float *level, size_t n, double least_db, size_t least_lag, size_t most_lag)
{
	double mean = 0, square = 0, best = 0;

	for (size_t i = 0; i < n; i++)
		mean += fmax((double)level[i], least_db) / (double)n;
	for (size_t i = 0; i < n; i++)
		square += pow(fmax((double)level[i], least_db) - mean, 2) / (double)n;
	for (size_t lag = least_lag; lag <= most_lag; lag++) {
		double sum = 0;

		for (size_t i = lag; i < n; i++)
			sum += (fmax((double)level[i], least_db) - mean) *
			       (fmax((double)level[i - lag], least_db) - mean);
		best = fmax(best, sum / (double)(n - lag));
	}
	return square > FLAT_DB2 ? best / square : 0;
}
