// SPDX-License-Identifier: MIT
/* bench-day [HOURS]: twelve wearables (four kits of pelvis and two thighs, 104 Hz) through the
 * whole pure core, leg raises and a pop each half minute, on a simulated clock: resident memory as
 * the day goes on, and what a sample costs from its bytes to the posture message. The daemon adds
 * libdbus, Paho and SQLite to that: bench-live measures it whole.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/flow/gateway.h"
#include "tests/bench/bench-gym.h"

#define KITS    4
#define WORN    3
#define SAMPLES 8
#define RATE_HZ 104
#define CYCLE_S 8

static const char *const placements[WORN] = {"pelvis", "thigh-left", "thigh-right"};

static void on_message(void *user, const struct message *message)
{
	unsigned long *messages = user;

	++*messages;
}

static const struct gateway_ops ops = {.message = on_message};

static void put16(uint8_t *at, double value)
{
	int v = (int)lround(fmax(-32768, fmin(32767, value)));

	at[0] = (uint8_t)v;
	at[1] = (uint8_t)(v >> 8);
}

/* Elevation and its rate of a leg raise of 60 degrees, radians. */
static void leg(double t, double *ret_angle, double *ret_rate)
{
	double phase = 2 * M_PI * fmod(t, CYCLE_S) / CYCLE_S, top = 60 * RAD_PER_DEG;

	*ret_angle = top * (1 - cos(phase)) / 2;
	*ret_rate = top * sin(phase) / 2 * 2 * M_PI / CYCLE_S;
}

/* Worn by the default axes: x along the body to the head, z out of the skin. */
static void sample(uint8_t *at, double t, bool is_thigh)
{
	double angle = 0, rate = 0;

	if (is_thigh)
		leg(t, &angle, &rate);
	put16(at, -sin(angle) * 4096);
	put16(at + 2, 0);
	put16(at + 4, cos(angle) * 4096);
	put16(at + 6, 0);
	put16(at + 8, rate * DEG_PER_RAD / 1000 * 32768);
	put16(at + 10, 0);
}

static void give(struct gateway *g, int64_t t_us, enum capture_kind kind, const char *address,
	const char *uuid, const uint8_t *value, size_t size)
{
	struct capture_event event = {
		.kind = kind, .t_us = t_us, .address = address, .value = value, .size = size};

	event.mtu = 247;
	if (uuid)
		uuid_from_string(uuid, &event.characteristic);
	gateway_event(g, &event, NULL);
}

static void begin(struct gateway *g, const struct conf *conf)
{
	static const uint8_t info[20] = {
		1, 3, 8, 3, 0xe8, 3, RATE_HZ, 0, 0, 0, 0, 0, 7, 0, 0, 0, 64};
	struct capture_event header = {.kind = CAPTURE_HEADER,
		.wall_us = INT64_C(1795368600) * US_PER_S,
		.gateway = "bench"};

	gateway_event(g, &header, NULL);
	for (size_t i = 0; i < conf->n_wearables; i++) {
		give(g, 1000, CAPTURE_CONNECTED, conf->wearable[i].address, NULL, NULL, 0);
		give(g, 1000, CAPTURE_READ, conf->wearable[i].address,
			"c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", info, sizeof(info));
	}
}

static void calibrate(struct gateway *g, int64_t t_us)
{
	for (int k = 0; k < KITS; k++) {
		char payload[64];
		struct capture_event event = {.kind = CAPTURE_COMMAND,
			.t_us = t_us,
			.topic = "command/calibrate",
			.payload = payload};

		event.payload_size = (size_t)snprintf(
			payload, sizeof(payload), "{\"kit\":\"%d\",\"step\":\"flat-back\"}", k);
		gateway_event(g, &event, NULL);
	}
}

static void pop(struct gateway *g, const char *address, int64_t t_us, uint16_t sequence)
{
	uint32_t time = (uint32_t)t_us;
	uint8_t p[20] = {(uint8_t)sequence, (uint8_t)(sequence >> 8), (uint8_t)time,
		(uint8_t)(time >> 8), (uint8_t)(time >> 16), (uint8_t)(time >> 24), 40, 120, 10, 8,
		0x2c, 1, 60, 10, 20, 1, 22, 1, 30, 0};

	give(g, t_us + 60000, CAPTURE_NOTIFY, address, "c0a50005-9bc6-4808-a8bd-20fbe3fc7d8c", p,
		sizeof(p));
}

static long resident_kb(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file && fscanf(file, "%*s %ld", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

int main(int argc, char **argv)
{
	double hours = argc > 1 ? atof(argv[1]) : 24;
	struct conf *conf = bench_gym_conf(KITS, placements, WORN);
	unsigned long messages = 0, samples = 0;
	struct gateway_settings settings = {.conf = conf, .first_seq = 1};
	struct gateway *g = gateway_new(&settings, &ops, &messages);
	int64_t period_us = SAMPLES * US_PER_S / RATE_HZ,
		end_us = (int64_t)(hours * 3600 * US_PER_S);
	int64_t report_us = 60 * US_PER_S, calibrate_us = 5 * US_PER_S, pop_us = 60 * US_PER_S;
	uint16_t sequence = 0, pops = 0;
	clock_t began = clock();

	begin(g, conf);
	for (int64_t t = 2 * US_PER_S; t < end_us; t += period_us, sequence++) {
		for (size_t i = 0; i < conf->n_wearables; i++) {
			int64_t first = t - (SAMPLES - 1) * US_PER_S / RATE_HZ;
			uint32_t time = (uint32_t)first;
			uint8_t p[8 + 12 * SAMPLES] = {(uint8_t)sequence, (uint8_t)(sequence >> 8),
				(uint8_t)time, (uint8_t)(time >> 8), (uint8_t)(time >> 16),
				(uint8_t)(time >> 24), 9615 & 0xff, 9615 >> 8};

			for (int s = 0; s < SAMPLES; s++) {
				double at = (double)(first + s * 9615) / US_PER_S;

				sample(p + 8 + 12 * s, at < 20 ? 0 : at, i % WORN != 0);
			}
			/* A spread of arrivals below the packet's period, as a radio has it. */
			give(g, t + 5000 + 997 * (int64_t)i + (sequence * 7919) % 20000,
				CAPTURE_NOTIFY, conf->wearable[i].address,
				"c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", p, sizeof(p));
			samples += SAMPLES;
		}
		if (t >= calibrate_us) {
			calibrate(g, t + 40000);
			calibrate_us = INT64_MAX;
		}
		if (t >= pop_us) {
			pop(g, conf->wearable[0].address, t, ++pops);
			pop_us += 30 * US_PER_S;
		}
		if (t >= report_us) {
			printf("%6.2f h: %ld kB resident, %lu messages\n",
				(double)t / US_PER_S / 3600, resident_kb(), messages);
			report_us *= 2;
		}
	}
	printf("%6.2f h: %ld kB resident, %lu messages; %.2f us of CPU a sample, its making included\n",
		hours, resident_kb(), messages,
		1e6 * (double)(clock() - began) / CLOCKS_PER_SEC / (double)samples);
	gateway_free(g);
	conf_free(conf);
	return 0;
}
