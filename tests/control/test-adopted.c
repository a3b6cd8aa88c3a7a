// SPDX-License-Identifier: MIT
/* Which sensor is meant, and the drop-in that coxactl writes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ctl/drop-in-text.h"
#include "ctl/chosen.h"
#include "ctl/topic.h"

static const char *name_of(const json_t *one)
{
	return one ? topic_text(one, "address") : "nobody";
}

static void expect_shaken(const char *name, const char *document)
{
	json_t *held = json_loads(document, 0, NULL);

	assert_non_null(held);
	assert_string_equal(name_of(chosen_by_shaking(held)), name);
	json_decref(held);
}

static void the_one_that_turns_alone(void **state)
{
	expect_shaken("nobody", "[]");
	expect_shaken("nobody", "[{\"address\":\"A\",\"turned_deg\":239}]");
	expect_shaken("A",
		"[{\"address\":\"A\",\"turned_deg\":240},{\"address\":\"B\",\"turned_deg\":80}]");
	expect_shaken("B",
		"[{\"address\":\"A\",\"turned_deg\":3},{\"address\":\"B\",\"turned_deg\":700}]");
	expect_shaken("nobody",
		"[{\"address\":\"A\",\"turned_deg\":400},{\"address\":\"B\",\"turned_deg\":700}]");
	expect_shaken("A",
		"[{\"address\":\"A\",\"turned_deg\":400},{\"address\":\"B\",\"turned_deg\":null}]");
}

static void expect_nearest(const char *name, const char *document)
{
	json_t *candidates = json_loads(document, 0, NULL);

	assert_non_null(candidates);
	assert_string_equal(name_of(chosen_by_distance(candidates)), name);
	json_decref(candidates);
}

static void the_one_that_is_much_closer(void **state)
{
	expect_nearest("nobody", "[]");
	expect_nearest("A", "[{\"address\":\"A\",\"rssi_dbm\":-65,\"has_motion\":true}]");
	expect_nearest("nobody", "[{\"address\":\"A\",\"rssi_dbm\":-66,\"has_motion\":true}]");
	expect_nearest("nobody", "[{\"address\":\"A\",\"rssi_dbm\":null,\"has_motion\":true}]");
	expect_nearest("nobody", "[{\"address\":\"A\",\"rssi_dbm\":-50,\"has_motion\":true},"
				 "{\"address\":\"B\",\"rssi_dbm\":-59,\"has_motion\":true}]");
	expect_nearest("A", "[{\"address\":\"A\",\"rssi_dbm\":-50,\"has_motion\":true},"
			    "{\"address\":\"B\",\"rssi_dbm\":-60,\"has_motion\":true}]");
	/* A strap that somebody wears is neither chosen nor in the way. */
	expect_nearest("B", "[{\"address\":\"A\",\"rssi_dbm\":-40,\"has_motion\":false},"
			    "{\"address\":\"B\",\"rssi_dbm\":-45,\"has_motion\":true}]");
}

static void what_is_written_is_read(void **state)
{
	static const char text[] = "# by hand\n[kit 3]\n exercise = single \r\n\n"
				   "[wearable 3-pelvis]\naddress=C0:A5:00:00:03:01\nkit = 3\n"
				   "[kit 3]\nathlete = ana = anna\n";
	json_t *sections = drop_in_text_parse(DROP_IN_TEXT_SENSORS, text, strlen(text)), *again;
	char *written;

	assert_non_null(sections);
	assert_string_equal(topic_text(json_object_get(sections, "kit 3"), "exercise"), "single");
	assert_string_equal(
		topic_text(json_object_get(sections, "kit 3"), "athlete"), "ana = anna");
	written = drop_in_text_write(DROP_IN_TEXT_SENSORS, sections);
	again = drop_in_text_parse(DROP_IN_TEXT_SENSORS, written, strlen(written));
	assert_true(json_equal(sections, again));
	free(written);
	json_decref(again);
	json_decref(sections);
}

static void each_drop_in_has_its_own_sections(void **state)
{
	static const char gateway[] = "[gateway]\nname = pi\n[mqtt]\nbroker = mqtt://b\n";
	static const char kit[] = "[kit 3]\nexercise = single\n";
	json_t *sections = drop_in_text_parse(DROP_IN_TEXT_GATEWAY, gateway, strlen(gateway));
	char *written = drop_in_text_write(DROP_IN_TEXT_GATEWAY, sections);

	assert_non_null(strstr(written, "\n[mqtt]\nbroker = mqtt://b\n"));
	assert_null(drop_in_text_parse(DROP_IN_TEXT_GATEWAY, kit, strlen(kit)));
	free(written);
	json_decref(sections);
}

static void what_cannot_be_kept_is_refused(void **state)
{
	static const char *const wrong[] = {"[gateway]\nname = pi\n", "kit = 3\n",
		"[kit 3]\nexercise\n", "[kit 3\n", "[kit 3]\nathlete = \xff\n"};
	static const char hidden[] = "[kit 3]\nexercise = single\n\0[gateway]\n";
	json_t *none = drop_in_text_parse(DROP_IN_TEXT_SENSORS, "", 0);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_null(drop_in_text_parse(DROP_IN_TEXT_SENSORS, wrong[i], strlen(wrong[i])));
	assert_null(drop_in_text_parse(DROP_IN_TEXT_SENSORS, hidden, sizeof(hidden) - 1));
	assert_int_equal(json_object_size(none), 0);
	json_decref(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_one_that_turns_alone),
		cmocka_unit_test(the_one_that_is_much_closer),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(each_drop_in_has_its_own_sections),
		cmocka_unit_test(what_cannot_be_kept_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
