// SPDX-License-Identifier: MIT
/* What the gateway publishes, and when: states, answers to commands, statistics, and the same from a
 * loop that is late.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/flow/gateway-rig.h"

/* A deadline in the past looks like a gateway that stands still: the watchdog would not be fed. */
static void nothing_is_overdue_after_the_start(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, "r");
	gateway_rig_begin(&rig);
	assert_true(gateway_deadline(rig.gateway) > US_PER_S);
	gateway_rig_close(&rig);
}

static void motion(struct gateway_rig *rig, int64_t t_us, unsigned sequence)
{
	uint8_t packet[8 + 12 * 8] = {(uint8_t)sequence, (uint8_t)(sequence >> 8)};
	uint32_t time = (uint32_t)(t_us - 7 * 9615);
	struct uuid uuid;

	uuid_from_string("c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", &uuid);
	memcpy(packet + 2, &time, sizeof(time));
	packet[6] = 9615 & 0xff;
	packet[7] = 9615 >> 8;
	for (unsigned i = 0; i < 8; i++)
		packet[8 + 12 * i + 5] = 4096 >> 8; /* z up: 1 g of 8 */
	gateway_rig_give(rig, (struct capture_event){.kind = CAPTURE_NOTIFY,
				      .t_us = t_us + 12000,
				      .address = GATEWAY_RIG_PELVIS,
				      .characteristic = uuid,
				      .value = packet,
				      .size = sizeof(packet)});
}

static void publishes_states_at_start_and_offline_at_the_end(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	assert_int_equal(gateway_rig_count(&rig, "gateway/pi/status"), 1);
	assert_int_equal(gateway_rig_count(&rig, "\"online\""), 1);
	assert_int_equal(gateway_rig_count(&rig, "wearable/3-pelvis/status"), 1);
	assert_int_equal(gateway_rig_count(&rig, "\"absent\""), 1);
	assert_int_equal(gateway_rig_count(&rig, "kit/3/session"), 1);
	assert_int_equal(gateway_rig_count(&rig, "kit/4/session"), 0);
	gateway_finish(rig.gateway, 2 * US_PER_S, false);
	assert_int_equal(gateway_rig_count(&rig, "\"offline\""), 1);
	gateway_rig_close(&rig);
}

static void publishes_nothing_before_the_header(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_connect_pelvis(&rig, US_PER_S);
	gateway_advance(rig.gateway, 100 * US_PER_S);
	gateway_finish(rig.gateway, 100 * US_PER_S, false);
	assert_int_equal(rig.output.n, 0);
	assert_true(gateway_deadline(rig.gateway) == T_NEVER);
	gateway_rig_close(&rig);
}

static void state_follows_the_data(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	gateway_rig_connect_pelvis(&rig, 2 * US_PER_S);
	gateway_rig_drop_output(&rig);
	for (unsigned i = 0; i < 40; i++)
		motion(&rig, 3 * US_PER_S + i * 76920, i);
	assert_true(gateway_rig_count(&rig, "\"streaming\"") >= 1);
	gateway_rig_drop_output(&rig);
	gateway_advance(rig.gateway, 20 * US_PER_S);
	assert_true(gateway_rig_count(&rig, "\"silent\"") >= 1);
	gateway_rig_close(&rig);
}

static void bad_commands_are_refused_and_change_nothing(void **state)
{
	static const struct {
		const char *topic, *payload, *error;
	} bad[] = {
		{"command/calibrate", "{", "bad_json"},
		{"command/calibrate", "[]", "bad_json"},
		{"command/calibrate", "{\"kit\":\"9\",\"step\":\"neutral\"}", "unknown_kit"},
		{"command/calibrate", "{\"kit\":\"3\"}", "missing_member"},
		{"command/calibrate", "{\"kit\":\"3\",\"step\":\"dance\"}", "bad_value"},
		{"command/session-start", "{\"kit\":\"4\"}", "missing_member"},
		{"command/session-end", "{\"kit\":\"4\"}", "no_session"},
		{"command/identify", "{\"wearable\":\"x\"}", "unknown_wearable"},
		{"command/identify", "{\"wearable\":\"3-pelvis\"}", "not_connected"},
		{"command/acknowledge", "{\"alert\":\"x-1\",\"by\":\"tom\"}", "unknown_alert"},
		{"command/symptom", "{\"athlete\":\"bob\",\"code\":\"sharp\"}", "unknown_athlete"},
		{"command/frobnicate", "{}", "unknown_verb"},
	};
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		gateway_rig_drop_output(&rig);
		gateway_rig_command(&rig, 2 * US_PER_S, bad[i].topic, bad[i].payload, false);
		assert_int_equal(rig.output.n, 1);
		assert_int_equal(gateway_rig_count(&rig, bad[i].error), 1);
		assert_int_equal(gateway_rig_count(&rig, "\"ok\":false"), 1);
		assert_int_equal(gateway_rig_count(&rig, "/result\""), 1);
	}
	gateway_rig_close(&rig);
}

static void ignores_retained_commands(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	gateway_rig_drop_output(&rig);
	gateway_rig_command(&rig, 2 * US_PER_S, "command/session-start",
		"{\"kit\":\"4\",\"athlete\":\"bob\"}", true);
	assert_int_equal(rig.output.n, 0);
	gateway_rig_command(&rig, 2 * US_PER_S, "command/session-start",
		"{\"kit\":\"4\",\"athlete\":\"bob\"}", false);
	assert_int_equal(gateway_rig_count(&rig, "kit/4/session"), 1);
	gateway_rig_close(&rig);
}

static void play(struct gateway_rig *rig, bool is_late)
{
	gateway_rig_begin(rig);
	gateway_rig_connect_pelvis(rig, 2 * US_PER_S);
	for (unsigned i = 0; i < 400; i++) {
		/* Late by chance, like the live loop. */
		if (is_late && i % 7 == 0)
			gateway_advance(rig->gateway, 3 * US_PER_S + i * 76920 + 11000);
		motion(rig, 3 * US_PER_S + i * 76920, i);
		if (i == 100)
			gateway_rig_command(rig, 3 * US_PER_S + i * 76920 + 12000,
				"command/symptom",
				"{\"athlete\":\"ana\",\"code\":\"sharp\",\"site\":\"hip\"}", false);
	}
	if (!is_late)
		while (gateway_deadline(rig->gateway) <= 200 * US_PER_S)
			gateway_advance(rig->gateway, gateway_deadline(rig->gateway));
	gateway_advance(rig->gateway, 200 * US_PER_S);
	gateway_finish(rig->gateway, 200 * US_PER_S, false);
}

static void a_late_loop_publishes_the_same(void **state)
{
	struct gateway_rig exact, late;

	gateway_rig_open(&exact, NULL);
	gateway_rig_open(&late, NULL);
	play(&exact, false);
	play(&late, true);
	assert_true(exact.output.n > 50);
	assert_string_equal(exact.output.text, late.output.text);
	gateway_rig_close(&exact);
	gateway_rig_close(&late);
}

static void ids_begin_with_the_run(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, "abcdef");
	gateway_rig_begin(&rig);
	gateway_rig_command(&rig, 2 * US_PER_S, "command/symptom",
		"{\"athlete\":\"ana\",\"code\":\"sharp\"}", false);
	gateway_advance(rig.gateway, 300 * US_PER_S);
	assert_true(gateway_rig_count(&rig, "\"id\":\"abcdef-") >= 1);
	gateway_rig_close(&rig);
}

static void publishes_stats_at_their_interval(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	gateway_advance(rig.gateway, 101 * US_PER_S);
	assert_int_equal(gateway_rig_count(&rig, "gateway/pi/stats"), 10);
	gateway_rig_close(&rig);
}

static void unknown_wearables_are_only_counted(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	gateway_rig_drop_output(&rig);
	gateway_rig_give(&rig, (struct capture_event){.kind = CAPTURE_CONNECTED,
				       .t_us = 2 * US_PER_S,
				       .address = "00:11:22:33:44:55",
				       .mtu = 23});
	assert_int_equal(rig.output.n, 0);
	gateway_advance(rig.gateway, 12 * US_PER_S);
	assert_int_equal(gateway_rig_count(&rig, "\"drops_unknown_wearable\":1"), 1);
	gateway_rig_close(&rig);
}

static void republishes_only_the_newest_states(void **state)
{
	struct gateway_rig rig;

	gateway_rig_open(&rig, NULL);
	gateway_rig_begin(&rig);
	gateway_rig_connect_pelvis(&rig, 2 * US_PER_S);
	for (unsigned i = 0; i < 100; i++)
		motion(&rig, 3 * US_PER_S + i * 76920, i);
	gateway_rig_drop_output(&rig);
	gateway_republish(rig.gateway);
	assert_int_equal(gateway_rig_count(&rig, "wearable/3-pelvis/status"), 1);
	assert_int_equal(gateway_rig_count(&rig, "\"streaming\""), 1);
	assert_int_equal(gateway_rig_count(&rig, "\"retain\":true"), rig.output.n);
	gateway_rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_overdue_after_the_start),
		cmocka_unit_test(publishes_states_at_start_and_offline_at_the_end),
		cmocka_unit_test(publishes_nothing_before_the_header),
		cmocka_unit_test(state_follows_the_data),
		cmocka_unit_test(bad_commands_are_refused_and_change_nothing),
		cmocka_unit_test(ignores_retained_commands),
		cmocka_unit_test(a_late_loop_publishes_the_same),
		cmocka_unit_test(ids_begin_with_the_run),
		cmocka_unit_test(publishes_stats_at_their_interval),
		cmocka_unit_test(unknown_wearables_are_only_counted),
		cmocka_unit_test(republishes_only_the_newest_states),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
