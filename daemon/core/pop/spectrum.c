// SPDX-License-Identifier: MIT
#include "daemon/core/pop/spectrum.h"

#include <math.h>
#include <string.h>

#include <kissfft/kiss_fftr.h>

#include "coxad/base/alloc.h"

/* decision-model.md 7.2: high is above 1 kHz, low below 100 Hz. */
#define HF_HZ 1000.0
#define LF_HZ 100.0
/* Flatness is measured in the band of joint pops, which every sample rate covers. */
#define FLATNESS_FROM_HZ 50.0
#define FLATNESS_TO_HZ   2000.0
/* A bin counts if the power around it is this many times the background's. White noise over the ten
 * bins of 160 Hz exceeds that once in thousands; otherwise a wide band would bury a short pop. */
#define STANDS_OUT   3.0
#define SMOOTHING_HZ 80.0 /* to each side */

struct spectrum {
	double rate_hz;
	size_t n, size, bins; /* samples given, length of the transform, length of the power */
	size_t reach;         /* bins to each side */
	kiss_fftr_cfg plan;
	float *in;
	kiss_fft_cpx *out;
	double *power, *background; /* bins each */
	unsigned n_background;
};

struct spectrum *spectrum_new(double rate_hz, size_t n)
{
	struct spectrum *s = new0(struct spectrum);

	s->rate_hz = rate_hz;
	s->n = n;
	for (s->size = 64; s->size < n; s->size *= 2)
		;
	s->bins = s->size / 2 + 1;
	s->reach = (size_t)(SMOOTHING_HZ * (double)s->size / rate_hz);
	s->plan = kiss_fftr_alloc((int)s->size, 0, NULL, NULL);
	if (!s->plan)
		abort();
	s->in = alloc_zero(s->size, sizeof(*s->in));
	s->out = alloc_zero(s->bins, sizeof(*s->out));
	s->power = alloc_zero(s->bins, sizeof(*s->power));
	s->background = alloc_zero(s->bins, sizeof(*s->background));
	return s;
}

struct spectrum *spectrum_free(struct spectrum *s)
{
	if (!s)
		return NULL;
	kiss_fftr_free(s->plan);
	free(s->in);
	free(s->out);
	free(s->power);
	free(s->background);
	free(s);
	return NULL;
}

static void transform(struct spectrum *s, const float *x)
{
	memset(s->in, 0, s->size * sizeof(*s->in));
	memcpy(s->in, x, s->n * sizeof(*x));
	kiss_fftr(s->plan, s->in, s->out);
}

static double power_of(const struct spectrum *s, size_t bin)
{
	return (double)s->out[bin].r * (double)s->out[bin].r +
	       (double)s->out[bin].i * (double)s->out[bin].i;
}

void spectrum_clear(struct spectrum *s)
{
	memset(s->background, 0, s->bins * sizeof(*s->background));
	s->n_background = 0;
}

void spectrum_add_background(struct spectrum *s, const float *x)
{
	transform(s, x);
	for (size_t i = 0; i < s->bins; i++)
		s->background[i] += power_of(s, i);
	s->n_background++;
}

/* Leaves in power what exceeds the background. */
static void subtract(struct spectrum *s)
{
	double share = s->n_background ? 1.0 / s->n_background : 0, around = 0, behind = 0;

	for (size_t i = 0; i < s->bins + s->reach; i++) {
		size_t centre = i - s->reach; /* valid where i >= reach */

		if (i < s->bins) {
			around += power_of(s, i);
			behind += s->background[i] * share;
		}
		if (i > 2 * s->reach) {
			around -= power_of(s, i - 2 * s->reach - 1);
			behind -= s->background[i - 2 * s->reach - 1] * share;
		}
		if (i >= s->reach)
			s->power[centre] = around > STANDS_OUT * behind
						   ? fmax(0, power_of(s, centre) -
								     s->background[centre] * share)
						   : 0;
	}
}

/* Centre of a spectral line: power-weighted mean of three bins. */
static double around_hz(const struct spectrum *s, size_t peak)
{
	double total = 0, moment = 0;

	for (size_t i = peak - 1; i <= peak + 1 && i < s->bins; i++) {
		total += s->power[i];
		moment += s->power[i] * (double)i;
	}
	return moment / total * s->rate_hz / (double)s->size;
}

void spectrum_measure(struct spectrum *s, const float *x, struct spectrum_features *ret)
{
	double total = 0, moment = 0, high = 0, low = 0, log_sum = 0, flat_sum = 0;
	size_t peak = 1;
	unsigned flat_n = 0;

	transform(s, x);
	subtract(s);
	for (size_t i = 1; i < s->bins; i++) {
		double hz = (double)i * s->rate_hz / (double)s->size;
		double power = s->power[i];

		if (power > s->power[peak])
			peak = i;
		total += power;
		moment += power * hz;
		if (hz > HF_HZ)
			high += power;
		if (hz < LF_HZ)
			low += power;
		if (hz >= FLATNESS_FROM_HZ && hz <= FLATNESS_TO_HZ) {
			log_sum += log(power_of(s, i) + 1e-20);
			flat_sum += power_of(s, i);
			flat_n++;
		}
	}
	*ret = (struct spectrum_features){0};
	if (!(total > 1e-18))
		return;
	ret->centroid_hz = moment / total;
	ret->peak_hz = around_hz(s, peak);
	ret->hf_ratio = high / total;
	ret->lf_ratio = low / total;
	if (flat_n && flat_sum > 0)
		ret->flatness = exp(log_sum / flat_n) / (flat_sum / flat_n);
}
