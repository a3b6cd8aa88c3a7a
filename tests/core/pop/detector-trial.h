// SPDX-License-Identifier: MIT
#pragma once
/* Trials of the pop detector with the origin gate behind it, by sound alone: no room microphone, no
 * shock, no posture. A false event is one that the gate calls a pop; what the gate rejects costs
 * nobody anything.
 */
#include <stdbool.h>

#include "coxad/core/pop/acoustic-detector.h"
#include "tests/core/pop/poor-microphone.h"
#include "tests/core/pop/synthetic-sound.h"

#define TRIAL_EVENTS_MAX 4096

struct trial_event {
	struct acoustic_event event;
	int origin; /* ORIGIN_POP or the code */
};

struct trial {
	unsigned n;
	struct trial_event event[TRIAL_EVENTS_MAX];
};

/* In packets of an odd length, so that hops and packets do not fall together; the first at 0. */
void trial_listen(const struct signal *signal, struct trial *ret);
void trial_listen_pcm(const int16_t *pcm, size_t n, double rate_hz, struct trial *ret);
unsigned trial_pops(const struct trial *trial);

struct recall {
	unsigned wanted, found;
	unsigned heard; /* an event there, whatever the gate said */
	unsigned split; /* pops that came out as more than one */
	unsigned stray; /* pops where none was */
	unsigned n;
	double error_ms[4096]; /* of the onsets found, n of them */
	unsigned rejected[64]; /* by the gate's code */
};

/* One pop a second in `seconds` of noise. */
struct recall_plan {
	double rate_hz, snr_db;
	enum noise_colour colour;
	unsigned pulses; /* 0: a mix of snaps and cracks */
	unsigned seconds;
	uint64_t seed;
	enum poor poor; /* what is wrong with the microphone */
};

/* Adds to ret. */
void recall_measure(const struct recall_plan *plan, struct recall *ret);
/* Absolute onset error that the share of them stays below. */
double recall_error_ms(struct recall *recall, double share);

/* Adds one sound to the signal, peak its loudest instant; the seconds that it lasts. */
typedef double (*trial_sound_fn)(
	struct signal *signal, struct sound_rng *rng, double at_s, double peak, void *user);
/* Seconds of such sounds over a quiet background. Returns the pops in it; the events in *ret_trial.
 */
unsigned false_measure(double rate_hz, trial_sound_fn add, void *user, unsigned seconds,
	uint64_t seed, struct trial *ret_trial);
/* A trial_sound_fn; user: an enum distractor. */
double trial_distractor(
	struct signal *signal, struct sound_rng *rng, double at_s, double peak, void *user);
