// SPDX-License-Identifier: MIT
#pragma once
/* IMA/DVI ADPCM, 4 bits a sample, as "Recommended Practices for Enhancing Digital Audio
 * Compatibility in Multimedia Systems" (IMA, revision 3.00, 1992) defines it. One core, two
 * nibble orders. Pure values; the caller has checked the index.
 */
#include <stddef.h>
#include <stdint.h>

#define IMA_ADPCM_INDEX_MAX 88

enum ima_adpcm_order {
	IMA_ADPCM_LOW_FIRST, /* Coxa, BlueVoice */
	IMA_ADPCM_HIGH_FIRST /* Thingy:52 */
};

struct ima_adpcm {
	int predictor; /* -32768..32767 */
	int index;     /* 0..IMA_ADPCM_INDEX_MAX */
};

/* Decodes n samples out of (n + 1) / 2 bytes and leaves the state after the last one. */
void ima_adpcm_decode(struct ima_adpcm *state, enum ima_adpcm_order order, const uint8_t *data,
	size_t n, int16_t *ret_samples);
