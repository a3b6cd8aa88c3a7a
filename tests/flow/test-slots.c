// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/slots.h"

#define NOW    (1000 * (int64_t)US_PER_S)
#define WITHIN (12 * (int64_t)US_PER_S)

static const struct slots_adapter one[SLOTS_ADAPTERS_MAX] = {{.is_usable = true}};

static void the_strongest_comes_first(void **state)
{
	struct slots_candidate c[] = {
		{.wearable = 0, .rssi_dbm = -80, .seen_us = NOW, .waits_since_us = NOW},
		{.wearable = 1, .rssi_dbm = -50, .seen_us = NOW, .waits_since_us = NOW},
		{.wearable = 2, .rssi_dbm = -70, .seen_us = NOW, .waits_since_us = NOW},
	};
	struct slots slots;

	slots_init(&slots, 7);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, one, c, ARRAY_LEN(c)), 1);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, one, c, 0), -1);
}

static void picks_only_recently_seen_ones(void **state)
{
	struct slots_candidate c[] = {
		{.rssi_dbm = -40, .seen_us = NOW - WITHIN - 1, .waits_since_us = NOW},
		{.rssi_dbm = -90, .seen_us = NOW - WITHIN, .waits_since_us = NOW},
	};
	struct slots slots;

	slots_init(&slots, 7);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, one, c, 2), 1);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, one, c, 1), -1);
}

static void one_connection_attempt_at_a_time_within_capacity(void **state)
{
	struct slots_candidate c[] = {{.rssi_dbm = -40, .seen_us = NOW, .waits_since_us = NOW}};
	struct slots_adapter busy[SLOTS_ADAPTERS_MAX] = {
		{.is_usable = true, .is_connecting = true}};
	struct slots_adapter full[SLOTS_ADAPTERS_MAX] = {{.is_usable = true, .in_use = 7}};
	struct slots_adapter off[SLOTS_ADAPTERS_MAX] = {{.in_use = 0}};
	struct slots slots;

	slots_init(&slots, 7);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, busy, c, 1), -1);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, full, c, 1), -1);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, off, c, 1), -1);
	full[0].in_use = 6;
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, full, c, 1), 0);
}

static void remembers_the_real_limit_for_a_while(void **state)
{
	struct slots slots;

	slots_init(&slots, 7);
	assert_int_equal(slots_limit(&slots, NOW, 0), 7);
	slots_refused(&slots, NOW, 0, 0); /* without any connection it is not a limit */
	assert_int_equal(slots_limit(&slots, NOW, 0), 7);
	slots_refused(&slots, NOW, 0, 5);
	assert_int_equal(slots_limit(&slots, NOW, 0), 5);
	assert_int_equal(slots_limit(&slots, NOW, 1), 7);
	assert_int_equal(slots_limit(&slots, NOW + 3600 * (int64_t)US_PER_S, 0), 7);
	slots_refused(&slots, NOW, 0, 5);
	slots_reset(&slots, 0);
	assert_int_equal(slots_limit(&slots, NOW, 0), 7);
}

/* Nobody starves however weak, and a hopeless one does not hold up the others. */
static void everyone_gets_a_turn(void **state)
{
	struct slots_candidate c[4];
	int64_t picked_us[4] = {NOW, NOW, NOW, NOW};
	struct slots slots;

	slots_init(&slots, 7);
	for (unsigned i = 0; i < 4; i++)
		c[i] = (struct slots_candidate){
			.wearable = i, .rssi_dbm = -40 - 15 * (int)i, .waits_since_us = NOW};
	for (int64_t t = NOW; t < NOW + 400 * (int64_t)US_PER_S; t += 2 * US_PER_S) {
		int i;

		for (unsigned k = 0; k < 4; k++)
			c[k].seen_us = t;
		i = slots_pick(&slots, t, WITHIN, one, c, 4);
		assert_in_range(i, 0, 3);
		picked_us[i] = t;
		c[i].failures++; /* all fail */
		c[i].waits_since_us = t;
		for (unsigned k = 0; k < 4; k++)
			assert_true(t - picked_us[k] <= 90 * (int64_t)US_PER_S);
	}
}

static void spreads_connections_over_adapters(void **state)
{
	struct slots_adapter two[SLOTS_ADAPTERS_MAX] = {
		{.is_usable = true, .in_use = 4}, {.is_usable = true}};
	struct slots_candidate c[] = {
		{.adapter = 0, .rssi_dbm = -60, .seen_us = NOW, .waits_since_us = NOW},
		{.adapter = 1, .rssi_dbm = -65, .seen_us = NOW, .waits_since_us = NOW},
	};
	struct slots slots;

	slots_init(&slots, 7);
	assert_int_equal(slots_pick(&slots, NOW, WITHIN, two, c, 2), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_strongest_comes_first),
		cmocka_unit_test(picks_only_recently_seen_ones),
		cmocka_unit_test(one_connection_attempt_at_a_time_within_capacity),
		cmocka_unit_test(remembers_the_real_limit_for_a_while),
		cmocka_unit_test(everyone_gets_a_turn),
		cmocka_unit_test(spreads_connections_over_adapters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
