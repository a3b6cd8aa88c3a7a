// SPDX-License-Identifier: MIT
/* bluetoothd, the bus and the adapters come and go: each case ends up streaming again. */
#include "tests/bus/bus-test.h"

static void bluetoothd_crashes_in_each_phase(void **state)
{
	static const char *const scripts[] = {
		"fault GetManagedObjects * crash 30 x1",
		"fault RegisterAgent * crash 30 x1",
		"fault SetDiscoveryFilter * crash 30 x1",
		"fault StartDiscovery * crash 30 x1",
		"fault Connect * crash 30 x1",
		"fault resolved * crash 30 x1",
		"fault ReadValue * crash 30 x1",
		"fault StartNotify * crash 30 x1",
		"fault AcquireNotify * crash 30 x1",
		"fault WriteValue * crash 30 x1",
	};

	for (size_t i = 0; i < ARRAY_LEN(scripts); i++) {
		struct bus_test t;

		bus_test_begin(&t, &(struct bus_test_options){.script = scripts[i]});
		UNTIL_STREAMS(&t, 1, 5);
		bus_test_end(&t);
	}
}

static void bluetoothd_restarts_while_streaming(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "3 100"});
	for (unsigned i = 0; i < 4; i++) {
		unsigned before = t.w[0].disconnected;

		UNTIL_STREAMS(&t, 3, 5);
		bus_test_order(&t, "restart %u", i * 100);
		UNTIL(&t, t.w[0].disconnected > before);
		assert_string_equal(t.w[0].why, "bluez_gone");
	}
	UNTIL_STREAMS(&t, 3, 5);
	bus_test_end(&t);
}

static void bluetoothd_is_killed(void **state)
{
	struct bus_test_options options = {.gym = "2 100"};
	struct bus_test t;

	bus_test_begin(&t, &options);
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_kill_door(&t);
	UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
	bus_test_start_door(&t, &options);
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

static void bluetoothd_starts_late(void **state)
{
	struct bus_test_options options = {.no_door = true};
	struct bus_test t;

	bus_test_begin(&t, &options);
	for (unsigned i = 0; i < 5; i++)
		bus_test_turn(&t, INT64_MAX);
	bus_test_start_door(&t, &options);
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

static void discovery_is_in_progress_after_a_restart(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){0});
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_order(&t, "fault StartDiscovery * error InProgress x2");
	bus_test_order(&t, "restart 20");
	UNTIL(&t, !t.w[0].is_up);
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

static void bus_is_restarted(void **state)
{
	struct bus_test_options options = {.gym = "2 100"};
	struct bus_test t;

	bus_test_begin(&t, &options);
	for (unsigned i = 0; i < 2; i++) {
		UNTIL_STREAMS(&t, 2, 5);
		bus_test_kill_bus(&t);
		UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
		bus_test_kill_door(&t);
		bus_test_start_bus(&t);
		bus_test_start_door(&t, &options);
	}
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

static void start_without_a_bus_is_an_error(void **state)
{
	static const struct source_bluez_ops ops;
	struct source_bluez *source = NULL;
	struct conf conf = {0};
	sd_event *loop;

	assert_int_equal(sd_event_new(&loop), 0);
	assert_true(source_bluez_new(&(struct source_bluez_options){.loop = loop,
					     .bus_address = "unix:path=/nonexistent/bus",
					     .conf = &conf},
			    &ops, NULL, &source) < 0);
	assert_null(source);
	sd_event_unref(loop);
}

static void adapter_is_renumbered(void **state)
{
	struct bus_test t;
	const char *address;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_order(&t, "adapter 0 remove");
	UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up &&
			  source_bluez_adapters(t.source, &address, 1) == 0);
	bus_test_order(&t, "adapter 2 add 00:C0:A5:00:00:00");
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(source_bluez_adapters(t.source, &address, 1), 1);
	assert_string_equal(address, "00:C0:A5:00:00:00");
	bus_test_end(&t);
}

static void adapter_is_powered_off(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_order(&t, "adapter 0 power off");
	UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
	UNTIL_STREAMS(&t, 2, 5); /* it was switched on again */
	bus_test_end(&t);
}

static void adapter_is_blocked_for_a_while(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "adapter 0 power blocked\n"
								"fault Powered * error Failed x2"});
	UNTIL(&t, bus_test_order(&t, "count Powered") >= 3);
	bus_test_order(&t, "adapter 0 power on");
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

static void object_vanishes_while_streaming(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_order(&t, "vanish C0:A5:00:00:00:01");
	UNTIL(&t, !t.w[1].is_up);
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(t.w[0].disconnected, 0);
	bus_test_end(&t);
}

/* Two objects say one address; then one of them goes. */
static void an_object_takes_another_wearables_address(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_order(&t, "rename C0:A5:00:00:00:00 C0:A5:00:00:00:01");
	UNTIL(&t, !bluez_link_adapter(t.source->link[0]));
	assert_int_equal(t.w[1].disconnected, 0); /* it keeps its own */
	bus_test_order(&t, "vanish C0:A5:00:00:00:00");
	UNTIL_STREAMS(&t, 2, 5);
	/* The other way round: nobody has that address at the moment. */
	bus_test_order(&t, "adapter 0 power off");
	UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
	bus_test_order(&t, "rename C0:A5:00:00:00:00 C0:A5:00:00:00:01");
	bus_test_order(&t, "vanish *");
	bus_test_order(&t, "adapter 0 power on");
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

/* Orders to wearables that answer nothing must not keep another one away. */
static void unanswered_orders_hold_nobody_up(void **state)
{
	const struct driver_step order = {.kind = DRIVER_STEP_WRITE,
		.characteristic = {{0xc0, 0xa5, 0, 3, 0x9b, 0xc6, 0x48, 0x08, 0xa8, 0xbd, 0x20,
			0xfb, 0xe3, 0xfc, 0x7d, 0x8c}},
		.bytes = {7, 5},
		.size = 2};
	struct bus_test t;
	unsigned taken = 0;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "6 50"});
	UNTIL_STREAMS(&t, 6, 5);
	bus_test_order(&t, "fault WriteValue * mute");
	for (unsigned i = 0; i < 20000; i++)
		taken += source_bluez_write(t.source, i % 5, &order) == 0;
	assert_in_range(taken, 1, 40);
	assert_int_equal(source_bluez_write(t.source, 0, &order), -EAGAIN);
	unsigned connected = t.w[5].connected;
	bus_test_order(&t, "drop C0:A5:00:00:00:05");
	UNTIL(&t, t.w[5].connected > connected);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 6, 5);
	bus_test_end(&t);
}

static void reload_keeps_links(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.gym = "2 100", .notify = NOTIFY_MODE_SIGNAL});
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(bus_test_order(&t, "count AcquireNotify"), 0);
	t.conf.bluetooth.notify = NOTIFY_MODE_FD;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(t.w[0].disconnected + t.w[1].disconnected, 0);
	/* In force from the next connection on. */
	bus_test_order(&t, "drop C0:A5:00:00:00:01");
	UNTIL(&t, bus_test_order(&t, "count AcquireNotify") == 1);
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bluetoothd_crashes_in_each_phase),
		cmocka_unit_test(bluetoothd_restarts_while_streaming),
		cmocka_unit_test(bluetoothd_is_killed),
		cmocka_unit_test(bluetoothd_starts_late),
		cmocka_unit_test(discovery_is_in_progress_after_a_restart),
		cmocka_unit_test(bus_is_restarted),
		cmocka_unit_test(start_without_a_bus_is_an_error),
		cmocka_unit_test(adapter_is_renumbered),
		cmocka_unit_test(adapter_is_powered_off),
		cmocka_unit_test(adapter_is_blocked_for_a_while),
		cmocka_unit_test(object_vanishes_while_streaming),
		cmocka_unit_test(an_object_takes_another_wearables_address),
		cmocka_unit_test(unanswered_orders_hold_nobody_up),
		cmocka_unit_test(reload_keeps_links),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
