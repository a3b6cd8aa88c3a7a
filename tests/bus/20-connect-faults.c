// SPDX-License-Identifier: MIT
/* Faults before data comes: each case ends up streaming. */
#include "tests/bus/bus-test.h"

static void ends_streaming(const struct bus_test_options *options, unsigned min_connects)
{
	struct bus_test t;

	bus_test_begin(&t, options);
	UNTIL_STREAMS(&t, 1, 10);
	assert_true(bus_test_order(&t, "count Connect") >= min_connects);
	bus_test_end(&t);
}

static void connect_fails_a_few_times(void **state)
{
	ends_streaming(
		&(struct bus_test_options){
			.script = "fault Connect * error Failed:le-connection-abort-by-local x6"},
		7);
}

static void reply_is_swallowed_but_connected(void **state)
{
	/* Connected=true is enough to go on. */
	ends_streaming(&(struct bus_test_options){.script = "fault Connect * swallow x1"}, 1);
}

static void connect_is_never_answered(void **state)
{
	ends_streaming(&(struct bus_test_options){.script = "fault Connect * mute x2"}, 3);
}

static void connected_is_never_reported(void **state)
{
	/* As bluetoothd 5.66 did: the reply and ServicesResolved are enough. */
	ends_streaming(&(struct bus_test_options){.script = "fault connected * mute"}, 1);
}

static void connect_succeeds_without_a_link(void **state)
{
	ends_streaming(&(struct bus_test_options){.script = "fault Connect * pretend x3"}, 4);
}

static void connect_is_in_progress(void **state)
{
	ends_streaming(
		&(struct bus_test_options){.script = "fault Connect * error InProgress x5"}, 6);
}

static void object_vanishes_before_connect(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){
				   .script = "fault Connect * "
					     "error org.freedesktop.DBus.Error.UnknownObject x1\n"
					     "fault Connect * delay 300 x1"});
	UNTIL(&t, bus_test_order(&t, "count Connect") >= 2);
	bus_test_order(&t, "vanish *");
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

static void services_are_never_resolved(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "fault resolved * mute x3"});
	UNTIL_STREAMS(&t, 1, 10);
	/* The third time it is removed and discovered anew. */
	assert_int_equal(bus_test_order(&t, "count RemoveDevice"), 1);
	bus_test_end(&t);
}

static void characteristics_come_late(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "fault objects * delay 150 x1"});
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count Connect"), 1);
	bus_test_end(&t);
}

static void characteristics_never_come(void **state)
{
	ends_streaming(&(struct bus_test_options){.script = "fault objects * mute x2"}, 3);
}

static void adapter_is_not_ready(void **state)
{
	ends_streaming(
		&(struct bus_test_options){.script = "fault Connect * error NotReady x2"}, 3);
}

static void absent_wearables_delay_nobody(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "4 50", .absent = 20});
	UNTIL_STREAMS(&t, 4, 5);
	assert_int_equal(bus_test_order(&t, "count Connect"), 4);
	bus_test_end(&t);
}

/* Its adverts are received, but it never connects. */
static void unreachable_wearable_does_not_block_the_others(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "4 50",
				   .script = "fault Connect C0:A5:00:00:00:01 mute"});
	UNTIL_STREAMS(&t, 1, 5);
	for (unsigned i = 2; i < 4; i++)
		UNTIL(&t, t.w[i].motion >= 5);
	assert_int_equal(t.w[1].connected, 0);
	bus_test_end(&t);
}

static void controller_limit_is_learned(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.gym = "4 50", .script = "adapter 0 limit 3"});
	UNTIL(&t, bus_test_order(&t, "count links") == 3 && bus_test_motion(&t) > 50);
	/* It learns the limit and stops trying. */
	unsigned tries = bus_test_order(&t, "count Connect");
	unsigned motion = bus_test_motion(&t);
	UNTIL(&t, bus_test_motion(&t) > motion + 100);
	assert_true(bus_test_order(&t, "count Connect") <= tries + 1);
	for (unsigned i = 0; i < 4; i++)
		assert_true(t.w[i].disconnected == 0);
	bus_test_end(&t);
}

static void two_adapters_share(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "6 50",
				   .door.n_adapters = 2,
				   .script = "adapter 0 limit 3\nadapter 1 limit 3"});
	UNTIL_STREAMS(&t, 6, 5);
	bus_test_end(&t);
}

static void scan_cannot_start(void **state)
{
	struct bus_test t;

	bus_test_begin(&t,
		&(struct bus_test_options){.script = "fault StartDiscovery * error InProgress x4"});
	UNTIL_STREAMS(&t, 1, 10);
	assert_true(bus_test_order(&t, "count StopDiscovery") >= 1);
	bus_test_end(&t);
}

static void pairs_if_required(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.bond = true, .pairing = PAIRING_MODE_CONFIGURED});
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count Pair"), 1);
	bus_test_order(&t, "drop *");
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count Pair"), 1); /* once is enough */
	bus_test_end(&t);
}

static void pairing_fails_at_first(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.bond = true,
				   .pairing = PAIRING_MODE_CONFIGURED,
				   .script = "fault Pair * error AuthenticationFailed x2"});
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

/* Told, and kept: a person removes it, and it is paired anew. */
static void lost_bond_is_told_and_kept(const char *fault)
{
	struct bus_test t;
	unsigned connects;

	bus_test_begin(
		&t, &(struct bus_test_options){.bond = true, .pairing = PAIRING_MODE_CONFIGURED});
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_order(&t, "%s", fault);
	bus_test_order(&t, "drop *");
	UNTIL(&t, t.problem[0] == WEARABLE_PROBLEM_BOND_LOST);
	connects = bus_test_order(&t, "count Connect");
	UNTIL(&t, bus_test_order(&t, "count Connect") >= connects + 3);
	assert_int_equal(t.problem[0], WEARABLE_PROBLEM_BOND_LOST);
	assert_int_equal(bus_test_order(&t, "count RemoveDevice"), 0);
	assert_int_equal(bus_test_order(&t, "count Pair"), 1);
	bus_test_order(&t, "clear");
	bus_test_order(&t, "vanish *");
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(bus_test_order(&t, "count Pair"), 2);
	assert_int_equal(t.problem[0], WEARABLE_PROBLEM_NONE);
	bus_test_end(&t);
}

static void wearable_lost_its_bond(void **state)
{
	lost_bond_is_told_and_kept("fault link * drop 40");
}

static void key_is_missing(void **state)
{
	lost_bond_is_told_and_kept("fault Connect * error Failed:br-connection-key-missing");
}

static void connect_is_aborted_for_ever(void **state)
{
	lost_bond_is_told_and_kept("fault Connect * error Failed:le-connection-abort-by-local");
}

static void authentication_fails_for_ever(void **state)
{
	lost_bond_is_told_and_kept("fault Connect * error AuthenticationFailed");
}

/* Without a bond nothing is taken, although it streams to whoever connects. */
static void takes_nothing_in_clear(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.bond = true, .require_encryption = true});
	UNTIL(&t, t.problem[0] == WEARABLE_PROBLEM_NEEDS_PAIRING);
	UNTIL(&t, bus_test_order(&t, "count Connect") >= 3);
	assert_int_equal(t.w[0].connected + t.w[0].notified + t.w[0].read, 0);
	assert_int_equal(bus_test_order(&t, "count Pair"), 0);
	bus_test_order(&t, "bond *");
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(t.problem[0], WEARABLE_PROBLEM_NONE);
	/* The bond goes while it streams. */
	bus_test_order(&t, "unbond *");
	UNTIL(&t, !t.w[0].is_up);
	UNTIL(&t, t.problem[0] == WEARABLE_PROBLEM_NEEDS_PAIRING);
	unsigned taken = t.w[0].notified + t.w[0].read;
	unsigned connects = bus_test_order(&t, "count Connect");
	UNTIL(&t, bus_test_order(&t, "count Connect") >= connects + 2);
	assert_int_equal(t.w[0].notified + t.w[0].read, taken);
	assert_int_equal(bus_test_order(&t, "count RemoveDevice"), 0);
	bus_test_end(&t);
}

static void says_that_pairing_is_needed(void **state)
{
	struct bus_test t;

	bus_test_begin(&t,
		&(struct bus_test_options){
			.script = "fault ReadValue * error NotPermitted:Insufficient-Encryption"});
	UNTIL(&t, t.problem[0] == WEARABLE_PROBLEM_NEEDS_PAIRING);
	bus_test_order(&t, "clear");
	bus_test_order(&t, "bond *");
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(t.problem[0], WEARABLE_PROBLEM_NONE);
	bus_test_end(&t);
}

static void does_not_pair_if_forbidden(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.bond = true, .pairing = PAIRING_MODE_NEVER});
	UNTIL_STREAMS(&t, 1, 5);
	assert_int_equal(bus_test_order(&t, "count Pair"), 0);
	assert_int_equal(bus_test_order(&t, "count RegisterAgent"), 0);
	t.conf.bluetooth.pairing = PAIRING_MODE_CONFIGURED;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL(&t, bus_test_order(&t, "count RequestDefaultAgent") == 1);
	assert_int_equal(bus_test_order(&t, "count agents"), 1);
	t.conf.bluetooth.pairing = PAIRING_MODE_NEVER;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL(&t, bus_test_order(&t, "count agents") == 0);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connect_fails_a_few_times),
		cmocka_unit_test(reply_is_swallowed_but_connected),
		cmocka_unit_test(connect_is_never_answered),
		cmocka_unit_test(connected_is_never_reported),
		cmocka_unit_test(connect_succeeds_without_a_link),
		cmocka_unit_test(connect_is_in_progress),
		cmocka_unit_test(object_vanishes_before_connect),
		cmocka_unit_test(services_are_never_resolved),
		cmocka_unit_test(characteristics_come_late),
		cmocka_unit_test(characteristics_never_come),
		cmocka_unit_test(adapter_is_not_ready),
		cmocka_unit_test(absent_wearables_delay_nobody),
		cmocka_unit_test(unreachable_wearable_does_not_block_the_others),
		cmocka_unit_test(controller_limit_is_learned),
		cmocka_unit_test(two_adapters_share),
		cmocka_unit_test(scan_cannot_start),
		cmocka_unit_test(pairs_if_required),
		cmocka_unit_test(pairing_fails_at_first),
		cmocka_unit_test(wearable_lost_its_bond),
		cmocka_unit_test(key_is_missing),
		cmocka_unit_test(connect_is_aborted_for_ever),
		cmocka_unit_test(authentication_fails_for_ever),
		cmocka_unit_test(takes_nothing_in_clear),
		cmocka_unit_test(says_that_pairing_is_needed),
		cmocka_unit_test(does_not_pair_if_forbidden),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
