// SPDX-License-Identifier: MIT
#pragma once
/* Second-order Butterworth sections by the bilinear transform. Plain values. */
#include <math.h>

#include "coxad/base/units.h"

struct biquad {
	double b0, b1, b2, a1, a2;
	double s1, s2; /* transposed direct form II */
};

static inline double biquad_step(struct biquad *f, double x)
{
	double y = f->b0 * x + f->s1;

	f->s1 = f->b1 * x - f->a1 * y + f->s2;
	f->s2 = f->b2 * x - f->a2 * y;
	return y;
}

/* As if the input had always been x: no swing where a stream begins beside zero. */
static inline void biquad_settle(struct biquad *f, double x)
{
	double y = x * (f->b0 + f->b1 + f->b2) / (1 + f->a1 + f->a2);

	f->s2 = f->b2 * x - f->a2 * y;
	f->s1 = f->b1 * x - f->a1 * y + f->s2;
}

static inline struct biquad biquad_low_pass(double rate_hz, double corner_hz)
{
	double k = tan(M_PI * corner_hz / rate_hz), n = 1 / (1 + M_SQRT2 * k + k * k);

	return (struct biquad){.b0 = k * k * n,
		.b1 = 2 * k * k * n,
		.b2 = k * k * n,
		.a1 = 2 * (k * k - 1) * n,
		.a2 = (1 - M_SQRT2 * k + k * k) * n};
}

static inline struct biquad biquad_high_pass(double rate_hz, double corner_hz)
{
	double k = tan(M_PI * corner_hz / rate_hz), n = 1 / (1 + M_SQRT2 * k + k * k);

	return (struct biquad){.b0 = n,
		.b1 = -2 * n,
		.b2 = n,
		.a1 = 2 * (k * k - 1) * n,
		.a2 = (1 - M_SQRT2 * k + k * k) * n};
}
