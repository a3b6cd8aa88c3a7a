// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "tests/flow/fleet-world.h"

#define WORLDS 60
#define STEPS  1200
#define CALM   900
/* A radio speaks each second, and what it says leads to an answer 0.1 s later. */
#define HEAR_US (13 * FLEET_WORLD_STEP_US)

static struct fleet_world *world;
static unsigned n_waiting, n_moves, n_links;

static int teardown(void **state)
{
	world = world ? fleet_world_free(world) : NULL;
	return 0;
}

/* --- at each step --- */

/* Whatever the brain believes, no radio is told to let go what it has, unless another had it until just now
 * and both were cut off meanwhile; and one that the brain hears is told to go on. */
static void check_links(void)
{
	for (unsigned i = 0; i < world->n_wearables; i++) {
		const struct fleet_world_wearable *w = &world->wearable[i];
		const struct radio_list_wearable *told;

		if (w->link == FLEET_WORLD_NO_RADIO)
			continue;
		told = fleet_world_entry(&world->list[w->link], world, i);
		assert_non_null(told);
		if (*told->radio)
			assert_true(w->known != w->link &&
				    world->now_us - w->known_us <= RADIO_FLEET_LOST_US + HEAR_US);
		if (fleet_world_is_heard(world, w->link) &&
			world->now_us - world->radio[w->link].up_us > HEAR_US)
			assert_true(told->is_served);
	}
}

static void check_one_radio_for_each(void)
{
	for (unsigned i = 0; i < world->n_wearables; i++) {
		unsigned n = 0;

		for (unsigned r = 0; r < world->n_radios; r++) {
			const struct radio_list_wearable *told =
				fleet_world_entry(&world->list[r], world, i);

			n += told && told->is_served;
		}
		assert_true(n <= 1);
	}
}

/* What the brain may count as taking a slot: connected, lately lost, or about to be connected to. */
static unsigned slots_taken(unsigned radio)
{
	unsigned n = 0;

	for (unsigned i = 0; i < world->n_wearables; i++) {
		const struct radio_list_wearable *told =
			fleet_world_entry(&world->list[radio], world, i);

		n += told && told->is_served;
	}
	return n;
}

static bool can_serve(unsigned radio, unsigned wearable)
{
	const struct fleet_world_wearable *w = &world->wearable[wearable];

	return fleet_world_is_heard(world, (int)radio) && w->dbm[radio] &&
	       world->now_us - world->radio[radio].up_us > HEAR_US;
}

/* One that no radio is to serve is heard by none that has a slot left. */
static void check_waiting(void)
{
	for (unsigned i = 0; i < world->n_wearables; i++) {
		const struct fleet_world_wearable *w = &world->wearable[i];

		if (!w->is_on || w->link != FLEET_WORLD_NO_RADIO ||
			world->now_us - w->free_us <= HEAR_US ||
			world->now_us - w->dbm_us <= HEAR_US)
			continue;
		if (radio_fleet_where(world->fleet, i))
			continue;
		for (unsigned r = 0; r < world->n_radios; r++) {
			if (!can_serve(r, i))
				continue;
			assert_true(slots_taken(r) >= world->radio[r].slots);
			n_waiting++;
		}
	}
}

/* --- moves --- */

/* Its link was not known to work for 3 s, or another radio says that it has it. */
static void check_move(struct fleet_world *of, unsigned wearable, int from, int to)
{
	const struct fleet_world_wearable *w = &of->wearable[wearable];

	if (w->link == from)
		assert_true(w->known_us < w->link_us);
	else if (w->link != to && w->known == from)
		assert_true(of->now_us - w->known_us >= RADIO_FLEET_LOST_US);
}

static void run(uint64_t seed, bool may_refuse)
{
	world = fleet_world_new(seed, may_refuse);
	world->moved = check_move;
	for (unsigned step = 0; step < STEPS; step++) {
		fleet_world_step(world);
		check_links();
		check_one_radio_for_each();
		if (!may_refuse && step > 40)
			check_waiting();
	}
}

static void what_must_be_so_is_so_whatever_happens(void **state)
{
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		run(seed, seed % 3 == 0);
		n_moves += world->n_moves;
		n_links += world->n_links;
		world = fleet_world_free(world);
	}
	/* All of it did happen. */
	printf("%u links, %u moves, %u steps of waiting\n", n_links, n_moves, n_waiting);
	assert_true(n_moves > 500 && n_links > 2000 && n_waiting > 1000);
}

static void the_same_world_gives_the_same_lists(void **state)
{
	for (uint64_t seed = 1; seed <= 5; seed++) {
		uint64_t hash;

		run(seed, true);
		hash = world->hash;
		assert_true(world->n_lists > 2);
		fleet_world_free(world);
		run(seed, true);
		assert_int_equal(world->hash, hash);
		world = fleet_world_free(world);
	}
}

/* --- once nothing more happens --- */

static bool is_hopeless(unsigned wearable)
{
	for (unsigned r = 0; r < world->n_radios; r++)
		if (world->wearable[wearable].dbm[r] && !world->wearable[wearable].is_hopeless[r])
			return false;
	return true;
}

/* Whichever radio hears one in vain gives way to one that can have it. */
static void in_the_end_all_that_can_be_are_connected(void **state)
{
	for (uint64_t seed = 1; seed <= WORLDS / 3; seed++) {
		unsigned n_lists;

		world = fleet_world_new(seed, true);
		world->moved = check_move;
		for (unsigned r = 0; r < world->n_radios; r++)
			world->radio[r].slots = FLEET_WORLD_WEARABLES;
		for (unsigned step = 0; step < STEPS / 2; step++)
			fleet_world_step(world);
		world->is_calm = true;
		for (unsigned step = 0; step < 4 * CALM; step++)
			fleet_world_step(world);
		for (unsigned i = 0; i < world->n_wearables; i++)
			assert_true(
				is_hopeless(i) || world->wearable[i].link != FLEET_WORLD_NO_RADIO);
		n_lists = world->n_lists;
		for (unsigned i = 0; i < world->n_wearables; i++)
			world->wearable[i].is_on &= !is_hopeless(i);
		for (unsigned step = 0; step < CALM; step++)
			fleet_world_step(world);
		assert_true(world->n_lists <= n_lists + world->n_wearables);
		world = fleet_world_free(world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_must_be_so_is_so_whatever_happens, teardown),
		cmocka_unit_test_teardown(the_same_world_gives_the_same_lists, teardown),
		cmocka_unit_test_teardown(in_the_end_all_that_can_be_are_connected, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
