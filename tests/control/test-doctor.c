// SPDX-License-Identifier: MIT
/* What `coxactl doctor` makes of what coxad tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/core/terms.h"
#include "ctl/doctor-gateway.h"
#include "ctl/doctor-machine.h"
#include "ctl/doctor-rates.h"
#include "ctl/topic.h"

static struct doctor seen(json_t *states)
{
	struct doctor d = {.states = states, .problems = json_array()};

	assert_non_null(states);
	doctor_gateway_adapters(&d);
	doctor_gateway_health(&d);
	doctor_gateway_wearables(&d);
	return d;
}

static void forget(struct doctor *d)
{
	json_decref(d->states);
	json_decref(d->problems);
}

/* The one problem that a wearable's status gives, or "". */
static void expect(const char *code, json_t *status)
{
	struct doctor d = seen(json_pack("{s:o}", "wearable/w/status", status));
	const json_t *problem = json_array_get(d.problems, 0);

	assert_int_equal(json_array_size(d.problems), code[0] != '\0');
	if (code[0]) {
		assert_string_equal(topic_text(problem, "code"), code);
		assert_string_equal(topic_text(problem, "subject"), "w");
		assert_string_equal(topic_text(problem, "severity"), "warning");
		assert_true(strlen(topic_text(problem, "text")) > 10);
	}
	forget(&d);
}

static void each_state_of_a_wearable(void **state)
{
	expect("", json_pack("{s:s}", "state", "streaming"));
	expect("", json_pack("{s:s}", "state", "connecting"));
	expect("wearable_silent", json_pack("{s:s}", "state", "silent"));
	expect("wearable_quarantined", json_pack("{s:s}", "state", "quarantined"));
	expect("wearable_absent", json_pack("{s:s,s:n}", "state", "absent", "last_data"));
	expect("wearable_absent", json_pack("{s:s,s:s}", "state", "absent", "last_data", "2026"));
}

static void each_problem_has_its_code(void **state)
{
	for (unsigned i = WEARABLE_PROBLEM_NONE + 1; i < WEARABLE_PROBLEM_COUNT; i++) {
		const char *word = wearable_problem_to_string((enum wearable_problem)i);

		expect(word, json_pack("{s:s,s:s}", "state", "streaming", "problem", word));
	}
}

static void numbers_have_limits(void **state)
{
	expect("", json_pack("{s:f,s:f,s:f}", "rssi_dbm", -85.0, "loss_percent", 5.0,
			   "battery_percent", 20.0));
	expect("", json_pack("{s:n,s:n,s:n}", "rssi_dbm", "loss_percent", "battery_percent"));
	expect("wearable_weak", json_pack("{s:f}", "rssi_dbm", -85.1));
	expect("wearable_loss", json_pack("{s:f}", "loss_percent", 5.1));
	expect("battery_low", json_pack("{s:i}", "battery_percent", 19));
	expect("wearable_clock", json_pack("{s:{s:f}}", "clock", "uncertainty_ms", 50.1));
	expect("", json_pack("{s:{s:f}}", "clock", "uncertainty_ms", 50.0));
	expect("", json_pack("{s:{s:n}}", "clock", "uncertainty_ms"));
	/* They are of the time before. */
	expect("wearable_absent", json_pack("{s:s,s:i,s:f}", "state", "absent", "battery_percent",
					  1, "rssi_dbm", -99.0));
}

static void the_worst_is_the_status(void **state)
{
	struct doctor d = seen(json_pack("{s:{s:[s]}}", "gateway/pi/status", "adapters", "0001"));

	assert_int_equal(doctor_status(&d), 0);
	assert_string_equal(doctor_state(&d), "ok");
	doctor_note(&d, DOCTOR_WARNING, "a", "b", "c");
	assert_int_equal(doctor_status(&d), 1);
	assert_string_equal(doctor_state(&d), "warning");
	doctor_note(&d, DOCTOR_FAILURE, "a", "b", "c");
	doctor_note(&d, DOCTOR_WARNING, "a", "b", "c");
	assert_int_equal(doctor_status(&d), 2);
	assert_string_equal(doctor_state(&d), "failure");
	forget(&d);
}

static void a_text_may_quote_anything(void **state)
{
	struct doctor d = {.states = json_object(), .problems = json_array()};
	char wide[3000] = "";

	for (size_t i = 0; i < sizeof(wide) - 2; i += 2)
		memcpy(wide + i, "\xc3\xbc", 2);
	doctor_note(&d, DOCTOR_FAILURE, "a", "b", "name = \xff\xc3");
	/* One of these is cut within a character. */
	doctor_note(&d, DOCTOR_FAILURE, "a", "b", "%s", wide);
	doctor_note(&d, DOCTOR_FAILURE, "a", "b", "x%s", wide);
	assert_int_equal(json_array_size(d.problems), 3);
	assert_string_equal(topic_text(json_array_get(d.problems, 0), "text"), "name = ??");
	forget(&d);
}

/* The one problem of a unit with this state, or "". */
static void expect_unit(const char *code, const char *text)
{
	struct doctor d = {.states = json_object(), .problems = json_array()};
	char copy[512];

	snprintf(copy, sizeof(copy), "LoadState=loaded\n%s\n", text);
	doctor_machine_take_unit(&d, copy);
	assert_int_equal(json_array_size(d.problems), code[0] != '\0');
	if (code[0])
		assert_string_equal(topic_text(json_array_get(d.problems, 0), "code"), code);
	forget(&d);
}

static void each_state_of_the_unit(void **state)
{
	expect_unit("",
		"ActiveState=active\nExecMainStatus=0\nResult=success\nNRestarts=0\nDropInPaths=");
	expect_unit("unit_inactive", "ActiveState=inactive\nExecMainStatus=0\nNRestarts=0");
	expect_unit("unit_inactive", "ActiveState=failed\nExecMainStatus=1\nNRestarts=4");
	expect_unit("unit_config", "ActiveState=failed\nExecMainStatus=78\nNRestarts=0");
	expect_unit("unit_restarted", "ActiveState=active\nExecMainStatus=0\nNRestarts=2");
	expect_unit("unit_restarted", "ActiveState=active\nResult=watchdog\nNRestarts=0");
	expect_unit("", "ActiveState=active\nDropInPaths=/nowhere/a.conf");
	expect_unit("", "");
}

static void an_athlete_with_two_kits(void **state)
{
	struct doctor d = seen(json_pack("{s:{s:s},s:{s:s},s:{s:s}}", "kit/4/session", "athlete",
		"ana", "kit/3/session", "athlete", "ana", "kit/5/session", "athlete", "bea"));

	doctor_gateway_sessions(&d);
	assert_int_equal(json_array_size(d.problems), 1);
	assert_string_equal(topic_text(json_array_get(d.problems, 0), "code"), "athlete_twice");
	assert_string_equal(topic_text(json_array_get(d.problems, 0), "subject"), "3");
	forget(&d);
}

/* The kit that is said to be worn by nobody, or "". */
static void expect_unworn(
	const char *kit, const char *athlete, const char *session, const char *wearable)
{
	struct doctor d = {.problems = json_array()};
	const json_t *problem;

	d.states = json_pack("{s:{s:[{s:s,s:s?}]},s:{s:s},s:{s:s,s:s}}", "gateway/pi/inventory",
		"kits", "name", "3", "athlete", athlete, session, "athlete", "bea",
		"wearable/w/status", "kit", "3", "state", wearable);
	assert_non_null(d.states);
	doctor_gateway_sessions(&d);
	problem = json_array_get(d.problems, 0);
	assert_int_equal(json_array_size(d.problems), kit[0] != '\0');
	if (problem) {
		assert_string_equal(topic_text(problem, "code"), "kit_without_athlete");
		assert_string_equal(topic_text(problem, "subject"), kit);
	}
	forget(&d);
}

static void a_kit_that_nobody_is_said_to_wear(void **state)
{
	expect_unworn("3", NULL, "kit/4/session", "streaming");
	expect_unworn("", "ana", "kit/4/session", "streaming");
	expect_unworn("", NULL, "kit/3/session", "streaming");
	expect_unworn("", NULL, "kit/4/session", "absent");
}

static void sensors_that_are_worn_otherwise(void **state)
{
	static const struct {
		const char *session, *word, *state, *code;
	} rows[] = {{"kit/3/session", "pelvis_mounting", "rejected", "sensor_turned"},
		{"kit/3/session", "sensor_shifted", "accepted", "sensor_turned"},
		{"kit/3/session", "wrong_leg", "rejected", "sensor_other_side"},
		{"kit/3/session", "wrong_leg", "running", NULL},
		{"kit/3/session", "not_still", "rejected", NULL},
		/* Of a session that has ended. */
		{"kit/4/session", "pelvis_mounting", "rejected", NULL}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct doctor d = seen(json_pack("{s:{},s:{s:s,s:s}}", rows[i].session,
			"kit/3/calibration", "code", rows[i].word, "state", rows[i].state));

		doctor_gateway_calibrations(&d);
		assert_int_equal(json_array_size(d.problems), rows[i].code ? 1 : 0);
		if (rows[i].code)
			assert_string_equal(
				topic_text(json_array_get(d.problems, 0), "code"), rows[i].code);
		forget(&d);
	}
}

/* Told or not, of a wearable that sends so. */
static void expect_slow(
	bool is_told, double rate_hz, const char *driver, const char *stream, const char *state)
{
	static const char drivers[] =
		"driver\tname\tgives\tclock\trate_hz\tbond\n"
		"coxa\tA\tmotion\town\t104\tno\ncoxa-2\tB\tmotion\town\t50\tno\nodd\n";
	struct doctor d = {.problems = json_array()};

	d.states = json_pack("{s:{s:[{s:s,s:[s]}]},s:{s:s,s:s,s:f}}", "gateway/pi/inventory",
		"wearables", "name", "w", "streams", stream, "wearable/w/status", "state", state,
		"driver", driver, "rate_hz", rate_hz);
	assert_non_null(d.states);
	doctor_rates_compare(&d, drivers);
	assert_int_equal(json_array_size(d.problems), is_told);
	forget(&d);
}

static void a_rate_has_a_limit(void **state)
{
	expect_slow(true, 83.1, "coxa", "motion", "streaming");
	expect_slow(false, 83.3, "coxa", "motion", "streaming");
	expect_slow(true, 39, "coxa-2", "motion", "streaming");
	expect_slow(false, 41, "coxa-2", "motion", "streaming");
	/* Of a microphone nothing is known, nor of a driver that is not in the table. */
	expect_slow(false, 0, "coxa", "acoustic", "streaming");
	expect_slow(false, 1, "odd", "motion", "streaming");
	expect_slow(false, 1, "cox", "motion", "streaming");
	expect_slow(false, 0, "coxa", "motion", "silent");
}

static void what_is_no_status_is_left_alone(void **state)
{
	struct doctor d = seen(json_pack("{s:n,s:s,s:{s:[n,i,{}]},s:[]}", "wearable/a/status",
		"wearable/b/status", "x", "gateway/pi/health", "problems", 3, "wearable//status"));

	assert_int_equal(json_array_size(d.problems), 3);
	json_object_set_new(d.states, "gateway/pi/inventory",
		json_pack("{s:[n,i,{},{s:n}]}", "kits", 3, "athlete"));
	doctor_gateway_sessions(&d);
	json_object_set_new(d.states, "gateway/pi/inventory",
		json_pack("{s:[n,i,{},{s:n}]}", "wearables", 3, "name"));
	doctor_rates_compare(&d, "");
	assert_int_equal(json_array_size(d.problems), 3);
	forget(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_of_a_wearable),
		cmocka_unit_test(each_problem_has_its_code),
		cmocka_unit_test(numbers_have_limits),
		cmocka_unit_test(the_worst_is_the_status),
		cmocka_unit_test(a_text_may_quote_anything),
		cmocka_unit_test(each_state_of_the_unit),
		cmocka_unit_test(an_athlete_with_two_kits),
		cmocka_unit_test(a_kit_that_nobody_is_said_to_wear),
		cmocka_unit_test(sensors_that_are_worn_otherwise),
		cmocka_unit_test(a_rate_has_a_limit),
		cmocka_unit_test(what_is_no_status_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
