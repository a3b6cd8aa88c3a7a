// SPDX-License-Identifier: MIT
#include "tests/core/pop/poor-microphone.h"

#include <math.h>

#include "coxad/base/biquad.h"

#define HUM_RMS    0.03 /* 20 dB above the noise of the trials */
#define SELF_RMS   0.003
#define EIGHT_BITS (1 / 128.0)

const char *poor_name(enum poor poor)
{
	static const char *const text[] = {
#define POOR_TEXT_(id, name) name,
		POOR_LIST(POOR_TEXT_)
#undef POOR_TEXT_
	};

	return text[poor];
}

static void offset(struct signal *s, double by)
{
	for (size_t i = 0; i < s->n; i++)
		s->x[i] += (float)by;
}

/* The mains of a charger: odd harmonics, each weaker. */
static void hum(struct signal *s, double hz, double rms)
{
	for (size_t i = 0; i < s->n; i++) {
		double t = (double)i / s->rate_hz, sum = sin(2 * M_PI * hz * t);

		for (int k = 3; k <= 9; k += 2)
			sum += sin(2 * M_PI * k * hz * t + k) / (2.0 * k);
		s->x[i] += (float)(rms * M_SQRT2 * sum);
	}
}

static void clip(struct signal *s, double share)
{
	float most = 0;

	for (size_t i = 0; i < s->n; i++)
		most = fmaxf(most, fabsf(s->x[i]));
	most *= (float)share;
	for (size_t i = 0; i < s->n; i++)
		s->x[i] = fmaxf(-most, fminf(most, s->x[i]));
}

static void narrow(struct signal *s, double hz)
{
	struct biquad low = biquad_low_pass(s->rate_hz, hz);

	for (int pass = 0; pass < 2 && hz < 0.45 * s->rate_hz; pass++) {
		struct biquad_state state = {0};

		for (size_t i = 0; i < s->n; i++)
			s->x[i] = (float)biquad_step(&low, &state, (double)s->x[i]);
	}
}

/* Between 12 dB below and nothing. */
static void gain_steps(struct signal *s, struct sound_rng *rng)
{
	size_t next = 0;
	double gain = 1;

	for (size_t i = 0; i < s->n; i++) {
		if (i == next) {
			gain *= sound_uniform(rng) < 0.5 ? 0.7079 : 1.4125;
			gain = fmax(0.25, fmin(1, gain));
			next += (size_t)(s->rate_hz * sound_between(rng, 0.5, 1.5));
		}
		s->x[i] *= (float)gain;
	}
}

static void coarse(struct signal *s, double step)
{
	for (size_t i = 0; i < s->n; i++)
		s->x[i] = (float)(step * rint((double)s->x[i] / step));
}

static void gain(struct signal *s, double by)
{
	for (size_t i = 0; i < s->n; i++)
		s->x[i] *= (float)by;
}

void poor_spoil(struct signal *s, struct sound_rng *rng, enum poor poor)
{
	switch (poor) {
	case POOR_OFFSET:
		offset(s, 1 / 3.0);
		break;
	case POOR_HUM_50:
		hum(s, 50, HUM_RMS);
		break;
	case POOR_HUM_60:
		hum(s, 60, HUM_RMS);
		break;
	case POOR_CLIPPED:
		clip(s, 0.5);
		break;
	case POOR_NARROW_2K:
		narrow(s, 2000);
		break;
	case POOR_NARROW_1K:
		narrow(s, 1000);
		break;
	case POOR_GAIN_STEPS:
		gain_steps(s, rng);
		break;
	case POOR_COARSE:
		/* Of a gain that shows the noise in the lowest bit or two. */
		gain(s, 4);
		coarse(s, EIGHT_BITS);
		break;
	case POOR_SELF_NOISE:
		noise_add(s, rng, NOISE_WHITE, SELF_RMS);
		break;
	case POOR_CHEAP:
		narrow(s, 2000);
		noise_add(s, rng, NOISE_WHITE, SELF_RMS / 3);
		hum(s, 50, HUM_RMS / 6);
		gain(s, 4);
		coarse(s, EIGHT_BITS);
		offset(s, 0.1);
		clip(s, 0.8);
		break;
	case POOR_NOTHING:
	case POOR_COUNT:
		break;
	}
}
