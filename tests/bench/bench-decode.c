// SPDX-License-Identifier: MIT
/* What a packet costs from its bytes to records on host time: decode alone, and the whole way in
 * with the clock. Nanoseconds of this thread's CPU, and instructions where the kernel lets them be
 * counted. The stream is that of wearable-profile.md at 104 Hz, and a BlueST node's.
 *   bench-decode [PACKETS]
 */
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/flow/intake.h"

#define PACKETS     500000
#define SAMPLES     8
#define INTERVAL_US 9615
#define COXA_SIZE   (8 + 12 * SAMPLES)
#define BLUEST_SIZE 20

static unsigned long sink;

struct meter {
	int fd; /* of the counter of instructions, -1 none */
	struct timespec begin;
};

static void meter_start(struct meter *m)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_kernel = 1,
		.exclude_hv = 1};

	m->fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &m->begin);
}

static void meter_stop(struct meter *m, const char *what, unsigned long packets, unsigned samples)
{
	struct timespec end;
	unsigned long long instructions = 0;
	double ns;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
	ns = (double)(end.tv_sec - m->begin.tv_sec) * 1e9 +
	     (double)(end.tv_nsec - m->begin.tv_nsec);
	printf("%-28s %8.1f ns/packet %7.1f ns/sample", what, ns / (double)packets,
		ns / (double)packets / samples);
	if (m->fd >= 0 && read(m->fd, &instructions, sizeof(instructions)) == sizeof(instructions))
		printf(" %7.0f instructions/packet\n", (double)instructions / (double)packets);
	else
		printf("   (no counter of instructions)\n");
	if (m->fd >= 0)
		close(m->fd);
}

static void put(uint8_t *at, uint64_t value, unsigned size)
{
	for (unsigned i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static size_t coxa_packet(uint8_t *p, unsigned long i)
{
	put(p, i, 2);
	put(p + 2, i * SAMPLES * INTERVAL_US, 4);
	put(p + 6, INTERVAL_US, 2);
	for (unsigned k = 0; k < 6 * SAMPLES; k++)
		put(p + 8 + 2 * k, (k * 2654435761u + i) & 0xfff, 2);
	return COXA_SIZE;
}

static size_t bluest_packet(uint8_t *p, unsigned long i)
{
	put(p, i * 6, 2);
	for (unsigned k = 0; k < 9; k++)
		put(p + 2 + 2 * k, (k * 2654435761u + i) & 0x3ff, 2);
	return BLUEST_SIZE;
}

static void on_record(const struct record *record, void *user)
{
	sink += record->motion.n;
}

static void on_intake_record(void *user, const struct record *record)
{
	sink += (unsigned long)record->t_us;
}

static void on_changed(void *user, unsigned wearable)
{
	sink++;
}

struct kind {
	const char *driver, *characteristic;
	size_t (*packet)(uint8_t *p, unsigned long i);
	unsigned samples;
	int64_t period_us;
};

static const struct kind kinds[] = {
	{"coxa", "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c", coxa_packet, SAMPLES,
		SAMPLES *INTERVAL_US},
	{"st-bluest", "00e00000-0001-11e1-ac36-0002a5d5c51b", bluest_packet, 1, 48000},
};

static const uint8_t info[20] = {1, 1, 8, 0, 0xe8, 3, 104, 0, 0, 0, 0, 0, 1, 0, 0, 0, 64, 0, 0, 0};

static void run(const struct kind *kind, unsigned long packets, bool is_whole)
{
	const struct driver *driver = driver_by_id(kind->driver);
	const struct intake_ops ops = {on_intake_record, on_changed};
	struct intake *intake = intake_new(0, driver, &ops, NULL);
	void *state = alloc_zero(1, driver->state_size);
	struct uuid motion, about;
	struct meter meter;
	uint8_t p[512];
	char what[64];

	if (uuid_from_string(kind->characteristic, &motion) < 0 ||
		uuid_from_string("c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", &about) < 0)
		abort();
	intake_connected(intake, 1000, 247);
	if (driver->claims(&about)) {
		intake_bytes(intake, 1000, &about, DRIVER_ORIGIN_READ, info, sizeof(info));
		driver->decode(state,
			&(struct driver_input){&about, DRIVER_ORIGIN_READ, info, sizeof(info), 0},
			on_record, NULL);
	}
	snprintf(what, sizeof(what), "%s %s", kind->driver,
		is_whole ? "bytes to host time" : "decode");
	meter_start(&meter);
	for (unsigned long i = 0; i < packets; i++) {
		/* Arrivals on a grid of 30 ms, as a connection gives them. */
		int64_t arrival_us = 2000000 + (int64_t)i * kind->period_us / 30000 * 30000 + 30000;
		size_t size = kind->packet(p, i);

		if (is_whole)
			intake_bytes(intake, arrival_us, &motion, DRIVER_ORIGIN_NOTIFY, p, size);
		else
			driver->decode(state,
				&(struct driver_input){
					&motion, DRIVER_ORIGIN_NOTIFY, p, size, arrival_us},
				on_record, NULL);
	}
	meter_stop(&meter, what, packets, kind->samples);
	if (diag_total(intake_diag(intake)))
		printf("  refused: %llu\n", (unsigned long long)diag_total(intake_diag(intake)));
	intake_free(intake);
	free(state);
}

int main(int argc, char **argv)
{
	unsigned long packets = argc > 1 ? strtoul(argv[1], NULL, 10) : PACKETS;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		run(&kinds[i], packets, false);
		run(&kinds[i], packets, true);
	}
	return sink == 0;
}
