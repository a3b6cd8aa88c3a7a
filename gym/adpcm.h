// SPDX-License-Identifier: MIT
#pragma once
/* An IMA ADPCM encoder, 4 bits a sample (IMA Digital Audio Focus and Technical Working Groups,
 * Recommended Practices rev. 3.00, 1992). Pure.
 */
#include <stdint.h>

struct adpcm {
	int predictor; /* -32768 to 32767 */
	int index;     /* 0 to 88 */
};

/* One sample to one nibble; the state follows what a decoder will have. */
unsigned adpcm_encode(struct adpcm *state, int16_t sample);
