// SPDX-License-Identifier: MIT
/* Events that come through a radio on another machine, later than they arrived there: dated by their
 * arrival, and the same again from a capture.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "coxad/base/generator.h"
#include "coxad/base/units.h"
#include "daemon/flow/intake-event.h"
#include "tests/flow/gateway-rig.h"
#include "tests/flow/intake-world.h"

#define PACKETS     800
#define INTERVAL_US (8 * INTAKE_WORLD_INTERVAL_US)

static const struct capture_event connected = {
	.kind = CAPTURE_CONNECTED, .address = GATEWAY_RIG_PELVIS, .mtu = 247};

static struct capture_event motion(int64_t arrival_us, unsigned sequence)
{
	static uint8_t packet[8 + 12 * 8];
	struct capture_event event = {.kind = CAPTURE_NOTIFY,
		.t_us = arrival_us,
		.address = GATEWAY_RIG_PELVIS,
		.value = packet,
		.size = sizeof(packet)};

	uuid_from_string("c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", &event.characteristic);
	intake_world_put(packet, sequence, 2);
	intake_world_put(packet + 2, sequence * INTERVAL_US, 4);
	intake_world_put(packet + 6, INTAKE_WORLD_INTERVAL_US, 2);
	for (unsigned i = 0; i < 8; i++)
		packet[8 + 12 * i + 5] = 4096 >> 8; /* z up: 1 g of 8 */
	return event;
}

static int64_t arrival_of(unsigned sequence)
{
	return 1000 * SECOND + sequence * INTERVAL_US + intake_world_latency_us[sequence % 8];
}

/* By way of a network that holds it up for anything up to most_us. */
static struct capture_event held_up(
	struct capture_event event, uint64_t *dice, int64_t most_us, int64_t *t_us)
{
	int64_t arrival_us = event.t_us;

	event.t_us += most_us ? (int64_t)(generator_splitmix(dice) % (uint64_t)most_us) : 0;
	if (event.t_us < *t_us)
		event.t_us = *t_us;
	*t_us = event.t_us;
	event.delay_us = event.t_us - arrival_us;
	event.unc_us = most_us ? 300 : 0;
	event.radio = most_us ? "mat-1" : NULL;
	return event;
}

static void play(struct intake_world *w, int64_t most_us)
{
	struct capture_event event = connected;
	uint64_t dice = 1;
	int64_t t_us = 0;

	event.t_us = 999 * SECOND;
	intake_event(w->intake, &event);
	w->now_us = event.t_us;
	intake_world_send_info(w, 0x1f);
	for (unsigned i = 0; i < PACKETS; i++) {
		event = held_up(motion(arrival_of(i), i), &dice, most_us, &t_us);
		intake_event(w->intake, &event);
	}
}

static void a_network_does_not_move_what_was_measured(void **state)
{
	struct intake_world *here, *there;

	intake_world_setup((void **)&here);
	intake_world_setup((void **)&there);
	play(here, 0);
	play(there, SECOND);
	assert_true(intake_world_count_of(here, RECORD_MOTION) == PACKETS);
	assert_int_equal(there->n, here->n);
	for (size_t i = 0; i < here->n; i++) {
		const struct record *a = &here->record[i], *b = &there->record[i];

		assert_true(a->t_us == b->t_us);
		if (a->kind == RECORD_MOTION)
			assert_true(a->t_unc_us + 300 == b->t_unc_us);
	}
	intake_world_teardown((void **)&here);
	intake_world_teardown((void **)&there);
}

/* Of a radio that was cut off for a while: how the wearable was does not say how it is. */
static void what_is_old_does_not_end_a_silence(void **state)
{
	struct intake_world *w = *state;
	struct capture_event event;
	unsigned changes;

	play(w, 0);
	intake_world_advance_to(w, arrival_of(PACKETS) + 30 * SECOND);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_SILENT);
	changes = w->changes;
	for (unsigned i = PACKETS; i < PACKETS + 100; i++) {
		event = motion(arrival_of(i), i);
		event.t_us = w->now_us;
		event.delay_us = w->now_us - arrival_of(i);
		intake_event(w->intake, &event);
		assert_true(intake_deadline(w->intake) > w->now_us);
		assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_SILENT);
	}
	assert_int_equal(w->changes, changes);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), PACKETS + 100);
	event = motion(w->now_us, PACKETS + 400);
	intake_event(w->intake, &event);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
}

/* It moved to a radio whose clock is known less well. */
static void arrivals_do_not_go_back(void **state)
{
	struct intake_world *w = *state;
	struct capture_event event;
	const struct record *r;

	play(w, 0);
	event = motion(arrival_of(PACKETS), PACKETS);
	event.delay_us = 2 * SECOND;
	event.unc_us = 40;
	intake_event(w->intake, &event);
	r = intake_world_last_of(w, RECORD_MOTION);
	assert_true(r->arrival_us == arrival_of(PACKETS - 1));
	assert_true(r->t_unc_us > 2 * SECOND - (arrival_of(PACKETS) - arrival_of(PACKETS - 1)));
}

static struct capture_event of(const char *radio, struct capture_event event, int64_t delay_us)
{
	event.radio = radio;
	event.t_us += delay_us;
	event.delay_us = delay_us;
	event.unc_us = 300;
	return event;
}

static void take(struct intake_world *w, const char *radio, enum capture_kind kind, int64_t t_us,
	int64_t delay_us)
{
	struct capture_event event = of(radio,
		(struct capture_event){.kind = kind,
			.t_us = t_us,
			.address = GATEWAY_RIG_PELVIS,
			.mtu = 247,
			.rssi_dbm = radio[0] == 'a' ? -90 : -50,
			.adapter = radio[0] == 'a' ? "000A" : "000B"},
		delay_us);

	intake_event(w->intake, &event);
	if (w->now_us < event.t_us)
		w->now_us = event.t_us;
}

static void stream(struct intake_world *w, const char *radio, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		struct capture_event event = of(radio, motion(arrival_of(i), i), 0);

		intake_event(w->intake, &event);
		w->now_us = event.t_us;
	}
}

/* Through a, from number 100 on through b. */
static void move(struct intake_world *w)
{
	take(w, "a", CAPTURE_CONNECTED, arrival_of(0) - SECOND, 0);
	intake_world_send_info(w, 0x1f);
	stream(w, "a", 0, 50);
	take(w, "b", CAPTURE_CONNECTED, arrival_of(99), 0);
	stream(w, "b", 100, 200);
}

static void expect_b(struct intake_world *w)
{
	struct wearable_result status;

	intake_status(w->intake, w->now_us, &status);
	assert_int_equal(status.state, WEARABLE_STATE_STREAMING);
	assert_string_equal(status.adapter, "000B");
	assert_true(status.rssi_dbm == -50);
}

static void a_link_ends_where_it_is(void **state)
{
	struct intake_world *w = *state;

	move(w);
	take(w, "b", CAPTURE_RSSI, arrival_of(200), 0);
	/* Told late, or noticed late. */
	take(w, "a", CAPTURE_RSSI, arrival_of(51), arrival_of(200) - arrival_of(51));
	take(w, "a", CAPTURE_DISCONNECTED, arrival_of(60), arrival_of(200) - arrival_of(60));
	expect_b(w);
	take(w, "a", CAPTURE_CONNECTED, arrival_of(40), arrival_of(200) - arrival_of(40));
	expect_b(w);
	take(w, "a", CAPTURE_DISCONNECTED, arrival_of(200), 0);
	take(w, "a", CAPTURE_RSSI, arrival_of(200), 0);
	expect_b(w);
	stream(w, "b", 201, 300);
	expect_b(w);
	take(w, "b", CAPTURE_DISCONNECTED, arrival_of(301), 0);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_ABSENT);
	take(w, "a", CAPTURE_CONNECTED, arrival_of(302), 0);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_CONNECTING);
}

static void a_packet_shows_the_link_that_nobody_told_of(void **state)
{
	struct intake_world *w = *state;

	take(w, "a", CAPTURE_CONNECTED, arrival_of(0) - SECOND, 0);
	intake_world_send_info(w, 0x1f);
	stream(w, "a", 0, 50);
	stream(w, "b", 100, 150);
	take(w, "a", CAPTURE_DISCONNECTED, arrival_of(150), 0);
	stream(w, "b", 151, 200);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), 149);
}

static void expect_b_streams_on(struct intake_world *w)
{
	size_t n = w->n;

	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), 150);
	stream(w, "b", 200, 210);
	for (; n < w->n; n++)
		if (w->record[n].kind == RECORD_MOTION)
			assert_int_equal(w->record[n].motion.lost_packets, 0);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), 160);
}

/* What radio a had heard and could not send. */
static void what_an_earlier_radio_heard_is_told_late(void **state)
{
	struct intake_world *w = *state;
	uint8_t press[10] = {1, 0, 0, 0, 0, 0, SYMPTOM_SHARP};
	struct capture_event event;
	const struct record *r;

	move(w);
	for (unsigned i = 50; i < 99; i++)
		for (unsigned k = 0; k < 8; k++) {
			event = of("a", motion(arrival_of(i), i), arrival_of(200) - arrival_of(i));
			intake_event(w->intake, &event);
		}
	event.value = press;
	event.size = sizeof(press);
	intake_world_put(press + 2, 70 * INTERVAL_US, 4);
	event.characteristic.b[3] = 7;
	intake_event(w->intake, &event);
	r = intake_world_last_of(w, RECORD_SYMPTOM);
	assert_non_null(r);
	assert_true(llabs(r->t_us - arrival_of(70)) < 100 * US_PER_MS);
	expect_b_streams_on(w);
}

/* Into the gateway, and the line of it into another one. */
static void give(struct gateway_rig *live, struct gateway_rig *again,
	struct capture_decoder *decoder, struct capture_event event)
{
	static char line[CAPTURE_LINE_MAX];
	int n = capture_encode(&event, line, sizeof(line));
	const char *error = NULL;

	assert_true(n > 0);
	gateway_rig_give(live, event);
	assert_int_equal(capture_decode(decoder, line, (size_t)n, &event, &error), 1);
	gateway_rig_give(again, event);
}

static void a_recording_replays_to_the_byte(void **state)
{
	struct capture_decoder *decoder = capture_decoder_new();
	struct capture_event event = {.kind = CAPTURE_HEADER,
		.t_us = 900 * SECOND,
		.wall_us = INT64_C(1795368600) * US_PER_S,
		.gateway = "pi"};
	struct gateway_rig live, again;
	uint64_t dice = 1;
	int64_t t_us = 0;

	gateway_rig_open(&live, "r");
	gateway_rig_open(&again, "r");
	give(&live, &again, decoder, event);
	gateway_rig_connect_pelvis(&live, 999 * SECOND);
	gateway_rig_connect_pelvis(&again, 999 * SECOND);
	for (unsigned i = 0; i < PACKETS; i++)
		give(&live, &again, decoder,
			held_up(motion(arrival_of(i), i), &dice, 3 * SECOND, &t_us));
	gateway_finish(live.gateway, t_us + SECOND, false);
	gateway_finish(again.gateway, t_us + SECOND, false);
	assert_true(gateway_rig_count(&live, "\"streaming\"") > 0);
	assert_int_equal(live.output.size, again.output.size);
	assert_memory_equal(live.output.text, again.output.text, live.output.size);
	gateway_rig_close(&live);
	gateway_rig_close(&again);
	capture_decoder_free(decoder);
}

static const char *radio_told(struct intake_world *w)
{
	struct wearable_result status;

	intake_status(w->intake, w->now_us, &status);
	return status.radio;
}

static void its_status_says_through_which(void **state)
{
	struct intake_world *w = *state;
	unsigned changes;

	play(w, 0);
	assert_null(radio_told(w));
	stream(w, "a", PACKETS, PACKETS + 50);
	assert_string_equal(radio_told(w), "a");
	changes = w->changes;
	stream(w, "b", PACKETS + 50, PACKETS + 51);
	assert_string_equal(radio_told(w), "b");
	assert_true(w->changes > changes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_network_does_not_move_what_was_measured),
		cmocka_unit_test_setup_teardown(what_is_old_does_not_end_a_silence,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			arrivals_do_not_go_back, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			its_status_says_through_which, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			a_link_ends_where_it_is, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(a_packet_shows_the_link_that_nobody_told_of,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(what_an_earlier_radio_heard_is_told_late,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test(a_recording_replays_to_the_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
