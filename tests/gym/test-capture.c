// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/drivers/ima-adpcm.h"
#include "coxad/wire/capture.h"
#include "gym/adpcm.h"
#include "gym/door-capture.h"
#include "gym/random.h"

#define HEAD                                                                                       \
	"athlete ana\n"                                                                            \
	"kit 3\n\tathlete ana\n"                                                                   \
	"wearable hip\n\taddress C0:A5:00:00:03:03\n\tkit 3\n\tplacement hip-right\n"              \
	"wearable pelvis\n\taddress C0:A5:00:00:03:01\n\tkit 3\n\tplacement pelvis\n\tloss 0.3\n"  \
	"wearable leg\n\taddress C0:A5:00:00:03:02\n\tkit 3\n\tplacement thigh-left\n"             \
	"\tkind bluest\n"
#define TIMELINE                                                                                   \
	"timeline ana\n\tlie 2\n\tset 2\n\tpop hip-right at rep 2 lower 38\n"                      \
	"\tsymptom sharp by button at pop+2\n\tsend symptom {\"athlete\":\"ana\"}\n"               \
	"\tfault pelvis away for 5 at 6\n\tfault hip reboot at 10\n"

/* The text of a capture. Returns-owned. */
static char *captured(const char *script, uint64_t seed, size_t *ret_size)
{
	char path[] = "/tmp/test-capture-XXXXXX", error[256] = "";
	int fd = mkstemp(path);
	struct gym *gym = gym_from_text("x", script, seed, error, sizeof(error));
	FILE *file;
	char *text = calloc(1, 1 << 22);

	assert_true(fd >= 0);
	if (!gym)
		fail_msg("%s", error);
	assert_int_equal(door_capture_write(gym, path), 0);
	file = fdopen(fd, "r");
	*ret_size = fread(text, 1, (1 << 22) - 1, file);
	fclose(file);
	unlink(path);
	gym_free(gym);
	return text;
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
	size_t a_size, b_size, c_size;
	char *a = captured(HEAD TIMELINE, 7, &a_size), *b = captured(HEAD TIMELINE, 7, &b_size);
	char *c = captured(HEAD TIMELINE, 8, &c_size);

	assert_int_equal(a_size, b_size);
	assert_memory_equal(a, b, a_size);
	assert_true(a_size != c_size || memcmp(a, c, a_size) != 0);
	free(a);
	free(b);
	free(c);
}

/* coxad's own reader accepts each line. */
static void the_capture_is_valid(void **state)
{
	size_t size;
	char *text = captured(HEAD TIMELINE, 3, &size), *rest = NULL;
	unsigned kind[CAPTURE_WALL + 1] = {0};
	struct capture_decoder *decoder = capture_decoder_new();

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		struct capture_event event;
		const char *error = "";

		if (capture_decode(decoder, line, strlen(line), &event, &error) != 1)
			fail_msg("%s: %s", line, error);
		kind[event.kind]++;
	}
	assert_int_equal(kind[CAPTURE_HEADER], 1);
	assert_int_equal(kind[CAPTURE_CONNECTED], 5);
	assert_int_equal(kind[CAPTURE_DISCONNECTED], 2);
	assert_int_equal(kind[CAPTURE_READ], 4);
	assert_int_equal(kind[CAPTURE_COMMAND], 1);
	assert_true(kind[CAPTURE_NOTIFY] > 500);
	capture_decoder_free(decoder);
	free(text);
}

/* Out of reach, off, out of reach again, at any time: the capture still ends. */
static void no_fault_hangs_the_capture(void **state)
{
	struct random random = {7};

	for (unsigned i = 0; i < 25; i++) {
		char script[1024];
		size_t size;

		snprintf(script, sizeof(script),
			HEAD "timeline ana\n\twait 60\n\tpop hip-right at 9\n"
			     "\tsymptom sharp by button at 11\n"
			     "\tfault hip away for %.3f at %.3f\n\tfault hip off for %.3f at %.3f\n"
			     "\tfault pelvis reboot at %.3f\n\tfault leg away for 1 at %.3f\n",
			random_between(&random, 0, 9), random_between(&random, 0, 25),
			random_between(&random, 0, 9), random_between(&random, 25, 50),
			random_between(&random, 0, 50), random_between(&random, 0, 50));
		free(captured(script, i, &size));
	}
}

static void another_wearable_does_not_change_the_others(void **state)
{
	size_t size, more_size;
	char *text = captured(HEAD TIMELINE, 3, &size), *rest = NULL;
	char *more = captured(HEAD "wearable hip2\n\taddress C0:A5:00:00:03:07\n\tkit 3\n"
				   "\tplacement hip-left\n" TIMELINE,
		3, &more_size);

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		assert_non_null(strstr(more, line));
	assert_true(more_size > size);
	free(text);
	free(more);
}

static void the_decoder_of_the_driver_follows_the_encoder(void **state)
{
	struct random random = {99};
	struct adpcm encoder = {0, 0};
	struct ima_adpcm decoder = {0, 0};
	double signal = 0, error = 0;

	for (unsigned i = 0; i < 20000; i += 2) {
		int16_t wave[2], heard[2];
		uint8_t byte;

		for (unsigned k = 0; k < 2; k++)
			wave[k] = (int16_t)(8000 * sin((i + k) * 0.21) * sin((i + k) * 0.001) +
					    300 * random_normal(&random));
		byte = (uint8_t)adpcm_encode(&encoder, wave[0]);
		byte |= (uint8_t)(adpcm_encode(&encoder, wave[1]) << 4);
		ima_adpcm_decode(&decoder, IMA_ADPCM_LOW_FIRST, &byte, 2, heard);
		assert_int_equal(decoder.predictor, encoder.predictor);
		assert_int_equal(decoder.index, encoder.index);
		for (unsigned k = 0; k < 2; k++) {
			signal += (double)wave[k] * wave[k];
			error += (double)(wave[k] - heard[k]) * (wave[k] - heard[k]);
		}
	}
	assert_true(signal > 100 * error); /* better than 20 dB */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_bytes),
		cmocka_unit_test(the_capture_is_valid),
		cmocka_unit_test(no_fault_hangs_the_capture),
		cmocka_unit_test(another_wearable_does_not_change_the_others),
		cmocka_unit_test(the_decoder_of_the_driver_follows_the_encoder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
