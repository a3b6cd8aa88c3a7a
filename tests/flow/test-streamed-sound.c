// SPDX-License-Identifier: MIT
/* From the bytes of a streaming wearable to the pop in its sound: driver, intake, detector. The
 * radio delays each packet by up to a connection interval and loses some.
 */
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
#include "coxad/core/pop/acoustic-detector.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/intake.h"
#include "tests/core/pop/synthetic-sound.h"
#include "gym/adpcm.h"

#define SECONDS        12
#define BEGIN_US       (1000 * (int64_t)US_PER_S)
#define DELAY_US       30000.0
#define EVENTS_MAX     64
#define COXA_RATE      8000
#define COXA_SAMPLES   320 /* 160 bytes and 12 in an MTU of 247 */
#define COXA_BOOT_US   (400 * (int64_t)US_PER_S)
#define THINGY_RATE    16129 /* 1.032 MHz / 64 */
#define THINGY_SAMPLES 256
#define MOTION_SAMPLES 8
#define MOTION_US      9615 /* 104 Hz */

struct chain {
	struct analysis_conf analysis;
	struct acoustic_detector *detector;
	struct intake *intake;
	struct sound_rng rng;
	unsigned n;
	int64_t arrival_us; /* of the previous packet: a connection keeps the order */
	struct acoustic_event event[EVENTS_MAX];
};

static void on_event(const struct acoustic_event *event, void *user)
{
	struct chain *chain = user;

	assert_true(chain->n < EVENTS_MAX);
	chain->event[chain->n++] = *event;
}

static void on_record(void *user, const struct record *r)
{
	struct chain *chain = user;

	if (r->kind == RECORD_AUDIO)
		acoustic_detector_push(chain->detector,
			&(struct acoustic_block){r->t_us, r->interval_host_us,
				r->audio.lost_samples, r->audio.samples, r->audio.n},
			on_event, chain);
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
}

static const struct intake_ops ops = {on_record, on_changed};

static struct chain *chain_new(const char *driver, double rate_hz)
{
	struct chain *chain = new0(struct chain);

	analysis_conf_default(&chain->analysis);
	chain->rng.state = 21;
	chain->detector = acoustic_detector_new(&chain->analysis, rate_hz);
	chain->intake = intake_new(0, driver_list_find(driver), &chain->analysis, &ops, chain);
	intake_connected(chain->intake, BEGIN_US - 1000, 247);
	return chain;
}

static void chain_free(struct chain *chain)
{
	intake_free(chain->intake);
	acoustic_detector_free(chain->detector);
	free(chain);
}

/* A packet whose last sample was taken at t_us. */
static void send(
	struct chain *chain, double t_us, const char *uuid_text, const uint8_t *bytes, size_t size)
{
	int64_t arrival = llrint(t_us + 1500 + DELAY_US * sound_uniform(&chain->rng));
	struct uuid uuid;

	assert_int_equal(uuid_from_string(uuid_text, &uuid), 0);
	if (arrival <= chain->arrival_us)
		arrival = chain->arrival_us + 1;
	chain->arrival_us = arrival;
	intake_bytes(chain->intake,
		&(struct driver_input){&uuid, DRIVER_ORIGIN_NOTIFY, bytes, size, arrival});
}

/* Noise with an offset, and a pop at each of the instants (seconds). */
static int16_t *make_sound(double rate_hz, const double *pops, unsigned n)
{
	struct sound_rng rng = {8};
	struct signal s = signal_new(rate_hz, SECONDS);
	int16_t *pcm;

	noise_add(&s, &rng, NOISE_PINK, 0.003);
	for (unsigned i = 0; i < n; i++) {
		struct synthetic_pop pop = pop_draw(&rng, 1);

		pop_add(&s, &pop, pops[i], 24, 0.003);
	}
	for (size_t i = 0; i < s.n; i++)
		s.x[i] += 0.05f;
	pcm = signal_to_pcm(&s);
	signal_done(&s);
	return pcm;
}

static void pack(
	struct adpcm *codec, const int16_t *x, unsigned n, bool is_high_first, uint8_t *ret)
{
	for (unsigned i = 0; i < n; i += 2) {
		unsigned a = adpcm_encode(codec, x[i]), b = adpcm_encode(codec, x[i + 1]);

		ret[i / 2] = (uint8_t)(is_high_first ? a << 4 | b : b << 4 | a);
	}
}

static void put_le(uint8_t *bytes, uint64_t value, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
}

/* drift: how much slower the wearable samples. lost: packets that do not arrive. */
static void stream_thingy(struct chain *chain, const int16_t *pcm, double drift,
	const unsigned *lost, unsigned n_lost)
{
	struct adpcm codec = {0, 0};
	uint8_t frame[3 + THINGY_SAMPLES / 2];

	for (unsigned k = 0; (k + 1) * THINGY_SAMPLES <= SECONDS * THINGY_RATE; k++) {
		double end_us = (double)BEGIN_US +
				(k + 1.0) * THINGY_SAMPLES * 1e6 / THINGY_RATE * (1 + drift);
		bool is_lost = false;

		frame[0] = (uint8_t)(codec.predictor >> 8);
		frame[1] = (uint8_t)codec.predictor;
		frame[2] = (uint8_t)codec.index;
		pack(&codec, pcm + k * THINGY_SAMPLES, THINGY_SAMPLES, true, frame + 3);
		for (unsigned i = 0; i < n_lost; i++)
			is_lost |= lost[i] == k;
		if (!is_lost)
			send(chain, end_us, "ef680504-9b35-4933-9b10-52ffa9740042", frame,
				sizeof(frame));
	}
}

static const double four_pops[] = {4.1, 6.3, 8.72, 10.9};

static void expect_pops(const struct chain *chain, double within_ms, double drift)
{
	assert_int_equal(chain->n, 4);
	for (unsigned i = 0; i < 4; i++) {
		double truth = (double)BEGIN_US + four_pops[i] * 1e6 * (1 + drift);
		double error_ms = ((double)chain->event[i].onset_us - truth) / 1e3;

		print_message("pop %u: %.2f ms\n", i, error_ms);
		assert_true(fabs(error_ms) <= within_ms);
		assert_true(chain->event[i].features.kurtosis >= 6);
		assert_true(chain->event[i].features.rise_ms <= 5);
	}
}

/* Its frames have no time stamps, and arrive whenever the radio lets them. */
static void a_thingy_on_a_jittery_radio(void **state)
{
	static const double drifts[] = {0, 0.001, -0.001};
	int16_t *pcm = make_sound(THINGY_RATE, four_pops, 4);

	for (unsigned i = 0; i < 3; i++) {
		struct chain *chain = chain_new("nordic-thingy52", THINGY_RATE);

		stream_thingy(chain, pcm, drifts[i], NULL, 0);
		expect_pops(chain, 10, drifts[i]);
		chain_free(chain);
	}
	free(pcm);
}

static void a_thingy_that_loses_frames(void **state)
{
	/* One at 4.3 s, ten from 6.45 s, one at 9.4 s. The driver needs up to two seconds to
	 * distinguish a loss from a delay; they contain no pop. */
	static const unsigned lost[] = {271, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 592};
	int16_t *pcm = make_sound(THINGY_RATE, four_pops, 4);
	struct chain *chain = chain_new("nordic-thingy52", THINGY_RATE);

	stream_thingy(chain, pcm, 0, lost, sizeof(lost) / sizeof(lost[0]));
	expect_pops(chain, 20, 0);
	chain_free(chain);
	free(pcm);
}

struct coxa_stream {
	double ppm;      /* its clock is fast */
	unsigned every;  /* every n-th sound packet is lost, 0: none */
	double from_s;   /* starts streaming only then */
	bool is_doubled; /* each packet comes twice, the second time late */
};

static void send_motion(struct chain *chain, unsigned sequence, double host_us, double device_us)
{
	uint8_t packet[8 + 12 * MOTION_SAMPLES] = {0};

	put_le(packet, sequence, 2);
	put_le(packet + 2, (uint32_t)llrint(device_us - (MOTION_SAMPLES - 1) * MOTION_US), 4);
	put_le(packet + 6, MOTION_US, 2);
	for (unsigned i = 0; i < MOTION_SAMPLES; i++)
		packet[8 + 12 * i + 5] = 4096 >> 8;
	send(chain, host_us, "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", packet, sizeof(packet));
}

static size_t coxa_packet(
	struct adpcm *codec, const int16_t *x, unsigned sequence, double device_us, uint8_t *ret)
{
	put_le(ret, sequence, 2);
	put_le(ret + 2, (uint32_t)llrint(device_us), 4);
	put_le(ret + 6, (uint16_t)codec->predictor, 2);
	ret[8] = (uint8_t)codec->index;
	ret[9] = 0;
	put_le(ret + 10, COXA_SAMPLES, 2);
	pack(codec, x, COXA_SAMPLES, false, ret + 12);
	return 12 + COXA_SAMPLES / 2;
}

/* Sound and motion packets in order of time, dated by the wearable's own clock. */
static void stream_coxa(struct chain *chain, const int16_t *pcm, const struct coxa_stream *how)
{
	static const uint8_t info[20] = {1, 5, 8, 2, 0xe8, 3, 104, 0, COXA_RATE & 0xff,
		COXA_RATE >> 8, 0, 0, 7, 0, 0, 0, 64, 0, 0, 0};
	uint8_t packet[2][12 + COXA_SAMPLES / 2];
	double scale = 1 + how->ppm * 1e-6, motion_s = 0.02;
	struct adpcm codec = {0, 0};
	struct uuid uuid;
	size_t size = 0;

	uuid_from_string("c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", &uuid);
	intake_bytes(chain->intake,
		&(struct driver_input){&uuid, DRIVER_ORIGIN_READ, info, sizeof(info), BEGIN_US});
	for (unsigned k = 0, m = 0; (k + 1) * COXA_SAMPLES <= SECONDS * COXA_RATE; k++) {
		double begin_s = (double)(k * COXA_SAMPLES) / COXA_RATE;
		double end_s = begin_s + (double)COXA_SAMPLES / COXA_RATE;
		double device_us = ((double)(BEGIN_US - COXA_BOOT_US) + begin_s * 1e6) * scale;

		/* 8 samples at 104 Hz, now and then one more: no multiple of anything. */
		for (; motion_s < end_s; motion_s += 0.0769 + 0.009 * (m % 3), m++)
			send_motion(chain, m, (double)BEGIN_US + motion_s * 1e6,
				((double)(BEGIN_US - COXA_BOOT_US) + motion_s * 1e6) * scale);
		size = coxa_packet(&codec, pcm + k * COXA_SAMPLES, k, device_us, packet[k % 2]);
		if ((how->every && k % how->every == 3) || begin_s < how->from_s)
			continue;
		send(chain, (double)BEGIN_US + end_s * 1e6, "c0a50006-9bc6-4808-a8bd-20fbe3fc7d8c",
			packet[k % 2], size);
		if (how->is_doubled && k)
			send(chain, (double)BEGIN_US + end_s * 1e6,
				"c0a50006-9bc6-4808-a8bd-20fbe3fc7d8c", packet[(k + 1) % 2], size);
	}
}

static void run_coxa(const struct coxa_stream *how, double within_ms)
{
	int16_t *pcm = make_sound(COXA_RATE, four_pops, 4);
	struct chain *chain = chain_new("coxa", COXA_RATE);

	stream_coxa(chain, pcm, how);
	expect_pops(chain, within_ms, 0);
	chain_free(chain);
	free(pcm);
}

static void a_coxa_with_a_fast_clock(void **state)
{
	run_coxa(&(struct coxa_stream){.ppm = 80}, 5);
	run_coxa(&(struct coxa_stream){.ppm = -80}, 5);
}

/* 4.1, 6.3, 8.72 and 10.9 s are packets 102, 157, 218 and 272; each 13th after 3 is lost. */
static void a_coxa_that_loses_packets(void **state)
{
	run_coxa(&(struct coxa_stream){.ppm = 40, .every = 13}, 5);
}

static void a_coxa_that_starts_late(void **state)
{
	run_coxa(&(struct coxa_stream){.ppm = 40, .from_s = 3.5}, 5);
}

static void a_coxa_with_duplicate_packets(void **state)
{
	run_coxa(&(struct coxa_stream){.ppm = 40, .is_doubled = true}, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thingy_on_a_jittery_radio),
		cmocka_unit_test(a_thingy_that_loses_frames),
		cmocka_unit_test(a_coxa_with_a_fast_clock),
		cmocka_unit_test(a_coxa_that_loses_packets),
		cmocka_unit_test(a_coxa_that_starts_late),
		cmocka_unit_test(a_coxa_with_duplicate_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
