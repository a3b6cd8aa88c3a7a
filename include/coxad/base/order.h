// SPDX-License-Identifier: MIT
#pragma once
/* Sorting and medians. All of them sort the values in place, without memory of their own, and
 * expect no NAN. Pure.
 */
#include <stddef.h>

/* Ascending. */
void order_sort(double *values, size_t n);
/* The middle value, or the mean of the two middle ones; NAN where n is 0. */
double order_median(double *values, size_t n);
/* The middle value, or the upper of the two middle ones. n is at least 1. */
double order_upper_median(double *values, size_t n);
float order_upper_median_float(float *values, size_t n);
