// SPDX-License-Identifier: MIT
/* One wearable's way in, with the Coxa driver and hand-made packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/drivers/ima-adpcm.h"
#include "coxad/flow/intake.h"

#define SECOND      ((int64_t)US_PER_S)
#define INTERVAL    9615 /* 104 Hz */
#define RECORDS_MAX 20000
/* Latency of each packet in turn, so that the clock sees all phases. */
static const int64_t latency_us[] = {3000, 17000, 9000, 26000, 1500, 21000, 13000, 29000};

struct world {
	struct intake *intake;
	int64_t now_us;
	int64_t boot_us; /* host time when the wearable's clock was 0 */
	uint16_t sequence;
	uint32_t boot;
	uint16_t last_pop;
	unsigned changes;
	size_t n;
	struct record record[RECORDS_MAX];
};

static void on_record(void *user, const struct record *record)
{
	struct world *w = user;

	if (w->n < RECORDS_MAX)
		w->record[w->n++] = *record;
}

static void on_changed(void *user, unsigned wearable)
{
	struct world *w = user;

	assert_int_equal(wearable, 3);
	w->changes++;
}

static const struct intake_ops ops = {on_record, on_changed};

static int setup(void **state)
{
	struct world *w = new0(struct world);

	w->intake = intake_new(3, driver_by_id("coxa"), &ops, w);
	w->now_us = 1000 * SECOND;
	w->boot_us = 400 * SECOND;
	w->boot = 7;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	w->intake = intake_free(w->intake);
	free(w);
	return 0;
}

static struct uuid coxa(uint8_t number)
{
	struct uuid u;

	assert_int_equal(uuid_from_string("c0a50000-9bc6-4808-a8bd-20fbe3fc7d8c", &u), 0);
	u.b[3] = number;
	return u;
}

static void put(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void send(struct world *w, uint8_t number, const uint8_t *data, size_t size)
{
	struct uuid u = coxa(number);

	intake_bytes(w->intake, w->now_us, &u,
		number == 2 ? DRIVER_ORIGIN_READ : DRIVER_ORIGIN_NOTIFY, data, size);
}

static void send_info(struct world *w, uint8_t streams)
{
	uint8_t p[20] = {1, streams, 8, 2};

	put(p + 4, 1000, 2);
	put(p + 6, 104, 2);
	put(p + 8, 8000, 4);
	put(p + 12, w->boot, 4);
	put(p + 16, 64, 2);
	put(p + 18, w->last_pop, 2);
	send(w, 2, p, sizeof(p));
}

static uint32_t device_time(const struct world *w, int64_t host_us)
{
	return (uint32_t)(host_us - w->boot_us);
}

/* A packet of 8 samples, the last one now, arriving some milliseconds later. */
static void send_motion(struct world *w)
{
	uint8_t p[8 + 12 * 8] = {0};
	int64_t built_us = w->now_us;

	put(p, w->sequence++, 2);
	put(p + 2, device_time(w, built_us - 7 * INTERVAL), 4);
	put(p + 6, INTERVAL, 2);
	for (unsigned i = 0; i < 8; i++)
		put(p + 8 + 12 * i + 4, 4096, 2);
	w->now_us += latency_us[w->sequence % 8];
	send(w, 4, p, sizeof(p));
	w->now_us = built_us;
}

static void stream(struct world *w, int64_t for_us)
{
	for (int64_t end = w->now_us + for_us; w->now_us < end; w->now_us += 8 * INTERVAL)
		send_motion(w);
}

static void send_pop(struct world *w, uint16_t sequence, int64_t onset_us, uint8_t flags)
{
	uint8_t p[20] = {
		0, 0, 0, 0, 0, 0, 24, 110, 31, 12, 77, 1, 42, 51, 13, 1, 0x80, 5, 26, flags};

	put(p, sequence, 2);
	put(p + 2, device_time(w, onset_us), 4);
	send(w, 5, p, sizeof(p));
}

static void send_symptom(struct world *w, uint16_t sequence, int64_t press_us)
{
	uint8_t p[10] = {0, 0, 0, 0, 0, 0, 2, 2, 1, 6};

	put(p, sequence, 2);
	put(p + 2, device_time(w, press_us), 4);
	send(w, 7, p, sizeof(p));
}

static void begin(struct world *w)
{
	intake_connected(w->intake, w->now_us, 247);
	send_info(w, 0x1f);
}

static const struct record *last_of(const struct world *w, enum record_kind kind)
{
	for (size_t i = w->n; i > 0; i--)
		if (w->record[i - 1].kind == kind)
			return &w->record[i - 1];
	return NULL;
}

static size_t count_of(const struct world *w, enum record_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		n += w->record[i].kind == kind;
	return n;
}

static enum wearable_state state_of(struct world *w)
{
	struct wearable_result status;

	intake_status(w->intake, w->now_us, &status);
	return status.state;
}

static void advance_to(struct world *w, int64_t t_us)
{
	while (intake_deadline(w->intake) <= t_us) {
		int64_t deadline = intake_deadline(w->intake);

		w->now_us = deadline;
		intake_advance(w->intake, deadline);
		assert_true(intake_deadline(w->intake) > deadline);
	}
	w->now_us = t_us;
}

static void motion_gets_host_time(void **state)
{
	struct world *w = *state;
	const struct record *r;

	begin(w);
	stream(w, 20 * SECOND);
	r = last_of(w, RECORD_MOTION);
	assert_int_equal(r->wearable, 3);
	/* now_us has gone one packet on; r is of the one before. */
	assert_true(labs((long)(r->t_us - (w->now_us - 15 * INTERVAL))) <= r->t_unc_us);
	assert_true(r->t_unc_us < 30000);
	assert_float_equal(r->interval_host_us, INTERVAL, 2);
	for (size_t i = 1, k = 0; i < w->n; i++) {
		if (w->record[i].kind != RECORD_MOTION)
			continue;
		assert_true(k == 0 || w->record[i].t_us >= w->record[k].t_us);
		k = i;
	}
	assert_int_equal(count_of(w, RECORD_INFO), 1);
}

static void state_follows_the_data(void **state)
{
	struct world *w = *state;
	unsigned changes;

	assert_int_equal(state_of(w), WEARABLE_STATE_ABSENT);
	assert_true(intake_deadline(w->intake) == T_NEVER);
	begin(w);
	assert_int_equal(state_of(w), WEARABLE_STATE_CONNECTING);
	w->now_us += SECOND;
	send_motion(w);
	assert_int_equal(state_of(w), WEARABLE_STATE_STREAMING);
	stream(w, 5 * SECOND);
	changes = w->changes;
	advance_to(w, w->now_us + 3 * SECOND);
	assert_int_equal(state_of(w), WEARABLE_STATE_SILENT);
	assert_int_equal(w->changes, changes + 1);
	advance_to(w, w->now_us + 60 * SECOND);
	assert_int_equal(w->changes, changes + 1);
	send_motion(w);
	assert_int_equal(state_of(w), WEARABLE_STATE_STREAMING);
	intake_disconnected(w->intake, w->now_us, "gone");
	assert_int_equal(state_of(w), WEARABLE_STATE_ABSENT);
	assert_true(intake_deadline(w->intake) == T_NEVER);
}

static void a_link_without_data_is_silent_after_two_seconds(void **state)
{
	struct world *w = *state;

	intake_connected(w->intake, w->now_us, 247);
	advance_to(w, w->now_us + 2 * SECOND - 1);
	assert_int_equal(state_of(w), WEARABLE_STATE_CONNECTING);
	advance_to(w, w->now_us + 1);
	assert_int_equal(state_of(w), WEARABLE_STATE_SILENT);
}

static void an_event_pad_is_not_silent_between_two_polls(void **state)
{
	struct world *w = *state;
	uint8_t reply[10] = {0x86, 0};

	intake_connected(w->intake, w->now_us, 247);
	send_info(w, 0x0a);
	for (unsigned i = 0; i < 10; i++) {
		put(reply + 2, (uint64_t)(w->now_us - w->boot_us), 8);
		send(w, 3, reply, sizeof(reply));
		advance_to(w, w->now_us + 10 * SECOND);
		assert_int_equal(state_of(w), WEARABLE_STATE_STREAMING);
	}
	send_pop(w, 1, w->now_us - 100000, 0);
	assert_true(labs((long)(last_of(w, RECORD_POP)->t_us - (w->now_us - 100000))) <=
		    last_of(w, RECORD_POP)->t_unc_us);
	assert_int_equal(count_of(w, RECORD_CLOCK), 0);
	advance_to(w, w->now_us + 60 * SECOND);
	assert_int_equal(state_of(w), WEARABLE_STATE_SILENT);
}

static void an_event_before_any_pair_takes_its_arrival(void **state)
{
	struct world *w = *state;
	const struct record *r;

	begin(w);
	send_pop(w, 1, w->now_us - 40000, 0);
	r = last_of(w, RECORD_POP);
	assert_non_null(r);
	assert_int_equal(r->t_us, w->now_us);
	assert_true(r->t_unc_us >= 100000);
	send_symptom(w, 1, w->now_us - 40000);
	assert_non_null(last_of(w, RECORD_SYMPTOM));
}

static void events_are_dated_by_the_wearable(void **state)
{
	struct world *w = *state;

	begin(w);
	stream(w, 30 * SECOND);
	send_pop(w, 1, w->now_us - 180000, 0);
	assert_true(labs((long)(last_of(w, RECORD_POP)->t_us - (w->now_us - 180000))) <=
		    last_of(w, RECORD_POP)->t_unc_us);
	send_symptom(w, 1, w->now_us - 20000);
	assert_true(labs((long)(last_of(w, RECORD_SYMPTOM)->t_us - (w->now_us - 20000))) <=
		    last_of(w, RECORD_SYMPTOM)->t_unc_us);
	/* The same ones again. */
	send_pop(w, 1, w->now_us - 180000, 0x80);
	send_symptom(w, 1, w->now_us - 20000);
	assert_int_equal(count_of(w, RECORD_POP), 1);
	assert_int_equal(count_of(w, RECORD_SYMPTOM), 1);
	assert_int_equal(intake_diag(w->intake)->count[REASON_DUPLICATE], 2);
}

static void a_pop_of_a_lost_link_keeps_its_instant(void **state)
{
	struct world *w = *state;
	int64_t pop_us;

	begin(w);
	stream(w, 30 * SECOND);
	intake_disconnected(w->intake, w->now_us, "supervision");
	pop_us = w->now_us + 100 * SECOND;
	advance_to(w, w->now_us + 300 * SECOND);
	w->last_pop = 1;
	begin(w);
	/* Before the first motion of the new link. */
	send_pop(w, 1, pop_us, 0x80);
	assert_true(labs((long)(last_of(w, RECORD_POP)->t_us - pop_us)) <=
		    last_of(w, RECORD_POP)->t_unc_us);
	assert_true(last_of(w, RECORD_POP)->t_unc_us < 200000);
	assert_true(last_of(w, RECORD_POP)->pop.resent);
}

static void a_reboot_begins_a_new_clock(void **state)
{
	struct world *w = *state;

	begin(w);
	stream(w, 20 * SECOND);
	intake_disconnected(w->intake, w->now_us, "battery");
	w->now_us += 5 * SECOND;
	w->boot++;
	w->boot_us = w->now_us - 3 * SECOND;
	begin(w);
	stream(w, 5 * SECOND);
	assert_int_equal(intake_diag(w->intake)->count[REASON_TIME_JUMP], 0);
	assert_true(labs((long)(last_of(w, RECORD_MOTION)->t_us - (w->now_us - 15 * INTERVAL))) <=
		    last_of(w, RECORD_MOTION)->t_unc_us);
}

static void a_jump_is_dropped_and_counted(void **state)
{
	struct world *w = *state;
	struct wearable_result status;
	size_t before;

	begin(w);
	stream(w, 10 * SECOND);
	before = count_of(w, RECORD_MOTION);
	w->boot_us -= 60 * SECOND;
	send_motion(w);
	send_pop(w, 1, w->now_us, 0);
	w->boot_us += 60 * SECOND;
	assert_int_equal(count_of(w, RECORD_MOTION), before);
	assert_int_equal(count_of(w, RECORD_POP), 0);
	intake_status(w->intake, w->now_us, &status);
	assert_int_equal(status.drops, 2);
	assert_int_equal(status.last_drop, REASON_TIME_JUMP);
	w->now_us += 8 * INTERVAL;
	send_motion(w);
	assert_int_equal(count_of(w, RECORD_MOTION), before + 1);
}

/* rulings 10: stated at once, and for a while after the new epoch. */
static void a_step_is_told_with_the_events(void **state)
{
	struct world *w = *state;
	const struct record *r;

	begin(w);
	stream(w, 30 * SECOND);
	send_pop(w, 1, w->now_us - 100000, 0);
	assert_false(last_of(w, RECORD_POP)->clock_stepped);
	w->boot_us -= SECOND / 4;
	stream(w, SECOND);
	send_pop(w, 2, w->now_us - 100000, 0);
	r = last_of(w, RECORD_POP);
	assert_true(r->clock_stepped);
	assert_true(r->t_unc_us >= 100000);
	stream(w, 9 * SECOND);
	send_pop(w, 3, w->now_us - 100000, 0);
	r = last_of(w, RECORD_POP);
	assert_true(r->clock_stepped);
	assert_true(labs((long)(r->t_us - (w->now_us - 100000))) <= r->t_unc_us);
	stream(w, 15 * SECOND);
	send_pop(w, 4, w->now_us - 100000, 0);
	assert_false(last_of(w, RECORD_POP)->clock_stepped);
}

static void garbage_leads_to_quarantine_and_out_again(void **state)
{
	struct world *w = *state;
	static const uint8_t bad[7];
	int64_t until;

	begin(w);
	stream(w, SECOND);
	for (unsigned i = 0; i < 1000 && state_of(w) != WEARABLE_STATE_QUARANTINED; i++) {
		w->now_us += 10000;
		send(w, 4, bad, sizeof(bad));
	}
	assert_int_equal(state_of(w), WEARABLE_STATE_QUARANTINED);
	until = intake_deadline(w->intake);
	assert_true(until > w->now_us && until < w->now_us + 600 * SECOND);
	/* Streams are kept out, a complaint is not. */
	w->n = 0;
	send_motion(w);
	assert_int_equal(w->n, 0);
	assert_int_equal(intake_diag(w->intake)->count[REASON_QUARANTINE], 1);
	send_symptom(w, 1, w->now_us);
	assert_int_equal(count_of(w, RECORD_SYMPTOM), 1);
	advance_to(w, until);
	assert_int_equal(state_of(w), WEARABLE_STATE_SILENT);
	send_motion(w);
	assert_int_equal(state_of(w), WEARABLE_STATE_STREAMING);
	assert_int_equal(count_of(w, RECORD_MOTION), 1);
}

static void figures_are_those_of_the_stream(void **state)
{
	struct world *w = *state;
	struct wearable_result status;
	static const uint8_t battery[] = {87};
	struct uuid level = UUID_SIG(0x2a19);

	begin(w);
	for (unsigned i = 0; i < 300; i++) {
		if (i % 10 == 9)
			w->sequence++; /* lost on the way */
		else
			send_motion(w);
		w->now_us += 8 * INTERVAL;
	}
	intake_bytes(w->intake, w->now_us, &level, DRIVER_ORIGIN_READ, battery, sizeof(battery));
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

static void changes_are_told_only_where_there_are_any(void **state)
{
	struct world *w = *state;
	unsigned before;

	begin(w);
	stream(w, 70 * SECOND);
	before = w->changes;
	/* A steady stream for a minute: at most now and then a figure. */
	stream(w, 60 * SECOND);
	assert_true(w->changes - before <= 12);
	before = w->changes;
	intake_rssi(w->intake, w->now_us, -70);
	intake_rssi(w->intake, w->now_us, -70);
	assert_int_equal(w->changes, before + 1);
}

static void bytes_of_a_closed_link_are_stale(void **state)
{
	struct world *w = *state;

	begin(w);
	stream(w, SECOND);
	intake_disconnected(w->intake, w->now_us, "gone");
	w->n = 0;
	send_motion(w);
	send_symptom(w, 1, w->now_us);
	assert_int_equal(w->n, 0);
	assert_int_equal(intake_diag(w->intake)->count[REASON_STALE], 2);
}

static void the_driver_is_found_by_what_comes(void **state)
{
	struct world *w = *state;
	struct uuid foreign = UUID_SIG(0xfff7);
	static const uint8_t bytes[4];

	intake_free(w->intake);
	w->intake = intake_new(3, NULL, &ops, w);
	assert_null(intake_driver(w->intake));
	intake_connected(w->intake, w->now_us, 247);
	intake_bytes(w->intake, w->now_us, &foreign, DRIVER_ORIGIN_NOTIFY, bytes, sizeof(bytes));
	assert_int_equal(intake_diag(w->intake)->count[REASON_TYPE], 1);
	send_info(w, 0x1f);
	assert_string_equal(intake_driver(w->intake)->id, "coxa");
	stream(w, SECOND);
	assert_true(count_of(w, RECORD_MOTION) > 0);
}

/* Frames of a Thingy's microphone, 256 samples each, which bear no time. None is so late that it
 * holds up the next. */
static void sound_without_a_time_is_dated_by_its_count(void **state)
{
	static const double frame_us = 256 * 1e6 / 16129;
	struct world *w = *state;
	struct uuid microphone;
	uint8_t frame[131] = {0};
	double worst_us = 0, step_us = 0;

	assert_int_equal(uuid_from_string("ef680504-9b35-4933-9b10-52ffa9740042", &microphone), 0);
	intake_free(w->intake);
	w->intake = intake_new(3, driver_by_id("nordic-thingy52"), &ops, w);
	intake_connected(w->intake, w->now_us, 247);
	for (unsigned i = 0; i < 3000; i++) {
		w->now_us = 1000 * SECOND + llrint((i + 1) * frame_us) +
			    latency_us[i % ARRAY_LEN(latency_us)] / 2;
		intake_bytes(w->intake, w->now_us, &microphone, DRIVER_ORIGIN_NOTIFY, frame,
			sizeof(frame));
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
	/* More than 5 ms and the detector begins anew. */
	assert_true(step_us < 1000);
}

/* 40 frames lost for good, later one, and a host that stood still for 900 ms: two gaps. */
static void lost_sound_is_told_from_late_sound(void **state)
{
	static const double frame_us = 256 * 1e6 / 16129;
	struct world *w = *state;
	struct ima_adpcm codec = {0};
	struct uuid microphone;
	uint8_t frame[131];
	unsigned noise = 1;

	assert_int_equal(uuid_from_string("ef680504-9b35-4933-9b10-52ffa9740042", &microphone), 0);
	intake_free(w->intake);
	w->intake = intake_new(3, driver_by_id("nordic-thingy52"), &ops, w);
	intake_connected(w->intake, w->now_us, 247);
	for (unsigned i = 0; i < 4000; i++) {
		int64_t arrival_us = 1000 * SECOND + llrint((i + 1) * frame_us) +
				     latency_us[i % ARRAY_LEN(latency_us)] / 2;
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
		intake_bytes(w->intake, w->now_us, &microphone, DRIVER_ORIGIN_NOTIFY, frame,
			sizeof(frame));
	}
	/* From two seconds after the great loss on all is dated as before it, and the small one is
	 * known at once. */
	for (size_t i = 1150; i < w->n; i++) {
		size_t sent = i + (i < 1460 ? 40 : 41);
		double error_us =
			(double)(w->record[i].t_us - 1000 * SECOND) - (double)sent * frame_us;

		assert_true(fabs(error_us) < 4000);
	}
	assert_int_equal(w->n, 3959);
}

/* No boot number, no sequence: BlueST. A restart while the link was lost, at any counter. */
static void a_restart_without_a_boot_number_is_no_wrap(void **state)
{
	struct world *w = *state;
	struct uuid u;
	uint8_t p[20] = {0};

	assert_int_equal(uuid_from_string("00e00000-0001-11e1-ac36-0002a5d5c51b", &u), 0);
	intake_free(w->intake);
	w->intake = intake_new(3, driver_by_id("st-bluest"), &ops, w);
	for (unsigned link = 0; link < 5; link++) {
		intake_connected(w->intake, w->now_us, 23);
		w->boot_us = w->now_us - (int64_t)(link * 77 + 3) * SECOND;
		for (unsigned i = 0; i < 300; i++) {
			w->now_us += 50000;
			put(p, (uint64_t)((w->now_us - w->boot_us) / 8000), 2);
			w->now_us += latency_us[i % 8];
			intake_bytes(w->intake, w->now_us, &u, DRIVER_ORIGIN_NOTIFY, p, sizeof(p));
			w->now_us -= latency_us[i % 8];
		}
		assert_true(labs((long)(last_of(w, RECORD_MOTION)->t_us - w->now_us)) <=
			    last_of(w, RECORD_MOTION)->t_unc_us);
		assert_true(last_of(w, RECORD_MOTION)->t_unc_us < 100000);
		intake_disconnected(w->intake, w->now_us, "gone");
		w->now_us += 2 * SECOND;
	}
	assert_int_equal(intake_diag(w->intake)->count[REASON_TIME_JUMP], 0);
	assert_int_equal(count_of(w, RECORD_MOTION), 1500);
}

/* The steps of a start plan after those of the driver, as 16-bit numbers. */
static unsigned common_steps(
	struct world *w, const struct driver_peer *peer, unsigned own, unsigned *ret, size_t room)
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

static void what_any_wearable_may_have_is_read_of_it(void **state)
{
	static const struct uuid has[] = {
		UUID_SIG(0x2a37), UUID_SIG(0x2a19), UUID_SIG(0x2a29), UUID_SIG(0x2a26)};
	const struct driver_peer peer = {.characteristics = has, .n_characteristics = 4};
	struct world *w = *state;
	struct wearable_result status;
	struct driver_step step;
	_auto_free_ void *coxa_state = alloc_zero(1, driver_by_id("coxa")->state_size);
	unsigned own = 0, steps[8];

	intake_connected(w->intake, w->now_us, 247);
	while (driver_by_id("coxa")->plan(coxa_state, &peer, DRIVER_PLAN_START, own, &step) == 1)
		own++;
	assert_int_equal(common_steps(w, &peer, own, steps, 8), 4);
	assert_int_equal(steps[0], 0x2a37);
	assert_int_equal(steps[1], 0x2a19);
	assert_int_equal(steps[2], 0x2a29);
	assert_int_equal(steps[3], 0x2a26);
	intake_bytes(w->intake, w->now_us, &has[0], DRIVER_ORIGIN_NOTIFY,
		(const uint8_t[]){0, 72}, 2);
	assert_int_equal(w->n, 1);
	assert_int_equal(w->record[0].kind, RECORD_HEART_RATE);
	intake_bytes(w->intake, w->now_us, &has[1], DRIVER_ORIGIN_READ, (const uint8_t[]){87}, 1);
	intake_bytes(w->intake, w->now_us, &has[2], DRIVER_ORIGIN_READ, (const uint8_t *)"Maker", 5);
	intake_status(w->intake, w->now_us, &status);
	assert_true(status.battery_percent == 87);
	assert_int_equal(diag_total(intake_diag(w->intake)), 0);
	/* What is known is not read again, at the next link. */
	assert_int_equal(common_steps(w, &peer, own, steps, 8), 1);
	assert_int_equal(steps[0], 0x2a37);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(motion_gets_host_time, setup, teardown),
		cmocka_unit_test_setup_teardown(state_follows_the_data, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_link_without_data_is_silent_after_two_seconds, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_event_pad_is_not_silent_between_two_polls, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_event_before_any_pair_takes_its_arrival, setup, teardown),
		cmocka_unit_test_setup_teardown(events_are_dated_by_the_wearable, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_pop_of_a_lost_link_keeps_its_instant, setup, teardown),
		cmocka_unit_test_setup_teardown(a_reboot_begins_a_new_clock, setup, teardown),
		cmocka_unit_test_setup_teardown(a_jump_is_dropped_and_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_step_is_told_with_the_events, setup, teardown),
		cmocka_unit_test_setup_teardown(
			garbage_leads_to_quarantine_and_out_again, setup, teardown),
		cmocka_unit_test_setup_teardown(figures_are_those_of_the_stream, setup, teardown),
		cmocka_unit_test_setup_teardown(
			changes_are_told_only_where_there_are_any, setup, teardown),
		cmocka_unit_test_setup_teardown(bytes_of_a_closed_link_are_stale, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_any_wearable_may_have_is_read_of_it, setup, teardown),
		cmocka_unit_test_setup_teardown(the_driver_is_found_by_what_comes, setup, teardown),
		cmocka_unit_test_setup_teardown(
			sound_without_a_time_is_dated_by_its_count, setup, teardown),
		cmocka_unit_test_setup_teardown(
			lost_sound_is_told_from_late_sound, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_restart_without_a_boot_number_is_no_wrap, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
