// SPDX-License-Identifier: MIT
/* The ADPCM core, both nibble orders, on frames whose samples are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "coxad/drivers/ima-adpcm.h"

/* What a Thingy:52 sent, cut to 20 bytes. Captured: IanHarvey/bluepy issue 437. */
static void captured_high_nibble_first(void **state)
{
	static const uint8_t a[] = {0xff, 0xff, 0xf0, 0x80, 0x88, 0x00, 0x88, 0x08, 0x00, 0x80,
		0x90, 0x18, 0x88, 0x82, 0x18, 0x0a, 0x81};
	static const int16_t a_samples[] = {-11, -41, -104, -240, -533, -491, -529, -495, -526,
		-554, -528, -505, -526, -545, -528, -544, -530, -517, -529, -518, -548, -539, -515,
		-522, -528, -534, -539, -514, -501, -505, -502, -519, -522, -515};
	static const uint8_t b[] = {0x34, 0x88, 0xa9, 0x09, 0x03, 0x31, 0x5a, 0x93, 0x70, 0x09,
		0x8c, 0x09, 0x21, 0x34, 0xbc, 0x90, 0xf2};
	static const int16_t b_samples[] = {-309, -290, -292, -294, -304, -310, -309, -313, -312,
		-304, -296, -293, -282, -289, -292, -284, -268, -266, -264, -270, -271, -285, -283,
		-287, -280, -276, -268, -257, -267, -279, -283, -282, -301, -288};
	struct ima_adpcm codec = {0};
	int16_t samples[64];

	ima_adpcm_decode(&codec, IMA_ADPCM_HIGH_FIRST, a, 34, samples);
	assert_memory_equal(samples, a_samples, sizeof(a_samples));
	codec = (struct ima_adpcm){.predictor = -324, .index = 10};
	ima_adpcm_decode(&codec, IMA_ADPCM_HIGH_FIRST, b, 34, samples);
	assert_memory_equal(samples, b_samples, sizeof(b_samples));
	assert_int_equal(codec.predictor, -288);
	assert_int_equal(codec.index, 11);
}

/* Computed. Two packets in a row, and the state after them. */
static void low_nibble_first_across_two_packets(void **state)
{
	static const uint8_t a[] = {0x70, 0x77, 0x77, 0x67, 0xbf, 0xaa, 0x19, 0x52, 0x24, 0x23,
		0x80, 0xcb, 0xcc, 0xaa, 0x08, 0x52, 0x33, 0x14, 0x91, 0xca};
	static const uint8_t b[] = {0xbc, 0xab, 0x19, 0x53, 0x34, 0x23, 0x80, 0xdb, 0xbc, 0xab,
		0x19, 0x53, 0x34, 0x23, 0x91, 0xdb, 0xbc, 0xab, 0x19, 0x53};
	static const int16_t first[] = {0, 11, 41, 104, 240, 533, 1164, 2340};
	static const int16_t last[] = {-57, -2242, -4230, -5521, -6224, -5585, -4227, -2288};
	struct ima_adpcm codec = {0};
	int16_t samples[40];

	ima_adpcm_decode(&codec, IMA_ADPCM_LOW_FIRST, a, 40, samples);
	assert_memory_equal(samples, first, sizeof(first));
	ima_adpcm_decode(&codec, IMA_ADPCM_LOW_FIRST, b, 40, samples);
	assert_memory_equal(samples + 32, last, sizeof(last));
	assert_int_equal(codec.predictor, -2288);
	assert_int_equal(codec.index, 59);
}

static void it_stays_in_range(void **state)
{
	uint8_t data[256];
	int16_t samples[512];

	for (int filling = 0; filling < 256; filling++)
		for (int index = 0; index <= IMA_ADPCM_INDEX_MAX; index += 8) {
			struct ima_adpcm codec = {
				.predictor = filling % 2 ? INT16_MAX : INT16_MIN, .index = index};

			memset(data, filling, sizeof(data));
			ima_adpcm_decode(&codec, IMA_ADPCM_LOW_FIRST, data, 512, samples);
			assert_in_range(codec.index, 0, IMA_ADPCM_INDEX_MAX);
			assert_int_equal(samples[511], codec.predictor);
		}
}

static void orders_are_mirrors(void **state)
{
	uint8_t data[64], swapped[64];
	int16_t a[128], b[128];
	struct ima_adpcm low = {0}, high = {0};

	for (unsigned i = 0; i < sizeof(data); i++) {
		data[i] = (uint8_t)(i * 37 + 11);
		swapped[i] = (uint8_t)(data[i] << 4 | data[i] >> 4);
	}
	ima_adpcm_decode(&low, IMA_ADPCM_LOW_FIRST, data, 127, a);
	ima_adpcm_decode(&high, IMA_ADPCM_HIGH_FIRST, swapped, 127, b);
	assert_memory_equal(a, b, 127 * sizeof(a[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captured_high_nibble_first),
		cmocka_unit_test(low_nibble_first_across_two_packets),
		cmocka_unit_test(it_stays_in_range),
		cmocka_unit_test(orders_are_mirrors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
