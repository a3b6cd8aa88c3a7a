// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "coxad/core/fleet/fleet-assign.h"

static struct {
	struct fleet fleet;
	struct fleet_radio radio[2];
	struct fleet_wearable wearable[4];
	int8_t rssi_dbm[4][FLEET_RADIOS_MAX];
} gym;

static struct {
	struct fleet_place place[FLEET_WEARABLES_MAX];
	uint16_t waiting[FLEET_WEARABLES_MAX];
	unsigned n_waiting;
} answer;

static void ask(void)
{
	answer.n_waiting = fleet_assign(&gym.fleet, answer.place, answer.waiting);
}

/* Radios 0 and 1 with a slot each, and wearables that both hear. */
static void two_radios(unsigned n_wearables)
{
	memset(&gym, 0, sizeof(gym));
	gym.fleet = (struct fleet){.radio = gym.radio,
		.n_radios = 2,
		.wearable = gym.wearable,
		.n_wearables = n_wearables,
		.rssi_dbm = (const int8_t(*)[FLEET_RADIOS_MAX])gym.rssi_dbm};
	gym.radio[0] = gym.radio[1] = (struct fleet_radio){.is_alive = true, .slots = 1};
	for (unsigned i = 0; i < n_wearables; i++) {
		gym.wearable[i] = (struct fleet_wearable){
			.radio = FLEET_NO_RADIO, .pin = FLEET_NO_RADIO, .bond = FLEET_NO_RADIO};
		gym.rssi_dbm[i][0] = -60;
		gym.rssi_dbm[i][1] = -80;
	}
}

static void expect(unsigned wearable, int radio, enum fleet_reason reason)
{
	assert_int_equal(answer.place[wearable].radio, radio);
	assert_int_equal(answer.place[wearable].reason, reason);
}

static void the_loudest_radio_is_taken(void **state)
{
	two_radios(1);
	ask();
	expect(0, 0, FLEET_PLACED);
	gym.wearable[0].pin = 1;
	ask();
	expect(0, 1, FLEET_PLACED);
	gym.radio[1].is_alive = false;
	ask();
	expect(0, 0, FLEET_PLACED);
}

static void one_gives_way_who_can_go_elsewhere(void **state)
{
	two_radios(2);
	gym.wearable[0].radio = 0;
	gym.rssi_dbm[1][1] = FLEET_UNHEARD_DBM;
	ask();
	expect(0, 1, FLEET_PLACED);
	expect(1, 0, FLEET_PLACED);
	/* But not with a link that works. */
	gym.wearable[0].is_held = true;
	ask();
	expect(0, 0, FLEET_HELD);
	expect(1, FLEET_NO_RADIO, FLEET_FULL);
	assert_int_equal(answer.n_waiting, 1);
	assert_int_equal(answer.waiting[0], 1);
}

static void whoever_waits_longest_is_served(void **state)
{
	two_radios(4);
	for (unsigned i = 0; i < 4; i++)
		gym.wearable[i].waits_since_us = 100 - i;
	ask();
	expect(3, 0, FLEET_PLACED);
	expect(2, 1, FLEET_PLACED);
	assert_int_equal(answer.n_waiting, 2);
	assert_int_equal(answer.waiting[0], 1);
	assert_int_equal(answer.waiting[1], 0);
	/* Nobody whom a radio is connecting to is turned back. */
	gym.wearable[0].radio = 0;
	ask();
	expect(0, 0, FLEET_PLACED);
}

static void a_bond_binds(void **state)
{
	two_radios(1);
	gym.wearable[0].bond = 1;
	gym.wearable[0].pin = 0;
	ask();
	expect(0, 1, FLEET_PLACED);
	gym.radio[1].is_alive = false;
	ask();
	expect(0, FLEET_NO_RADIO, FLEET_BOND_ABSENT);
	assert_int_equal(answer.n_waiting, 1);
}

static void a_dead_radio_keeps_only_what_nobody_hears(void **state)
{
	two_radios(2);
	gym.radio[0].is_alive = false;
	gym.wearable[0].radio = gym.wearable[1].radio = 0;
	gym.wearable[0].is_held = gym.wearable[1].is_held = true;
	gym.rssi_dbm[1][1] = FLEET_UNHEARD_DBM;
	ask();
	expect(0, 1, FLEET_PLACED);
	expect(1, 0, FLEET_HELD);
	gym.wearable[1].is_held = false;
	ask();
	expect(1, FLEET_NO_RADIO, FLEET_UNHEARD);
	assert_int_equal(answer.n_waiting, 0);
}

static void two_change_places_for_a_pin(void **state)
{
	two_radios(2);
	gym.wearable[0].radio = 0;
	gym.wearable[1].radio = 1;
	gym.wearable[1].pin = 0;
	ask();
	expect(0, 1, FLEET_PLACED);
	expect(1, 0, FLEET_PLACED);
	/* Both want the same place: whoever has it stays. */
	gym.wearable[0].pin = 0;
	ask();
	expect(0, 0, FLEET_PLACED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_loudest_radio_is_taken),
		cmocka_unit_test(one_gives_way_who_can_go_elsewhere),
		cmocka_unit_test(whoever_waits_longest_is_served),
		cmocka_unit_test(a_bond_binds),
		cmocka_unit_test(a_dead_radio_keeps_only_what_nobody_hears),
		cmocka_unit_test(two_change_places_for_a_pin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
