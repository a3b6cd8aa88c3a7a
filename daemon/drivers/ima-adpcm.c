// SPDX-License-Identifier: MIT
#include "coxad/drivers/ima-adpcm.h"

#include <stdbool.h>

/* Step sizes, each about 1.1 times the one before. */
static const int16_t step_of_index[IMA_ADPCM_INDEX_MAX + 1] = {7, 8, 9, 10, 11, 12, 13, 14, 16, 17,
	19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143,
	157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796,
	876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327,
	3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635,
	13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767};

static const int8_t index_change[8] = {-1, -1, -1, -1, 2, 4, 6, 8};

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int16_t decode_one(struct ima_adpcm *state, unsigned nibble)
{
	int step = step_of_index[state->index];
	int difference = step >> 3;

	if (nibble & 4)
		difference += step;
	if (nibble & 2)
		difference += step >> 1;
	if (nibble & 1)
		difference += step >> 2;
	if (nibble & 8)
		difference = -difference;
	state->predictor = clamp(state->predictor + difference, INT16_MIN, INT16_MAX);
	state->index = clamp(state->index + index_change[nibble & 7], 0, IMA_ADPCM_INDEX_MAX);
	return (int16_t)state->predictor;
}

void ima_adpcm_decode(struct ima_adpcm *state, enum ima_adpcm_order order, const uint8_t *data,
	size_t n, int16_t *ret_samples)
{
	for (size_t i = 0; i < n; i++) {
		/* Which half of the byte this sample is in. */
		bool is_high = (i & 1) == (order == IMA_ADPCM_LOW_FIRST ? 1u : 0u);
		unsigned byte = data[i / 2];

		ret_samples[i] = decode_one(state, is_high ? byte >> 4 : byte & 15);
	}
}
