// SPDX-License-Identifier: MIT
#include "daemon/core/posture/smoothness.h"

#include <math.h>

#define CUT_HZ      10.0
#define THRESHOLD   0.05
#define PAD_OCTAVES 4
#define SHORTEST    8

/* Magnitude at one angular frequency, by a rotating phasor. */
static double magnitude(const float *x, size_t n, double step_rad)
{
	double c = cos(step_rad), s = sin(step_rad), re = 1, im = 0, sum_re = 0, sum_im = 0;

	for (size_t i = 0; i < n; i++) {
		double next = re * c - im * s;

		sum_re += x[i] * re;
		sum_im += x[i] * im;
		im = re * s + im * c;
		re = next;
	}
	return hypot(sum_re, sum_im);
}

double smoothness_sparc(const float *speed, size_t n, double rate_hz)
{
	float half[SMOOTHNESS_MAX / 2];
	size_t padded = 1, bins, last = 0, m = n / 2;
	double rate = rate_hz / 2, level, before, arc = 0, peak = 0;
	double spectrum[SMOOTHNESS_MAX * 4];

	if (n < SHORTEST || n > SMOOTHNESS_MAX)
		return NAN;
	/* Means of pairs are enough below 10 Hz. */
	for (size_t i = 0; i < m; i++)
		half[i] = (speed[2 * i] + speed[2 * i + 1]) / 2;
	while (padded < m)
		padded *= 2;
	padded <<= PAD_OCTAVES;
	bins = (size_t)(CUT_HZ * (double)padded / rate) + 1;
	if (bins > sizeof(spectrum) / sizeof(spectrum[0]))
		bins = sizeof(spectrum) / sizeof(spectrum[0]);
	for (size_t k = 0; k < bins; k++) {
		spectrum[k] = magnitude(half, m, 2 * M_PI * (double)k / (double)padded);
		peak = fmax(peak, spectrum[k]);
	}
	if (!(peak > 0))
		return NAN;
	for (size_t k = 0; k < bins; k++)
		if (spectrum[k] >= THRESHOLD * peak)
			last = k;
	if (last == 0)
		return NAN;
	before = spectrum[0] / peak;
	for (size_t k = 1; k <= last; k++) {
		level = spectrum[k] / peak;
		arc -= hypot(1.0 / (double)last, level - before);
		before = level;
	}
	return arc;
}
