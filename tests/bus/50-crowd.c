// SPDX-License-Identifier: MIT
/* Many wearables at once, among a thousand other devices. */
#include "tests/bus/bus-test.h"

static void forty_at_once(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){
				   .gym = "40 20", .door.n_adapters = 4, .door.connect_us = 2000});
	t.source->slots.capacity = 10;
	UNTIL_STREAMS(&t, 40, 2);
	/* All are lost at once, and all come back. */
	bus_test_order(&t, "drop *");
	UNTIL_STREAMS(&t, 40, 2);
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

static void ignores_a_thousand_other_devices(void **state)
{
	struct bus_test t;

	/* One wearable is absent, so that scanning goes on; the other devices change 2000 times a
	 * second. */
	bus_test_begin(&t, &(struct bus_test_options){
				   .gym = "3 100", .absent = 1, .script = "strangers 1000 2000"});
	UNTIL_STREAMS(&t, 3, 100);
	for (const struct bluez_device *d = bluez_objects_devices(t.source->context.objects); d;
		d = d->next)
		assert_memory_equal(d->address, "C0:A5", 5); /* none is kept */
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(t.w[i].disconnected + t.w[i].repeated, 0);
	bus_test_end(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forty_at_once),
		cmocka_unit_test(keeps_to_the_slots),
		cmocka_unit_test(ignores_a_thousand_other_devices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
