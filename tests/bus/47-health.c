// SPDX-License-Identifier: MIT
/* What coxad says of adapters and BlueZ in health, while it is so and no longer. */
#include "tests/bus/bus-test.h"

#include <stdio.h>

#define SAYS(t, code, subject) (strcmp((t)->trouble[code], subject) == 0)

static void a_limit_is_learned(void **state)
{
	struct bus_test t;

	bus_test_begin(
		&t, &(struct bus_test_options){.gym = "3 100", .script = "adapter 0 limit 2"});
	UNTIL(&t, t.trouble[HEALTH_SLOTS_LEARNED][0]);
	assert_int_equal(strlen(t.trouble[HEALTH_SLOTS_LEARNED]), ADDRESS_SHORT_SIZE - 1);
	t.conf.n_present = 3;
	t.conf.bluetooth.slots = 2;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL(&t, SAYS(&t, HEALTH_SLOTS_LEARNED, ""));
	UNTIL(&t, SAYS(&t, HEALTH_SLOTS_SHORT, "bluetooth"));
	t.conf.bluetooth.slots = 3;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL(&t, SAYS(&t, HEALTH_SLOTS_SHORT, ""));
	bus_test_end(&t);
}

static void an_adapter_hears_nothing(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.script = "fault advert * mute"});
	UNTIL(&t, t.trouble[HEALTH_ADAPTER_DEAF][0]);
	bus_test_order(&t, "clear");
	UNTIL_STREAMS(&t, 1, 5);
	UNTIL(&t, SAYS(&t, HEALTH_ADAPTER_DEAF, ""));
	bus_test_end(&t);
}

static void somebody_else_scans(void **state)
{
	struct bus_test t;

	bus_test_begin(&t, &(struct bus_test_options){.gym = "2 100"});
	UNTIL_STREAMS(&t, 2, 5);
	assert_true(SAYS(&t, HEALTH_ADAPTER_SHARED, ""));
	bus_test_order(&t, "adapter 0 foreign on");
	UNTIL(&t, t.trouble[HEALTH_ADAPTER_SHARED][0]);
	bus_test_order(&t, "adapter 0 foreign off");
	UNTIL(&t, SAYS(&t, HEALTH_ADAPTER_SHARED, ""));
	bus_test_end(&t);
}

static void an_adapter_of_the_configuration_is_missing(void **state)
{
	struct bus_test t;
	char adapters[64];

	bus_test_begin(&t, &(struct bus_test_options){.gym = "1 100"});
	UNTIL_STREAMS(&t, 1, 5);
	snprintf(adapters, sizeof(adapters), "%s 00:1A:7D:DA:71:13",
		bluez_radio_address(t.source->radio[0]));
	t.conf.bluetooth.adapters = adapters;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL(&t, SAYS(&t, HEALTH_ADAPTER_ABSENT, "bluetooth"));
	bus_test_order(&t, "adapter 1 add 00:1A:7D:DA:71:13");
	UNTIL(&t, SAYS(&t, HEALTH_ADAPTER_ABSENT, ""));
	bus_test_order(&t, "adapter 1 remove");
	UNTIL(&t, SAYS(&t, HEALTH_ADAPTER_ABSENT, "bluetooth"));
	t.conf.bluetooth.adapters = NULL;
	source_bluez_reload(t.source, &(struct conf_change){0});
	UNTIL(&t, SAYS(&t, HEALTH_ADAPTER_ABSENT, ""));
	bus_test_end(&t);
}

static void a_bluez_is_too_old_for_sockets(void **state)
{
	static const struct {
		const char *modalias;
		enum notify_mode notify;
		bool is_told;
	} rows[] = {{MODALIAS_566, NOTIFY_MODE_FD, true}, {MODALIAS_584, NOTIFY_MODE_FD, false},
		{MODALIAS_566, NOTIFY_MODE_AUTO, false}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct bus_test t;

		bus_test_begin(
			&t, &(struct bus_test_options){.door = {.modalias = rows[i].modalias},
				    .notify = rows[i].notify});
		/* Of the two that are told at each look, bluez_old is the first. */
		t.trouble[HEALTH_SLOTS_SHORT][0] = '?';
		UNTIL(&t, SAYS(&t, HEALTH_SLOTS_SHORT, ""));
		assert_int_equal(SAYS(&t, HEALTH_BLUEZ_OLD, "bluetooth"), rows[i].is_told);
		bus_test_end(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_limit_is_learned),
		cmocka_unit_test(an_adapter_hears_nothing),
		cmocka_unit_test(somebody_else_scans),
		cmocka_unit_test(an_adapter_of_the_configuration_is_missing),
		cmocka_unit_test(a_bluez_is_too_old_for_sockets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
