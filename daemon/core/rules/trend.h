// SPDX-License-Identifier: MIT
#pragma once
/* Statistics for trends (decision-model.md 7.9). Pure functions on plain arrays without NAN; at
 * most quadratic in n, n <= 64.
 */
#include <stdbool.h>

/* P(N >= n) of a Poisson variable; 1 for n = 0. */
double trend_poisson_tail(unsigned n, double expected);
/* Rise from the first to the last point by the median slope of all pairs (Theil 1950, Sen 1968). 0
 * below two points. */
double trend_rise(const double *x, const double *y, unsigned n);
/* Two-sided p of Mann-Kendall's S: exact for n <= 10 without ties, else the normal approximation
 * corrected for continuity and ties. 1 below three points. */
double trend_mann_kendall_p(const double *y, unsigned n);
/* NAN for n = 0. */
double trend_median(const double *values, unsigned n);
/* Median of the distances from the median. */
double trend_mad(const double *values, unsigned n);
/* Sample standard deviation, 0 below two. */
double trend_sd(const double *values, unsigned n);
