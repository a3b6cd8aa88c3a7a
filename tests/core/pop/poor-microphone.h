// SPDX-License-Identifier: MIT
#pragma once
/* What is wrong with microphones that people have: added to a signal before it becomes samples. */
#include "tests/core/pop/synthetic-sound.h"

/* X(id, text) */
#define POOR_LIST(X)                                                                               \
	X(NOTHING, "nothing")                                                                      \
	X(OFFSET, "offset") /* a third of full scale */                                            \
	X(HUM_50, "hum-50") /* of the mains and its harmonics, 20 dB above the noise */            \
	X(HUM_60, "hum-60")                                                                        \
	X(CLIPPED, "clipped")     /* what is louder than half the loudest */                       \
	X(NARROW_2K, "narrow-2k") /* a steep low pass */                                           \
	X(NARROW_1K, "narrow-1k")                                                                  \
	X(GAIN_STEPS, "gain-steps") /* an automatic gain: 3 dB up or down, every second or so */   \
	X(COARSE, "coarse")         /* steps of 8 bits */                                          \
	X(SELF_NOISE, "self-noise") /* white, as strong as the noise around */                     \
	X(CHEAP, "cheap")           /* all of it, less */

enum poor {
#define POOR_ENUM_(id, text) POOR_##id,
	POOR_LIST(POOR_ENUM_)
#undef POOR_ENUM_
		POOR_COUNT
};

const char *poor_name(enum poor poor);
void poor_spoil(struct signal *signal, struct sound_rng *rng, enum poor poor);
