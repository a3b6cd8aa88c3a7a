// SPDX-License-Identifier: MIT
#pragma once
/* Second-order Butterworth filters by the bilinear transform. Coefficients and state are apart, so
 * that several signals share one design. Pure values.
 */
#include <math.h>

struct biquad {
	double b0, b1, b2, a1, a2;
};

/* Transposed direct form II. */
struct biquad_state {
	double s1, s2;
};

static inline double biquad_step(const struct biquad *f, struct biquad_state *s, double x)
{
	double y = f->b0 * x + s->s1;

	s->s1 = f->b1 * x - f->a1 * y + s->s2;
	s->s2 = f->b2 * x - f->a2 * y;
	return y;
}

/* As if the input had always been x: a stream that begins away from zero does not ring. */
static inline void biquad_settle(const struct biquad *f, struct biquad_state *s, double x)
{
	double y = x * (f->b0 + f->b1 + f->b2) / (1 + f->a1 + f->a2);

	s->s2 = f->b2 * x - f->a2 * y;
	s->s1 = f->b1 * x - f->a1 * y + s->s2;
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
