// SPDX-License-Identifier: MIT
/* The intake with the Coxa driver and hand-made packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "coxad/base/alloc.h"
#include "coxad/drivers/driver-list.h"
#include "tests/flow/intake-world.h"

static void motion_gets_host_time(void **state)
{
	struct intake_world *w = *state;
	const struct record *r;

	intake_world_begin(w);
	intake_world_stream(w, 20 * SECOND);
	r = intake_world_last_of(w, RECORD_MOTION);
	assert_int_equal(r->wearable, 3);
	/* now_us is one packet further than r. */
	assert_true(
		labs((long)(r->t_us - (w->now_us - 15 * INTAKE_WORLD_INTERVAL_US))) <= r->t_unc_us);
	assert_true(r->t_unc_us < 30000);
	assert_float_equal(r->interval_host_us, INTAKE_WORLD_INTERVAL_US, 2);
	for (size_t i = 1, k = 0; i < w->n; i++) {
		if (w->record[i].kind != RECORD_MOTION)
			continue;
		assert_true(k == 0 || w->record[i].t_us >= w->record[k].t_us);
		k = i;
	}
	assert_int_equal(intake_world_count_of(w, RECORD_INFO), 1);
}

static void state_follows_the_data(void **state)
{
	struct intake_world *w = *state;
	unsigned changes;

	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_ABSENT);
	assert_true(intake_deadline(w->intake) == T_NEVER);
	intake_world_begin(w);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_CONNECTING);
	w->now_us += SECOND;
	intake_world_send_motion(w);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
	intake_world_stream(w, 5 * SECOND);
	changes = w->changes;
	intake_world_advance_to(w, w->now_us + 3 * SECOND);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_SILENT);
	assert_int_equal(w->changes, changes + 1);
	intake_world_advance_to(w, w->now_us + 60 * SECOND);
	assert_int_equal(w->changes, changes + 1);
	intake_world_send_motion(w);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
	intake_disconnected(w->intake, w->now_us);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_ABSENT);
	assert_true(intake_deadline(w->intake) == T_NEVER);
}

static void a_connection_without_data_is_silent_after_two_seconds(void **state)
{
	struct intake_world *w = *state;

	intake_connected(w->intake, w->now_us, 247);
	intake_world_advance_to(w, w->now_us + 2 * SECOND - 1);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_CONNECTING);
	intake_world_advance_to(w, w->now_us + 1);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_SILENT);
}

static void an_event_pad_is_not_silent_between_polls(void **state)
{
	struct intake_world *w = *state;
	uint8_t reply[10] = {0x86, 0};

	intake_connected(w->intake, w->now_us, 247);
	intake_world_send_info(w, 0x0a);
	for (unsigned i = 0; i < 10; i++) {
		intake_world_put(reply + 2, (uint64_t)(w->now_us - w->boot_us), 8);
		intake_world_send(w, 3, reply, sizeof(reply));
		intake_world_advance_to(w, w->now_us + 10 * SECOND);
		assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
	}
	intake_world_send_pop(w, 1, w->now_us - 100000, 0);
	assert_true(
		labs((long)(intake_world_last_of(w, RECORD_POP)->t_us - (w->now_us - 100000))) <=
		intake_world_last_of(w, RECORD_POP)->t_unc_us);
	assert_int_equal(intake_world_count_of(w, RECORD_CLOCK), 0);
	intake_world_advance_to(w, w->now_us + 60 * SECOND);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_SILENT);
}

static void garbage_leads_to_quarantine_for_a_while(void **state)
{
	struct intake_world *w = *state;
	static const uint8_t bad[7];
	int64_t until;

	intake_world_begin(w);
	intake_world_stream(w, SECOND);
	for (unsigned i = 0; i < 1000 && intake_world_state_of(w) != WEARABLE_STATE_QUARANTINED;
		i++) {
		w->now_us += 10000;
		intake_world_send(w, 4, bad, sizeof(bad));
	}
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_QUARANTINED);
	until = intake_deadline(w->intake);
	assert_true(until > w->now_us && until < w->now_us + 600 * SECOND);
	/* Streams are dropped, a symptom is not. */
	w->n = 0;
	intake_world_send_motion(w);
	assert_int_equal(w->n, 0);
	assert_int_equal(intake_diag(w->intake)->count[REASON_QUARANTINE], 1);
	intake_world_send_symptom(w, 1, w->now_us);
	assert_int_equal(intake_world_count_of(w, RECORD_SYMPTOM), 1);
	intake_world_advance_to(w, until);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_SILENT);
	intake_world_send_motion(w);
	assert_int_equal(intake_world_state_of(w), WEARABLE_STATE_STREAMING);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), 1);
}

static void figures_are_those_of_the_stream(void **state)
{
	struct intake_world *w = *state;
	struct wearable_result status;
	static const uint8_t battery[] = {87};
	struct uuid level = UUID_SIG(0x2a19);

	intake_world_begin(w);
	for (unsigned i = 0; i < 300; i++) {
		if (i % 10 == 9)
			w->sequence++; /* lost on the way */
		else
			intake_world_send_motion(w);
		w->now_us += 8 * INTAKE_WORLD_INTERVAL_US;
	}
	intake_bytes(w->intake, &(struct driver_input){&level, DRIVER_ORIGIN_READ, battery,
					sizeof(battery), w->now_us});
	intake_rssi(w->intake, w->now_us, -61);
	intake_status(w->intake, w->now_us, &status);
	assert_float_equal(status.loss_percent, 10, 1.5);
	assert_float_equal(status.rate_hz, 104 * 0.9, 5);
	assert_float_equal(status.battery_percent, 87, 0);
	assert_float_equal(status.rssi_dbm, -61, 0);
	assert_string_equal(status.driver, "coxa");
	assert_int_equal(status.drops, 0);
	assert_true(intake_packets(w->intake) == 272);
	assert_int_equal(intake_info(w->intake)->boot, 7);
}

static void reports_only_changes(void **state)
{
	struct intake_world *w = *state;
	unsigned before;

	intake_world_begin(w);
	intake_world_stream(w, 70 * SECOND);
	before = w->changes;
	/* A steady stream for a minute: at most an occasional figure. */
	intake_world_stream(w, 60 * SECOND);
	assert_true(w->changes - before <= 12);
	before = w->changes;
	intake_rssi(w->intake, w->now_us, -70);
	intake_rssi(w->intake, w->now_us, -70);
	assert_int_equal(w->changes, before + 1);
}

static void bytes_after_disconnection_are_stale(void **state)
{
	struct intake_world *w = *state;

	intake_world_begin(w);
	intake_world_stream(w, SECOND);
	intake_disconnected(w->intake, w->now_us);
	w->n = 0;
	intake_world_send_motion(w);
	intake_world_send_symptom(w, 1, w->now_us);
	assert_int_equal(w->n, 0);
	assert_int_equal(intake_diag(w->intake)->count[REASON_STALE], 2);
}

static void the_driver_is_found_by_characteristic(void **state)
{
	struct intake_world *w = *state;
	struct uuid foreign = UUID_SIG(0xfff7);
	static const uint8_t bytes[4];

	intake_free(w->intake);
	w->intake = intake_new(3, NULL, &w->analysis, &intake_world_ops, w);
	assert_null(intake_driver(w->intake));
	intake_connected(w->intake, w->now_us, 247);
	intake_bytes(w->intake, &(struct driver_input){&foreign, DRIVER_ORIGIN_NOTIFY, bytes,
					sizeof(bytes), w->now_us});
	assert_int_equal(intake_diag(w->intake)->count[REASON_TYPE], 1);
	intake_world_send_info(w, 0x1f);
	assert_string_equal(intake_driver(w->intake)->id, "coxa");
	intake_world_stream(w, SECOND);
	assert_true(intake_world_count_of(w, RECORD_MOTION) > 0);
}

/* The start plan's steps after the driver's own, as 16-bit UUIDs. */
static unsigned common_steps(struct intake_world *w, const struct driver_peer *peer, unsigned own,
	unsigned *ret, size_t room)
{
	struct driver_step step;
	unsigned n = 0;

	for (unsigned i = 0; intake_plan(w->intake, peer, DRIVER_PLAN_START, i, &step) == 1; i++) {
		assert_true(i < own + room);
		if (i < own)
			continue;
		assert_true(step.is_optional);
		ret[n++] = (unsigned)step.characteristic.b[2] << 8 | step.characteristic.b[3];
	}
	return n;
}

static void reads_the_common_services(void **state)
{
	static const struct uuid has[] = {
		UUID_SIG(0x2a37), UUID_SIG(0x2a19), UUID_SIG(0x2a29), UUID_SIG(0x2a26)};
	const struct driver_peer peer = {.characteristics = has, .n_characteristics = 4};
	struct intake_world *w = *state;
	struct wearable_result status;
	struct driver_step step;
	_auto_free_ void *coxa_state = alloc_zero(1, driver_list_find("coxa")->state_size);
	unsigned own = 0, steps[8];

	intake_connected(w->intake, w->now_us, 247);
	while (driver_list_find("coxa")->plan(coxa_state, &peer, DRIVER_PLAN_START, own, &step) ==
		1)
		own++;
	assert_int_equal(common_steps(w, &peer, own, steps, 8), 4);
	assert_int_equal(steps[0], 0x2a37);
	assert_int_equal(steps[1], 0x2a19);
	assert_int_equal(steps[2], 0x2a29);
	assert_int_equal(steps[3], 0x2a26);
	intake_bytes(w->intake, &(struct driver_input){&has[0], DRIVER_ORIGIN_NOTIFY,
					(const uint8_t[]){0, 72}, 2, w->now_us});
	assert_int_equal(w->n, 1);
	assert_int_equal(w->record[0].kind, RECORD_HEART_RATE);
	intake_bytes(w->intake, &(struct driver_input){&has[1], DRIVER_ORIGIN_READ,
					(const uint8_t[]){87}, 1, w->now_us});
	intake_bytes(w->intake, &(struct driver_input){&has[2], DRIVER_ORIGIN_READ,
					(const uint8_t *)"Maker", 5, w->now_us});
	intake_status(w->intake, w->now_us, &status);
	assert_true(status.battery_percent == 87);
	assert_int_equal(diag_total(intake_diag(w->intake)), 0);
	/* At the next connection, what is known is not read again. */
	assert_int_equal(common_steps(w, &peer, own, steps, 8), 1);
	assert_int_equal(steps[0], 0x2a37);
}

/* A DOT pauses, shows itself and goes on. */
static void a_write_of_an_order_says_how_many_follow(void **state)
{
	static const struct {
		const char *driver;
		unsigned n;
	} orders[] = {{"movella-dot", 3}, {"mbient-metamotion", 2}, {"nordic-thingy52", 1}};
	struct intake_world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct intake *intake = intake_new(
			3, driver_list_find(orders[i].driver), &w->analysis, &intake_world_ops, w);
		struct driver_step step;

		for (unsigned n = 0; n < orders[i].n; n++) {
			assert_int_equal(
				intake_order(intake, DRIVER_ORDER_IDENTIFY, 1, n, &step), 1);
			assert_int_equal(step.n_follow, orders[i].n - 1 - n);
		}
		assert_int_equal(
			intake_order(intake, DRIVER_ORDER_IDENTIFY, 1, orders[i].n, &step), 0);
		intake_free(intake);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			motion_gets_host_time, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			state_follows_the_data, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			a_connection_without_data_is_silent_after_two_seconds, intake_world_setup,
			intake_world_teardown),
		cmocka_unit_test_setup_teardown(an_event_pad_is_not_silent_between_polls,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(garbage_leads_to_quarantine_for_a_while,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			figures_are_those_of_the_stream, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			reports_only_changes, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(bytes_after_disconnection_are_stale,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			reads_the_common_services, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(a_write_of_an_order_says_how_many_follow,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(the_driver_is_found_by_characteristic,
			intake_world_setup, intake_world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
