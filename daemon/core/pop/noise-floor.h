// SPDX-License-Identifier: MIT
#pragma once
/* Running median and median absolute deviation of levels in dB over a window of fixed length: a
 * ring of values and their histogram at 0.5 dB. A value costs a few operations, the
 * deviation a scan of the histogram.
 */
#include <stddef.h>
#include <stdint.h>

#define NOISE_FLOOR_MIN_DB  (-120.0)
#define NOISE_FLOOR_STEP_DB 0.5
#define NOISE_FLOOR_BINS    256

struct noise_floor {
	size_t capacity, n, at;
	uint8_t *ring; /* bins; the oldest at `at` once full; owned */
	uint32_t bin[NOISE_FLOOR_BINS];
	unsigned centre; /* bin of the median */
	size_t below;    /* values in lower bins */
};

void noise_floor_init(struct noise_floor *floor, size_t capacity);
void noise_floor_done(struct noise_floor *floor);
/* Forgets all values. */
void noise_floor_clear(struct noise_floor *floor);
/* Of a level, for any floor. */
uint8_t noise_floor_bin(double level_db);
void noise_floor_push(struct noise_floor *floor, uint8_t bin);
/* NAN before the first value. */
double noise_floor_median_db(const struct noise_floor *floor);
double noise_floor_mad_db(const struct noise_floor *floor);
