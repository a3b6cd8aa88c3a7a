// SPDX-License-Identifier: MIT
/* What is no joint pop: decision-model.md 1.3, each of many shapes. */
#include <math.h>

#include "coxad/base/units.h"
#include "tests/core/pop/synthetic-sound.h"

#define PARTIALS 8

const char *distractor_name(enum distractor kind)
{
	static const char *const name[DISTRACTOR_COUNT] = {
		"speech", "music", "drops", "footsteps", "taps", "rubbing"};

	return name[kind];
}

/* A resonator driven by anything: what a mouth or a wall makes of it. */
struct resonator {
	double a1, a2, gain, y1, y2;
};

static struct resonator resonator(double rate_hz, double hz, double width_hz)
{
	double r = exp(-M_PI * width_hz / rate_hz),
	       w = 2 * M_PI * fmin(hz, 0.45 * rate_hz) / rate_hz;

	return (struct resonator){
		2 * r * cos(w), -r * r, (1 - r) * sqrt(1 - 2 * r * cos(2 * w) + r * r), 0, 0};
}

static double resonator_step(struct resonator *f, double x)
{
	double y = f->gain * x + f->a1 * f->y1 + f->a2 * f->y2;

	f->y2 = f->y1;
	f->y1 = y;
	return y;
}

static void add(struct signal *s, size_t i, double v)
{
	if (i < s->n)
		s->x[i] += (float)v;
}

static double fade(double t, double length, double in, double out)
{
	if (t < 0 || t > length)
		return 0;
	return fmin(1, fmin(t / in, (length - t) / out));
}

/* A burst of noise through one resonance. */
static void burst(struct signal *s, struct sound_rng *rng, double at_s, double peak, double hz,
	double width_hz, double in_s, double decay_s)
{
	struct resonator f = resonator(s->rate_hz, hz, width_hz);
	size_t from = (size_t)(at_s * s->rate_hz), n = (size_t)(s->rate_hz * (in_s + 6 * decay_s));
	double scale = peak / (3 * sqrt(fmin(0.5, width_hz / s->rate_hz * 2)));

	for (size_t i = 0; i < n; i++) {
		double t = (double)i / s->rate_hz;
		double shape = t < in_s ? t / in_s : exp(-(t - in_s) / decay_s);

		add(s, from + i, scale * shape * resonator_step(&f, sound_gauss(rng)));
	}
}

static void tone(struct signal *s, double at_s, double peak, double hz, double sweep, double in_s,
	double decay_s)
{
	size_t from = (size_t)(at_s * s->rate_hz), n = (size_t)(s->rate_hz * (in_s + 6 * decay_s));
	double phase = 0;

	if (hz > 0.45 * s->rate_hz)
		return;
	for (size_t i = 0; i < n; i++) {
		double t = (double)i / s->rate_hz;
		double shape = fmin(1, t / in_s) * exp(-t / decay_s);

		phase += 2 * M_PI * hz * (1 + sweep * exp(-t / 0.03)) / s->rate_hz;
		add(s, from + i, peak * shape * sin(phase));
	}
}

/* One syllable: glottal pulses, three formants that glide, a consonant before it. */
static double syllable(
	struct signal *s, struct sound_rng *rng, double at_s, double peak, double pitch_hz)
{
	double length = sound_between(rng, 0.09, 0.32), phase = 0,
	       in = sound_between(rng, 0.012, 0.05);
	double f1 = sound_between(rng, 280, 850), f2 = sound_between(rng, 900, 2300);
	struct resonator f[3] = {resonator(s->rate_hz, f1, 80), resonator(s->rate_hz, f2, 110),
		resonator(s->rate_hz, 2700, 160)};
	double kind = sound_uniform(rng);
	size_t from, n = (size_t)(length * s->rate_hz);

	if (kind < 0.35) { /* a plosive: release, some 20 ms before the voice */
		burst(s, rng, at_s, peak * sound_between(rng, 0.1, 0.5),
			sound_between(rng, 700, 4000), 1500, 0.001,
			sound_between(rng, 0.004, 0.015));
		at_s += sound_between(rng, 0.015, 0.06);
	} else if (kind < 0.6) { /* a fricative */
		burst(s, rng, at_s, peak * 0.3, sound_between(rng, 2500, 7000), 2500, 0.03, 0.05);
		at_s += 0.09;
	}
	from = (size_t)(at_s * s->rate_hz);
	for (size_t i = 0; i < n; i++) {
		double t = (double)i / s->rate_hz, x, y = 0;

		phase += pitch_hz * (1 + 0.1 * sin(9 * t)) / s->rate_hz;
		phase -= floor(phase);
		/* The flow's derivative: opens slowly, closes at once. */
		x = (phase < 0.6           ? sin(M_PI * phase / 0.6) * 0.3
			    : phase < 0.68 ? -1
					   : 0) +
		    0.02 * sound_gauss(rng);
		for (int k = 0; k < 3; k++)
			y += resonator_step(&f[k], x) * (k ? 2.0 : 1.0);
		add(s, from + i, peak * y * 1.6 * fade(t, length, in, 0.05));
	}
	return at_s + length;
}

static double speech(struct signal *s, struct sound_rng *rng, double at_s, double peak)
{
	double pitch = sound_log_between(rng, 80, 280), end = at_s + sound_between(rng, 1.5, 4),
	       t = at_s;

	while (t < end) {
		t = syllable(s, rng, t, peak * sound_between(rng, 0.3, 1),
			pitch * sound_between(rng, 0.85, 1.2));
		t += sound_uniform(rng) < 0.2 ? sound_between(rng, 0.1, 0.4)
					      : sound_between(rng, 0, 0.05);
	}
	return t - at_s;
}

static void chord(struct signal *s, struct sound_rng *rng, double at_s, double peak, double root_hz)
{
	static const double step[] = {1, 1.26, 1.5};
	double decay = sound_between(rng, 0.25, 0.9), in = sound_between(rng, 0.003, 0.03);

	for (int n = 0; n < 3; n++)
		for (int k = 1; k <= PARTIALS; k++)
			tone(s, at_s, peak / 3.5 / k, root_hz * step[n] * k, 0, in,
				decay / sqrt(k));
}

/* Eight beats of pop music: kick, snare, hat, bass and chords. */
static double music(struct signal *s, struct sound_rng *rng, double at_s, double peak)
{
	double beat = 60 / sound_between(rng, 70, 170), root = sound_log_between(rng, 90, 330);

	for (int i = 0; i < 16; i++) {
		double t = at_s + i * beat / 2;

		if (i % 4 == 0) { /* a kick of a drum computer or a big drum */
			tone(s, t, peak, sound_between(rng, 45, 62), 1.5, 0.002,
				sound_between(rng, 0.08, 0.2));
			burst(s, rng, t, peak * 0.2, 2500, 3000, 0.0005, 0.004);
			chord(s, rng, t, peak * 0.5, root * (i % 8 ? 0.75 : 1));
		}
		if (i % 8 == 4) {
			tone(s, t, peak * 0.5, 190, 0.2, 0.001, 0.06);
			burst(s, rng, t, peak * 0.8, 1800, 4000, 0.001,
				sound_between(rng, 0.05, 0.12));
		}
		burst(s, rng, t, peak * 0.25, 7000, 4000, 0.0005, 0.02);
		tone(s, t, peak * 0.5, root / 2, 0, 0.006, beat / 3);
	}
	return 8 * beat;
}

/* A plate or a dumb-bell: the floor's thump, the iron's ring, and some bounces. */
static double drop(struct signal *s, struct sound_rng *rng, double at_s, double peak)
{
	double t = at_s, gain = 1, ring_hz = sound_log_between(rng, 250, 4000);
	double ring = sound_log_between(rng, 0.03, 1), decay = sound_log_between(rng, 0.015, 0.1);
	double clatter = sound_log_between(rng, 0.1, 0.6);
	int bounces = 1 + (int)(4 * sound_uniform(rng));

	for (int i = 0; i < bounces; i++) {
		tone(s, t, peak * gain, sound_between(rng, 40, 180), 0.3,
			sound_between(rng, 0.0005, 0.004), decay);
		burst(s, rng, t, peak * gain * clatter, sound_between(rng, 200, 600), 500, 0.001,
			0.5 * decay);
		for (int k = 0; k < 4; k++)
			tone(s, t, peak * gain * ring * sound_between(rng, 0.1, 0.5),
				ring_hz * (1 + 0.59 * k), 0, 0.0005,
				sound_log_between(rng, 0.03, 0.4));
		t += sound_between(rng, 0.1, 0.4) * gain;
		gain *= sound_between(rng, 0.3, 0.7);
	}
	return t - at_s + 0.5;
}

/* Heel, then the ball of the foot; bare, or in a shoe that slaps. */
static double footstep(struct signal *s, struct sound_rng *rng, double at_s, double peak)
{
	double hz = sound_between(rng, 35, 140), decay = sound_log_between(rng, 0.01, 0.06);

	tone(s, at_s, peak, hz, 0.2, sound_log_between(rng, 0.0007, 0.006), decay);
	burst(s, rng, at_s, peak * sound_log_between(rng, 0.03, 0.4),
		sound_log_between(rng, 150, 1500), 600, 0.002, sound_between(rng, 0.01, 0.04));
	burst(s, rng, at_s + sound_between(rng, 0.04, 0.2), peak * sound_between(rng, 0.05, 0.6),
		hz * 1.4, 150, 0.01, 0.03);
	return 0.4;
}

/* A finger on the housing. What lies above half the rate is gone, as behind a converter's filter;
 * the shorter the tap, the more of it is below. */
static double tap(struct signal *s, struct sound_rng *rng, double at_s, double peak)
{
	double hz = sound_between(rng, 2700, 7000);

	tone(s, at_s, peak, hz, 0, 0.0001, sound_log_between(rng, 0.0003, 0.002));
	tone(s, at_s, peak * 0.3, hz * 1.7, 0, 0.0001, 0.0008);
	return 0.2;
}

/* Grains of cloth or strap, some hundreds to thousands a second, of all strengths, their rate and
 * strength wandering with the movement. */
static double rub(struct signal *s, struct sound_rng *rng, double at_s, double peak)
{
	double length = sound_log_between(rng, 0.1, 1.2), hz = sound_log_between(rng, 200, 3500);
	double in = length * sound_between(rng, 0.05, 0.5);
	double rate = sound_log_between(rng, 250, 6000), depth = sound_between(rng, 0, 0.9);
	double beat_hz = sound_between(rng, 2, 20), beat = 2 * M_PI * sound_uniform(rng);
	double tail = sound_between(rng, 1, 1.25); /* more: some grains far stronger */
	struct resonator f = resonator(s->rate_hz, hz, hz * sound_between(rng, 0.3, 1.2));
	size_t from = (size_t)(at_s * s->rate_hz), n = (size_t)(length * s->rate_hz);
	double scale =
		peak / (2.5 * sqrt(rate / s->rate_hz) * sqrt(fmin(0.5, hz * 1.6 / s->rate_hz)));

	for (size_t i = 0; i < n; i++) {
		double t = (double)i / s->rate_hz, x = 0;

		if (sound_uniform(rng) < rate / s->rate_hz) {
			x = sound_gauss(rng);
			x = copysign(pow(fabs(x), tail), x);
		}
		add(s, from + i,
			scale * resonator_step(&f, x) * fade(t, length, in, in) *
				(1 + depth * sin(2 * M_PI * beat_hz * t + beat)) / (1 + depth));
	}
	return length;
}

double distractor_add(
	struct signal *s, struct sound_rng *rng, enum distractor kind, double at_s, double peak)
{
	switch (kind) {
	case DISTRACTOR_SPEECH:
		return speech(s, rng, at_s, peak);
	case DISTRACTOR_MUSIC:
		return music(s, rng, at_s, peak);
	case DISTRACTOR_DROP:
		return drop(s, rng, at_s, peak);
	case DISTRACTOR_STEP:
		return footstep(s, rng, at_s, peak);
	case DISTRACTOR_TAP:
		return tap(s, rng, at_s, peak);
	case DISTRACTOR_RUB:
		return rub(s, rng, at_s, peak);
	case DISTRACTOR_COUNT:
		break;
	}
	return 0;
}
