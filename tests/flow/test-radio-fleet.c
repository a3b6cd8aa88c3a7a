// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/flow/fleet-rig.h"

#define S  FLEET_RIG_S
#define MS (FLEET_RIG_S / 1000)

static struct fleet_rig *rig;

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

/* --- where a wearable goes --- */

static void it_goes_to_the_radio_that_hears_it_best(void **state)
{
	begin(2, 7, 2);
	assert_int_equal(fleet_rig_served(rig, 0), -1);
	assert_false(fleet_rig_told(rig, 0, 0)->is_served);
	fleet_rig_hears(rig, 0, 0, -80);
	fleet_rig_hears(rig, 1, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	assert_string_equal(radio_fleet_where(rig->fleet, 0), "mat-1");
	assert_null(radio_fleet_where(rig->fleet, 1));
	assert_int_equal(fleet_rig_served(rig, 1), -1);
	assert_true(radio_fleet_serves(rig->fleet, "mat-1", "C0:A5:00:00:00:00"));
	assert_false(radio_fleet_serves(rig->fleet, "mat-0", "C0:A5:00:00:00:00"));
	assert_false(radio_fleet_serves(rig->fleet, "mat-1", "C0:A5:00:00:07:00"));
}

static void a_link_that_works_stays(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -80);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 0, 0);
	/* Nobody can hear one that is connected, but another may say so. */
	fleet_rig_hears(rig, 1, 0, -30);
	fleet_rig_pass(rig, 100 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

static void a_lost_link_has_3_s_to_come_back(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 0, 0);
	fleet_rig_pass(rig, 10 * S + 500 * MS);
	fleet_rig_disconnect(rig, 0, 0);
	fleet_rig_hears(rig, 1, 0, -80);
	fleet_rig_pass(rig, 3 * S - 100 * MS);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	fleet_rig_pass(rig, 200 * MS);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

static void its_radio_has_it_again_unless_another_is_much_nearer(void **state)
{
	for (int better_db = 5; better_db <= 15; better_db += 10) {
		begin(2, 7, 1);
		fleet_rig_hears(rig, 0, 0, -60);
		fleet_rig_pass(rig, 2 * S);
		fleet_rig_connect(rig, 0, 0);
		fleet_rig_pass(rig, 10 * S + 500 * MS);
		fleet_rig_disconnect(rig, 0, 0);
		fleet_rig_hears(rig, 0, 0, -60);
		fleet_rig_hears(rig, 1, 0, -60 + better_db);
		fleet_rig_pass(rig, 5 * S);
		assert_int_equal(fleet_rig_served(rig, 0), better_db > 10);
		fleet_rig_free(rig);
	}
	begin(1, 1, 1);
}

static void a_silent_radio_keeps_what_nobody_else_hears(void **state)
{
	begin(2, 7, 2);
	for (unsigned i = 0; i < 2; i++) {
		fleet_rig_hears(rig, 0, i, -60);
		fleet_rig_pass(rig, 2 * S);
		fleet_rig_connect(rig, 0, i);
	}
	fleet_rig_pass(rig, 10 * S);
	rig->is_silent[0] = true;
	fleet_rig_hears(rig, 1, 0, -80);
	fleet_rig_pass(rig, 3 * S - 100 * MS);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	fleet_rig_pass(rig, 200 * MS);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	fleet_rig_pass(rig, 100 * S);
	assert_int_equal(fleet_rig_served(rig, 1), 0);
}

/* Heard before it was connected, it is not heard any more. */
static void what_was_heard_before_a_link_is_no_reason_to_move(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_hears(rig, 1, 0, -62);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 0, 0);
	fleet_rig_pass(rig, 2 * S);
	rig->is_silent[0] = true;
	fleet_rig_pass(rig, 20 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

static void one_that_nobody_hears_stays_where_it_was(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 1, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 1, 0);
	fleet_rig_pass(rig, 5 * S);
	fleet_rig_disconnect(rig, 1, 0);
	fleet_rig_pass(rig, 100 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

/* --- radios that do not do well --- */

static void a_radio_that_tries_in_vain_gives_way(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_hears(rig, 1, 0, -90);
	fleet_rig_pass(rig, RADIO_FLEET_TRY_US - 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	/* It stays there, also when the first counts as hearing it again. */
	fleet_rig_connect(rig, 1, 0);
	fleet_rig_pass(rig, 2 * RADIO_FLEET_DEAF_US);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

static void the_only_one_that_hears_it_goes_on_trying(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	for (unsigned s = 0; s < 200; s++) {
		fleet_rig_pass(rig, S);
		assert_int_equal(fleet_rig_served(rig, 0), 0);
	}
}

static void it_gives_the_slot_to_one_that_waits(void **state)
{
	begin(1, 1, 2);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_hears(rig, 0, 1, -60);
	fleet_rig_pass(rig, 20 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	assert_int_equal(fleet_rig_served(rig, 1), -1);
	fleet_rig_pass(rig, 15 * S);
	assert_int_equal(fleet_rig_served(rig, 1), 0);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

static void one_that_it_cannot_connect_to_goes_elsewhere_at_once(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_hears(rig, 1, 0, -80);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	fleet_rig_says(rig, 0, 0)->problem = WEARABLE_PROBLEM_BOND_LOST;
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

static void what_is_wrong_with_one_does_not_make_it_heard(void **state)
{
	begin(2, 7, 1);
	fleet_rig_says(rig, 0, 0)->problem = WEARABLE_PROBLEM_BOND_LOST;
	fleet_rig_pass(rig, 5 * S);
	assert_int_equal(fleet_rig_served(rig, 0), -1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

static void a_flapping_radio_moves_a_wearable_once(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -50);
	fleet_rig_hears(rig, 1, 0, -70);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	for (unsigned k = 0; k < 60; k++) {
		rig->is_silent[0] = k % 2 == 0;
		fleet_rig_pass(rig, 5 * S);
		assert_int_equal(fleet_rig_served(rig, 0), 1);
		if (k == 5)
			fleet_rig_connect(rig, 1, 0);
	}
	/* Also if it has to be connected again, as long as it comes and goes. */
	fleet_rig_disconnect(rig, 1, 0);
	fleet_rig_hears(rig, 0, 0, -50);
	fleet_rig_hears(rig, 1, 0, -70);
	fleet_rig_pass(rig, 10 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

/* --- slots, bonds --- */

static void slots_are_what_the_controllers_have(void **state)
{
	begin(2, 3, 3);
	rig->status[0].n_adapters = 2;
	rig->status[0].adapter[0].limit = 1;
	rig->status[0].adapter[1] = (struct radio_status_adapter){"00:1A:7D:DA:71:14", 1, 0, 5};
	for (unsigned i = 0; i < 3; i++) {
		fleet_rig_hears(rig, 0, i, -50);
		fleet_rig_hears(rig, 1, i, -90);
	}
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal((fleet_rig_served(rig, 0) == 1) + (fleet_rig_served(rig, 1) == 1) +
				 (fleet_rig_served(rig, 2) == 1),
		1);
}

static void a_bonded_one_goes_where_its_key_is(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -90);
	fleet_rig_says(rig, 0, 0)->is_bonded = true;
	fleet_rig_hears(rig, 1, 0, -30);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	fleet_rig_hears(rig, 0, 0, 0);
	fleet_rig_pass(rig, 12 * S);
	assert_int_equal(fleet_rig_served(rig, 0), -1);
	assert_string_equal(rig->trouble[HEALTH_BOND_ELSEWHERE], "w0");
	assert_non_null(strstr(rig->text[HEALTH_BOND_ELSEWHERE], "mat-0"));
	fleet_rig_says(rig, 1, 0)->is_bonded = true;
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	assert_string_equal(rig->trouble[HEALTH_BOND_ELSEWHERE], "");
}

/* --- pins --- */

static void a_kit_goes_to_the_radio_that_it_names(void **state)
{
	begin(2, 7, 3);
	rig->conf->kit[0].radio = strdup("mat-1");
	rig->conf->kit[1].name = strdup("2");
	rig->conf->n_kits = 2;
	rig->conf->wearable[2].kit = 1;
	for (unsigned i = 0; i < 3; i++)
		fleet_rig_hears(rig, 0, i, -30);
	fleet_rig_hears(rig, 1, 0, -90);
	fleet_rig_hears(rig, 1, 2, -90);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	/* That one does not hear it; and this one is of another kit. */
	assert_int_equal(fleet_rig_served(rig, 1), 0);
	assert_int_equal(fleet_rig_served(rig, 2), 0);
}

static void a_pin_moves_no_link(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -30);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 0, 0);
	rig->conf->kit[0].radio = strdup("mat-1");
	fleet_rig_hears(rig, 1, 0, -30);
	fleet_rig_pass(rig, 20 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(it_goes_to_the_radio_that_hears_it_best, teardown),
		cmocka_unit_test_teardown(a_link_that_works_stays, teardown),
		cmocka_unit_test_teardown(a_lost_link_has_3_s_to_come_back, teardown),
		cmocka_unit_test_teardown(
			its_radio_has_it_again_unless_another_is_much_nearer, teardown),
		cmocka_unit_test_teardown(a_silent_radio_keeps_what_nobody_else_hears, teardown),
		cmocka_unit_test_teardown(
			what_was_heard_before_a_link_is_no_reason_to_move, teardown),
		cmocka_unit_test_teardown(one_that_nobody_hears_stays_where_it_was, teardown),
		cmocka_unit_test_teardown(a_radio_that_tries_in_vain_gives_way, teardown),
		cmocka_unit_test_teardown(the_only_one_that_hears_it_goes_on_trying, teardown),
		cmocka_unit_test_teardown(it_gives_the_slot_to_one_that_waits, teardown),
		cmocka_unit_test_teardown(
			one_that_it_cannot_connect_to_goes_elsewhere_at_once, teardown),
		cmocka_unit_test_teardown(what_is_wrong_with_one_does_not_make_it_heard, teardown),
		cmocka_unit_test_teardown(a_flapping_radio_moves_a_wearable_once, teardown),
		cmocka_unit_test_teardown(slots_are_what_the_controllers_have, teardown),
		cmocka_unit_test_teardown(a_bonded_one_goes_where_its_key_is, teardown),
		cmocka_unit_test_teardown(a_kit_goes_to_the_radio_that_it_names, teardown),
		cmocka_unit_test_teardown(a_pin_moves_no_link, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
