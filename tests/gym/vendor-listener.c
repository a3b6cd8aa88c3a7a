// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "tests/gym/vendor-listener.h"

#include "coxad/base/hex.h"

#define LATENCY_US  1000
#define INTERVAL_US 7500
/* Half a step of the coarsest chip (16 g and 2000 dps in 32768), half of that of the coarsest
 * packet (1/1024 g, 1/32 dps), and what the body does in half a step of the search. */
#define ACC_TOLERANCE_MPS2 0.008
#define GYR_TOLERANCE_RPS  0.0015
#define TURN_TOLERANCE_RAD 0.0015
/* How late a frame can be that was held back or cut in two, or twice the interval if that is more;
 * and a whole millisecond of device time. */
#define LATE_US  45000
#define EARLY_US 1000

void vendor_begin(struct vendor_listener *w, const char *kind, const char *placement,
	double rate_hz, const char *timeline)
{
	char text[2048], error[256] = "";

	snprintf(text, sizeof(text),
		"athlete ana\nkit 3\n\tathlete ana\nwearable it\n\taddress C0:A5:00:00:03:01\n"
		"\tkit 3\n\tplacement %s\n\tkind %s\n\tnoise-mg 0\n\tnoise-dps 0\n\tbias-mg 0\n"
		"\tbias-dps 0\n\tbattery 62\n\tacoustic-noise-db -90\ntimeline ana\n%s",
		placement, kind, timeline);
	*w = (struct vendor_listener){.gym = gym_from_text("test", text, 3, error, sizeof(error))};
	if (!w->gym)
		fail_msg("%s", error);
	w->d = gym_get_device(w->gym, 0);
	w->planner = planner_new(w->d, w->d->config.placement, rate_hz);
	assert_non_null(planner_driver(w->planner));
}

void vendor_end(struct vendor_listener *w)
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

/* Compares with the best match among the instants at which it can have been measured. */
static void compare_sample(
	struct vendor_listener *w, const struct motion_sample *s, bool has_gyr, int64_t earliest_us)
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

static void compare_orientation(struct vendor_listener *w, const float q[4], int64_t earliest_us)
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

static void take_motion(struct vendor_listener *w, const struct record *r)
{
	int64_t span_us = llrint((r->motion.n - 1) * r->motion.interval_us);
	int64_t late_us = llrint(fmax(LATE_US, 2.5 * r->motion.interval_us));

	w->motions++;
	w->samples += r->motion.n;
	for (unsigned i = 0; i < r->motion.n; i++) {
		int64_t at_us =
			w->now_us - LATENCY_US - span_us + llrint(i * r->motion.interval_us);

		w->clipped += (r->motion.samples[i].flags & SAMPLE_ACC_CLIPPED) != 0;
		/* Every third only, because the comparison is slow. */
		if (w->now_us > VENDOR_READY_US && w->samples % 3 == 0)
			compare_sample(
				w, &r->motion.samples[i], r->motion.has_gyr, at_us - late_us);
	}
}

static void take_sound(struct vendor_listener *w, const struct record *r)
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
	struct vendor_listener *w = user;

	if (r->kind == RECORD_MOTION)
		take_motion(w, r);
	else if (r->kind == RECORD_ORIENTATION)
		w->orientations++;
	if (r->kind == RECORD_ORIENTATION && w->now_us > VENDOR_READY_US &&
		w->orientations % 3 == 0)
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

void vendor_listen(struct vendor_listener *w, int64_t until_us)
{
	struct device_pdu pdu;
	int64_t t_us;

	while ((t_us = device_next(w->d)) <= until_us)
		while (device_take(w->d, t_us, &pdu)) {
			w->notified++;
			w->now_us = t_us + LATENCY_US;
			assert_true(planner_received(w->planner, w->now_us, DRIVER_ORIGIN_NOTIFY,
					    &pdu, (struct planner_sink){on_record, w}) >= 0);
		}
}

void vendor_start(struct vendor_listener *w, unsigned mtu)
{
	int64_t t_us = US_PER_S / 10;
	struct device_pdu read;

	device_connected(w->d, t_us, mtu);
	planner_connected(w->planner, w->d->mtu);
	vendor_listen(w, t_us + 1);
	assert_int_equal(w->notified, 0); /* nothing is sent before the plan */
	planner_begin(w->planner, DRIVER_PLAN_START);
	while ((t_us = planner_step(w->planner, t_us, INTERVAL_US, &read)) != T_NEVER) {
		assert_true(t_us > 0);
		vendor_listen(w, t_us);
	}
}

void vendor_check(const struct vendor_listener *w, const char *what)
{
	if (w->worst_acc > ACC_TOLERANCE_MPS2 || w->worst_gyr > GYR_TOLERANCE_RPS ||
		w->worst_turn > TURN_TOLERANCE_RAD)
		fail_msg("%s: off by %g m/s^2, %g rad/s, %g rad", what, w->worst_acc, w->worst_gyr,
			w->worst_turn);
}

static unsigned index_of(const struct vendor_listener *w, const char *uuid_text)
{
	size_t n;
	const struct device_characteristic *c = device_characteristics(w->d, &n);
	struct uuid uuid;

	assert_int_equal(uuid_from_string(uuid_text, &uuid), 0);
	for (unsigned i = 0; i < n; i++)
		if (uuid_is_equal(&c[i].uuid, &uuid))
			return i;
	fail_msg("no %s", uuid_text);
	return 0;
}

int vendor_put(struct vendor_listener *w, const char *uuid, const char *hex)
{
	uint8_t value[64];
	int n = hex_decode(hex, strlen(hex), value, sizeof(value));

	assert_true(n >= 0);
	return device_write(w->d, w->d->now_us, index_of(w, uuid), value, (size_t)n);
}

void vendor_subscribe(struct vendor_listener *w, const char *uuid)
{
	device_subscribe(w->d, w->d->now_us, index_of(w, uuid), 1);
}

void vendor_tell_driver(struct vendor_listener *w, const char *uuid)
{
	struct device_pdu pdu = {.characteristic = index_of(w, uuid)};
	int n = device_read(w->d, w->d->now_us, pdu.characteristic, pdu.value);

	assert_true(n > 0);
	pdu.size = (size_t)n;
	assert_true(planner_received(w->planner, w->d->now_us, DRIVER_ORIGIN_READ, &pdu,
			    (struct planner_sink){on_record, w}) >= 0);
}
