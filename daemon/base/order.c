// SPDX-License-Identifier: MIT
#include "coxad/base/order.h"

#include <math.h>

/* Shell's sort with the gaps of Ciura 2001: qsort may allocate. */
static const size_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};

#define DEFINE_SORT(name, type)                                                                    \
	static void name##_with_gap(type *values, size_t n, size_t gap)                            \
	{                                                                                          \
		for (size_t i = gap; i < n; i++) {                                                 \
			type x = values[i];                                                        \
			size_t k = i;                                                              \
                                                                                                   \
			for (; k >= gap && values[k - gap] > x; k -= gap)                          \
				values[k] = values[k - gap];                                       \
			values[k] = x;                                                             \
		}                                                                                  \
	}                                                                                          \
	static void name(type *values, size_t n)                                                   \
	{                                                                                          \
		for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)                        \
			name##_with_gap(values, n, gaps[i]);                                       \
	}
DEFINE_SORT(sort_doubles, double)
DEFINE_SORT(sort_floats, float)

void order_sort(double *values, size_t n)
{
	sort_doubles(values, n);
}

double order_median(double *values, size_t n)
{
	if (n == 0)
		return NAN;
	sort_doubles(values, n);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double order_upper_median(double *values, size_t n)
{
	sort_doubles(values, n);
	return values[n / 2];
}

float order_upper_median_float(float *values, size_t n)
{
	sort_floats(values, n);
	return values[n / 2];
}
