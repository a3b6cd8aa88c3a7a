// SPDX-License-Identifier: MIT
/* A real recording: 288 frames of a WT901BLE67 at 100 Hz (COXAD_TEST_DATA, its README names the
 * origin), cut into pieces of every length. Skipped without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "tests/drivers/vectors.h"
#include "coxad/drivers/driver-list.h"

#define FRAMES_MAX 1000
#define FRAME      20

struct recording {
	uint8_t data[FRAMES_MAX * FRAME];
	size_t size;
};

struct result {
	unsigned samples;
	struct motion_sample first, last;
	double acc_sum;
};

static void on_record(const struct record *r, void *user)
{
	struct result *result = user;

	assert_int_equal(r->kind, RECORD_MOTION);
	for (unsigned i = 0; i < r->motion.n; i++) {
		const float *a = r->motion.samples[i].acc_mps2;

		if (result->samples++ == 0)
			result->first = r->motion.samples[i];
		result->last = r->motion.samples[i];
		result->acc_sum +=
			sqrt((double)a[0] * a[0] + (double)a[1] * a[1] + (double)a[2] * a[2]);
	}
}

static bool load(struct recording *recording)
{
	const char *folder = getenv("COXAD_TEST_DATA");
	char path[1024], *line = NULL;
	size_t room = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/witmotion-100hz/wt901-100hz.jsonl", folder ? folder : "");
	f = folder ? fopen(path, "r") : NULL;
	if (!f) {
		print_message("COXAD_TEST_DATA is not set, or has no witmotion-100hz\n");
		return false;
	}
	while (getline(&line, &room, f) > 0) {
		json_t *packet = json_loads(line, 0, NULL);
		const char *hex = json_string_value(json_object_get(packet, "hex"));

		if (hex)
			recording->size += vector_from_hex(hex, recording->data + recording->size,
				sizeof(recording->data) - recording->size);
		json_decref(packet);
	}
	free(line);
	fclose(f);
	return true;
}

static void recorded_frames_survive_any_chunking(void **state)
{
	const struct driver *driver = driver_list_find("witmotion");
	static struct recording recording;
	struct uuid u;

	if (!load(&recording))
		skip();
	assert_int_equal(uuid_from_string("0000ffe4-0000-1000-8000-00805f9a34fb", &u), 0);
	assert_int_equal(recording.size, 288 * FRAME);
	for (size_t chunk = 1; chunk <= 244; chunk++) {
		void *wit = alloc_zero(1, driver->state_size);
		struct result result = {0};

		for (size_t at = 0; at < recording.size; at += chunk) {
			size_t left = recording.size - at;

			assert_true(
				driver->decode(wit,
					&(struct driver_input){&u, DRIVER_ORIGIN_NOTIFY,
						recording.data + at, left < chunk ? left : chunk,
						(int64_t)(at * 500)},
					on_record, &result) >= 0);
		}
		assert_int_equal(result.samples, 288);
		/* The first: 0x0627, 0x01bc, 0x0679 of 16 g / 32768. */
		assert_float_equal(
			result.first.acc_mps2[0], 0x627 * 16 * GRAVITY_MPS2 / 32768, 1e-3);
		assert_float_equal(
			result.first.acc_mps2[1], 0x1bc * 16 * GRAVITY_MPS2 / 32768, 1e-3);
		/* Worn, hardly moving: about 1 g. */
		assert_float_equal(result.acc_sum / 288 / GRAVITY_MPS2, 1, 0.2);
		free(wit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_frames_survive_any_chunking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
