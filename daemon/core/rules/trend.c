// SPDX-License-Identifier: MIT
#include "daemon/core/rules/trend.h"

#include <math.h>
#include <string.h>

#include "coxad/base/order.h"

#define POINTS_MAX 64
#define EXACT_MAX  10

double trend_poisson_tail(unsigned n, double expected)
{
	double term = exp(-expected), below = 0;

	for (unsigned k = 0; k < n; k++) {
		below += term;
		term *= expected / (k + 1);
	}
	return fmax(0, 1 - below);
}

double trend_median(const double *values, unsigned n)
{
	double v[POINTS_MAX];

	if (n > POINTS_MAX)
		n = POINTS_MAX;
	memcpy(v, values, n * sizeof(*v));
	return order_median(v, n);
}

double trend_mad(const double *values, unsigned n)
{
	double away[POINTS_MAX];
	double median = trend_median(values, n);

	if (n > POINTS_MAX)
		n = POINTS_MAX;
	for (unsigned i = 0; i < n; i++)
		away[i] = fabs(values[i] - median);
	return trend_median(away, n);
}

double trend_sd(const double *values, unsigned n)
{
	double mean = 0, sum = 0;

	if (n < 2)
		return 0;
	for (unsigned i = 0; i < n; i++)
		mean += values[i] / n;
	for (unsigned i = 0; i < n; i++)
		sum += (values[i] - mean) * (values[i] - mean);
	return sqrt(sum / (n - 1));
}

double trend_rise(const double *x, const double *y, unsigned n)
{
	double slope[POINTS_MAX * (POINTS_MAX - 1) / 2];
	unsigned count = 0;

	if (n > POINTS_MAX)
		n = POINTS_MAX;
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = i + 1; j < n; j++)
			if (x[j] > x[i])
				slope[count++] = (y[j] - y[i]) / (x[j] - x[i]);
	if (!count)
		return 0;
	return order_median(slope, count) * (x[n - 1] - x[0]);
}

/* Exact p: the share of the n! orders with at least |s| more rises than falls or falls than rises.
 * Counts inversions by the usual recurrence. */
static double exact_p(unsigned n, int s)
{
	double orders[EXACT_MAX * (EXACT_MAX - 1) / 2 + 1] = {1}, all = 0, beyond = 0;
	unsigned pairs = n * (n - 1) / 2;

	for (unsigned k = 2; k <= n; k++) {
		double next[EXACT_MAX * (EXACT_MAX - 1) / 2 + 1] = {0};

		for (unsigned i = 0; i <= pairs; i++)
			for (unsigned j = 0; j < k && j <= i; j++)
				next[i] += orders[i - j];
		memcpy(orders, next, sizeof(orders));
	}
	for (unsigned i = 0; i <= pairs; i++) {
		int s_i = (int)pairs - 2 * (int)i;

		all += orders[i];
		if (s_i >= s || s_i <= -s)
			beyond += orders[i];
	}
	return beyond / all;
}

double trend_mann_kendall_p(const double *y, unsigned n)
{
	int s = 0;
	double variance, ties = 0;

	if (n > POINTS_MAX)
		n = POINTS_MAX;
	if (n < 3)
		return 1;
	for (unsigned i = 0; i < n; i++) {
		unsigned equal = 1;

		for (unsigned j = i + 1; j < n; j++) {
			s += (y[j] > y[i]) - (y[j] < y[i]);
			equal += !(y[j] > y[i]) && !(y[j] < y[i]);
		}
		/* A group of t equal values is visited with t, t - 1, ... 1 members left: the
		 * differences of t(t-1)(2t+5) add up to the group's term. */
		ties += equal * (equal - 1.0) * (2 * equal + 5.0) -
			(equal - 1.0) * (equal - 2.0) * (2 * equal + 3.0);
	}
	if (s < 0)
		s = -s;
	if (s == 0)
		return 1;
	if (n <= EXACT_MAX && !(ties > 0))
		return exact_p(n, s);
	variance = (n * (n - 1.0) * (2.0 * n + 5) - ties) / 18;
	return variance > 0 ? erfc((s - 1) / sqrt(variance) / sqrt(2)) : 1;
}
