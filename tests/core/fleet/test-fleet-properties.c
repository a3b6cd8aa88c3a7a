// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/core/fleet/drawn-fleet.h"

#define FLEETS 3000

static struct drawn_fleet drawn;
static struct drawn_answer answer, again;

static void check_place(unsigned i)
{
	const struct fleet_place *place = &answer.place[i];
	bool is_held = drawn_fleet_is_held(&drawn, i);

	assert_int_equal(place->reason == FLEET_HELD, is_held);
	if (is_held)
		assert_int_equal(place->radio, drawn.wearable[i].radio);
	else if (place->reason == FLEET_PLACED)
		assert_true(drawn_fleet_can(&drawn, i, place->radio));
	else
		assert_int_equal(place->radio, FLEET_NO_RADIO);
	if (place->reason == FLEET_FULL)
		assert_false(drawn_fleet_could_serve(&drawn, &answer, i));
	if (place->reason == FLEET_BOND_ABSENT || place->reason == FLEET_UNHEARD)
		for (int r = 0; r < (int)drawn.fleet.n_radios; r++)
			assert_false(drawn_fleet_can(&drawn, i, r));
	if (place->reason != FLEET_HELD)
		assert_int_equal(place->reason == FLEET_UNHEARD, !drawn_fleet_is_heard(&drawn, i));
}

/* No radio takes on more than it has slots for; links that work may be more. */
static void check_radio(int radio)
{
	unsigned held = 0, links = drawn_fleet_links(&drawn, &answer, radio);

	for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
		held += answer.place[i].radio == radio && answer.place[i].reason == FLEET_HELD;
	assert_true(links == held || links <= drawn.radio[radio].slots);
}

/* Those that wait, once each, in order. */
static void check_waiting(void)
{
	unsigned n = 0;

	for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
		n += answer.place[i].reason == FLEET_FULL ||
		     answer.place[i].reason == FLEET_BOND_ABSENT;
	assert_int_equal(answer.n_waiting, n);
	for (unsigned k = 1; k < n; k++) {
		int64_t before_us = drawn.wearable[answer.waiting[k - 1]].waits_since_us;
		int64_t t_us = drawn.wearable[answer.waiting[k]].waits_since_us;

		assert_true(before_us < t_us ||
			    (before_us == t_us && answer.waiting[k - 1] < answer.waiting[k]));
	}
}

static bool has_room(int radio)
{
	return drawn_fleet_links(&drawn, &answer, radio) < drawn.radio[radio].slots;
}

/* Another at the pin could go to a free slot, or to the place of the one that wants the pin. */
static bool could_make_room(unsigned x, int pin, int place)
{
	if (answer.place[x].radio != pin || answer.place[x].reason != FLEET_PLACED ||
		drawn.wearable[x].pin == pin)
		return false;
	if (drawn_fleet_can(&drawn, x, place))
		return true;
	for (int r = 0; r < (int)drawn.fleet.n_radios; r++)
		if (drawn_fleet_can(&drawn, x, r) && has_room(r))
			return true;
	return false;
}

static void check_pin(unsigned i)
{
	int pin = drawn.wearable[i].pin;

	if (answer.place[i].reason != FLEET_PLACED || answer.place[i].radio == pin ||
		!drawn_fleet_can(&drawn, i, pin))
		return;
	assert_false(has_room(pin));
	for (unsigned x = 0; x < drawn.fleet.n_wearables; x++)
		assert_false(could_make_room(x, pin, answer.place[i].radio));
}

static void check(void)
{
	drawn_fleet_ask(&drawn, &answer);
	for (unsigned i = 0; i < drawn.fleet.n_wearables; i++) {
		check_place(i);
		check_pin(i);
	}
	for (int r = 0; r < (int)drawn.fleet.n_radios; r++)
		check_radio(r);
	check_waiting();
}

static void every_answer_is_right(void **state)
{
	unsigned seen[FLEET_BOND_ABSENT + 1] = {0};

	for (uint64_t seed = 1; seed <= FLEETS; seed++) {
		drawn_fleet_draw(&drawn, seed);
		check();
		for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
			seen[answer.place[i].reason]++;
		drawn_fleet_ask(&drawn, &again);
		assert_memory_equal(&answer, &again, sizeof(answer));
	}
	for (unsigned reason = 0; reason <= FLEET_BOND_ABSENT; reason++)
		assert_true(seen[reason] > 100);
}

/* Who gets the slots is not decided by who comes later. */
static void a_longer_wait_is_never_lost_to_a_shorter_one(void **state)
{
	for (uint64_t seed = 1; seed <= FLEETS; seed++) {
		drawn_fleet_draw(&drawn, seed);
		for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
			if (!drawn.wearable[i].is_held)
				drawn.wearable[i].radio = FLEET_NO_RADIO;
		drawn_fleet_ask(&drawn, &answer);
		for (unsigned k = 0; k < answer.n_waiting; k++) {
			unsigned w = answer.waiting[k];

			again = answer;
			for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
				if (answer.place[i].reason == FLEET_PLACED &&
					drawn.wearable[i].waits_since_us >
						drawn.wearable[w].waits_since_us)
					again.place[i].radio = FLEET_NO_RADIO;
			assert_false(drawn_fleet_could_serve(&drawn, &again, w));
		}
	}
}

/* As the brain does: what was placed is connected to, then held. */
static void carry_out(unsigned one_in)
{
	for (unsigned i = 0; i < drawn.fleet.n_wearables; i++) {
		struct fleet_wearable *w = &drawn.wearable[i];

		w->radio = answer.place[i].radio;
		w->is_held = answer.place[i].reason == FLEET_HELD ||
			     (answer.place[i].reason == FLEET_PLACED &&
				     drawn_fleet_roll(&drawn, one_in) == 0);
	}
}

static void an_answer_stays_while_nothing_changes(void **state)
{
	for (uint64_t seed = 1; seed <= FLEETS; seed++) {
		drawn_fleet_draw(&drawn, seed);
		drawn_fleet_ask(&drawn, &again);
		answer = again;
		carry_out(2);
		drawn_fleet_ask(&drawn, &answer);
		for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
			assert_int_equal(answer.place[i].radio, again.place[i].radio);
	}
}

/* Loudness changes all the time; links that work do not follow it. */
static void a_link_outlives_any_change_but_its_radios_death(void **state)
{
	for (uint64_t seed = 1; seed <= FLEETS / 10; seed++) {
		drawn_fleet_draw(&drawn, seed);
		for (unsigned round = 0; round < 10; round++) {
			int victim = (int)drawn_fleet_roll(&drawn, drawn.fleet.n_radios);

			check();
			again = answer;
			carry_out(2);
			drawn.radio[victim].is_alive = !drawn.radio[victim].is_alive;
			for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
				for (unsigned r = 0; r < drawn.fleet.n_radios; r++)
					if (drawn_fleet_roll(&drawn, 4) == 0)
						drawn.rssi_dbm[i][r] =
							(int8_t)(-100 +
								 (int)drawn_fleet_roll(&drawn, 60));
			drawn_fleet_ask(&drawn, &answer);
			for (unsigned i = 0; i < drawn.fleet.n_wearables; i++)
				if (drawn.wearable[i].is_held &&
					drawn.radio[drawn.wearable[i].radio].is_alive)
					assert_int_equal(
						answer.place[i].radio, again.place[i].radio);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_answer_is_right),
		cmocka_unit_test(a_longer_wait_is_never_lost_to_a_shorter_one),
		cmocka_unit_test(an_answer_stays_while_nothing_changes),
		cmocka_unit_test(a_link_outlives_any_change_but_its_radios_death),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
