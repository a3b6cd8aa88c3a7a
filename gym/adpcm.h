// SPDX-License-Identifier: MIT
#pragma once
/* An IMA ADPCM encoder, 4 bits a sample (IMA Digital Audio Focus and Technical Working Groups,
 * Recommended Practices rev. 3.00, 1992). Pure. It has its own copy of the tables in
 * coxad/drivers/ima-adpcm.h on purpose: a mistake in either one then shows in test-capture.
 */
#include <stdint.h>

struct adpcm {
	int predictor; /* -32768 to 32767 */
	int index;     /* 0 to 88 */
};

/* Encodes one sample as one nibble; the state becomes what a decoder will have. */
unsigned adpcm_encode(struct adpcm *state, int16_t sample);
