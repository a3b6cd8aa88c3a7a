// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "coxad/wire/fleet-topic.h"

static void expect(const char *topic, enum fleet_topic_kind kind, const char *name)
{
	struct fleet_topic got;

	assert_int_equal(fleet_topic_read(topic, &got), 0);
	assert_int_equal(got.kind, kind);
	assert_string_equal(got.name, name);
}

static void what_a_brain_hears_of(void **state)
{
	expect("brain/pi/status", FLEET_TOPIC_BRAIN, "pi");
	expect("radio/mat-1/status", FLEET_TOPIC_STATUS, "mat-1");
	expect("radio/mat-1/wearables", FLEET_TOPIC_WEARABLES, "mat-1");
	expect("radio/mat-1/heard", FLEET_TOPIC_HEARD, "mat-1");
	expect("radio/mat-1/events", FLEET_TOPIC_EVENTS, "mat-1");
	expect("radio/mat-1/clock", FLEET_TOPIC_CLOCK, "mat-1");
	expect("radio/mat-1/answer", FLEET_TOPIC_ANSWER, "mat-1");
}

static void each_filter_is_of_its_kind(void **state)
{
	for (unsigned i = 0; i < FLEET_TOPIC_COUNT; i++) {
		char topic[64];

		snprintf(topic, sizeof(topic), "%s", fleet_topic_filters[i]);
		*strchr(topic, '+') = 'x';
		expect(topic, (enum fleet_topic_kind)i, "x");
	}
}

static void anything_else_is_none(void **state)
{
	const char *const none[] = {"", "/", "radio", "radio/", "radio//status", "radio/x",
		"radio/x/", "radio/x/status/", "radio/x/y/status", "radio/x/order", "brain/x/heard",
		"xradio/x/status", "Radio/x/status", "radio/a+b/status", "radio/#/status",
		"radio/x\x01/status", "radio/\xff/status",
		"radio/0123456789012345678901234567890123/status"};
	struct fleet_topic got;

	for (unsigned i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(fleet_topic_read(none[i], &got), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_brain_hears_of),
		cmocka_unit_test(each_filter_is_of_its_kind),
		cmocka_unit_test(anything_else_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
