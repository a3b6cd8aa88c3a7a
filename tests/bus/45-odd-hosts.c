// SPDX-License-Identifier: MIT
/* A bluetoothd whose objects change their names, that subscribes by itself, cannot scan, shares the
 * adapter, or talks nonsense: each case ends up streaming. */
#include "tests/bus/bus-test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void other_paths(const char *order, enum notify_mode notify)
{
	struct bus_test t;
	unsigned connected;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100", .notify = notify});
	UNTIL_STREAMS(&t, 2, 5);
	connected = t.w[1].connected;
	bus_test_order(&t, "%s C0:A5:00:00:00:00", order);
	bus_test_order(&t, "handles C0:A5:00:00:00:00");
	UNTIL_STREAMS(&t, 2, 10);
	assert_int_equal(t.w[1].connected, connected); /* nobody else notices */
	assert_int_equal(t.w[0].repeated, 0);
	bus_test_end(&t);
}

/* A wearable's firmware was updated: its GATT table is another one. */
static void object_tree_changes(void **state)
{
	other_paths("drop", NOTIFY_MODE_FD); /* on reconnect */
	other_paths("drop", NOTIFY_MODE_SIGNAL);
	other_paths("clear", NOTIFY_MODE_FD); /* while it streams */
	other_paths("clear", NOTIFY_MODE_SIGNAL);
}

/* bluetoothd's cache still has the table of before: nothing works until the device is removed. */
static void cached_handles_are_dead(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){0});
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_order(&t, "fault ReadValue * error Failed:Operation-failed-with-ATT-error:-0x01");
	bus_test_order(
		&t, "fault StartNotify * error Failed:Operation-failed-with-ATT-error:-0x01");
	bus_test_order(&t, "drop *");
	UNTIL(&t, bus_test_order(&t, "count RemoveDevice") >= 1);
	bus_test_order(&t, "handles *");
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

static void subscriptions_are_replayed(void **state)
{
	enum notify_mode modes[] = {NOTIFY_MODE_SIGNAL, NOTIFY_MODE_FD};

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct bus_test t;
		unsigned connects;

		bus_test_begin(
			&t, &(struct bus_test_options){
				    .gym = "2 100", .notify = modes[i], .script = "replay on"});
		UNTIL_STREAMS(&t, 2, 5);
		connects = bus_test_order(&t, "count Connect");
		for (unsigned k = 0; k < 3; k++) {
			bus_test_order(&t, "drop *");
			UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
			UNTIL_STREAMS(&t, 2, 10);
		}
		assert_true(bus_test_order(&t, "count replayed") >= 6);
		/* One connection each is enough, and no sample comes twice. */
		assert_int_equal(bus_test_order(&t, "count Connect"), connects + 6);
		for (unsigned k = 0; k < 2; k++)
			assert_int_equal(t.w[k].repeated, 0);
		bus_test_end(&t);
	}
}

/* StartDiscovery is refused, no adverts come, and StopDiscovery does not help: a power cycle does. */
static void scan_is_stuck(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.script = "fault StartDiscovery * error InProgress\n"
							 "fault StopDiscovery * error Failed"});
	UNTIL(&t, bus_test_order(&t, "count Powered") >= 2); /* off and on */
	assert_true(bus_test_order(&t, "count StopDiscovery") >= 1);
	/* Not again before the gentler means were tried: others may use the adapter. */
	unsigned starts = bus_test_order(&t, "count StartDiscovery");
	UNTIL(&t, bus_test_order(&t, "count Powered") >= 4);
	assert_true(bus_test_order(&t, "count StartDiscovery") >= starts + 4);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 10);
	bus_test_end(&t);
}

/* While a wearable streams over the adapter, nobody switches that off. */
static void a_stuck_scan_costs_no_link(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "1 100", .absent = 1});
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_order(&t, "fault StartDiscovery * error InProgress");
	bus_test_order(&t, "adapter 0 foreign off"); /* the scan ends */
	unsigned starts = bus_test_order(&t, "count StartDiscovery");
	UNTIL(&t, bus_test_order(&t, "count StartDiscovery") >= starts + 10);
	assert_int_equal(bus_test_order(&t, "count Powered"), 0);
	assert_int_equal(t.w[0].disconnected, 0);
	bus_test_end(&t);
}

/* Powered still says true, as after a switching off that bluetoothd could not finish. */
static void adapter_is_not_ready_to_scan(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.script = "fault StartDiscovery * error NotReady"});
	UNTIL(&t, bus_test_order(&t, "count Powered") >= 1);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

/* On, scanning, but deaf: no advert of anybody. Only a power cycle wakes it. */
static void controller_hears_nothing(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "fault advert * mute"});
	UNTIL(&t, bus_test_order(&t, "count Powered") >= 2);
	assert_true(bus_test_order(&t, "count StopDiscovery") >= 3);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
	/* A stranger that is heard shows that it works: there is nobody to find. */
	bus_test_begin(
		&t, &(struct bus_test_options){.script = "fault advert * mute\nstrangers 3 50"});
	UNTIL(&t, bus_test_order(&t, "count StopDiscovery") >= 4);
	assert_int_equal(bus_test_order(&t, "count Powered"), 0);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

static void two_wearables_swap_addresses(void **state)
{
	struct bus_test t;
	static const char *const orders[] = {"clear", "drop C0:A5:00:00:00:00", "drop *"};

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		bus_test_begin(&t, &(struct bus_test_options){.gym = "3 100"});
		UNTIL_STREAMS(&t, 3, 5);
		bus_test_order(&t, "%s", orders[i]);
		bus_test_order(&t, "rename C0:A5:00:00:00:00 C0:A5:00:00:00:01");
		bus_test_order(&t, "rename C0:A5:00:00:00:01 C0:A5:00:00:00:00");
		UNTIL(&t, t.w[0].disconnected && t.w[1].disconnected);
		UNTIL_STREAMS(&t, 3, 5);
		if (i < 2)
			assert_int_equal(t.w[2].disconnected, 0);
		bus_test_end(&t);
	}
}

/* A resolvable private address: unknown while it is private. */
static void an_address_changes_and_comes_back(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	/* Nobody's address: it is still the wearable that was connected. */
	bus_test_order(&t, "rename C0:A5:00:00:00:00 7A:00:00:00:00:01");
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(t.w[0].disconnected + t.w[1].disconnected, 0);
	bus_test_order(&t, "rename C0:A5:00:00:00:00 C0:A5:00:00:00:00");
	bus_test_order(&t, "drop *");
	UNTIL(&t, !t.w[0].is_up);
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

static void another_program_scans(void **state)
{
	struct bus_test t;

	/* Before coxad comes, and without a pause. */
	bus_test_begin(
		&t, &(struct bus_test_options){.gym = "2 100", .script = "adapter 0 foreign on"});
	UNTIL_STREAMS(&t, 2, 5);
	/* It ends while a wearable is missing: coxad scans by itself. */
	bus_test_order(&t, "fault advert C0:A5:00:00:00:01 mute");
	bus_test_order(&t, "drop C0:A5:00:00:00:01");
	UNTIL(&t, !t.w[1].is_up);
	bus_test_order(&t, "adapter 0 foreign off");
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
	/* It keeps coxad from scanning: its scan serves. */
	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100",
				   .script = "adapter 0 foreign on\n"
					     "fault StartDiscovery * error InProgress"});
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(bus_test_order(&t, "count Powered"), 0);
	bus_test_order(&t, "drop *");
	UNTIL(&t, !t.w[0].is_up && !t.w[1].is_up);
	UNTIL_STREAMS(&t, 2, 5);
	bus_test_end(&t);
}

static void mtu_makes_no_sense(void **state)
{
	static const unsigned mtus[] = {0, 65533, 22, 518};

	for (size_t i = 0; i < ARRAY_LEN(mtus); i++) {
		struct bus_test t;
		char script[32];

		snprintf(script, sizeof(script), "mtu %u", mtus[i]);
		bus_test_begin(
			&t, &(struct bus_test_options){.gym = "1 100 244", .script = script});
		UNTIL_STREAMS(&t, 1, 5);
		assert_int_equal(t.w[0].mtu, 0); /* unknown */
		bus_test_end(&t);
	}
}

static void notifications_of_any_length(void **state)
{
	static const unsigned sizes[] = {0, 1, 19, 20, 244, 512};
	enum notify_mode modes[] = {NOTIFY_MODE_SIGNAL, NOTIFY_MODE_FD};

	for (size_t i = 0; i < 2 * ARRAY_LEN(sizes); i++) {
		struct bus_test t;
		char gym[32];

		snprintf(gym, sizeof(gym), "1 100 %u", sizes[i / 2]);
		bus_test_begin(&t, &(struct bus_test_options){.gym = gym, .notify = modes[i % 2]});
		UNTIL_STREAMS(&t, 1, 10);
		assert_int_equal(t.w[0].disconnected, 0);
		assert_int_equal(t.w[0].longest, sizes[i / 2]);
		bus_test_end(&t);
	}
}

/* They are passed on as they come, each once: the driver knows the late ones by their number. */
static void samples_come_out_of_order(void **state)
{
	enum notify_mode modes[] = {NOTIFY_MODE_SIGNAL, NOTIFY_MODE_FD};

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		struct bus_test t;

		bus_test_begin(&t, &(struct bus_test_options){.notify = modes[i]});
		UNTIL_STREAMS(&t, 1, 5);
		bus_test_order(&t, "fault stream * swap x20");
		UNTIL(&t, t.w[0].repeated == 20);
		UNTIL_STREAMS(&t, 1, 10);
		assert_int_equal(t.w[0].repeated, 20);
		assert_int_equal(t.w[0].disconnected, 0);
		bus_test_end(&t);
	}
}

/* The policy that is installed for the user coxad, here for whoever runs the test. */
static void read_policy(char ret[static 512])
{
	char path[256], text[2048] = "", *from, *to;
	const char *top = getenv("COXAD_TOP_SRCDIR");
	FILE *f;

	snprintf(path, sizeof(path), "%s/systemd/org.coxad.conf", top ? top : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	assert_true(fread(text, 1, sizeof(text) - 1, f) > 0);
	fclose(f);
	from = strstr(text, "<allow ");
	to = from ? strstr(from, "</policy>") : NULL;
	assert_non_null(to);
	assert_non_null(strstr(text, "<policy user=\"coxad\">"));
	snprintf(ret, 512,
		"<policy context=\"default\"><deny send_destination=\"org.bluez\"/></policy>"
		"<policy user=\"%u\">%.*s</policy>",
		getuid(), (int)(to - from), from);
}

static void a_strict_bus_lets_only_coxad_in(void **state)
{
	static const char deny[] =
		"<policy context=\"default\"><deny send_destination=\"org.bluez\"/></policy>";
	struct bus_test_options options = {.limits = deny};
	struct bus_test t;
	char policy[512];

	read_policy(policy);
	bus_test_begin(&t, &options);
	for (unsigned i = 0; i < 20; i++)
		bus_test_turn(&t, INT64_MAX);
	assert_int_equal(bus_test_order(&t, "count GetManagedObjects"), 0);
	/* The policy is installed. */
	bus_test_kill_door(&t);
	bus_test_kill_bus(&t);
	t.limits = policy;
	bus_test_start_bus(&t);
	bus_test_start_door(&t, &options);
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

static void access_is_denied_for_a_while(void **state)
{
	struct bus_test t;

	bus_test_begin(&t,
		&(struct bus_test_options){
			.script =
				"fault GetManagedObjects * "
				"error org.freedesktop.DBus.Error.AccessDenied x2\n"
				"fault Connect * error org.freedesktop.DBus.Error.AccessDenied x2\n"
				"fault StartDiscovery * "
				"error org.freedesktop.DBus.Error.AccessDenied x2"});
	UNTIL_STREAMS(&t, 1, 5);
	bus_test_end(&t);
}

static void properties_make_no_sense(void **state)
{
	static const char *const says[] = {
		"Device1 Connected s yes",
		"Device1 ServicesResolved as",
		"Device1 RSSI s loud",
		"Device1 RSSI i -2147483648",
		"Device1 RSSI u 4294967295",
		"Device1 Address s nobody",
		"Device1 Address y 7",
		"Device1 Bonded d 0.5",
		"Device1 Paired s no",
		"Device1 ManufacturerData s Coxa",
		"Device1 ManufacturerData aq",
		"GattCharacteristic1 Value s bytes",
		"GattCharacteristic1 Value aq",
		"GattCharacteristic1 MTU s big",
		"GattCharacteristic1 Notifying x 1",
		"Battery1 Percentage s full",
		"Battery1 Percentage y 255",
		"Battery1 Percentage i -1",
		"Adapter1 Powered s maybe",
		"Adapter1 Discovering x -1",
		"Adapter1 PowerState b 1",
		"Adapter1 Address s 00",
		"Adapter1 Modalias s usb:v1D6Bp0246d",
		"Adapter1 Modalias s usb:v1D6Bp0246dFFFF",
		"Adapter1 Modalias s usb:v1D6Bp0246d-1-1",
		"Adapter1 Modalias s usb:v1D6Bp0246d05420542",
		"Adapter1 Modalias o /d/d/d",
		"Adapter1 Modalias t 18446744073709551615",
	};
	struct bus_test t;
	unsigned odd = 0;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	for (size_t i = 0; i < ARRAY_LEN(says); i++) {
		bus_test_order(&t, "say * org.bluez.%s", says[i]);
		UNTIL(&t, bluez_objects_odd(t.source->context.objects) > odd);
		odd = bluez_objects_odd(t.source->context.objects);
	}
	UNTIL_STREAMS(&t, 2, 5);
	assert_int_equal(t.w[0].disconnected + t.w[1].disconnected, 0);
	assert_int_equal(t.source->context.version, 584);
	bus_test_end(&t);
}

/* bluetoothd says that it is of no version at all. */
static void versions_that_nobody_made(void **state)
{
	static const char *const modaliases[] = {"", "d", "usb:v1D6Bp0246dFFFF",
		"usb:v1D6Bp0246d-1-1", "usb:v1D6Bp0246d 5 4", "usb:v1D6Bp0246d05545",
		"bluetooth:v000Fp1200d1436"};

	for (size_t i = 0; i < ARRAY_LEN(modaliases); i++) {
		struct bus_test t;

		bus_test_begin(&t, &(struct bus_test_options){.door.modalias = modaliases[i]});
		UNTIL_STREAMS(&t, 1, 3);
		/* Unknown counts as old: by signal. */
		assert_int_equal(t.source->context.version, 0);
		assert_int_equal(bus_test_order(&t, "count AcquireNotify"), 0);
		bus_test_end(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(object_tree_changes),
		cmocka_unit_test(cached_handles_are_dead),
		cmocka_unit_test(subscriptions_are_replayed),
		cmocka_unit_test(scan_is_stuck),
		cmocka_unit_test(a_stuck_scan_costs_no_link),
		cmocka_unit_test(adapter_is_not_ready_to_scan),
		cmocka_unit_test(controller_hears_nothing),
		cmocka_unit_test(two_wearables_swap_addresses),
		cmocka_unit_test(an_address_changes_and_comes_back),
		cmocka_unit_test(another_program_scans),
		cmocka_unit_test(mtu_makes_no_sense),
		cmocka_unit_test(notifications_of_any_length),
		cmocka_unit_test(samples_come_out_of_order),
		cmocka_unit_test(a_strict_bus_lets_only_coxad_in),
		cmocka_unit_test(access_is_denied_for_a_while),
		cmocka_unit_test(properties_make_no_sense),
		cmocka_unit_test(versions_that_nobody_made),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
