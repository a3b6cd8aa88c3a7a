// SPDX-License-Identifier: MIT
/* Every payload that a bought wearable can be told to send matches what the body did, whether the
 * driver asks for it or only decodes it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "tests/gym/vendor-listener.h"

static void each_dot_payload_matches_the_body(void **state)
{
	static const struct {
		const char *start, *to;
		bool has_motion, has_orientation;
	} row[] = {
		{"010102", DOT("2003"), false, true},
		{"010103", DOT("2003"), false, true},
		{"010104", DOT("2004"), false, true},
		{"010105", DOT("2004"), false, true},
		{"010106", DOT("2004"), false, false},
		{"010107", DOT("2003"), false, true},
		{"010110", DOT("2003"), false, true},
		{"010112", DOT("2003"), false, false},
		{"010113", DOT("2003"), false, false},
		{"010114", DOT("2003"), true, false},
		{"010115", DOT("2003"), true, false},
		{"010116", DOT("2003"), false, true},
		{"010117", DOT("2003"), false, true},
		{"010118", DOT("2003"), false, true},
		{"01011a", DOT("2002"), true, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct vendor_listener w;

		vendor_begin(&w, "movella-dot", "thigh-right", 0, VENDOR_MOVING);
		device_connected(w.d, 1000, 247);
		planner_connected(w.planner, 247);
		vendor_subscribe(&w, row[i].to);
		assert_int_equal(vendor_put(&w, DOT("2001"), row[i].start), 0);
		vendor_tell_driver(&w, DOT("2001"));
		vendor_listen(&w, VENDOR_END_US);
		assert_in_range(w.notified, 830, 850);
		assert_int_equal(w.motions, row[i].has_motion ? w.notified : 0);
		assert_int_equal(w.orientations, row[i].has_orientation ? w.notified : 0);
		vendor_check(&w, row[i].start);
		vendor_end(&w);
	}
}

static void each_thingy_payload_matches_the_body(void **state)
{
	static const struct {
		const char *to;
		bool has_motion, has_orientation;
	} row[] = {
		{THINGY("0404"), false, true},
		{THINGY("0406"), true, false},
		{THINGY("0407"), false, true},
		{THINGY("0408"), false, false},
		{THINGY("0409"), false, false},
	};
	struct vendor_listener w;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		vendor_begin(&w, "thingy52", "thigh-right", 0, VENDOR_MOVING);
		device_connected(w.d, 1000, 247);
		planner_connected(w.planner, 247);
		assert_int_equal(vendor_put(&w, THINGY("0401"), "e803f401f401320001"), 0);
		vendor_subscribe(&w, row[i].to);
		vendor_listen(&w, VENDOR_END_US);
		assert_in_range(w.notified, 690, 705);
		assert_int_equal(w.motions, row[i].has_motion ? w.notified : 0);
		assert_int_equal(w.orientations, row[i].has_orientation ? w.notified : 0);
		vendor_check(&w, row[i].to);
		vendor_end(&w);
	}
	/* At rest, gravity is the acceleration, and not upside down. */
	vendor_begin(&w, "thingy52", "thigh-right", 0, "\tlie 20\n");
	device_connected(w.d, 1000, 247);
	planner_connected(w.planner, 247);
	vendor_subscribe(&w, THINGY("040a"));
	vendor_listen(&w, VENDOR_END_US);
	assert_true(w.motions > 0);
	vendor_check(&w, "gravity");
	vendor_end(&w);
}

static void metamotion_packs_and_fuses(void **state)
{
	static const struct {
		const char *kind, *subscribe[3];
	} row[] = {
		{"metamotion", {"030501", "130501", "0303a803"}},
		{"metamotion-r", {"031c01", "130701", "0303280c"}},
	};
	struct vendor_listener w;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		vendor_begin(&w, row[i].kind, "thigh-right", 0, VENDOR_MOVING);
		device_connected(w.d, 1000, 23);
		planner_connected(w.planner, 23);
		vendor_subscribe(&w, META("06"));
		for (unsigned k = 0; k < 3; k++)
			vendor_put(&w, META("01"), row[i].subscribe[k]);
		vendor_put(&w, META("01"), "0380");
		vendor_put(&w, META("01"), "1380");
		vendor_put(&w, META("01"), "0383");
		vendor_put(&w, META("01"), "1383");
		vendor_put(&w, META("01"), "03020100");
		vendor_put(&w, META("01"), "13020100");
		vendor_put(&w, META("01"), "030101");
		vendor_put(&w, META("01"), "130101");
		vendor_listen(&w, VENDOR_END_US);
		assert_in_range(w.motions, 460, 470);
		assert_int_equal(w.samples, 3 * w.motions);
		vendor_check(&w, row[i].kind);
		vendor_end(&w);
	}
	vendor_begin(&w, "metamotion", "thigh-right", 0, VENDOR_MOVING);
	device_connected(w.d, 1000, 23);
	vendor_subscribe(&w, META("06"));
	vendor_put(&w, META("01"), "19020113");
	vendor_put(&w, META("01"), "190701");
	vendor_put(&w, META("01"), "19030800");
	vendor_put(&w, META("01"), "190101");
	vendor_listen(&w, VENDOR_END_US);
	assert_in_range(w.orientations, 1395, 1402);
	vendor_check(&w, "fusion");
	vendor_end(&w);
}

static void movesense_splits_long_payloads(void **state)
{
	struct vendor_listener w;

	vendor_begin(&w, "movesense", "thigh-right", 0, VENDOR_MOVING);
	device_connected(w.d, 1000, 247);
	planner_connected(w.planner, 247);
	vendor_subscribe(&w, GSP("2"));
	assert_int_equal(
		vendor_put(&w, GSP("1"), "01642f4d6561732f494d55392f313034"), 0); /* IMU9/104 */
	vendor_listen(&w, VENDOR_END_US);
	assert_in_range(w.motions, 178, 184);
	assert_in_range(w.notified, 2 * w.motions, 2 * w.motions + 1);
	assert_int_equal(w.samples, 8 * w.motions);
	vendor_check(&w, "IMU9");
	vendor_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_dot_payload_matches_the_body),
		cmocka_unit_test(each_thingy_payload_matches_the_body),
		cmocka_unit_test(metamotion_packs_and_fuses),
		cmocka_unit_test(movesense_splits_long_payloads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
