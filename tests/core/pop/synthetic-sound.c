// SPDX-License-Identifier: MIT
#include "tests/core/pop/synthetic-sound.h"

#include <math.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/biquad.h"
#include "coxad/base/units.h"

#define DB(x) pow(10, (x) / 20)

double sound_uniform(struct sound_rng *rng)
{
	rng->state = rng->state * 6364136223846793005u + 1442695040888963407u;
	return (double)(rng->state >> 11) / 9007199254740992.0;
}

double sound_between(struct sound_rng *rng, double low, double high)
{
	return low + (high - low) * sound_uniform(rng);
}

double sound_log_between(struct sound_rng *rng, double low, double high)
{
	return exp(sound_between(rng, log(low), log(high)));
}

double sound_gauss(struct sound_rng *rng)
{
	double r = sqrt(-2 * log(sound_uniform(rng) + 1e-15));

	return r * cos(2 * M_PI * sound_uniform(rng));
}

struct signal signal_new(double rate_hz, double seconds)
{
	struct signal s = {.rate_hz = rate_hz, .n = (size_t)(rate_hz * seconds)};

	s.x = alloc_zero(s.n, sizeof(*s.x));
	return s;
}

void signal_done(struct signal *s)
{
	free(s->x);
	*s = (struct signal){0};
}

int16_t *signal_to_pcm(const struct signal *s)
{
	int16_t *pcm = alloc_zero(s->n, sizeof(*pcm));

	for (size_t i = 0; i < s->n; i++)
		pcm[i] = (int16_t)lrintf(fmaxf(-32768, fminf(32767, s->x[i] * 32768)));
	return pcm;
}

double signal_band_rms(const struct signal *s)
{
	struct biquad high = biquad_high_pass(s->rate_hz, 50), low = {.b0 = 1};
	struct biquad_state high_state = {0}, low_state = {0};
	double sum = 0;

	if (2000 < 0.45 * s->rate_hz)
		low = biquad_low_pass(s->rate_hz, 2000);
	for (size_t i = 0; i < s->n; i++) {
		double x = biquad_step(&high, &high_state, (double)s->x[i]);
		double y = biquad_step(&low, &low_state, x);

		sum += y * y;
	}
	return s->n ? sqrt(sum / (double)s->n) : 0;
}

static void pink(struct signal *s, struct sound_rng *rng)
{
	/* Four poles an octave and more apart: -3 dB an octave within 1 dB from 40 Hz to 4 kHz. */
	static const double pole_hz[] = {30, 150, 750, 3750};
	double state[4] = {0};

	for (size_t i = 0; i < s->n; i++) {
		double w = sound_gauss(rng), y = 0;

		for (int k = 0; k < 4; k++) {
			double a = exp(-2 * M_PI * pole_hz[k] / s->rate_hz);

			state[k] = a * state[k] + (1 - a) * w / sqrt((1 - a) / (1 + a));
			y += state[k];
		}
		s->x[i] = (float)y;
	}
}

void noise_add(struct signal *s, struct sound_rng *rng, enum noise_colour colour, double rms)
{
	struct signal noise = {.rate_hz = s->rate_hz, .n = s->n};
	double scale;

	noise.x = alloc_zero(s->n, sizeof(*noise.x));
	if (colour == NOISE_WHITE)
		for (size_t i = 0; i < s->n; i++)
			noise.x[i] = (float)sound_gauss(rng);
	else
		pink(&noise, rng);
	for (size_t i = 0; colour == NOISE_GYM && i < s->n; i++) {
		double t = (double)i / s->rate_hz;

		noise.x[i] *= (float)DB(1.5 * sin(2 * M_PI * t / 7));
		noise.x[i] +=
			(float)(1.0 * sin(2 * M_PI * 100 * t) + 0.5 * sin(2 * M_PI * 200 * t));
	}
	scale = rms / fmax(signal_band_rms(&noise), 1e-12);
	for (size_t i = 0; i < s->n; i++)
		s->x[i] += (float)(scale * (double)noise.x[i]);
	free(noise.x);
}

static double pulse_wave(const struct pop_pulse *p, double t)
{
	double sum = 0;

	if (t <= 0 || t > 12 * p->decay_s)
		return 0;
	for (int k = 0; k < 3; k++)
		sum += p->share[k] * sin(2 * M_PI * p->hz[k] * t);
	return p->gain * (1 - exp(-t / p->attack_s)) * exp(-t / p->decay_s) * sum;
}

/* Greatest value 1. */
static void draw_pulse(struct sound_rng *rng, struct pop_pulse *p, double hz, double ringing_s)
{
	double most = 0;

	*p = (struct pop_pulse){.gain = 1, .attack_s = sound_between(rng, 0.0002, 0.0012)};
	/* To -40 dB, where it sinks into the sensor's noise: 40 ms of it have a kurtosis of 10
	 * (1.3). */
	p->decay_s = ringing_s / 4.6;
	p->hz[0] = hz;
	p->share[0] = 1;
	p->hz[1] = fmin(1800, hz * sound_between(rng, 1.5, 2.6));
	p->share[1] = sound_between(rng, 0.1, 0.5);
	p->hz[2] = fmin(1850, hz * sound_between(rng, 2.8, 4.5));
	p->share[2] = sound_between(rng, 0, 0.3);
	for (double t = 0; t < 0.02; t += 0.00005)
		most = fmax(most, fabs(pulse_wave(p, t)));
	p->gain = 1 / most;
}

struct synthetic_pop pop_draw(struct sound_rng *rng, unsigned pulses)
{
	struct synthetic_pop pop = {.n = pulses};
	double hz, at = 0;

	do
		hz = exp(5.662 + 0.54 * sound_gauss(rng));
	while (hz < 86 || hz > 1830);
	for (unsigned i = 0; i < pulses; i++) {
		double ringing = pulses == 1 ? exp(sound_between(rng, log(0.005), log(0.040)))
					     : sound_between(rng, 0.005, 0.009);

		draw_pulse(rng, &pop.pulse[i], hz * sound_between(rng, 0.9, 1.1), ringing);
		pop.pulse[i].at_s = at;
		if (i)
			pop.pulse[i].gain *= sound_between(rng, 0.5, 1.2);
		at += 0.145 / fmax(4, pulses - 1) * sound_between(rng, 0.7, 1.0);
	}
	pop.spread_s = pop.pulse[pulses - 1].at_s;
	return pop;
}

double pop_wave(const struct synthetic_pop *pop, double t_s)
{
	double sum = 0;

	for (unsigned i = 0; i < pop->n; i++)
		sum += pulse_wave(&pop->pulse[i], t_s - pop->pulse[i].at_s);
	return sum;
}

double pop_add(struct signal *s, const struct synthetic_pop *pop, double at_s, double snr_db,
	double noise_rms)
{
	size_t from = (size_t)ceil(at_s * s->rate_hz), n = (size_t)(s->rate_hz * 0.4);
	size_t window = (size_t)(s->rate_hz * 0.002);
	double sum = 0, loudest = 0, scale;

	for (size_t i = 0; i < n; i++) {
		double t = (double)i / s->rate_hz, old = t - 0.002, y = pop_wave(pop, t);

		sum += y * y;
		if (i >= window)
			sum -= pow(pop_wave(pop, old), 2);
		loudest = fmax(loudest, sum / (double)window);
	}
	scale = noise_rms * DB(snr_db) / sqrt(loudest);
	for (size_t i = 0; i < n && from + i < s->n; i++)
		s->x[from + i] +=
			(float)(scale * pop_wave(pop, (double)(from + i) / s->rate_hz - at_s));
	return scale;
}
