// SPDX-License-Identifier: MIT
#pragma once
/* Detects from its sounds that a sensor has come off the skin. Pressed on with 2 N, a sensor
 * receives 1 to 10 kHz 13 dB louder and no change below (decision-model.md 1.1, S8): losing that
 * from one pop to the next, and again in the one after, is the step of decision-model.md 7.3 rule
 * 1. Pure.
 */
#include <stdbool.h>

#include "coxad/core/analysis.h"
#include "coxad/core/record.h"

#define POP_LOOSE_SOUNDS_MAX 16

/* The sounds of one wearable that were not noise, oldest first, the one in question last. */
bool pop_loose_has_lost_treble(
	const struct analysis_conf *analysis, const struct pop_features *const *sounds, unsigned n);
