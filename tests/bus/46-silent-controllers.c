// SPDX-License-Identifier: MIT
/* A controller that no longer answers: what it carried streams again, through another adapter or
 * through the same one. */
#include "tests/bus/bus-test.h"

#include "coxad/base/units.h"

static void controller_falls_silent(void **state)
{
	struct bus_test t;

	/* Off, and nothing is answered any more. */
	bus_test_begin(&t, &(struct bus_test_options){.gym = "4 50", .door.n_adapters = 2});
	UNTIL_STREAMS(&t, 4, 5);
	bus_test_order(&t, "fault Powered 00:C0:A5:00:00:00 mute");
	bus_test_order(&t, "fault StartDiscovery 00:C0:A5:00:00:00 mute");
	bus_test_order(&t, "fault SetDiscoveryFilter 00:C0:A5:00:00:00 mute");
	bus_test_order(&t, "adapter 0 power off");
	UNTIL(&t, !t.w[0].is_up && !t.w[2].is_up);
	unsigned tries = bus_test_order(&t, "count Powered"), motion = t.w[1].motion;
	UNTIL(&t, t.w[1].motion > motion + 10); /* of the other adapter */
	UNTIL(&t, bus_test_order(&t, "count Powered") >= tries + 2);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 4, 5);
	bus_test_end(&t);
}

/* The silence is noticed before any link is given up, however slow this machine is. */
static const struct bus_test_options two_adapters = {
	.gym = "4 50", .door.n_adapters = 2, .resubscribe_us = BUS_TEST_PATIENCE_S * US_PER_S};

static void mute_links_of_adapter_0(struct bus_test *t)
{
	bus_test_order(t, "fault Disconnect * mute");
	bus_test_order(t, "fault stream C0:A5:00:00:00:00 mute");
	bus_test_order(t, "fault stream C0:A5:00:00:00:02 mute");
}

/* For bluetoothd the links live on: nobody is told to disconnect, which it could not do anyway. */
static void controller_hangs_while_wearables_stream(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &two_adapters);
	UNTIL_STREAMS(&t, 4, 5);
	mute_links_of_adapter_0(&t);
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_BEGUN);
	/* No other adapter hears them: in the end it is switched off all the same. */
	UNTIL(&t, bus_test_order(&t, "count Powered") >= 2);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 4, 5);
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_NONE);
	assert_int_equal(bus_test_order(&t, "count Disconnect"), 0);
	assert_int_equal(t.w[1].disconnected + t.w[3].disconnected, 0);
	bus_test_end(&t);
}

/* The wearables 1 and 3 leave; what adapter 1 hears in their place are the wearables 0 and 2. */
static void let_adapter_1_hear_the_same(struct bus_test *t)
{
	struct conf_change change = {0};

	for (unsigned i = 1; i < 4; i += 2) {
		t->conf.wearable[i].is_gone = true;
		t->conf.wearable[i].kit = CONF_NO_KIT;
		change.wearable[i] = CONF_FATE_REMOVED;
		t->w[i].is_up = false;
	}
	source_bluez_reload(t->source, &change);
	UNTIL(t, bus_test_order(t, "count Disconnect") >= 2);
	bus_test_order(t, "rename C0:A5:00:00:00:01 C0:A5:00:00:00:00");
	bus_test_order(t, "rename C0:A5:00:00:00:03 C0:A5:00:00:00:02");
}

/* bluetoothd is not asked to switch it off before that can harm nobody, and a person is told where
 * that does not help. */
static void wearables_leave_an_adapter_that_hangs(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &two_adapters);
	UNTIL_STREAMS(&t, 4, 5);
	let_adapter_1_hear_the_same(&t);
	bus_test_order(&t, "fault Powered * mute");
	mute_links_of_adapter_0(&t);
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_BEGUN);
	t.source->context.timing.adapter_silent_us = BUS_TEST_PATIENCE_S * US_PER_S;
	UNTIL(&t, bus_test_order(&t, "count Powered") > 0);
	assert_int_equal(bus_test_state(&t, 0), LINK_STATE_STREAMING);
	assert_int_equal(bus_test_state(&t, 2), LINK_STATE_STREAMING);
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_LASTING);
	bus_test_order(&t, "clear");
	t.source->context.timing.adapter_silent_us = 0;
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_NONE);
	assert_int_equal(bus_test_order(&t, "count Disconnect"), 2);
	assert_int_equal(t.w[0].connected, 2);
	assert_int_equal(t.w[2].connected, 2);
	bus_test_end(&t);
}

/* It had hung before coxad started: no link shows it. The other adapter works, a person is told. */
static void controller_hangs_from_the_start(void **state)
{
	static const char script[] = "fault Powered 00:C0:A5:00:00:00 mute\n"
				     "fault SetDiscoveryFilter 00:C0:A5:00:00:00 mute\n"
				     "fault StartDiscovery 00:C0:A5:00:00:00 mute\n"
				     "fault StopDiscovery 00:C0:A5:00:00:00 mute\n";
	struct bus_test t;
	unsigned motion;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "4 50",
				   .script = script,
				   .door.n_adapters = 2,
				   .resubscribe_us = BUS_TEST_PATIENCE_S * US_PER_S});
	UNTIL(&t, t.w[1].is_up && t.w[3].is_up);
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_LASTING);
	motion = t.w[1].motion;
	UNTIL(&t, t.w[1].motion > motion + 10);
	assert_int_equal(t.w[0].connected + t.w[2].connected, 0);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 4, 5);
	UNTIL(&t, t.silence == SOURCE_BLUEZ_SILENCE_NONE);
	assert_int_equal(t.w[1].disconnected + t.w[3].disconnected, 0);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(controller_falls_silent),
		cmocka_unit_test(controller_hangs_while_wearables_stream),
		cmocka_unit_test(wearables_leave_an_adapter_that_hangs),
		cmocka_unit_test(controller_hangs_from_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
