// SPDX-License-Identifier: MIT
/* A real recording: 500 notifications of a SensorTile on a leg (COXAD_TEST_DATA, its README names
 * the origin), against what its publisher decoded. Skipped without it. */
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

#define TICK_US 8000

struct check {
	json_t *expected;
	unsigned records;
	unsigned with_tick;
	uint64_t tick, first_tick;
	int64_t arrival_us, first_us;
};

static void compare(const struct record *r, void *user)
{
	struct check *c = user;

	/* The magnetometer, which the publisher left out. */
	if (r->kind == RECORD_QUANTITY)
		return;
	assert_int_equal(r->kind, RECORD_MOTION);
	assert_int_equal(r->motion.n, 1);
	c->records++;
	for (size_t k = 0; k < 3; k++) {
		double mg = json_number_value(
			json_array_get(json_object_get(c->expected, "acc_mg"), k));
		double raw = json_number_value(
			json_array_get(json_object_get(c->expected, "gyr_raw"), k));

		assert_float_equal(r->motion.samples->acc_mps2[k], mg / 1000 * GRAVITY_MPS2, 1e-4);
		assert_float_equal(r->motion.samples->gyr_rps[k], raw / 10 * RAD_PER_DEG, 1e-4);
	}
	if (!r->has_tick)
		return;
	if (c->with_tick++ == 0) {
		c->first_tick = r->tick;
		c->first_us = c->arrival_us;
	} else {
		assert_true(r->tick > c->tick);
	}
	c->tick = r->tick;
}

static void recorded_leg_raises_decode_as_recorded(void **state)
{
	const char *folder = getenv("COXAD_TEST_DATA");
	const struct driver *driver = driver_list_find("st-bluest");
	struct check check = {0};
	char path[1024], *line = NULL;
	struct uuid u;
	uint8_t data[64];
	void *bluest;
	size_t room = 0;
	int64_t before = 0;
	double error_us;
	FILE *f;

	if (!folder) {
		print_message("COXAD_TEST_DATA is not set: no recordings\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/sensortile-leg-raise/notifications.jsonl", folder);
	f = fopen(path, "r");
	if (!f) {
		print_message("%s is not there\n", path);
		skip();
	}
	assert_int_equal(uuid_from_string("00e00000-0001-11e1-ac36-0002a5d5c51b", &u), 0);
	bluest = alloc_zero(1, driver->state_size);
	for (unsigned i = 0; getline(&line, &room, f) > 0; i++) {
		size_t size;
		int64_t raw;

		check.expected = json_loads(line, 0, NULL);
		assert_non_null(check.expected);
		size = vector_from_hex(json_string_value(json_object_get(check.expected, "hex")),
			data, sizeof(data));
		raw = json_integer_value(json_object_get(check.expected, "time"));
		assert_int_equal(raw, data[0] | data[1] << 8);
		/* The recording has gaps and no arrivals; these are made from its own time. */
		check.arrival_us += i ? (uint16_t)(raw - before) * TICK_US : 0;
		before = raw;
		assert_int_equal(driver->decode(bluest,
					 &(struct driver_input){&u, DRIVER_ORIGIN_NOTIFY, data,
						 size, check.arrival_us},
					 compare, &check),
			2);
		json_decref(check.expected);
	}
	assert_int_equal(check.records, 500);
	/* The arrivals give the unit, and the count continues across the wrap. */
	assert_true(check.with_tick > 400);
	error_us = (double)(check.tick - check.first_tick) -
		   (double)(check.arrival_us - check.first_us);
	print_message("device %.1f s, host %.1f s\n", (double)(check.tick - check.first_tick) / 1e6,
		(double)(check.arrival_us - check.first_us) / 1e6);
	assert_true(fabs(error_us) < 1);
	free(bluest);
	free(line);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_leg_raises_decode_as_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
