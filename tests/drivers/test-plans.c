// SPDX-License-Identifier: MIT
/* What each driver asks of its wearable at the start, to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "coxad/base/alloc.h"
#include "coxad/drivers/driver.h"

/* A step is r(ead), s(ubscribe), w(rite), c(ommand, without response) and the first four octets of
 * its UUID, or a pause in ms. */
static const struct {
	const char *driver;
	enum driver_plan plan;
	struct driver_peer peer;
	const char *expected;
} cases[] = {
	{"nordic-thingy52", DRIVER_PLAN_START, {.mtu = 247},
		"w ef680401 e803f401f401640001, r ef680401, s ef680406, s ef680302"},
	{"nordic-thingy52", DRIVER_PLAN_START, {.rate_hz = 1000, .wants_acoustic = true},
		"w ef680401 e803f401f401c80001, r ef680401, s ef680406, s ef680302, s ef680504"},
	{"nordic-thingy52", DRIVER_PLAN_START, {.wants_pops = true},
		"w ef680401 e803f401f401640001, r ef680401, s ef680406, s ef680302, s ef680504"},
	{"movella-dot", DRIVER_PLAN_START, {.mtu = 247},
		"s 15172003, s 15171004, s 15173001, w 15172001 010115, r 15172001"},
	{"movella-dot", DRIVER_PLAN_START, {.mtu = 23},
		"s 15172004, s 15171004, s 15173001, w 15172001 010105, r 15172001"},
	{"movella-dot", DRIVER_PLAN_STOP, {.mtu = 23}, "w 15172001 010005"},
	{"witmotion", DRIVER_PLAN_START, {.rate_hz = 0},
		"s 0000ffe4, c 0000ffe9 ffaa6988b5, 100, c 0000ffe9 ffaa030900, 100, "
		"c 0000ffe9 ffaa240100, 100, c 0000ffe9 ffaa276400"},
	{"witmotion", DRIVER_PLAN_POLL, {.rate_hz = 50}, "c 0000ffe9 ffaa276400"},
	{"movesense", DRIVER_PLAN_START, {.rate_hz = 52},
		"s 34800002, w 34800001 01632f4d6561732f494d55362f3532, w 34800001 "
		"01652f4d6561732f4852"},
	{"movesense", DRIVER_PLAN_STOP, {.rate_hz = 52}, "w 34800001 0263, w 34800001 0265"},
	{"mbient-metamotion", DRIVER_PLAN_START, {.mtu = 247},
		"s 326a9006, c 326a9001 0380, c 326a9001 1380, 100, c 326a9001 0908, c 326a9001 "
		"0a05, "
		"c 326a9001 0b0a, c 326a9001 0303280c, c 326a9001 13032800, c 326a9001 0383, "
		"c 326a9001 1383, c 326a9001 09020304ffa0113103, 100, c 326a9001 090301, "
		"c 326a9001 09070001, c 326a9001 130501, c 326a9001 010101, c 326a9001 03020100, "
		"c 326a9001 13020100, c 326a9001 030101, c 326a9001 130101, c 326a9001 118c"},
	{"mbient-metamotion", DRIVER_PLAN_POLL, {.mtu = 247}, "c 326a9001 118c"},
	{"sig-heart-rate", DRIVER_PLAN_START, {.rate_hz = 0}, "s 00002a37"},
	{"st-bluest", DRIVER_PLAN_START, {.mtu = 23}, "s 00e00000"},
};

static void plans_are_as_the_makers_say(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct driver *driver = driver_by_id(cases[i].driver);
		void *wearable = alloc_zero(1, driver->state_size);
		struct driver_step step;
		char text[1024] = "";
		size_t at = 0;

		for (unsigned k = 0;
			driver->plan(wearable, &cases[i].peer, cases[i].plan, k, &step) == 1; k++) {
			const uint8_t *u = step.characteristic.b;

			at += (size_t)snprintf(text + at, sizeof(text) - at, "%s", k ? ", " : "");
			if (step.kind == DRIVER_STEP_WAIT) {
				at += (size_t)snprintf(
					text + at, sizeof(text) - at, "%u", step.wait_ms);
				continue;
			}
			at += (size_t)snprintf(text + at, sizeof(text) - at,
				"%c %02x%02x%02x%02x%s", "rswc"[step.kind], u[0], u[1], u[2], u[3],
				step.size ? " " : "");
			for (size_t b = 0; b < step.size; b++)
				at += (size_t)snprintf(
					text + at, sizeof(text) - at, "%02x", step.bytes[b]);
		}
		assert_string_equal(text, cases[i].expected);
		free(wearable);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_are_as_the_makers_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
