// SPDX-License-Identifier: MIT
#pragma once
/* Spectral features of a short segment of sound, by a real FFT (kissfft), with the background
 * before it subtracted. Owns plan and buffers, allocated at new.
 */
#include <stddef.h>

struct spectrum;

struct spectrum_features {
	double centroid_hz, peak_hz, hf_ratio, lf_ratio, flatness;
};

/* n: samples of one segment. */
struct spectrum *spectrum_new(double rate_hz, size_t n);
struct spectrum *spectrum_free(struct spectrum *spectrum);
/* Forgets the background. */
void spectrum_clear(struct spectrum *spectrum);
/* Adds a segment of n samples to the background. */
void spectrum_add_background(struct spectrum *spectrum, const float *x);
/* x has the n samples given to new. Silence, or nothing above the background, gives zeros. */
void spectrum_measure(struct spectrum *spectrum, const float *x, struct spectrum_features *ret);
