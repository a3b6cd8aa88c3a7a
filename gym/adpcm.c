// SPDX-License-Identifier: MIT
#include "gym/adpcm.h"

static const int16_t step_size[89] = {7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31,
	34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230,
	253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282,
	1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358,
	5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350,
	22385, 24623, 27086, 29794, 32767};
static const int8_t index_change[8] = {-1, -1, -1, -1, 2, 4, 6, 8};

unsigned adpcm_encode(struct adpcm *state, int16_t sample)
{
	int step = step_size[state->index], difference = sample - state->predictor;
	unsigned nibble = 0;
	int change = step >> 3;

	if (difference < 0) {
		nibble = 8;
		difference = -difference;
	}
	for (unsigned bit = 4; bit; bit >>= 1, step >>= 1)
		if (difference >= step) {
			nibble |= bit;
			difference -= step;
			change += step;
		}
	state->predictor += nibble & 8 ? -change : change;
	if (state->predictor > 32767)
		state->predictor = 32767;
	if (state->predictor < -32768)
		state->predictor = -32768;
	state->index += index_change[nibble & 7];
	if (state->index < 0)
		state->index = 0;
	if (state->index > 88)
		state->index = 88;
	return nibble;
}
