// SPDX-License-Identifier: MIT
/* Each payload that a wearable from a shop can be told to send is what the body did, whether the
 * driver asks for it or only reads it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "tests/gym/sold-listener.h"

static void each_dot_payload_is_what_the_body_did(void **state)
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
		struct sold_listener w;

		sold_begin(&w, "movella-dot", "thigh-right", 0, SOLD_MOVING);
		device_connected(w.d, 1000, 247);
		planner_connected(w.planner, 247);
		sold_subscribe(&w, row[i].to);
		assert_int_equal(sold_put(&w, DOT("2001"), row[i].start), 0);
		sold_tell_driver(&w, DOT("2001"));
		sold_listen(&w, SOLD_END_US);
		assert_in_range(w.notified, 830, 850);
		assert_int_equal(w.motions, row[i].has_motion ? w.notified : 0);
		assert_int_equal(w.orientations, row[i].has_orientation ? w.notified : 0);
		sold_check(&w, row[i].start);
		sold_end(&w);
	}
}

static void each_thingy_payload_is_what_the_body_did(void **state)
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
	struct sold_listener w;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		sold_begin(&w, "thingy52", "thigh-right", 0, SOLD_MOVING);
		device_connected(w.d, 1000, 247);
		planner_connected(w.planner, 247);
		assert_int_equal(sold_put(&w, THINGY("0401"), "e803f401f401320001"), 0);
		sold_subscribe(&w, row[i].to);
		sold_listen(&w, SOLD_END_US);
		assert_in_range(w.notified, 690, 705);
		assert_int_equal(w.motions, row[i].has_motion ? w.notified : 0);
		assert_int_equal(w.orientations, row[i].has_orientation ? w.notified : 0);
		sold_check(&w, row[i].to);
		sold_end(&w);
	}
	/* Gravity is what is felt at rest, and not upside down. */
	sold_begin(&w, "thingy52", "thigh-right", 0, "\tlie 20\n");
	device_connected(w.d, 1000, 247);
	planner_connected(w.planner, 247);
	sold_subscribe(&w, THINGY("040a"));
	sold_listen(&w, SOLD_END_US);
	assert_true(w.motions > 0);
	sold_check(&w, "gravity");
	sold_end(&w);
}

static void metamotion_packs_and_fuses(void **state)
{
	static const struct {
		const char *kind, *subscribe[3];
	} row[] = {
		{"metamotion", {"030501", "130501", "0303a803"}},
		{"metamotion-r", {"031c01", "130701", "0303280c"}},
	};
	struct sold_listener w;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		sold_begin(&w, row[i].kind, "thigh-right", 0, SOLD_MOVING);
		device_connected(w.d, 1000, 23);
		planner_connected(w.planner, 23);
		sold_subscribe(&w, META("06"));
		for (unsigned k = 0; k < 3; k++)
			sold_put(&w, META("01"), row[i].subscribe[k]);
		sold_put(&w, META("01"), "0380");
		sold_put(&w, META("01"), "1380");
		sold_put(&w, META("01"), "0383");
		sold_put(&w, META("01"), "1383");
		sold_put(&w, META("01"), "03020100");
		sold_put(&w, META("01"), "13020100");
		sold_put(&w, META("01"), "030101");
		sold_put(&w, META("01"), "130101");
		sold_listen(&w, SOLD_END_US);
		assert_in_range(w.motions, 460, 470);
		assert_int_equal(w.samples, 3 * w.motions);
		sold_check(&w, row[i].kind);
		sold_end(&w);
	}
	sold_begin(&w, "metamotion", "thigh-right", 0, SOLD_MOVING);
	device_connected(w.d, 1000, 23);
	sold_subscribe(&w, META("06"));
	sold_put(&w, META("01"), "19020113");
	sold_put(&w, META("01"), "190701");
	sold_put(&w, META("01"), "19030800");
	sold_put(&w, META("01"), "190101");
	sold_listen(&w, SOLD_END_US);
	assert_in_range(w.orientations, 1395, 1402);
	sold_check(&w, "fusion");
	sold_end(&w);
}

static void movesense_splits_what_is_long(void **state)
{
	struct sold_listener w;

	sold_begin(&w, "movesense", "thigh-right", 0, SOLD_MOVING);
	device_connected(w.d, 1000, 247);
	planner_connected(w.planner, 247);
	sold_subscribe(&w, GSP("2"));
	assert_int_equal(
		sold_put(&w, GSP("1"), "01642f4d6561732f494d55392f313034"), 0); /* IMU9/104 */
	sold_listen(&w, SOLD_END_US);
	assert_in_range(w.motions, 178, 184);
	assert_in_range(w.notified, 2 * w.motions, 2 * w.motions + 1);
	assert_int_equal(w.samples, 8 * w.motions);
	sold_check(&w, "IMU9");
	sold_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_dot_payload_is_what_the_body_did),
		cmocka_unit_test(each_thingy_payload_is_what_the_body_did),
		cmocka_unit_test(metamotion_packs_and_fuses),
		cmocka_unit_test(movesense_splits_what_is_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
