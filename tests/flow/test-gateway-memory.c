// SPDX-License-Identifier: MIT
/* What the gateway is given back at its start: what an athlete's memory says has happened, and topics
 * that nobody owns any more are cleared at the broker.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/core/time/wall-clock.h"
#include "coxad/flow/gateway-erase.h"
#include "coxad/wire/history-athlete.h"
#include "coxad/wire/history.h"
#include "tests/flow/gateway-rig.h"

/* A board without a real-time clock: it is an hour earlier than what is remembered. */
static void what_is_remembered_has_happened(void **state)
{
	_auto_free_ struct athlete_memory *memory = new0(struct athlete_memory);
	_auto_free_ char *text = NULL;
	struct wall_clock clock = {0};
	struct gateway_rig rig;

	wall_clock_set(&clock, 0, (INT64_C(1795368600) + 3600) * US_PER_S);
	strcpy(memory->athlete, "ana");
	strcpy(memory->kit, "3");
	memory->is_in_session = true;
	memory->n_open_pops = 1;
	memory->open_pop[0] = (struct memory_open_pop){.session = 1,
		.result = {.id = "early-1",
			.kit = "3",
			.rev = 1,
			.site = PLACEMENT_PELVIS,
			.class = POP_CLASS_BENIGN}};
	text = history_athlete_write(memory, &clock);
	gateway_rig_open(&rig, "run");
	gateway_restore(rig.gateway, HISTORY_KIND_ATHLETE, "ana", text, strlen(text));
	gateway_rig_begin(&rig);
	/* What was told stays, and yet has happened: the pop becomes final in due time. */
	assert_non_null(strstr(rig.output.text, "\"since\":\"2026-11-22T18:30:00.000Z\""));
	assert_true(gateway_is_pending(rig.gateway));
	gateway_advance(rig.gateway, 200 * US_PER_S);
	assert_false(gateway_is_pending(rig.gateway));
	gateway_rig_close(&rig);
}

/* Kit 3 is given back a calibration with one zero, and says whether it is calibrated. */
static bool is_calibrated_with_zero_of(enum placement placement)
{
	_auto_free_ struct kit_calibration *calibration = new0(struct kit_calibration);
	_auto_free_ char *text = NULL;
	struct gateway_rig rig;
	bool is_calibrated;

	calibration->is_calibrated = true;
	calibration->segment[placement] = (struct calibration_segment){
		.has_zero = true, .axis = {0, 1, 0}, .zero = {0, 0, 1}, .up_supine = {0, 0, 1}};
	strcpy(calibration->address[placement], GATEWAY_RIG_PELVIS);
	text = history_write_calibration(calibration);
	gateway_rig_open(&rig, "run");
	gateway_restore(rig.gateway, HISTORY_KIND_CALIBRATION, "3", text, strlen(text));
	gateway_rig_begin(&rig);
	is_calibrated = gateway_rig_count(&rig, "\"calibrated\":true") > 0;
	gateway_rig_close(&rig);
	return is_calibrated;
}

static void a_pelvis_sensor_added_since_needs_its_zero(void **state)
{
	assert_true(is_calibrated_with_zero_of(PLACEMENT_PELVIS));
	assert_false(is_calibrated_with_zero_of(PLACEMENT_THIGH_LEFT));
}

/* A kit and a wearable removed, a site renamed, discovery switched off: what the broker keeps of
 * these is cleared, and nothing else. */
static void clears_stale_retained_topics(void **state)
{
	static const char *const gone[] = {"coxa/v1/gym/wearable/3-hip/status",
		"coxa/v1/gym/kit/5/session", "coxa/v1/gym/gateway/old/status",
		"coxa/v1/north/athlete/ana/summary",
		"homeassistant/device/coxad_pi_3-pelvis/config"};
	static const char *const kept[] = {"coxa/v1/gym/wearable/3-pelvis/status",
		"coxa/v1/gym/kit/4/calibration", "coxa/v1/gym/gateway/pi/status",
		"coxa/v1/gym/athlete/eve/summary"};
	char line[256];
	struct gateway_rig rig;

	gateway_rig_open(&rig, "run");
	for (size_t i = 0; i < ARRAY_LEN(gone); i++)
		gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, gone[i], "1", 1);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, kept[i], "1", 1);
	/* Erasing an athlete marks her topics. */
	gateway_restore(
		rig.gateway, HISTORY_KIND_RETAINED, "coxa/v1/gym/athlete/bea/summary", "0", 1);
	gateway_rig_begin(&rig);
	assert_int_equal(gateway_rig_count(&rig, "\"coxa/v1/gym/athlete/bea/summary\",\"qos\":1,"
						 "\"retain\":true,\"payload\":null"),
		1);
	for (size_t i = 0; i < ARRAY_LEN(gone); i++) {
		snprintf(line, sizeof(line), "\"%s\",\"qos\":1,\"retain\":true,\"payload\":null",
			gone[i]);
		assert_int_equal(gateway_rig_count(&rig, line), 1);
		snprintf(line, sizeof(line), "-retained %s\n", gone[i]);
		assert_non_null(strstr(rig.output.remembered, line));
	}
	for (size_t i = 0; i < ARRAY_LEN(kept); i++) {
		snprintf(line, sizeof(line), "-retained %s\n", kept[i]);
		assert_null(strstr(rig.output.remembered, line));
	}
	/* Each topic is remembered with its first message. */
	assert_non_null(
		strstr(rig.output.remembered, "\nretained coxa/v1/gym/wearable/3-pelvis/status\n"));
	gateway_rig_drop_output(&rig);
	gateway_rig_connect_pelvis(&rig, 2 * US_PER_S);
	assert_true(gateway_rig_count(&rig, "wearable/3-pelvis/status") > 0);
	assert_null(strstr(rig.output.remembered, "retained"));
	gateway_rig_close(&rig);
}

static void a_topic_that_no_broker_takes_is_forgotten(void **state)
{
	static const char *const bad[] = {"coxa/v1/north/athlete/a\xc2\x85/summary",
		"coxa/v1/north/athlete/a+/summary", "coxa/v1/gym/athlete/\xff/alerts"};
	char line[256];
	struct gateway_rig rig;

	gateway_rig_open(&rig, "run");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, bad[i], i ? "0" : "1", 1);
	gateway_rig_begin(&rig);
	assert_int_equal(gateway_rig_count(&rig, "\"payload\":null"), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(line, sizeof(line), "-retained %s\n", bad[i]);
		assert_non_null(strstr(rig.output.remembered, line));
	}
	gateway_rig_close(&rig);
}

/* Killed before the broker has it, the next run removes it again. */
static void a_removed_topic_is_remembered_until_the_broker_has_it(void **state)
{
	static const char topic[] = "coxa/v1/gym/athlete/bea/summary";
	_auto_free_ char *last = alloc_printf("-retained %s\nretained %s\n", topic, topic);
	struct gateway_rig rig;

	gateway_rig_open_live(&rig);
	gateway_restore(rig.gateway, HISTORY_KIND_RETAINED, topic, "0", 1);
	gateway_rig_begin(&rig);
	assert_non_null(strstr(rig.output.remembered, last));
	gateway_rig_close(&rig);
}

static unsigned acknowledge(struct gateway_rig *rig, int64_t t_us)
{
	gateway_rig_drop_output(rig);
	gateway_rig_command(
		rig, t_us, "command/acknowledge", "{\"alert\":\"r-2\",\"by\":\"tom\"}", false);
	return gateway_rig_count(rig, "unknown_alert");
}

/* Not in a session; afterwards nothing is known, nor published, of the athlete any more. */
static void an_athlete_is_forgotten(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open_live(&rig);
	gateway_rig_begin(&rig);
	gateway_rig_command(&rig, 2 * US_PER_S, "command/symptom",
		"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	assert_true(gateway_rig_count(&rig, "\"alert\":\"r-2\"") > 0);
	assert_string_equal(gateway_erase_kit(rig.gateway, "ana"), "3");
	gateway_erase(rig.gateway, "ana");
	assert_int_equal(acknowledge(&rig, 3 * US_PER_S), 0);
	gateway_rig_command(&rig, 4 * US_PER_S, "command/session-end", "{\"kit\":\"3\"}", false);
	assert_int_equal(acknowledge(&rig, 5 * US_PER_S), 0);
	assert_null(gateway_erase_kit(rig.gateway, "ana"));
	assert_false(gateway_erase_has_session(rig.gateway));
	gateway_rig_drop_output(&rig);
	gateway_erase(rig.gateway, "ana");
	assert_int_equal(rig.output.n, 0);
	assert_int_equal(acknowledge(&rig, 21 * US_PER_S), 1);
	gateway_advance(rig.gateway, 200 * US_PER_S);
	assert_int_equal(gateway_rig_count(&rig, "/athlete/ana/"), 0);
	assert_null(strstr(rig.output.remembered, "athlete ana"));
	gateway_rig_close(&rig);
}

/* Its symptom is open, its alert is listed, and its pop keeps its id and facts and takes the
 * symptom that comes now. */
static void reads_the_memory_of_an_earlier_version(void **state)
{
	static const char text[] =
		"{\"athlete_memory\":1,\"athlete\":\"ana\",\"sessions\":4,\"benign_pops\":12,"
		"\"reps\":80,\"in_session\":true,\"kit\":\"3\",\"exercise\":\"supine-straight\","
		"\"since_us\":1795368000000000,\"session_reps\":7,\"session_red_flags\":0,"
		"\"pops\":[{\"session\":2,\"site\":\"pelvis\",\"phase\":\"lower\","
		"\"elevation_deg\":37.5,\"level_db\":-18.5}],\"symptoms\":[],\"alerts\":["
		"{\"alert\":\"r1-a1\",\"state\":\"raised\",\"athlete\":\"ana\",\"kit\":\"3\","
		"\"time_us\":1795368590000000,\"raised_us\":1795368590000000,\"severity\":2,"
		"\"class\":\"review\",\"reasons\":[],\"by\":\"\",\"pops\":[],\"symptoms\":[]}],"
		"\"open_pops\":[{\"id\":\"r1-p4\",\"kit\":\"3\",\"rev\":1,\"session\":5,"
		"\"time_us\":1795368595000000,\"time_uncertainty_ms\":3.1,\"site\":\"pelvis\","
		"\"class\":\"benign\",\"severity\":0,\"phase\":\"lower\",\"side\":\"left\","
		"\"rep\":6,\"elevation_deg\":41,\"level_db\":-17,\"reasons\":[\"FIRST_SEEN\"]}],"
		"\"sparc\":[-1.5]}";
	struct gateway_rig rig;

	gateway_rig_open(&rig, "run");
	gateway_restore(rig.gateway, HISTORY_KIND_ATHLETE, "ana", text, strlen(text));
	gateway_rig_begin(&rig);
	assert_int_equal(gateway_rig_count(&rig, "\"alert\":\"r1-a1\""), 1);
	gateway_rig_drop_output(&rig);
	gateway_rig_command(&rig, 2 * US_PER_S, "command/symptom",
		"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	assert_int_equal(gateway_rig_count(&rig, "\"id\":\"r1-p4\",\"time\""), 1);
	/* The pop, its alert, and the list with that alert in it. */
	assert_int_equal(gateway_rig_count(&rig, "\"class\":\"red_flag\""), 3);
	assert_int_equal(gateway_rig_count(&rig, "\"levels_db\":{\"pelvis\":-17"), 1);
	assert_int_equal(gateway_rig_count(&rig, "\"elevation_deg\":41"), 1);
	assert_int_equal(gateway_rig_count(&rig, "\"confidence\":{\"total\":0.9"), 1);
	gateway_rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_remembered_has_happened),
		cmocka_unit_test(a_pelvis_sensor_added_since_needs_its_zero),
		cmocka_unit_test(reads_the_memory_of_an_earlier_version),
		cmocka_unit_test(clears_stale_retained_topics),
		cmocka_unit_test(a_topic_that_no_broker_takes_is_forgotten),
		cmocka_unit_test(a_removed_topic_is_remembered_until_the_broker_has_it),
		cmocka_unit_test(an_athlete_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
