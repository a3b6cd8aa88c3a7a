// SPDX-License-Identifier: MIT
#pragma once
/* Features of one sound in time: plain functions of levels and samples, oldest first. */
#include <stddef.h>

/* Pulses within the levels (dB): peaks of at least least_db, with a dip of 6 dB before each. At
 * least 1. hold: the levels of a low tone swing at twice its frequency, the loudest of so many is
 * looked at. */
unsigned sound_features_sub_pulses(const float *level, size_t n, double least_db, size_t hold);
/* Levels of at least least_db; shorter holes than `hold` count as filled. */
size_t sound_features_time_above(const float *level, size_t n, double least_db, size_t hold);
/* Of what stands out of Gaussian noise of that mean square: 10 ms of sound in 60 ms of noise have
 * else the kurtosis of the noise. Plain where nothing much stands out. The n samples are taken for
 * what there is in `of` samples, n at most `of`, the others for silence. */
double sound_features_kurtosis(const float *x, size_t n, size_t of, double noise);
/* From where the pulse leaves a fifth of its peak (or noise, where that is more) to 3 dB below
 * it, in samples: noise moves the crest itself from one swing to the next. peak_from .. n: where
 * the peak is. hold: samples of pause that a swing may have. */
size_t sound_features_rise(const float *x, size_t peak_from, size_t n, double noise, size_t hold);
/* How far the levels are off a straight line through them, root mean square; 0 for less than 3. */
double sound_features_bend(const float *level, size_t n);
/* Levels from the first on until another pulse begins: to the lowest before a rise of 6 dB, the
 * loudest of `hold` being looked at. n where none begins. */
size_t sound_features_pulse_end(const float *level, size_t n, size_t hold);
/* Greatest correlation of the levels, those below least_db taken for it, with themselves so many
 * levels later, from least_lag to most_lag; 0 where they are all the same. most_lag is below n. */
double sound_features_periodicity(
	const float *level, size_t n, double least_db, size_t least_lag, size_t most_lag);
