// SPDX-License-Identifier: MIT
#pragma once
/* Sounds for the tests of the pop detector, made after decision-model.md 1: joint pops, and what is
 * none. Each is a function of time added to a signal of any rate, full scale 1, so the same seed
 * gives the same sound at every rate.
 */
#include <stddef.h>
#include <stdint.h>

struct sound_rng {
	uint64_t state;
};

double sound_uniform(struct sound_rng *rng); /* [0, 1) */
double sound_between(struct sound_rng *rng, double low, double high);
double sound_log_between(struct sound_rng *rng, double low, double high); /* uniform in the log */
double sound_gauss(struct sound_rng *rng);

struct signal {
	double rate_hz;
	size_t n;
	float *x; /* owned */
};

struct signal signal_new(double rate_hz, double seconds);
void signal_done(struct signal *signal);
/* Rounded and clipped to 16 bits, as a converter does. Returns owned. */
int16_t *signal_to_pcm(const struct signal *signal);

enum noise_colour {
	NOISE_WHITE,
	NOISE_PINK, /* -3 dB an octave */
	NOISE_GYM,  /* pink, the hum of a ventilator, slow swells of 1.5 dB */
	NOISE_COLOUR_COUNT
};

/* Noise whose root mean square between 50 Hz and 2 kHz is `rms`. */
void noise_add(struct signal *signal, struct sound_rng *rng, enum noise_colour colour, double rms);
/* Root mean square between 50 Hz and 2 kHz. */
double signal_band_rms(const struct signal *signal);

#define POP_PULSES_MAX 9

struct pop_pulse {
	double at_s, gain;
	double hz[3], share[3];   /* resonances */
	double attack_s, decay_s; /* the amplitude's time constants */
};

struct synthetic_pop {
	unsigned n;
	double spread_s; /* the last pulse after the first */
	struct pop_pulse pulse[POP_PULSES_MAX];
};

/* One snap where pulses is 1, else cracks over up to 150 ms (S2). Resonance log-normal with mode
 * 215 and mean 333 Hz, 86 to 1830 (S3); 5 to 40 ms of ringing to -40 dB, a crack 5.66 (S1). */
struct synthetic_pop pop_draw(struct sound_rng *rng, unsigned pulses);
double pop_wave(const struct synthetic_pop *pop, double t_s);
/* The loudest 2 ms of it are snr_db above noise of this rms in the band; returns its peak gain. */
double pop_add(struct signal *signal, const struct synthetic_pop *pop, double at_s, double snr_db,
	double noise_rms);

/* What is no pop (decision-model.md 1.3). peak: amplitude of the loudest instant, about. */
enum distractor {
	DISTRACTOR_SPEECH, /* syllables of voice and hiss, plosives */
	DISTRACTOR_MUSIC,  /* chords, bass, drums */
	DISTRACTOR_DROP,
	DISTRACTOR_STEP,
	DISTRACTOR_TAP,
	DISTRACTOR_RUB,
	DISTRACTOR_COUNT
};

const char *distractor_name(enum distractor kind);
/* Seconds that it lasts. */
double distractor_add(struct signal *signal, struct sound_rng *rng, enum distractor kind,
	double at_s, double peak);
