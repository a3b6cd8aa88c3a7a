// SPDX-License-Identifier: MIT
#pragma once
/* A sound as a pad on a body picks it up: the features that a wearable reports
 * (wearable-profile.md, 0005), and the waveform for a wearable that streams it. Levels are in dB
 * relative to full scale.
 */
#include <stddef.h>
#include <stdint.h>

#define SOUND_PACKET_SIZE 20

/* X(id, text) */
#define SOUND_LIST(X)                                                                              \
	X(POP, "pop")     /* a tendon slips */                                                     \
	X(CRACK, "crack") /* a low back */                                                         \
	X(HEEL, "heel")   /* on the floor */                                                       \
	X(TAP, "tap")     /* a finger on the housing */                                            \
	X(DROP, "drop")   /* a weight on the floor */                                              \
	X(SPEECH, "speech")                                                                        \
	X(RUB, "rub")     /* strap on mat */                                                       \
	X(CREAK, "creak") /* a joint in motion */                                                  \
	X(CLAP, "clap")                                                                            \
	X(BURST, "burst") /* a pad that lost its contact */

enum sound_kind {
#define SOUND_ENUM_(id, text) SOUND_##id,
	SOUND_LIST(SOUND_ENUM_)
#undef SOUND_ENUM_
		SOUND_KIND_COUNT
};

struct sound {
	enum sound_kind kind;
	double peak_db, background_db;
	double rise_ms, t10_ms; /* T10: time within 10 dB of the peak */
	double centroid_hz, kurtosis;
	double high_share, low_share; /* of energy above 1 kHz, below 100 Hz */
	double pulses;
	double car_db; /* contact level minus air level */
	double knock_g;
	double flatness;
	double clipped; /* anything but 0: yes */
};

const char *sound_kind_to_string(enum sound_kind kind);
int sound_kind_from_string(const char *text, enum sound_kind *ret);
/* A typical sound of a kind: decision-model.md 1.3 and 8. */
struct sound sound_usual(enum sound_kind kind);
/* A Pop packet; time is on the wearable's clock. has_air: the pad also has an air microphone. */
void sound_to_packet(const struct sound *sound, uint16_t sequence, uint32_t time, int has_air,
	uint8_t ret[SOUND_PACKET_SIZE]);
/* The waveform t seconds after the onset, full scale 1; noise is a new standard normal number. */
double sound_wave(const struct sound *sound, double t_s, double noise);
/* Seconds after which it has died away. */
double sound_length_s(const struct sound *sound);
