// SPDX-License-Identifier: MIT
/* The wearables that can be bought, played: what the real driver's start plan makes them say, the
 * real driver decodes to what the body really did, for each payload that it can ask for or read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/gym/gym.h"
#include "tests/gym/planner.h"

#define LATENCY_US  1000
#define INTERVAL_US 7500
#define READY_US    (6 * (int64_t)US_PER_S) /* from here on all is compared */
#define END_US      (14 * (int64_t)US_PER_S)
/* Half a step of the coarsest chip (16 g and 2000 dps in 32768), half of the coarsest packet's
 * (1/1024 g, 1/32 dps), and what the body does in half a step of the search. */
#define ACC_TOLERANCE_MPS2 0.008
#define GYR_TOLERANCE_RPS  0.0015
#define TURN_TOLERANCE_RAD 0.0015
/* What a frame that was held back or cut in two is late, or twice the interval where that is more;
 * and a whole millisecond of device time. */
#define LATE_US  45000
#define EARLY_US 1000

struct world {
	struct gym *gym;
	struct gym_device *d;
	struct planner *planner;
	unsigned notified, motions, samples, orientations, sounds, symptoms, batteries, hearts;
	unsigned clipped;
	int64_t now_us;
	double worst_acc, worst_gyr, worst_turn;
	float battery;
	double loudest;
	int64_t loudest_us;
	uint64_t audio_samples;
	int64_t first_sound_us;
};

static void begin(struct world *w, const char *kind, const char *placement, double rate_hz,
	const char *timeline)
{
	char text[2048], error[256] = "";

	snprintf(text, sizeof(text),
		"athlete ana\nkit 3\n\tathlete ana\nwearable it\n\taddress C0:A5:00:00:03:01\n"
		"\tkit 3\n\tplacement %s\n\tkind %s\n\tnoise-mg 0\n\tnoise-dps 0\n\tbias-mg 0\n"
		"\tbias-dps 0\n\tbattery 62\n\tacoustic-noise-db -90\ntimeline ana\n%s",
		placement, kind, timeline);
	*w = (struct world){.gym = gym_from_text("test", text, 3, error, sizeof(error))};
	if (!w->gym)
		fail_msg("%s", error);
	w->d = gym_device(w->gym, 0);
	w->planner = planner_new(w->d, w->d->config.placement, rate_hz);
	assert_non_null(planner_driver(w->planner));
}

static void end(struct world *w)
{
	planner_free(w->planner);
	gym_free(w->gym);
}

static double away(const float a[3], const double b[3])
{
	double sum = 0;

	for (unsigned i = 0; i < 3; i++)
		sum = fmax(sum, fabs((double)a[i] - b[i]));
	return sum;
}

/* Of the instants at which it may have been measured the one that fits best. */
static void compare_sample(
	struct world *w, const struct motion_sample *s, bool has_gyr, int64_t earliest_us)
{
	double best_acc = INFINITY, best_gyr = INFINITY;

	for (int64_t t = earliest_us; t <= w->now_us - LATENCY_US + EARLY_US; t += 250) {
		double ideal[6], acc, gyr;

		sensor_ideal(&w->d->config.sensor, (double)t / 1e6, ideal);
		acc = away(s->acc_mps2, ideal);
		gyr = has_gyr ? away(s->gyr_rps, ideal + 3) : 0;
		if (acc / ACC_TOLERANCE_MPS2 + gyr / GYR_TOLERANCE_RPS <
			best_acc / ACC_TOLERANCE_MPS2 + best_gyr / GYR_TOLERANCE_RPS) {
			best_acc = acc;
			best_gyr = gyr;
		}
	}
	w->worst_acc = fmax(w->worst_acc, best_acc);
	w->worst_gyr = fmax(w->worst_gyr, best_gyr);
}

static void compare_orientation(struct world *w, const float q[4], int64_t earliest_us)
{
	double best = INFINITY;

	for (int64_t t = earliest_us; t <= w->now_us - LATENCY_US + EARLY_US; t += 250) {
		struct quat ideal = sensor_orientation(&w->d->config.sensor, (double)t / 1e6);
		double dot = fabs(ideal.w * (double)q[0] + ideal.x * (double)q[1] +
				  ideal.y * (double)q[2] + ideal.z * (double)q[3]);

		best = fmin(best, 2 * acos(fmin(1, dot)));
	}
	w->worst_turn = fmax(w->worst_turn, best);
}

static void take_motion(struct world *w, const struct record *r)
{
	int64_t span_us = llrint((r->motion.n - 1) * r->motion.interval_us);
	int64_t late_us = llrint(fmax(LATE_US, 2.5 * r->motion.interval_us));

	w->motions++;
	w->samples += r->motion.n;
	for (unsigned i = 0; i < r->motion.n; i++) {
		int64_t at_us =
			w->now_us - LATENCY_US - span_us + llrint(i * r->motion.interval_us);

		w->clipped += (r->motion.samples[i].flags & SAMPLE_ACC_CLIPPED) != 0;
		/* Each third: the comparison costs. */
		if (w->now_us > READY_US && w->samples % 3 == 0)
			compare_sample(
				w, &r->motion.samples[i], r->motion.has_gyr, at_us - late_us);
	}
}

static void take_sound(struct world *w, const struct record *r)
{
	if (!w->sounds++)
		w->first_sound_us =
			w->now_us - LATENCY_US - llrint(r->audio.n * 1e6 / r->audio.rate_hz);
	for (size_t i = 0; i < r->audio.n; i++, w->audio_samples++)
		if (fabs(r->audio.samples[i] / 32768.0) > w->loudest) {
			w->loudest = fabs(r->audio.samples[i] / 32768.0);
			w->loudest_us = w->first_sound_us +
					llrint((double)w->audio_samples * 1e6 / r->audio.rate_hz);
		}
}

static void on_record(const struct record *r, void *user)
{
	struct world *w = user;

	if (r->kind == RECORD_MOTION)
		take_motion(w, r);
	else if (r->kind == RECORD_ORIENTATION)
		w->orientations++;
	if (r->kind == RECORD_ORIENTATION && w->now_us > READY_US && w->orientations % 3 == 0)
		compare_orientation(w, r->orientation.quat_wxyz[0], w->now_us - LATE_US);
	if (r->kind == RECORD_AUDIO)
		take_sound(w, r);
	w->symptoms += r->kind == RECORD_SYMPTOM && r->symptom.code == SYMPTOM_DISCOMFORT;
	w->hearts +=
		r->kind == RECORD_HEART_RATE && r->heart_rate_bpm > 40 && r->heart_rate_bpm < 120;
	if (r->kind == RECORD_BATTERY) {
		w->batteries++;
		w->battery = r->battery_percent;
	}
}

static void listen(struct world *w, int64_t until_us)
{
	struct gym_pdu pdu;
	int64_t t_us;

	while ((t_us = gym_device_next(w->d)) <= until_us)
		while (gym_device_take(w->d, t_us, &pdu)) {
			w->notified++;
			w->now_us = t_us + LATENCY_US;
			assert_true(planner_heard(w->planner, w->now_us, DRIVER_ORIGIN_NOTIFY, &pdu,
					    on_record, w) >= 0);
		}
}

/* Connects and carries out the driver's start plan. */
static void start(struct world *w, unsigned mtu)
{
	int64_t t_us = US_PER_S / 10;
	struct gym_pdu read;

	gym_device_connected(w->d, t_us, mtu);
	planner_connected(w->planner, w->d->mtu);
	listen(w, t_us + 1);
	assert_int_equal(w->notified, 0); /* silence before the plan */
	planner_begin(w->planner, DRIVER_PLAN_START);
	while ((t_us = planner_step(w->planner, t_us, INTERVAL_US, &read)) != T_NEVER) {
		assert_true(t_us > 0);
		listen(w, t_us);
	}
}

static const char moving[] = "\tlie 5\n\tset 2 raise 2 lower 3\n";

static void check(const struct world *w, const char *what)
{
	if (w->worst_acc > ACC_TOLERANCE_MPS2 || w->worst_gyr > GYR_TOLERANCE_RPS ||
		w->worst_turn > TURN_TOLERANCE_RAD)
		fail_msg("%s: off by %g m/s^2, %g rad/s, %g rad", what, w->worst_acc, w->worst_gyr,
			w->worst_turn);
}

static void the_start_plan_brings_what_the_body_did(void **state)
{
	static const struct {
		const char *kind, *driver;
		double wish_hz, least_hz, most_hz;
		unsigned mtu;
		bool has_orientation;
	} row[] = {
		{"thingy52", "nordic-thingy52", 0, 99, 101, 247, false},
		{"thingy52", "nordic-thingy52", 60, 66, 67.5, 247, false},
		{"thingy52", "nordic-thingy52", 200, 198, 201, 23, false},
		{"movella-dot", "movella-dot", 0, 59.5, 60.5, 247, false},
		{"movella-dot", "movella-dot", 0, 59.5, 60.5, 23, true},
		{"witmotion", "witmotion", 0, 98, 102, 247, false},
		{"witmotion", "witmotion", 50, 49, 51, 23, false},
		{"witmotion", "witmotion", 20, 19, 21, 247, false},
		{"witmotion-logger", "witmotion", 0, 98, 102, 247, false},
		{"movesense", "movesense", 0, 102, 106, 247, false},
		{"movesense", "movesense", 13, 12.7, 13.3, 247, false},
		{"movesense", "movesense", 26, 25.5, 26.5, 247, false},
		{"movesense", "movesense", 52, 51, 53, 247, false},
		{"movesense", "movesense", 200, 205, 211, 247, false},
		{"metamotion", "mbient-metamotion", 0, 99, 101, 23, false},
		{"metamotion-r", "mbient-metamotion", 0, 99, 101, 247, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		double hz;
		unsigned before;
		struct world w;

		begin(&w, row[i].kind, "thigh-right", row[i].wish_hz, moving);
		assert_string_equal(planner_driver(w.planner)->id, row[i].driver);
		start(&w, row[i].mtu);
		listen(&w, READY_US);
		before = row[i].has_orientation ? w.orientations : w.samples;
		listen(&w, END_US);
		hz = ((row[i].has_orientation ? w.orientations : w.samples) - before) * 1e6 /
		     (double)(END_US - READY_US);
		if (hz < row[i].least_hz || hz > row[i].most_hz)
			fail_msg("%s: %g samples a second", row[i].kind, hz);
		check(&w, row[i].kind);
		end(&w);
	}
}

static unsigned index_of(const struct world *w, const char *uuid_text)
{
	size_t n;
	const struct gym_characteristic *c = gym_device_characteristics(w->d, &n);
	struct uuid uuid;

	assert_int_equal(uuid_from_string(uuid_text, &uuid), 0);
	for (unsigned i = 0; i < n; i++)
		if (uuid_is_equal(&c[i].uuid, &uuid))
			return i;
	fail_msg("no %s", uuid_text);
	return 0;
}

#define THINGY(x) "ef68" x "-9b35-4933-9b10-52ffa9740042"
#define DOT(x)    "1517" x "-4947-11e9-8646-d663bd873d93"
#define WIT(x)    "0000ff" x "-0000-1000-8000-00805f9a34fb"
#define GSP(x)    "3480000" x "-7185-4d5d-b431-630e7050e8f0"
#define META(x)   "326a90" x "-85cb-9195-d9dd-464cfbbae75a"

static int put(struct world *w, const char *uuid, const char *hex)
{
	uint8_t value[64];
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		value[i] = (uint8_t)byte;
	}
	return gym_device_write(w->d, w->d->now_us, index_of(w, uuid), value, n);
}

static void subscribe(struct world *w, const char *uuid)
{
	gym_device_subscribe(w->d, w->d->now_us, index_of(w, uuid), 1);
}

static void tell_driver(struct world *w, const char *uuid)
{
	struct gym_pdu pdu = {.characteristic = index_of(w, uuid)};
	int n = gym_device_read(w->d, w->d->now_us, pdu.characteristic, pdu.value);

	assert_true(n > 0);
	pdu.size = (size_t)n;
	assert_true(planner_heard(
			    w->planner, w->d->now_us, DRIVER_ORIGIN_READ, &pdu, on_record, w) >= 0);
}

static void each_dot_payload_is_what_the_body_did(void **state)
{
	static const struct {
		const char *start, *to;
		bool has_motion, has_orientation;
	} row[] = {
		{"010102", DOT("2003"), false, true},
		{"010103", DOT("2003"), false, true},
		{"010104", DOT("2004"), false, true},
		{"010105", DOT("2004"), false, true},
		{"010106", DOT("2004"), false, false},
		{"010107", DOT("2003"), false, true},
		{"010110", DOT("2003"), false, true},
		{"010112", DOT("2003"), false, false},
		{"010113", DOT("2003"), false, false},
		{"010114", DOT("2003"), true, false},
		{"010115", DOT("2003"), true, false},
		{"010116", DOT("2003"), false, true},
		{"010117", DOT("2003"), false, true},
		{"010118", DOT("2003"), false, true},
		{"01011a", DOT("2002"), true, true},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world w;

		begin(&w, "movella-dot", "thigh-right", 0, moving);
		gym_device_connected(w.d, 1000, 247);
		planner_connected(w.planner, 247);
		subscribe(&w, row[i].to);
		assert_int_equal(put(&w, DOT("2001"), row[i].start), 0);
		tell_driver(&w, DOT("2001"));
		listen(&w, END_US);
		assert_in_range(w.notified, 830, 850);
		assert_int_equal(w.motions, row[i].has_motion ? w.notified : 0);
		assert_int_equal(w.orientations, row[i].has_orientation ? w.notified : 0);
		check(&w, row[i].start);
		end(&w);
	}
}

static void each_thingy_payload_is_what_the_body_did(void **state)
{
	static const struct {
		const char *to;
		bool has_motion, has_orientation;
	} row[] = {
		{THINGY("0404"), false, true},
		{THINGY("0406"), true, false},
		{THINGY("0407"), false, true},
		{THINGY("0408"), false, false},
		{THINGY("0409"), false, false},
	};
	struct world w;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		begin(&w, "thingy52", "thigh-right", 0, moving);
		gym_device_connected(w.d, 1000, 247);
		planner_connected(w.planner, 247);
		assert_int_equal(put(&w, THINGY("0401"), "e803f401f401320001"), 0);
		subscribe(&w, row[i].to);
		listen(&w, END_US);
		assert_in_range(w.notified, 690, 705);
		assert_int_equal(w.motions, row[i].has_motion ? w.notified : 0);
		assert_int_equal(w.orientations, row[i].has_orientation ? w.notified : 0);
		check(&w, row[i].to);
		end(&w);
	}
	/* Gravity is what is felt at rest, and not upside down. */
	begin(&w, "thingy52", "thigh-right", 0, "\tlie 20\n");
	gym_device_connected(w.d, 1000, 247);
	planner_connected(w.planner, 247);
	subscribe(&w, THINGY("040a"));
	listen(&w, END_US);
	assert_true(w.motions > 0);
	check(&w, "gravity");
	end(&w);
}

static void metamotion_packs_and_fuses(void **state)
{
	static const struct {
		const char *kind, *subscribe[3];
	} row[] = {
		{"metamotion", {"030501", "130501", "0303a803"}},
		{"metamotion-r", {"031c01", "130701", "0303280c"}},
	};
	struct world w;

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		begin(&w, row[i].kind, "thigh-right", 0, moving);
		gym_device_connected(w.d, 1000, 23);
		planner_connected(w.planner, 23);
		subscribe(&w, META("06"));
		for (unsigned k = 0; k < 3; k++)
			put(&w, META("01"), row[i].subscribe[k]);
		put(&w, META("01"), "0380");
		put(&w, META("01"), "1380");
		put(&w, META("01"), "0383");
		put(&w, META("01"), "1383");
		put(&w, META("01"), "03020100");
		put(&w, META("01"), "13020100");
		put(&w, META("01"), "030101");
		put(&w, META("01"), "130101");
		listen(&w, END_US);
		assert_in_range(w.motions, 460, 470);
		assert_int_equal(w.samples, 3 * w.motions);
		check(&w, row[i].kind);
		end(&w);
	}
	begin(&w, "metamotion", "thigh-right", 0, moving);
	gym_device_connected(w.d, 1000, 23);
	subscribe(&w, META("06"));
	put(&w, META("01"), "19020113");
	put(&w, META("01"), "190701");
	put(&w, META("01"), "19030800");
	put(&w, META("01"), "190101");
	listen(&w, END_US);
	assert_in_range(w.orientations, 1395, 1402);
	check(&w, "fusion");
	end(&w);
}

static void movesense_splits_what_is_long(void **state)
{
	struct world w;

	begin(&w, "movesense", "thigh-right", 0, moving);
	gym_device_connected(w.d, 1000, 247);
	planner_connected(w.planner, 247);
	subscribe(&w, GSP("2"));
	assert_int_equal(put(&w, GSP("1"), "01642f4d6561732f494d55392f313034"), 0); /* IMU9/104 */
	listen(&w, END_US);
	assert_in_range(w.motions, 178, 184);
	assert_in_range(w.notified, 2 * w.motions, 2 * w.motions + 1);
	assert_int_equal(w.samples, 8 * w.motions);
	check(&w, "IMU9");
	end(&w);
}

static void the_microphone_hears_a_pop(void **state)
{
	struct world w;
	int64_t pop_us;

	begin(&w, "thingy52", "hip-right", 0, "\tlie 4\n\tpop hip-right at here\n\tlie 2\n");
	start(&w, 247);
	listen(&w, 6 * (int64_t)US_PER_S);
	assert_int_equal(w.d->config.n_sounds, 1);
	pop_us = w.d->config.sound[0].t_us;
	assert_in_range(w.sounds, 335, 345);
	/* It swells in 1.5 ms, of which the loudest swing is one of the first. */
	assert_in_range(w.loudest_us - pop_us, 0, 5000);
	assert_true(fabs(20 * log10(w.loudest) - w.d->config.sound[0].sound.peak_db) < 2);
	end(&w);
	/* Without a pop to hear, or an MTU that holds a frame, there is no sound. */
	begin(&w, "thingy52", "thigh-left", 0, "\tlie 4\n");
	start(&w, 247);
	listen(&w, 2 * (int64_t)US_PER_S);
	assert_int_equal(w.sounds, 0);
	end(&w);
}

static void a_hard_knock_is_clipped_at_two_g(void **state)
{
	struct world w;

	begin(&w, "thingy52", "hip-right", 0, "\tlie 4\n\ttap it at here knock 6\n\tlie 2\n");
	start(&w, 247);
	listen(&w, 3 * (int64_t)US_PER_S);
	assert_int_equal(w.clipped, 0);
	listen(&w, 6 * (int64_t)US_PER_S);
	assert_in_range(w.clipped, 1, 4);
	end(&w);
}

static void buttons_batteries_and_hearts_are_told(void **state)
{
	static const struct {
		const char *kind;
		bool has_button, has_battery, has_heart;
	} row[] = {
		{"thingy52", true, false, false},
		{"movella-dot", true, false, false},
		{"witmotion", false, true, false},
		{"movesense", false, false, true},
		{"metamotion", true, true, false},
		{"metamotion-r", true, true, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world w;

		begin(&w, row[i].kind, "thigh-right", 0,
			row[i].has_button ? "\tlie 4\n\tsymptom discomfort by button\n\tlie 9\n"
					  : "\tlie 13\n");
		start(&w, 247);
		listen(&w, 10 * (int64_t)US_PER_S);
		assert_int_equal(w.symptoms, row[i].has_button);
		assert_int_equal(w.batteries, row[i].has_battery);
		if (row[i].has_battery)
			assert_true(fabsf(w.battery - 62) <= 1);
		assert_int_equal(w.hearts, row[i].has_heart ? 10 : 0);
		end(&w);
	}
}

static void what_is_wrong_is_refused(void **state)
{
	static const struct {
		const char *kind, *to, *hex;
		int result;
	} row[] = {
		{"thingy52", THINGY("0401"), "e803f401f4010400", -0x03},
		{"thingy52", THINGY("0401"), "e803f401f401040001", -0x03}, /* 4 Hz */
		{"thingy52", THINGY("0401"), "6300f401f401640001", -0x03},
		{"thingy52", THINGY("0401"), "e803f401f401640001", 0},
		{"thingy52", THINGY("0301"), "05", -0x03},
		{"thingy52", THINGY("0406"), "00", -0x03},
		{"movella-dot", DOT("2001"), "010115", -0xfd}, /* nobody listens */
		{"movella-dot", DOT("2001"), "010101", -0x13}, /* high fidelity */
		{"movella-dot", DOT("2001"), "0201", -0x0d},
		{"movella-dot", DOT("7001"), "020102fc", -0x13}, /* checksum */
		{"movella-dot", DOT("7001"), "020102fb", 0},
		{"movella-dot", DOT("1002"), "10", -0x0d},
		{"movesense", GSP("1"), "01", -0x0d},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		struct world w;

		begin(&w, row[i].kind, "thigh-right", 0, "\tlie 9\n");
		gym_device_connected(w.d, 1000, 247);
		assert_int_equal(put(&w, row[i].to, row[i].hex), row[i].result);
		end(&w);
	}
}

/* What a command brought that has its answer among the notifications. */
static void answers(const char *kind, const char *command, const char *notify, const char *hex,
	const char *expected)
{
	char text[128] = "";
	struct gym_pdu pdu;
	struct world w;

	begin(&w, kind, "thigh-right", 0, "\tlie 9\n");
	gym_device_connected(w.d, 1000, 247);
	subscribe(&w, notify);
	assert_int_equal(put(&w, command, hex), 0);
	if (gym_device_take(w.d, 1500, &pdu))
		for (size_t i = 0; i < pdu.size && i < 60; i++)
			snprintf(text + 2 * i, 3, "%02x", pdu.value[i]);
	assert_string_equal(text, expected);
	end(&w);
}

static void commands_are_answered(void **state)
{
	answers("movesense", GSP("1"), GSP("2"), "01632f4d6561732f494d55362f3532", "0163c800");
	answers("movesense", GSP("1"), GSP("2"), "01632f4d6561732f494d55362f3533", "01639001");
	answers("movesense", GSP("1"), GSP("2"), "01632f4d6561732f4e4f", "01639401");
	answers("movesense", GSP("1"), GSP("2"), "01002f4d6561732f4852", "01009001");
	answers("movesense", GSP("1"), GSP("2"), "0263", "01639401");
	answers("movesense", GSP("1"), GSP("2"), "04052f53797374656d2f456e657267792f4c6576656c",
		"0105c8003e");
	answers("metamotion", META("01"), META("06"), "0380", "03800401");
	answers("metamotion-r", META("01"), META("06"), "1380", "13800001");
	answers("metamotion", META("01"), META("06"), "1580", "1580");
	answers("metamotion", META("01"), META("06"), "118c", "118c3ed40e");
	answers("metamotion", META("01"), META("06"), "09020304ffa0113103", "090200");
	answers("metamotion", META("01"), META("06"), "11cc", "");
	answers("movella-dot", DOT("7001"), DOT("7003"), "020108f5", "02025109a2");
}

/* Locked registers stay; what was not saved is gone with the power. */
static void witmotion_forgets_what_was_not_saved(void **state)
{
	static const struct {
		const char *before[3];
		unsigned least, most; /* notifications of a second after the restart */
	} row[] = {
		{{"ffaa030900", "ffaa000000", "ffaa030900"}, 8, 12},
		{{"ffaa6988b5", "ffaa030900", "ffaa030900"}, 8, 12},
		{{"ffaa6988b5", "ffaa030800", "ffaa000000"}, 40, 60},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		unsigned before;
		struct world w;

		begin(&w, "witmotion", "thigh-right", 0, "\tfault it reboot at 2\n\tlie 9\n");
		gym_device_connected(w.d, 1000, 247);
		subscribe(&w, WIT("e4"));
		for (unsigned k = 0; k < 3; k++)
			assert_int_equal(put(&w, WIT("e9"), row[i].before[k]), 0);
		listen(&w, 2 * (int64_t)US_PER_S);
		gym_device_disconnected(w.d, 3 * (int64_t)US_PER_S);
		gym_device_connected(w.d, 5 * (int64_t)US_PER_S, 247);
		subscribe(&w, WIT("e4"));
		listen(&w, 6 * (int64_t)US_PER_S);
		before = w.samples;
		listen(&w, 7 * (int64_t)US_PER_S);
		assert_in_range(w.samples - before, row[i].least, row[i].most);
		end(&w);
	}
}

/* The driver's own signs are in the adverts, so `driver = auto` and a filtered search find it. */
static void adverts_tell_what_it_is(void **state)
{
	static const struct {
		const char *kind;
		bool has_service, has_name;
		int company; /* -1: none */
	} row[] = {
		{"thingy52", true, false, 0x0059},
		{"movella-dot", false, true, 0x0886},
		{"witmotion", false, true, -1},
		{"movesense", false, true, 0x009f},
		{"metamotion", true, true, -1},
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		const struct driver_match *match;
		bool has_service = false, has_name = false;
		int company = -1;
		struct world w;

		begin(&w, row[i].kind, "thigh-right", 0, "\tlie 9\n");
		match = &planner_driver(w.planner)->match;
		for (unsigned part = 0; part < 2; part++) {
			uint8_t b[31];
			size_t n =
				part ? gym_device_scan_response(w.d, b) : gym_device_advert(w.d, b);

			assert_in_range(n, 3, 31);
			for (size_t at = 0; at < n; at += b[at] + 1u) {
				const uint8_t *data = b + at + 2;
				uint8_t uuid[16];

				assert_true(at + b[at] + 1u <= n);
				for (unsigned k = 0; k < 16 && b[at] == 17; k++)
					uuid[k] = data[15 - k];
				has_service = has_service ||
					      ((b[at + 1] == 6 || b[at + 1] == 7) &&
						      memcmp(uuid, match->services[0].b, 16) == 0);
				has_name = has_name ||
					   (b[at + 1] == 9 && match->name_prefix &&
						   memcmp(data, match->name_prefix,
							   strlen(match->name_prefix)) == 0);
				if (b[at + 1] == 0xff)
					company = data[0] | data[1] << 8;
			}
		}
		assert_int_equal(has_service, row[i].has_service);
		assert_int_equal(has_name, row[i].has_name);
		assert_int_equal(company, row[i].company);
		end(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_start_plan_brings_what_the_body_did),
		cmocka_unit_test(each_dot_payload_is_what_the_body_did),
		cmocka_unit_test(each_thingy_payload_is_what_the_body_did),
		cmocka_unit_test(metamotion_packs_and_fuses),
		cmocka_unit_test(movesense_splits_what_is_long),
		cmocka_unit_test(the_microphone_hears_a_pop),
		cmocka_unit_test(a_hard_knock_is_clipped_at_two_g),
		cmocka_unit_test(buttons_batteries_and_hearts_are_told),
		cmocka_unit_test(what_is_wrong_is_refused),
		cmocka_unit_test(commands_are_answered),
		cmocka_unit_test(witmotion_forgets_what_was_not_saved),
		cmocka_unit_test(adverts_tell_what_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
