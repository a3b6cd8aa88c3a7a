// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coxad/flow/radio-fleet-radios.h"
#include "tests/flow/fleet-rig.h"

#define S FLEET_RIG_S

static struct fleet_rig *rig;
static struct radio_fleet_radios told;

static int teardown(void **state)
{
	rig = fleet_rig_free(rig);
	return 0;
}

static void begin(unsigned n_radios, unsigned slots, unsigned n_wearables)
{
	rig = fleet_rig_new(n_radios, slots, n_wearables);
	fleet_rig_start(rig);
	fleet_rig_pass(rig, 3 * S);
}

static void connect(unsigned wearable)
{
	fleet_rig_pass(rig, 2 * S);
	assert_int_not_equal(fleet_rig_served(rig, wearable), -1);
	fleet_rig_connect(rig, (unsigned)fleet_rig_served(rig, wearable), wearable);
	fleet_rig_pass(rig, 2 * S);
}

static void describe(void)
{
	radio_fleet_radios_describe(rig->fleet, rig->now_us, &told);
}

static void assert_waits(unsigned at, unsigned wearable, enum radio_wait wait)
{
	assert_true(at < told.message.n_waiting);
	assert_int_equal(told.message.waiting[at].wearable, wearable);
	assert_int_equal(told.message.waiting[at].wait, wait);
}

static void each_radio_is_described(void **state)
{
	begin(2, 3, 2);
	rig->status[1].buffered_events = 5;
	rig->status[1].oldest_us = 20 * S;
	fleet_rig_hears(rig, 1, 0, -60);
	connect(0);
	fleet_rig_pass(rig, 10 * S);
	describe();
	assert_int_equal(told.message.radio[1].behind_us, 20 * S);
	rig->is_silent[1] = true;
	fleet_rig_pass(rig, 10 * S);
	describe();
	assert_int_equal(told.message.n_radios, 2);
	assert_string_equal(told.message.radio[1].name, "mat-1");
	assert_string_equal(told.message.radio[1].version, "1.0");
	assert_true(told.message.radio[0].is_online && !told.message.radio[1].is_online);
	assert_int_equal(told.message.radio[1].slots, 3);
	assert_int_equal(told.message.radio[0].behind_us, 0);
	assert_int_equal(told.message.radio[1].behind_us, 30 * S);
	assert_int_equal(told.message.radio[1].unc_us, -1);
	/* Nobody else hears it, so that radio may still have it. */
	assert_int_equal(told.message.serves[0], 1);
	assert_int_equal(told.message.serves[1], FLEET_NO_RADIO);
	radio_fleet_forget(rig->fleet, "mat-0");
	describe();
	assert_int_equal(told.message.n_radios, 1);
	assert_string_equal(told.message.radio[0].name, "mat-1");
	assert_int_equal(told.message.serves[0], 0);
}

static void who_waits_is_told_with_the_reason(void **state)
{
	begin(2, 1, 5);
	fleet_rig_hears(rig, 0, 4, -60);
	connect(4);
	fleet_rig_hears(rig, 0, 3, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_says(rig, 0, 2)->is_bonded = true;
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_hears(rig, 0, 2, 0);
	fleet_rig_hears(rig, 1, 2, -60);
	fleet_rig_pass(rig, 12 * S);
	fleet_rig_hears(rig, 1, 1, -60);
	fleet_rig_pass(rig, 2 * S);
	describe();
	assert_int_equal(told.message.n_waiting, 4);
	assert_waits(0, 3, RADIO_WAIT_NO_SLOT);
	assert_waits(1, 2, RADIO_WAIT_BONDED_ELSEWHERE);
	assert_waits(2, 1, RADIO_WAIT_CONNECTING);
	assert_waits(3, 0, RADIO_WAIT_NOT_HEARD);
}

/* --- without one of them --- */

static void its_wearables_go_where_they_were_heard_and_there_is_room(void **state)
{
	begin(3, 2, 5);
	for (unsigned i = 0; i < 2; i++) {
		fleet_rig_hears(rig, 0, i, -50);
		fleet_rig_hears(rig, 1, i, -70);
		connect(i);
	}
	fleet_rig_hears(rig, 1, 2, -60);
	connect(2);
	fleet_rig_hears(rig, 2, 3, -60);
	connect(3);
	describe();
	/* One of the two finds the other's last slot taken. */
	assert_int_equal(told.message.radio[0].n_moving, 1);
	assert_int_equal(told.message.radio[0].n_left, 1);
	assert_true(told.message.radio[0].left[0] < 2);
	/* Nobody but its own radio ever heard it. */
	assert_int_equal(told.message.radio[2].n_moving, 0);
	assert_int_equal(told.message.radio[2].n_left, 1);
	assert_int_equal(told.message.radio[2].left[0], 3);
	fleet_rig_hears(rig, 2, 4, -60);
	fleet_rig_pass(rig, 2 * S);
	describe();
	assert_int_equal(told.message.radio[2].n_left, 2);
}

static void one_whose_key_it_has_is_left(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -50);
	fleet_rig_hears(rig, 1, 0, -50);
	fleet_rig_says(rig, 0, 0)->is_bonded = true;
	connect(0);
	describe();
	assert_int_equal(told.message.radio[0].n_left, 1);
}

/* What is said comes true. */
static void it_is_as_it_was_told(void **state)
{
	unsigned n_moving;

	begin(4, 4, 12);
	for (unsigned i = 0; i < 12; i++) {
		for (unsigned r = 0; r < 4; r++)
			if ((i + r) % 3)
				fleet_rig_hears(rig, r, i, -50 - (int)((i * 7 + r * 13) % 40));
		connect(i);
	}
	describe();
	n_moving = told.message.radio[1].n_moving;
	assert_true(n_moving > 0);
	rig->is_silent[1] = true;
	for (unsigned i = 0; i < 12; i++) {
		if (told.message.serves[i] != 1)
			continue;
		for (unsigned r = 0; r < 4; r++)
			if ((i + r) % 3)
				fleet_rig_hears(rig, r, i, -50 - (int)((i * 7 + r * 13) % 40));
	}
	fleet_rig_pass(rig, 10 * S);
	for (unsigned i = 0; i < 12; i++)
		n_moving -= told.message.serves[i] == 1 && fleet_rig_served(rig, i) > -1 &&
			    fleet_rig_served(rig, i) != 1;
	assert_int_equal(n_moving, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(each_radio_is_described, teardown),
		cmocka_unit_test_teardown(who_waits_is_told_with_the_reason, teardown),
		cmocka_unit_test_teardown(
			its_wearables_go_where_they_were_heard_and_there_is_room, teardown),
		cmocka_unit_test_teardown(one_whose_key_it_has_is_left, teardown),
		cmocka_unit_test_teardown(it_is_as_it_was_told, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
