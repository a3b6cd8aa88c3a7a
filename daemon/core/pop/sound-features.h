// SPDX-License-Identifier: MIT
#pragma once
/* Features of one sound in time: plain functions of levels and samples, oldest first. */
#include <stddef.h>

/* Pulses within the levels (dB): peaks of at least least_db, with a dip of 6 dB before each. At
 * least 1. hold: the levels of a low tone swing at twice its frequency, the loudest of so many is
 * looked at. */
unsigned sound_sub_pulses(const float *level, size_t n, double least_db, size_t hold);
/* Levels of at least least_db; shorter holes than `hold` count as filled. */
size_t sound_time_above(const float *level, size_t n, double least_db, size_t hold);
/* Of what stands out of Gaussian noise of that mean square: 10 ms of sound in 60 ms of noise have
 * else the kurtosis of the noise. Plain where nothing much stands out. */
double sound_kurtosis(const float *x, size_t n, double noise);
/* From where the pulse leaves a fifth of its peak (or noise, where that is more) to 3 dB below
 * it, in samples: noise moves the crest itself from one swing to the next. peak_from .. n: where
 * the peak is. hold: samples of pause that a swing may have. */
size_t sound_rise(const float *x, size_t peak_from, size_t n, double noise, size_t hold);
