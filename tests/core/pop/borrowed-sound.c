// SPDX-License-Identifier: MIT
#include "tests/core/pop/borrowed-sound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define LINE_MAX_  1024
#define CROSSINGS  12   /* of the interpolation's sine to each side */
#define PASS_SHARE 0.45 /* of the lower rate: what stays */
/* Both programs write a header of 44 bytes to a pipe, 16 bits, one channel. */
#define WAV_HEADER 44
#define WAV_RATE   22050.0
#define WAV_MAX    (60 * 22050)

#define PICK(rng, list) ((list)[(size_t)(sound_uniform(rng) * (sizeof(list) / sizeof((list)[0])))])

const char *lender_name(enum lender lender)
{
	return lender == LENDER_VOICES ? "voices" : "tunes";
}

const char *lender_program(enum lender lender)
{
	return lender == LENDER_VOICES ? "espeak-ng" : "sox";
}

bool lender_is_installed(enum lender lender)
{
	char line[LINE_MAX_];

	snprintf(line, sizeof(line), "command -v %s >/dev/null 2>&1", lender_program(lender));
	return system(line) == 0;
}

static void spoken(struct sound_rng *rng, char *line, size_t size)
{
	static const char *const text[] = {
		"Keep the low back flat on the mat, and lower both legs slowly.",
		"Ten, nine, eight, seven. Stop! Take a break, pick up the bottle.",
		"Did you hear that? It popped again, about half way down.",
		"Bend your knees, tuck the chin, breathe out, and back up.",
		"Quick! Put it down. Tip top, that was perfect, Peter.",
		"Twenty six, twenty seven, keep kicking, do not stop.",
		"Who took the black plate? Bring two blocks and a thick towel.",
		"Alle Beine langsam senken, den Bauch fest, und tief durchatmen.",
		"Doucement, gardez le dos plat, et remontez les jambes.",
		"No, no. Maybe later. What time is it now, and where are we going?",
	};
	static const char *const voice[] = {
		"en-us", "en-gb", "en-gb-scotland", "de", "fr", "es", "it", "pl"};
	static const char *const variant[] = {
		"", "+m2", "+m3", "+m5", "+m7", "+f2", "+f3", "+f4", "+croak", "+whisper"};

	snprintf(line, size,
		"espeak-ng --stdout -v '%s%s' -s %.0f -p %.0f -g %.0f '%s' 2>/dev/null",
		PICK(rng, voice), PICK(rng, variant), sound_between(rng, 90, 280),
		sound_between(rng, 5, 95), sound_between(rng, 0, 8), PICK(rng, text));
}

/* Notes that ring down: sox's fade l falls by 100 dB in its length, so that it is 10 dB weaker
 * after a tenth. A note of less than decision-model.md 1.3's 250 ms is a ring like a pop's. */
static void played(struct sound_rng *rng, char *line, size_t size)
{
	static const char *const wave[] = {
		"pluck", "pluck", "pluck", "sine", "square", "sawtooth", "triangle"};
	const char *kind = PICK(rng, wave);
	unsigned notes = 2 + (unsigned)(5 * sound_uniform(rng));
	double step = sound_between(rng, 0.03, 0.5), length = sound_log_between(rng, 0.8, 4);
	size_t at;

	at = (size_t)snprintf(
		line, size, "sox -n -r 22050 -c 1 -b 16 -R -t wav - synth %.3f", length + 0.5);
	for (unsigned i = 0; i < notes; i++)
		at += (size_t)snprintf(
			line + at, size - at, " %s %%%.0f", kind, sound_between(rng, -26, 15));
	at += (size_t)snprintf(
		line + at, size - at, " fade l 0.004 %.3f %.3f delay", length, 0.9 * length);
	for (unsigned i = 0; i < notes; i++)
		at += (size_t)snprintf(line + at, size - at, " %.3f", i * step);
	snprintf(line + at, size - at, " remix - norm -1 2>/dev/null");
}

static float *run(const char *line, size_t *ret_n)
{
	FILE *pipe = popen(line, "r");
	int16_t *pcm = alloc_zero(WAV_MAX, sizeof(*pcm));
	float *x = alloc_zero(WAV_MAX, sizeof(*x));
	char header[WAV_HEADER];

	*ret_n = 0;
	if (pipe) {
		if (fread(header, sizeof(header), 1, pipe) == 1)
			*ret_n = fread(pcm, sizeof(*pcm), WAV_MAX, pipe);
		pclose(pipe);
	}
	for (size_t i = 0; i < *ret_n; i++)
		x[i] = (float)pcm[i];
	free(pcm);
	return x;
}

/* Windowed sine between the samples, what is above the lower of both rates left out. */
static double between_samples(const float *x, size_t n, double at, double pass)
{
	double reach = CROSSINGS / pass, sum = 0;
	size_t from = at > reach ? (size_t)ceil(at - reach) : 0;

	for (size_t i = from; i < n && (double)i <= at + reach; i++) {
		double d = ((double)i - at) * pass, w = 0.5 + 0.5 * cos(M_PI * d / CROSSINGS);

		sum += (double)x[i] * w * pass * (fabs(d) < 1e-9 ? 1 : sin(M_PI * d) / (M_PI * d));
	}
	return sum;
}

double lender_add(
	struct signal *s, struct sound_rng *rng, enum lender lender, double at_s, double peak)
{
	double pass = fmin(1, 2 * PASS_SHARE * s->rate_hz / WAV_RATE), most = 0;
	size_t from = (size_t)(at_s * s->rate_hz), n, length;
	char line[LINE_MAX_];
	float *x;

	if (lender == LENDER_VOICES)
		spoken(rng, line, sizeof(line));
	else
		played(rng, line, sizeof(line));
	x = run(line, &n);
	for (size_t i = 0; i < n; i++)
		most = fmax(most, fabs((double)x[i]));
	length = (size_t)((double)n / WAV_RATE * s->rate_hz);
	for (size_t i = 0; i < length && from + i < s->n && most > 0; i++)
		s->x[from + i] +=
			(float)(peak / most *
				between_samples(x, n, (double)i * WAV_RATE / s->rate_hz, pass));
	free(x);
	return (double)n / WAV_RATE;
}
