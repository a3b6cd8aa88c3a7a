// SPDX-License-Identifier: MIT
/* The normal case: discovered, connected, prepared, streaming by socket or by signal, stopped. */
#include "tests/bus/bus-test.h"

static void streams_by_socket_if_bluez_is_safe(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 200"});
	UNTIL_STREAMS(&t, 2, 50);
	assert_int_equal(bus_test_order(&t, "count AcquireNotify"), 2);
	assert_int_equal(bus_test_order(&t, "count StartNotify"), 2); /* indications */
	assert_int_equal(bus_test_order(&t, "count stray"), 0);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(t.w[i].connected, 1);
		assert_int_equal(t.w[i].mtu, 247);
		assert_int_equal(t.w[i].battery, 87);
		assert_true(t.w[i].answers >= 1);
		assert_true(t.w[i].rssi >= 1);
		assert_int_equal(t.w[i].repeated, 0);
	}
	bus_test_end(&t);
}

static void streams_by_signal_if_bluez_is_not(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.gym = "2 200", .door.modalias = MODALIAS_566});
	UNTIL_STREAMS(&t, 2, 50);
	assert_int_equal(bus_test_order(&t, "count AcquireNotify"), 0);
	assert_int_equal(bus_test_order(&t, "count StartNotify"), 4);
	bus_test_end(&t);
}

static void notify_setting_is_obeyed(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.notify = NOTIFY_MODE_SIGNAL});
	UNTIL_STREAMS(&t, 1, 20);
	assert_int_equal(bus_test_order(&t, "count AcquireNotify"), 0);
	bus_test_end(&t);
	bus_test_begin(&t, &(struct bus_test_options){
				   .notify = NOTIFY_MODE_FD, .door.modalias = MODALIAS_566});
	UNTIL_STREAMS(&t, 1, 20);
	assert_int_equal(bus_test_order(&t, "count AcquireNotify"), 1);
	bus_test_end(&t);
}

static void battery_is_read_from_bluetoothd(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.door.claims_battery = true});
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(t.w[0].battery, 87);
	bus_test_order(&t, "battery * 17");
	UNTIL(&t, t.w[0].battery == 17);
	bus_test_end(&t);
	/* The battery service is there too: it is read once, and Battery1 follows. */
	bus_test_begin(&t, &(struct bus_test_options){0});
	UNTIL_STREAMS(&t, 1, 10);
	assert_int_equal(t.w[0].battery, 87);
	bus_test_order(&t, "battery * 17");
	UNTIL(&t, t.w[0].battery == 17);
	bus_test_end(&t);
}

static void stops_in_order(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "3 100"});
	UNTIL_STREAMS(&t, 3, 10);
	assert_false(source_bluez_is_stopped(t.source));
	source_bluez_stop(t.source);
	for (unsigned i = 0; i < 3; i++) {
		UNTIL(&t, bus_test_state(&t, i) == LINK_STATE_STOPPED);
		assert_string_equal(t.w[i].why, "stopped");
	}
	assert_true(source_bluez_is_stopped(t.source));
	assert_int_equal(bus_test_order(&t, "count links"), 0);
	assert_int_equal(bus_test_order(&t, "count WriteValue"), 6); /* start and stop plans */
	bus_test_end(&t);
}

static void writes_only_while_streaming(void **state)
{
	struct driver_step step = {.kind = DRIVER_STEP_WRITE, .bytes = {7, 5}, .size = 2};
	struct bus_test t;
	unsigned answers;

	uuid_from_string("c0a50003-9bc6-4808-a8bd-20fbe3fc7d8c", &step.characteristic);
	bus_test_begin(&t, &(struct bus_test_options){0});
	assert_int_equal(source_bluez_write(t.source, 0, &step), -ENOTCONN);
	assert_int_equal(source_bluez_write(t.source, 9, &step), -ENOTCONN);
	UNTIL_STREAMS(&t, 1, 5);
	answers = t.w[0].answers;
	assert_int_equal(source_bluez_write(t.source, 0, &step), 0);
	UNTIL(&t, t.w[0].answers == answers + 1);
	bus_test_end(&t);
}

static void adapters_are_listed(void **state)
{
	const char *addresses[4];
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.door.n_adapters = 2});
	UNTIL_STREAMS(&t, 1, 1);
	assert_int_equal(source_bluez_adapters(t.source, addresses, 4), 2);
	assert_true(t.adapters_changed >= 2);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_by_socket_if_bluez_is_safe),
		cmocka_unit_test(streams_by_signal_if_bluez_is_not),
		cmocka_unit_test(notify_setting_is_obeyed),
		cmocka_unit_test(battery_is_read_from_bluetoothd),
		cmocka_unit_test(stops_in_order),
		cmocka_unit_test(writes_only_while_streaming),
		cmocka_unit_test(adapters_are_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
