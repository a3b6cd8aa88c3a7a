// SPDX-License-Identifier: MIT
/* What each driver asks of its wearable at the start, to the byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/drivers/driver-list.h"
#include "tests/drivers/plan-text.h"

/* As plan-text.h writes and reads them. */
static const struct {
	const char *driver, *peer, *expected;
} cases[] = {
	{"nordic-thingy52", "start mtu=247",
		"w ef680401 e803f401f401640001, r ef680401, s ef680406, s ef680302"},
	{"nordic-thingy52", "start rate=1000 acoustic",
		"w ef680401 e803f401f401c80001, r ef680401, s ef680406, s ef680302, s ef680504"},
	{"nordic-thingy52", "start pops",
		"w ef680401 e803f401f401640001, r ef680401, s ef680406, s ef680302, s ef680504"},
	{"movella-dot", "start mtu=247",
		"s 15172003, s 15171004, s 15173001, w 15172001 010115, r 15172001"},
	{"movella-dot", "start mtu=23",
		"s 15172004, s 15171004, s 15173001, w 15172001 010105, r 15172001"},
	{"movella-dot",
		"start mtu=247 root=D4:CA:6E:F1:69:3D has=15172003-4947-11e9-8646-d663bd873d93",
		"s 15172003, s 15171004, s 15173001, w 15172001 010115, r 15172001"},
	{"movella-dot", "stop mtu=23", "w 15172001 010005"},
	{"witmotion", "start",
		"s 0000ffe4, c 0000ffe9 ffaa279600, 100, 0, 0, "
		"c 0000ffe9 ffaa6988b5, 100, c 0000ffe9 ffaa030900, 100, "
		"c 0000ffe9 ffaa240100, 100, 0, 0, c 0000ffe9 ffaa000000, 100, 0, 0, "
		"c 0000ffe9 ffaa270300, 100, c 0000ffe9 ffaa276400"},
	{"witmotion", "poll rate=50", "c 0000ffe9 ffaa276400"},
	{"movesense", "start rate=52",
		"s 34800002, w 34800001 01632f4d6561732f494d55362f3532, w 34800001 "
		"01652f4d6561732f4852, w 34800001 04052f53797374656d2f456e657267792f4c6576656c"},
	{"movesense", "start rate=52 has=34800002-7185-4d5d-b431-630e7050e8f0 has=2a19",
		"s 34800002, w 34800001 01632f4d6561732f494d55362f3532, w 34800001 "
		"01652f4d6561732f4852"},
	{"movesense", "stop rate=52", "w 34800001 0263, w 34800001 0265"},
	{"mbient-metamotion", "start mtu=247",
		"s 326a9006, c 326a9001 0380, c 326a9001 1380, c 326a9001 1980, 300, "
		"c 326a9001 0908, c 326a9001 0a05, c 326a9001 0b0a, c 326a9001 0303280c, "
		"c 326a9001 13032800, c 326a9001 0383, c 326a9001 1383, "
		"c 326a9001 09020304ffa0113103, 300, c 326a9001 030401, c 326a9001 130501, "
		"c 326a9001 010101, c 326a9001 03020100, c 326a9001 13020100, c 326a9001 030101, "
		"c 326a9001 130101, c 326a9001 118c"},
	{"mbient-metamotion", "poll mtu=247", "c 326a9001 118c"},
	{"sig-heart-rate", "start", "s 00002a37"},
	{"st-bluest", "start mtu=23", "s 00e00000"},
	{"bbc-microbit", "start",
		"w e95dfb24 1400, r e95dfb24, s e95dca4b, s e95dda90, s e95dda91"},
	{"arduino-nano33", "start", "s 555a0002, s 555a0002"},
};

static void plans_are_as_the_makers_say(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct driver *driver = driver_list_find(cases[i].driver);
		_auto_free_ void *wearable = alloc_zero(1, driver->state_size);
		char text[1024];

		plan_to_text(driver, wearable, cases[i].peer, ", ", text, sizeof(text));
		assert_string_equal(text, cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_are_as_the_makers_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
