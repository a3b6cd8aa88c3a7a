// SPDX-License-Identifier: MIT
#pragma once
/* The statistics behind trends (decision-model.md 7.9). Pure functions on plain arrays; NAN is
 * never passed in. Quadratic in n at most, n <= 64.
 */
#include <stdbool.h>

/* P(N >= n) of a Poisson variable; 1 for n = 0. */
double trend_poisson_tail(unsigned n, double expected);
/* Median of the slopes between all pairs (Theil 1950, Sen 1968), times the range of x: the rise
 * from the first to the last. 0 below two points. Changes nothing; n <= 64. */
double trend_rise(const double *x, const double *y, unsigned n);
/* Two-sided p of Mann-Kendall's S: exact for n <= 10 without ties, else the normal approximation
 * with continuity and ties. 1 below three points. */
double trend_mann_kendall_p(const double *y, unsigned n);
/* Sorts a copy; n <= 64; NAN for n = 0. */
double trend_median(const double *values, unsigned n);
/* Median of the distances from the median. */
double trend_mad(const double *values, unsigned n);
/* Sample standard deviation, 0 below two. */
double trend_sd(const double *values, unsigned n);
