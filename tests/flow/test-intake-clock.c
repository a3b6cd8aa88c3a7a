// SPDX-License-Identifier: MIT
/* Dating records: by the wearable's clock, by sample count, across steps and reboots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "coxad/base/alloc.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/drivers/ima-adpcm.h"
#include "tests/flow/intake-world.h"

static void an_event_before_any_pair_gets_its_arrival_time(void **state)
{
	struct intake_world *w = *state;
	const struct record *r;

	intake_world_begin(w);
	intake_world_send_pop(w, 1, w->now_us - 40000, 0);
	r = intake_world_last_of(w, RECORD_POP);
	assert_non_null(r);
	assert_int_equal(r->t_us, w->now_us);
	assert_true(r->t_unc_us >= 100000);
	intake_world_send_symptom(w, 1, w->now_us - 40000);
	assert_non_null(intake_world_last_of(w, RECORD_SYMPTOM));
}

static void events_are_dated_by_the_wearable(void **state)
{
	struct intake_world *w = *state;

	intake_world_begin(w);
	intake_world_stream(w, 30 * SECOND);
	intake_world_send_pop(w, 1, w->now_us - 180000, 0);
	assert_true(
		labs((long)(intake_world_last_of(w, RECORD_POP)->t_us - (w->now_us - 180000))) <=
		intake_world_last_of(w, RECORD_POP)->t_unc_us);
	intake_world_send_symptom(w, 1, w->now_us - 20000);
	assert_true(
		labs((long)(intake_world_last_of(w, RECORD_SYMPTOM)->t_us - (w->now_us - 20000))) <=
		intake_world_last_of(w, RECORD_SYMPTOM)->t_unc_us);
	/* The same again. */
	intake_world_send_pop(w, 1, w->now_us - 180000, 0x80);
	intake_world_send_symptom(w, 1, w->now_us - 20000);
	assert_int_equal(intake_world_count_of(w, RECORD_POP), 1);
	assert_int_equal(intake_world_count_of(w, RECORD_SYMPTOM), 1);
	assert_int_equal(intake_diag(w->intake)->count[REASON_DUPLICATE], 2);
}

static void a_resent_pop_keeps_its_time(void **state)
{
	struct intake_world *w = *state;
	int64_t pop_us;

	intake_world_begin(w);
	intake_world_stream(w, 30 * SECOND);
	intake_disconnected(w->intake, w->now_us);
	pop_us = w->now_us + 100 * SECOND;
	intake_world_advance_to(w, w->now_us + 300 * SECOND);
	w->last_pop = 1;
	intake_world_begin(w);
	/* Before the first motion of the new connection. */
	intake_world_send_pop(w, 1, pop_us, 0x80);
	assert_true(labs((long)(intake_world_last_of(w, RECORD_POP)->t_us - pop_us)) <=
		    intake_world_last_of(w, RECORD_POP)->t_unc_us);
	assert_true(intake_world_last_of(w, RECORD_POP)->t_unc_us < 200000);
	assert_true(intake_world_last_of(w, RECORD_POP)->pop.resent);
}

static void a_reboot_begins_a_new_clock(void **state)
{
	struct intake_world *w = *state;

	intake_world_begin(w);
	intake_world_stream(w, 20 * SECOND);
	intake_disconnected(w->intake, w->now_us);
	w->now_us += 5 * SECOND;
	w->boot++;
	w->boot_us = w->now_us - 3 * SECOND;
	intake_world_begin(w);
	intake_world_stream(w, 5 * SECOND);
	assert_int_equal(intake_diag(w->intake)->count[REASON_TIME_JUMP], 0);
	assert_true(labs((long)(intake_world_last_of(w, RECORD_MOTION)->t_us -
				(w->now_us - 15 * INTAKE_WORLD_INTERVAL_US))) <=
		    intake_world_last_of(w, RECORD_MOTION)->t_unc_us);
}

static void a_jump_is_dropped_and_counted(void **state)
{
	struct intake_world *w = *state;
	struct wearable_result status;
	size_t before;

	intake_world_begin(w);
	intake_world_stream(w, 10 * SECOND);
	before = intake_world_count_of(w, RECORD_MOTION);
	w->boot_us -= 60 * SECOND;
	intake_world_send_motion(w);
	intake_world_send_pop(w, 1, w->now_us, 0);
	w->boot_us += 60 * SECOND;
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), before);
	assert_int_equal(intake_world_count_of(w, RECORD_POP), 0);
	intake_status(w->intake, w->now_us, &status);
	assert_int_equal(status.drops, 2);
	assert_int_equal(status.last_drop, REASON_TIME_JUMP);
	w->now_us += 8 * INTAKE_WORLD_INTERVAL_US;
	intake_world_send_motion(w);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), before + 1);
}

/* decision-model.md, ruling 10: marked at once, and for a while after the new epoch. */
static void a_clock_step_is_marked_on_events(void **state)
{
	struct intake_world *w = *state;
	const struct record *r;

	intake_world_begin(w);
	intake_world_stream(w, 30 * SECOND);
	intake_world_send_pop(w, 1, w->now_us - 100000, 0);
	assert_false(intake_world_last_of(w, RECORD_POP)->clock_stepped);
	w->boot_us -= SECOND / 4;
	intake_world_stream(w, SECOND);
	intake_world_send_pop(w, 2, w->now_us - 100000, 0);
	r = intake_world_last_of(w, RECORD_POP);
	assert_true(r->clock_stepped);
	assert_true(r->t_unc_us >= 100000);
	intake_world_stream(w, 9 * SECOND);
	intake_world_send_pop(w, 3, w->now_us - 100000, 0);
	r = intake_world_last_of(w, RECORD_POP);
	assert_true(r->clock_stepped);
	assert_true(labs((long)(r->t_us - (w->now_us - 100000))) <= r->t_unc_us);
	intake_world_stream(w, 15 * SECOND);
	intake_world_send_pop(w, 4, w->now_us - 100000, 0);
	assert_false(intake_world_last_of(w, RECORD_POP)->clock_stepped);
}

/* Frames of a Thingy's microphone, 256 samples each, without time stamps. None is so late that it
 * delays the next. */
static void sound_without_time_stamps_is_dated_by_its_count(void **state)
{
	static const double frame_us = 256 * 1e6 / 16129;
	struct intake_world *w = *state;
	struct uuid microphone;
	uint8_t frame[131] = {0};
	double worst_us = 0, step_us = 0;

	assert_int_equal(uuid_from_string("ef680504-9b35-4933-9b10-52ffa9740042", &microphone), 0);
	intake_free(w->intake);
	w->intake = intake_new(
		3, driver_list_find("nordic-thingy52"), &w->analysis, &intake_world_ops, w);
	intake_connected(w->intake, w->now_us, 247);
	for (unsigned i = 0; i < 3000; i++) {
		w->now_us = 1000 * SECOND + llrint((i + 1) * frame_us) +
			    intake_world_latency_us[i % ARRAY_LEN(intake_world_latency_us)] / 2;
		intake_bytes(w->intake, &(struct driver_input){&microphone, DRIVER_ORIGIN_NOTIFY,
						frame, sizeof(frame), w->now_us});
	}
	assert_int_equal(w->n, 3000);
	for (size_t i = 1000; i < w->n; i++) {
		double error_us =
			(double)(w->record[i].t_us - 1000 * SECOND) - (double)i * frame_us;

		worst_us = fmax(worst_us, fabs(error_us));
		step_us = fmax(step_us,
			fabs((double)(w->record[i].t_us - w->record[i - 1].t_us) - frame_us));
		assert_true(w->record[i].t_unc_us < 10000);
		assert_true(fabs(error_us) <= (double)w->record[i].t_unc_us);
	}
	assert_true(worst_us < 3000);
	/* The detector restarts at a gap of more than 5 ms. */
	assert_true(step_us < 1000);
}

/* 40 frames lost, later one more, and a host that was stuck for 900 ms: two gaps. */
static void lost_sound_is_distinguished_from_late_sound(void **state)
{
	static const double frame_us = 256 * 1e6 / 16129;
	struct intake_world *w = *state;
	struct ima_adpcm codec = {0};
	struct uuid microphone;
	uint8_t frame[131];
	unsigned noise = 1;

	assert_int_equal(uuid_from_string("ef680504-9b35-4933-9b10-52ffa9740042", &microphone), 0);
	intake_free(w->intake);
	w->intake = intake_new(
		3, driver_list_find("nordic-thingy52"), &w->analysis, &intake_world_ops, w);
	intake_connected(w->intake, w->now_us, 247);
	for (unsigned i = 0; i < 4000; i++) {
		int64_t arrival_us =
			1000 * SECOND + llrint((i + 1) * frame_us) +
			intake_world_latency_us[i % ARRAY_LEN(intake_world_latency_us)] / 2;
		int16_t samples[256];

		frame[0] = (uint8_t)((unsigned)codec.predictor >> 8);
		frame[1] = (uint8_t)codec.predictor;
		frame[2] = (uint8_t)codec.index;
		for (unsigned k = 3; k < sizeof(frame); k++) {
			noise = noise * 1664525 + 1013904223;
			frame[k] = (uint8_t)(noise >> 24 & 0xbb); /* small steps, up and down */
		}
		ima_adpcm_decode(&codec, IMA_ADPCM_HIGH_FIRST, frame + 3, 256, samples);
		if ((i >= 1000 && i < 1040) || i == 1500)
			continue;
		if (arrival_us > 1040 * SECOND && arrival_us < 1040 * SECOND + 900000)
			arrival_us = 1040 * SECOND + 900000;
		w->now_us = arrival_us;
		intake_bytes(w->intake, &(struct driver_input){&microphone, DRIVER_ORIGIN_NOTIFY,
						frame, sizeof(frame), w->now_us});
	}
	/* Two seconds after the large loss the dates are right again; the small one is noticed at
	 * once. */
	for (size_t i = 1150; i < w->n; i++) {
		size_t sent = i + (i < 1460 ? 40 : 41);
		double error_us =
			(double)(w->record[i].t_us - 1000 * SECOND) - (double)sent * frame_us;

		assert_true(fabs(error_us) < 4000);
	}
	assert_int_equal(w->n, 3959);
}

/* BlueST has neither boot number nor sequence: a restart while disconnected, at any counter. */
static void a_restart_without_boot_number_is_not_a_wrap(void **state)
{
	struct intake_world *w = *state;
	struct uuid u;
	uint8_t p[20] = {0};

	assert_int_equal(uuid_from_string("00e00000-0001-11e1-ac36-0002a5d5c51b", &u), 0);
	intake_free(w->intake);
	w->intake =
		intake_new(3, driver_list_find("st-bluest"), &w->analysis, &intake_world_ops, w);
	for (unsigned link = 0; link < 5; link++) {
		intake_connected(w->intake, w->now_us, 23);
		w->boot_us = w->now_us - (int64_t)(link * 77 + 3) * SECOND;
		for (unsigned i = 0; i < 300; i++) {
			w->now_us += 50000;
			intake_world_put(p, (uint64_t)((w->now_us - w->boot_us) / 8000), 2);
			w->now_us += intake_world_latency_us[i % 8];
			intake_bytes(w->intake, &(struct driver_input){&u, DRIVER_ORIGIN_NOTIFY, p,
							sizeof(p), w->now_us});
			w->now_us -= intake_world_latency_us[i % 8];
		}
		assert_true(
			labs((long)(intake_world_last_of(w, RECORD_MOTION)->t_us - w->now_us)) <=
			intake_world_last_of(w, RECORD_MOTION)->t_unc_us);
		assert_true(intake_world_last_of(w, RECORD_MOTION)->t_unc_us < 100000);
		intake_disconnected(w->intake, w->now_us);
		w->now_us += 2 * SECOND;
	}
	assert_int_equal(intake_diag(w->intake)->count[REASON_TIME_JUMP], 0);
	assert_int_equal(intake_world_count_of(w, RECORD_MOTION), 1500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_event_before_any_pair_gets_its_arrival_time,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(events_are_dated_by_the_wearable,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			a_resent_pop_keeps_its_time, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			a_reboot_begins_a_new_clock, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(
			a_jump_is_dropped_and_counted, intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(a_clock_step_is_marked_on_events,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(sound_without_time_stamps_is_dated_by_its_count,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(lost_sound_is_distinguished_from_late_sound,
			intake_world_setup, intake_world_teardown),
		cmocka_unit_test_setup_teardown(a_restart_without_boot_number_is_not_a_wrap,
			intake_world_setup, intake_world_teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
