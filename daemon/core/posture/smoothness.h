// SPDX-License-Identifier: MIT
#pragma once
/* SPARC, the spectral arc length of a speed profile (Balasubramanian 2015, J NeuroEng Rehab
 * 12:112), with the parameters there: cut at 10 Hz, amplitude threshold 0.05, zero-padding by four
 * octaves. More negative is less smooth. Pure; computed once per repetition, on the stack.
 */
#include <stddef.h>

/* Longer profiles give NAN. */
#define SMOOTHNESS_MAX 2048

/* NAN if the profile is too short, too long, or zero. */
double smoothness_sparc(const float *speed, size_t n, double rate_hz);
