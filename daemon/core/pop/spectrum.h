// SPDX-License-Identifier: MIT
#pragma once
/* Spectral features of a short stretch of sound, by a real FFT (kissfft). Owns plan and buffers,
 * taken at new.
 */
#include <stddef.h>

struct spectrum;

struct spectrum_features {
	double centroid_hz, hf_ratio, lf_ratio, flatness;
};

/* n: samples of one stretch. */
struct spectrum *spectrum_new(double rate_hz, size_t n);
struct spectrum *spectrum_free(struct spectrum *spectrum);
/* x has the n samples of new. Silence gives zeros. */
void spectrum_measure(struct spectrum *spectrum, const float *x, struct spectrum_features *ret);
