// SPDX-License-Identifier: MIT
#include "spectrum.h"

#include <math.h>
#include <string.h>

#include <kissfft/kiss_fftr.h>

#include "coxad/base/alloc.h"

/* domain.md 7.2: high is above 1 kHz, low below 100 Hz. */
#define HF_HZ 1000.0
#define LF_HZ 100.0
/* Flatness is measured where joint pops and speech live; outside there is only sensor noise. */
#define FLATNESS_FROM_HZ 50.0
#define FLATNESS_TO_HZ   4000.0

struct spectrum {
	double rate_hz;
	size_t n, size; /* samples given, length of the transform */
	kiss_fftr_cfg plan;
	float *in;
	kiss_fft_cpx *out;
};

struct spectrum *spectrum_new(double rate_hz, size_t n)
{
	struct spectrum *s = new0(struct spectrum);

	s->rate_hz = rate_hz;
	s->n = n;
	for (s->size = 64; s->size < n; s->size *= 2)
		;
	s->plan = kiss_fftr_alloc((int)s->size, 0, NULL, NULL);
	if (!s->plan)
		abort();
	s->in = alloc_zero(s->size, sizeof(*s->in));
	s->out = alloc_zero(s->size / 2 + 1, sizeof(*s->out));
	return s;
}

struct spectrum *spectrum_free(struct spectrum *s)
{
	if (!s)
		return NULL;
	kiss_fftr_free(s->plan);
	free(s->in);
	free(s->out);
	free(s);
	return NULL;
}

void spectrum_measure(struct spectrum *s, const float *x, struct spectrum_features *ret)
{
	double total = 0, moment = 0, high = 0, low = 0, log_sum = 0, flat_sum = 0;
	unsigned flat_n = 0;

	memset(s->in, 0, s->size * sizeof(*s->in));
	memcpy(s->in, x, s->n * sizeof(*x));
	kiss_fftr(s->plan, s->in, s->out);
	for (size_t i = 1; i <= s->size / 2; i++) {
		double hz = (double)i * s->rate_hz / (double)s->size;
		double power = (double)s->out[i].r * s->out[i].r + (double)s->out[i].i * s->out[i].i;

		total += power;
		moment += power * hz;
		if (hz > HF_HZ)
			high += power;
		if (hz < LF_HZ)
			low += power;
		if (hz >= FLATNESS_FROM_HZ && hz <= FLATNESS_TO_HZ) {
			log_sum += log(power + 1e-20);
			flat_sum += power;
			flat_n++;
		}
	}
	*ret = (struct spectrum_features){0};
	if (!(total > 1e-18))
		return;
	ret->centroid_hz = moment / total;
	ret->hf_ratio = high / total;
	ret->lf_ratio = low / total;
	if (flat_n && flat_sum > 0)
		ret->flatness = exp(log_sum / flat_n) / (flat_sum / flat_n);
}
