// SPDX-License-Identifier: MIT
/* Many wearables at once, among thousands of other devices. */
#include "tests/bus/bus-test.h"

#include <malloc.h>

#define LIMIT(name, n) "<limit name=\"" name "\">" #n "</limit>"
/* What dbus-daemon allows a connection to the system bus (config-parser.c), and no more. */
#define SYSTEM_LIMITS                                                                              \
	LIMIT("max_match_rules_per_connection", 512)                                               \
	LIMIT("max_replies_per_connection", 128)                                                   \
	LIMIT("max_outgoing_unix_fds", 64) LIMIT("max_message_unix_fds", 16)

#define CROWD       5000
#define CROWD_BYTES (256 * 1024) /* the mirror's tables and libdbus's buffers, whatever the crowd */

/* Forty connects, discoveries and subscriptions at the same time, on a bus with its usual limits and on
 * one with hardly any room. */
static void the_bus_has_limits(void **state)
{
	static const char *const limits[] = {SYSTEM_LIMITS,
		LIMIT("max_match_rules_per_connection", 6) LIMIT("max_replies_per_connection", 17)
			LIMIT("max_outgoing_unix_fds", 20)};

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct bus_test t;

		bus_test_begin(&t, &(struct bus_test_options){.gym = "40 10",
					   .limits = limits[i],
					   .door.n_adapters = 4,
					   .door.connect_us = 2000});
		t.source->slots.capacity = 10;
		UNTIL_STREAMS(&t, 40, 1);
		assert_int_equal(bus_test_order(&t, "count Connect"), 40);
		bus_test_order(&t, "drop *");
		UNTIL(&t, !t.w[0].is_up);
		UNTIL_STREAMS(&t, 40, 1);
		bus_test_end(&t);
	}
}

/* No room for a rule: without signals coxad would be deaf for ever. */
static void the_bus_has_no_room_for_rules(void **state)
{
	struct bus_test_options options = {
		.gym = "2 100", .limits = LIMIT("max_match_rules_per_connection", 5)};
	struct bus_test t;

	bus_test_begin(&t, &options);
	for (int64_t until_us = clock_now_us() + 400000; bus_test_turn(&t, until_us);)
		assert_int_equal(t.w[0].connected, 0);
	t.limits = NULL;
	bus_test_kill_door(&t);
	bus_test_kill_bus(&t);
	bus_test_start_bus(&t);
	bus_test_start_door(&t, &options);
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

/* The bus refuses calls: that says nothing about the controller's links. */
static void a_full_bus_is_no_full_controller(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "4 50",
				   .script = "fault Connect * "
					     "error org.freedesktop.DBus.Error.LimitsExceeded x5\n"
					     "fault StartDiscovery * "
					     "error org.freedesktop.DBus.Error.LimitsExceeded x2\n"
					     "fault ReadValue * "
					     "error org.freedesktop.DBus.Error.LimitsExceeded x2"});
	UNTIL_STREAMS(&t, 4, 5);
	bus_test_end(&t);
}

static void keeps_to_the_slots(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "9 20"});
	UNTIL(&t, bus_test_order(&t, "count links") == 7 && bus_test_motion(&t) > 50);
	unsigned motion = bus_test_motion(&t);
	UNTIL(&t, bus_test_motion(&t) > motion + 50);
	assert_int_equal(bus_test_order(&t, "count links"), 7);
	assert_int_equal(bus_test_order(&t, "count Connect"), 7);
	bus_test_end(&t);
}

/* Bounded by what is counted, not by the clock: one fetch of the objects, no memory for any of them. */
static void five_thousand_other_devices(void **state)
{
	struct bus_test t;
	size_t before_bytes, grown_bytes;
	unsigned n = 0;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "3 50", .absent = 1});
	UNTIL_STREAMS(&t, 3, 5);
	before_bytes = mallinfo2().uordblks;
	bus_test_order(&t, "strangers %u 5000", CROWD);
	UNTIL(&t, bus_test_order(&t, "count strangers") == CROWD);
	UNTIL(&t, bus_test_order(&t, "count storm") >= 2 * CROWD);
	UNTIL_STREAMS(&t, 3, 5);
	grown_bytes = mallinfo2().uordblks - before_bytes;
	print_message("%zu bytes more\n", grown_bytes);
	assert_true(mallinfo2().uordblks < before_bytes || grown_bytes < CROWD_BYTES);
	assert_int_equal(bus_test_order(&t, "count GetManagedObjects"), 1);
	assert_int_equal(bus_test_order(&t, "count RemoveDevice"), 0);
	/* bluetoothd is found with all of them at a start, too. */
	t.source = source_bluez_free(t.source);
	bus_test_renew(&t);
	UNTIL_STREAMS(&t, 3, 5);
	for (const struct bluez_device *d = bluez_objects_devices(t.source->context.objects); d;
		d = d->next)
		n++;
	assert_int_equal(n, 3);
	assert_int_equal(bus_test_order(&t, "count GetManagedObjects"), 2);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_to_the_slots),
		cmocka_unit_test(the_bus_has_limits),
		cmocka_unit_test(the_bus_has_no_room_for_rules),
		cmocka_unit_test(a_full_bus_is_no_full_controller),
		cmocka_unit_test(five_thousand_other_devices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
