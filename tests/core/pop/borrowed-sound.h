// SPDX-License-Identifier: MIT
#pragma once
/* Sounds that other programs make, where they are installed: spoken sentences by espeak-ng, plucked
 * and bowed notes by sox. Each is taken from the program's output as a wave file and brought to the
 * signal's rate. The same seed gives the same sound with the same version of the program.
 */
#include <stdbool.h>

#include "tests/core/pop/synthetic-sound.h"

enum lender {
	LENDER_VOICES, /* espeak-ng: several languages, voices, speeds and pitches */
	LENDER_TUNES,  /* sox: its synthesiser */
	LENDER_COUNT
};

const char *lender_name(enum lender lender);
/* The program that it needs. */
const char *lender_program(enum lender lender);
bool lender_is_installed(enum lender lender);
/* peak: amplitude of the loudest instant. Seconds that it lasts, 0 where the program failed. */
double lender_add(
	struct signal *signal, struct sound_rng *rng, enum lender lender, double at_s, double peak);
