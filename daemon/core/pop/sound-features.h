// SPDX-License-Identifier: MIT
#pragma once
/* Features of one sound in the time domain: pure functions of levels and samples, oldest first. */
#include <stddef.h>

/* Pulses within the levels (dB): peaks of at least least_db, with a dip of 6 dB before each. At
 * least 1. hold: the maximum over this many levels is used, as the level of a low tone swings at
 * twice its frequency. */
unsigned sound_features_sub_pulses(const float *level, size_t n, double least_db, size_t hold);
/* Number of levels of at least least_db; holes shorter than `hold` count as filled. */
size_t sound_features_time_above(const float *level, size_t n, double least_db, size_t hold);
/* Kurtosis with the moments of Gaussian noise of that mean square subtracted: otherwise 10 ms of
 * sound in 60 ms of noise have the kurtosis of the noise. Plain if hardly anything stands out. The
 * n samples count as part of `of` (n at most), of which the others are silence. */
double sound_features_kurtosis(const float *x, size_t n, size_t of, double noise);
/* Rise time in samples, from a fifth of the peak (or the noise, if more) to 3 dB below it; the
 * crest itself is moved by noise from one swing to the next. The peak is within peak_from .. n.
 * hold: longest pause within a swing, in samples. */
size_t sound_features_rise(const float *x, size_t peak_from, size_t n, double noise, size_t hold);
/* RMS deviation of the levels from their regression line; 0 for fewer than 3. */
double sound_features_bend(const float *level, size_t n);
/* Number of levels until another pulse begins: up to the lowest before a rise of 6 dB, on the
 * maximum over `hold`. n if none begins. */
size_t sound_features_pulse_end(const float *level, size_t n, size_t hold);
/* Maximum autocorrelation of the levels, clamped to at least least_db, over lags from least_lag to
 * most_lag (below n); 0 if they are all the same. */
double sound_features_periodicity(
	const float *level, size_t n, double least_db, size_t least_lag, size_t most_lag);
