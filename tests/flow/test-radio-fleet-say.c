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

static bool serves(unsigned radio, unsigned wearable)
{
	return radio_fleet_serves(
		rig->fleet, fleet_rig_radio(radio), rig->conf->wearable[wearable].address);
}

/* Wearable 0 works at radio 0; then that is cut off, and radio 1 has it. */
static void move(void)
{
	begin(3, 7, 2);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 0, 0);
	fleet_rig_pass(rig, 5 * S);
	rig->is_silent[0] = true;
	fleet_rig_disconnect(rig, 0, 0);
	fleet_rig_hears(rig, 1, 0, -60);
	fleet_rig_pass(rig, 10 * S);
	fleet_rig_connect(rig, 1, 0);
	fleet_rig_pass(rig, 10 * S);
}

static void what_a_radio_kept_still_counts(void **state)
{
	move();
	assert_true(serves(0, 0) && serves(1, 0) && !serves(2, 0));
	rig->is_silent[0] = false;
	rig->status[0].buffered_events = 3;
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_event(rig, CAPTURE_DISCONNECTED, 0, 0, 20 * S);
	fleet_rig_pass(rig, 2 * S);
	assert_true(serves(0, 0));
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	assert_string_equal(fleet_rig_told(rig, 0, 0)->radio, "mat-1");
	rig->status[0].buffered_events = 0;
	fleet_rig_pass(rig, 2 * S);
	assert_true(!serves(0, 0) && serves(1, 0));
	assert_string_equal(fleet_rig_told(rig, 0, 0)->radio, "");
}

/* The first has not noticed yet that the wearable is gone. */
static void of_two_that_have_it_the_later_one_does(void **state)
{
	move();
	rig->is_silent[0] = false;
	fleet_rig_says(rig, 0, 0)->is_connected = true;
	fleet_rig_pass(rig, 20 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	assert_string_equal(fleet_rig_told(rig, 0, 0)->radio, "mat-1");
	/* An event is later than both. */
	fleet_rig_event(rig, CAPTURE_CONNECTED, 0, 0, 100 * MS);
	fleet_rig_pass(rig, S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	assert_string_equal(fleet_rig_told(rig, 1, 0)->radio, "mat-0");
}

/* That may have lost the wearable, which may have found another. */
static void a_silent_radio_is_no_reason_to_let_go(void **state)
{
	move();
	assert_string_equal(fleet_rig_told(rig, 0, 0)->radio, "mat-1");
	rig->is_silent[1] = true;
	fleet_rig_pass(rig, 4 * S);
	assert_string_equal(fleet_rig_told(rig, 0, 0)->radio, "");
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

static void what_is_old_changes_nothing(void **state)
{
	move();
	fleet_rig_event(rig, CAPTURE_CONNECTED, 0, 0, 60 * S);
	fleet_rig_event(rig, CAPTURE_DISCONNECTED, 1, 0, 60 * S);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	fleet_rig_event(rig, CAPTURE_DISCONNECTED, 0, 0, 0);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

static void a_radio_that_starts_again_has_lost_its_links(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_connect(rig, 0, 0);
	fleet_rig_pass(rig, 5 * S);
	rig->status[0].boot = 1;
	fleet_rig_hears(rig, 0, 0, 0);
	fleet_rig_hears(rig, 1, 0, -60);
	fleet_rig_pass(rig, 5 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	assert_string_equal(rig->trouble[HEALTH_RADIO_NAME_TAKEN], "");
}

static void what_is_wrong_with_a_radio_is_repeated(void **state)
{
	begin(2, 7, 1);
	rig->status[1].n_problems = 1;
	rig->status[1].problem[0] =
		(struct radio_status_problem){HEALTH_ADAPTER_SILENT, "7113", "It is silent."};
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_ADAPTER_SILENT], "mat-1");
	assert_string_equal(rig->text[HEALTH_ADAPTER_SILENT], "7113: It is silent.");
	rig->status[1].n_problems = 0;
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_ADAPTER_SILENT], "");
}

/* --- another configuration --- */

static void reload(enum conf_fate fate)
{
	static struct conf_change change;

	change.wearable[0] = fate;
	rig->conf->wearable[0].is_gone = fate == CONF_FATE_REMOVED;
	conf_index(rig->conf);
	radio_fleet_reload(rig->fleet, &change);
	fleet_rig_pass(rig, S);
}

static void a_changed_configuration_is_told(void **state)
{
	begin(2, 7, 2);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	rig->conf->wearable[0].bond = true;
	rig->conf->wearable[0].placement = PLACEMENT_ROOM;
	reload(CONF_FATE_CHANGED);
	assert_int_equal(fleet_rig_told(rig, 0, 0)->placement, PLACEMENT_ROOM);
	assert_string_equal(fleet_rig_told(rig, 0, 0)->kit, "1");
	assert_true(fleet_rig_told(rig, 0, 0)->is_served && fleet_rig_told(rig, 0, 0)->bond);
	reload(CONF_FATE_REMOVED);
	assert_null(fleet_rig_told(rig, 0, 0));
	assert_null(fleet_rig_told(rig, 1, 0));
	assert_false(serves(0, 0));
	reload(CONF_FATE_ADDED);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

static void what_was_wrong_with_a_removed_one_is_solved(void **state)
{
	begin(2, 7, 1);
	fleet_rig_says(rig, 0, 0)->is_bonded = true;
	fleet_rig_pass(rig, 2 * S);
	fleet_rig_hears(rig, 0, 0, 0);
	fleet_rig_hears(rig, 1, 0, -60);
	fleet_rig_pass(rig, 12 * S);
	assert_string_equal(rig->trouble[HEALTH_BOND_ELSEWHERE], "w0");
	reload(CONF_FATE_REMOVED);
	assert_string_equal(rig->trouble[HEALTH_BOND_ELSEWHERE], "");
}

/* --- a brain that starts again --- */

static void recall_lists(void)
{
	for (unsigned r = 0; r < rig->n_radios; r++)
		radio_fleet_recall(rig->fleet, fleet_rig_radio(r), &rig->list[r]);
	memset(rig->list, 0, sizeof(rig->list));
}

static void a_new_brain_goes_on_where_the_last_one_was(void **state)
{
	move();
	fleet_rig_restart(rig);
	recall_lists();
	assert_true(serves(0, 0) && serves(1, 0) && !serves(2, 0));
	fleet_rig_start(rig);
	fleet_rig_pass(rig, 5 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
	assert_string_equal(fleet_rig_told(rig, 0, 0)->radio, "mat-1");
	assert_int_equal(rig->list[2].epoch, 7);
}

static void without_memory_the_radios_say_what_they_have(void **state)
{
	move();
	fleet_rig_restart(rig);
	assert_true(serves(2, 0));
	fleet_rig_event(rig, CAPTURE_CONNECTED, 1, 0, 0);
	assert_true(serves(1, 0) && !serves(0, 0));
	fleet_rig_start(rig);
	fleet_rig_pass(rig, 5 * S);
	assert_int_equal(fleet_rig_served(rig, 0), 1);
}

static void nothing_leaves_before_the_start(void **state)
{
	rig = fleet_rig_new(1, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 20 * S);
	assert_int_equal(rig->n_lists[0], 0);
	fleet_rig_start(rig);
	fleet_rig_pass(rig, 1900 * MS);
	assert_int_equal(rig->n_lists[0], 0);
	fleet_rig_pass(rig, 200 * MS);
	assert_int_equal(rig->n_lists[0], 1);
	fleet_rig_start(rig);
	fleet_rig_pass(rig, 200 * MS);
	assert_int_equal(rig->n_lists[0], 2);
}

static void a_list_is_sent_when_it_changes(void **state)
{
	move();
	memset(rig->n_lists, 0, sizeof(rig->n_lists));
	fleet_rig_pass(rig, 60 * S);
	assert_int_equal(rig->n_lists[0] + rig->n_lists[1] + rig->n_lists[2], 0);
	fleet_rig_hears(rig, 2, 1, -60);
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(rig->n_lists[0] + rig->n_lists[1], 0);
	assert_int_equal(rig->n_lists[2], 1);
}

/* --- what is wrong --- */

static void a_silent_radio_is_told_of(void **state)
{
	begin(2, 7, 1);
	rig->is_silent[1] = true;
	fleet_rig_pass(rig, 8 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "");
	fleet_rig_pass(rig, 4 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "mat-1");
	rig->is_silent[1] = false;
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "");
}

static void a_radio_that_is_no_more_is_forgotten(void **state)
{
	move();
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "mat-0");
	radio_fleet_forget(rig->fleet, "mat-0");
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "");
	fleet_rig_pass(rig, 30 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "");
	assert_true(!serves(0, 0) && serves(1, 0));
	radio_fleet_forget(rig->fleet, "mat-1");
	assert_null(radio_fleet_where(rig->fleet, 0));
}

static void a_retained_status_is_no_sign_of_life(void **state)
{
	begin(2, 7, 1);
	rig->is_silent[1] = true;
	for (unsigned s = 0; s < 12; s++) {
		radio_fleet_status(rig->fleet, "mat-1", &rig->status[1], true, rig->now_us);
		fleet_rig_pass(rig, S);
	}
	assert_string_equal(rig->trouble[HEALTH_RADIO_SILENT], "mat-1");
}

static void a_will_that_is_followed_by_life_changes_nothing(void **state)
{
	struct radio_status will;

	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_hears(rig, 1, 0, -70);
	fleet_rig_pass(rig, 2 * S);
	will = (struct radio_status){.protocol = 1, .boot = rig->status[0].boot};
	radio_fleet_status(rig->fleet, "mat-0", &will, false, rig->now_us);
	fleet_rig_pass(rig, 900 * MS);
	assert_int_equal(fleet_rig_served(rig, 0), 0);
}

static void another_version_is_told_of_and_not_used(void **state)
{
	begin(2, 7, 1);
	rig->status[1].protocol = 2;
	strcpy(rig->status[1].version, "9.0");
	fleet_rig_hears(rig, 0, 0, -90);
	fleet_rig_hears(rig, 1, 0, -40);
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_VERSION], "mat-1");
	assert_non_null(strstr(rig->text[HEALTH_RADIO_VERSION], "9.0"));
	assert_int_equal(fleet_rig_served(rig, 0), 0);
	rig->status[1].protocol = 1;
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_VERSION], "");
}

static void a_name_used_twice_is_told_of(void **state)
{
	struct radio_status other, will;

	begin(1, 7, 1);
	other = will = rig->status[0];
	other.boot = 1;
	will.is_online = false;
	radio_fleet_status(rig->fleet, "mat-0", &other, false, rig->now_us);
	/* Its own will from before the restart, late. */
	radio_fleet_status(rig->fleet, "mat-0", &will, false, rig->now_us);
	rig->status[0] = other;
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_NAME_TAKEN], "");
	rig->status[0].boot = 100;
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_RADIO_NAME_TAKEN], "mat-0");
}

static void those_that_wait_for_a_link_are_told_of(void **state)
{
	begin(1, 1, 3);
	for (unsigned i = 0; i < 3; i++)
		fleet_rig_hears(rig, 0, i, -60);
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_SLOTS_SHORT], "radios");
	assert_int_equal(strncmp(rig->text[HEALTH_SLOTS_SHORT], "2 wearables have", 16), 0);
	rig->status[0].adapter[0].slots = 2;
	fleet_rig_pass(rig, 2 * S);
	assert_int_equal(strncmp(rig->text[HEALTH_SLOTS_SHORT], "1 wearable has", 14), 0);
	rig->status[0].adapter[0].slots = 3;
	fleet_rig_pass(rig, 2 * S);
	assert_string_equal(rig->trouble[HEALTH_SLOTS_SHORT], "");
}

static void alive(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		radio_fleet_alive(rig->fleet, fleet_rig_radio(i), rig->now_us);
	fleet_rig_pass(rig, 200 * MS);
}

/* No end of names keeps another out for long, nor one that has wearables. */
static void more_radios_than_there_can_be_are_refused(void **state)
{
	begin(2, 7, 1);
	fleet_rig_hears(rig, 0, 0, -60);
	fleet_rig_pass(rig, 2 * S);
	rig->conf->kit[0].radio = strdup("mat-1");
	assert_true(radio_fleet_knows(rig->fleet, "mat-0"));
	assert_true(radio_fleet_knows(rig->fleet, "mat-1"));
	rig->is_silent[0] = rig->is_silent[1] = true;
	alive(2, FLEET_RADIOS_MAX);
	assert_false(radio_fleet_knows(rig->fleet, "mat-7"));
	alive(FLEET_RADIOS_MAX, FLEET_RADIOS_MAX + 5);
	assert_int_equal(radio_fleet_refused(rig->fleet), 5);
	fleet_rig_pass(rig, 5 * S);
	alive(1000, 1000 + 3 * FLEET_RADIOS_MAX);
	assert_int_equal(radio_fleet_refused(rig->fleet), 5);
	assert_string_equal(radio_fleet_where(rig->fleet, 0), "mat-0");
	assert_true(serves(0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_a_radio_kept_still_counts, teardown),
		cmocka_unit_test_teardown(of_two_that_have_it_the_later_one_does, teardown),
		cmocka_unit_test_teardown(a_silent_radio_is_no_reason_to_let_go, teardown),
		cmocka_unit_test_teardown(what_is_old_changes_nothing, teardown),
		cmocka_unit_test_teardown(a_radio_that_starts_again_has_lost_its_links, teardown),
		cmocka_unit_test_teardown(what_is_wrong_with_a_radio_is_repeated, teardown),
		cmocka_unit_test_teardown(a_changed_configuration_is_told, teardown),
		cmocka_unit_test_teardown(what_was_wrong_with_a_removed_one_is_solved, teardown),
		cmocka_unit_test_teardown(a_new_brain_goes_on_where_the_last_one_was, teardown),
		cmocka_unit_test_teardown(without_memory_the_radios_say_what_they_have, teardown),
		cmocka_unit_test_teardown(nothing_leaves_before_the_start, teardown),
		cmocka_unit_test_teardown(a_list_is_sent_when_it_changes, teardown),
		cmocka_unit_test_teardown(a_silent_radio_is_told_of, teardown),
		cmocka_unit_test_teardown(a_radio_that_is_no_more_is_forgotten, teardown),
		cmocka_unit_test_teardown(a_retained_status_is_no_sign_of_life, teardown),
		cmocka_unit_test_teardown(
			a_will_that_is_followed_by_life_changes_nothing, teardown),
		cmocka_unit_test_teardown(another_version_is_told_of_and_not_used, teardown),
		cmocka_unit_test_teardown(a_name_used_twice_is_told_of, teardown),
		cmocka_unit_test_teardown(those_that_wait_for_a_link_are_told_of, teardown),
		cmocka_unit_test_teardown(more_radios_than_there_can_be_are_refused, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
