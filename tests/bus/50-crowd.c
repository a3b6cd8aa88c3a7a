// SPDX-License-Identifier: MIT
/* Many wearables at once, and a hall full of strangers. */
#include "tests/bus/bus-test.h"

static void forty_at_once(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){
				   .gym = "40 20", .door.n_adapters = 4, .door.connect_us = 2000});
	t.source->slots.capacity = 10;
	UNTIL_STREAMS(&t, 40, 2);
	/* All lost at once, all back. */
	bus_test_order(&t, "drop *");
	UNTIL_STREAMS(&t, 40, 2);
	bus_test_end(&t);
}

static void slots_are_kept(void **state)
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

static void a_thousand_strangers(void **state)
{
	struct bus_test t;

	/* One is missing, so that it scans on; the strangers change 2000 times a second. */
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
		cmocka_unit_test(slots_are_kept),
		cmocka_unit_test(a_thousand_strangers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
