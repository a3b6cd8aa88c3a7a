// SPDX-License-Identifier: MIT
/* What a packet costs from its bytes to records on host time: decode alone, and the whole way in
 * with the clock. Nanoseconds of this thread's CPU, and instructions where the kernel lets them be
 * counted. A driver with patterns below is measured with packets whose counter counts, any other on
 * its vectors.
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
#include "coxad/base/hex.h"
#include "coxad/drivers/driver-list.h"
#include "coxad/flow/intake.h"
#include "tests/drivers/vector-packets.h"

#define PACKETS     200000
#define VECTORS_MAX 4096

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

static void meter_stop(
	struct meter *m, const char *what, unsigned long packets, unsigned long samples)
{
	struct timespec end;
	unsigned long long instructions = 0;
	double ns;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
	ns = (double)(end.tv_sec - m->begin.tv_sec) * 1e9 +
	     (double)(end.tv_nsec - m->begin.tv_nsec);
	printf("%-38s %8.1f ns/packet %7.1f ns/sample", what, ns / (double)packets,
		ns / (double)samples);
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

/* A packet as a pattern, and where in it the counter stands. */
struct kind {
	const char *driver, *what, *characteristic; /* what: NULL motion */
	const char *before_on, *before;             /* a packet that must come first, or NULL */
	const char *packet;
	unsigned counter_at, counter_size, counter_step;
	unsigned sequence_at, sequence_size; /* +1 a packet, size 0: none */
	unsigned samples;
	int64_t period_us;
};

#define SAMPLE "1100eeff0010040003000100"

static const struct kind kinds[] = {
	{"coxa", NULL, "c0a50004-9bc6-4808-a8bd-20fbe3fc7d8c",
		"c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c",
		"01010800e803680000000000010000004000"
		"0000",
		"0000000000008f25" SAMPLE SAMPLE SAMPLE SAMPLE SAMPLE SAMPLE SAMPLE SAMPLE, 2, 4,
		8 * 9615, 0, 2, 8, 8 * 9615},
	{"st-bluest", NULL, "00e00000-0001-11e1-ac36-0002a5d5c51b", NULL, NULL,
		"34120c00f8ffeb037d00a0f60700d200d3ff7afe", 0, 2, 6, 0, 0, 1, 48000},
	{"nordic-thingy52", NULL, "ef680406-9b35-4933-9b10-52ffa9740042", NULL, NULL,
		"000000fe7603400bf0ff00006001b0ff80fd", 0, 1, 1, 0, 0, 1, 10000},
	{"movella-dot", NULL, "15172003-4947-11e9-8646-d663bd873d93", NULL, NULL,
		"1a4100008fc2f53dcdcc4cbdd7a31c410000c03f0000a2c10000003f000000000000000000000000",
		0, 4, 16667, 0, 0, 1, 16667},
	{"witmotion", NULL, "0000ffe4-0000-1000-8000-00805f9a34fb", NULL, NULL,
		"556100000004ee065cff52000000002000c06400556100000004ee065cff52000000002000c06400"
		"556100000004ee065cff52000000002000c06400556100000004ee065cff52000000002000c06400",
		2, 1, 1, 0, 0, 4, 40000},
	{"movesense", NULL, "34800002-7185-4d5d-b431-630e7050e8f0", NULL, NULL,
		"0263aca1020094b578bf399b8840cdb20d4155ff7cbf6a60884092c70c4182627cbfa2e988405da00c"
		"418bf871bf712489"
		"40c38c0c4148e17abf713daabf3333b3bec3f568bf713daabf3e0ad7beae4721bff628bcbf3e0ad7be"
		"ae4721bf3333b3bf"
		"3e0ad7be",
		2, 4, 77, 0, 0, 4, 77000},
	{"mbient-metamotion", NULL, "326a9006-85cb-9195-d9dd-464cfbbae75a",
		"326a9006-85cb-9195-d9dd-464cfbbae75a", "03832803", "090300a6330d00c100b12419cd", 3,
		4, 7, 0, 0, 1, 10254},
	{"sig-heart-rate", NULL, "00002a37-0000-1000-8000-00805f9b34fb", NULL, NULL, "16480c030404",
		1, 1, 1, 0, 0, 1, 1000000},
	{"bbc-microbit", NULL, "e95dca4b-251d-470a-a062-fa1922dfa9a8", NULL, NULL, "6000600010fc",
		0, 1, 1, 0, 0, 1, 20000},
	{"arduino-nano33", NULL, "555a0002-0011-467a-9538-01f0652c74e8", NULL, NULL,
		"0ad7a33ca4707dbfae47e13d", 0, 1, 1, 0, 0, 1, 100000},
	{"st-bluest", "fusion", "00000100-0001-11e1-ac36-0002a5d5c51b", NULL, NULL,
		"f401000000009f1b78ec881378ece80330f8b80b", 0, 2, 6, 0, 0, 3, 48000},
	{"nordic-thingy52", "fusion", "ef680404-9b35-4933-9b10-52ffa9740042", NULL, NULL,
		"9ed7203b00000000a7e27d1800000000", 0, 1, 1, 0, 0, 1, 10000},
	{"mbient-metamotion", "fusion", "326a9006-85cb-9195-d9dd-464cfbbae75a", NULL, NULL,
		"19071b9b703f8c5e4dbd077f1dbe78029abe", 2, 1, 1, 0, 0, 1, 10000},
	{"coxa", "sound", "c0a50006-9bc6-4808-a8bd-20fbe3fc7d8c",
		"c0a50002-9bc6-4808-a8bd-20fbe3fc7d8c", "010f0802e8036800401f00000100000040000000",
		"0100a00f0000000000000800"
		"70777767",
		2, 4, 1000, 0, 2, 8, 1000},
	{"st-bluest", "sound", "08000000-0001-11e1-ac36-0002a5d5c51b", NULL, NULL,
		"70777767bfaa1952242380cbccaa0852331491ca", 0, 1, 1, 0, 0, 40, 5000},
	{"nordic-thingy52", "sound", "ef680504-9b35-4933-9b10-52ffa9740042", NULL, NULL,
		"fed4147777779aabba8034532208bcccaa8025334119accbba9135433219bdcbba9135433219bdcb"
		"ba9135433219bdcbba9135433219bdcbba9135433219bdcbba9135433219bdcbba9135433219bdcb"
		"ba9135433219bdcbba9135433219bdcbba9135433219bdcbba9135433219bdcbba9135433219bdcb"
		"ba9135433219bdcbba9135",
		3, 1, 1, 0, 0, 256, 15872},
};

static unsigned count_motion(const struct record *record)
{
	return record->kind == RECORD_MOTION ? record->motion.n : 1;
}

/* A driver on its way through the measure, with and without what an intake adds. */
struct run {
	const struct driver *driver;
	void *state;
	struct intake *intake; /* NULL: decode alone */
	unsigned long samples;
};

static void on_record(const struct record *record, void *user)
{
	struct run *r = user;

	r->samples += count_motion(record);
}

static void on_intake_record(void *user, const struct record *record)
{
	struct run *r = user;

	r->samples += count_motion(record);
	sink += (unsigned long)record->t_us;
}

static void on_changed(void *user, unsigned wearable, bool is_state)
{
	sink++;
}

static void begin(struct run *r, const struct driver *driver, bool is_whole)
{
	static const struct intake_ops ops = {on_intake_record, on_changed};
	static struct analysis_conf analysis;

	*r = (struct run){.driver = driver, .state = alloc_zero(1, driver->state_size)};
	analysis_conf_default(&analysis);
	if (is_whole) {
		r->intake = intake_new(0, driver, &analysis, &ops, r);
		intake_connected(r->intake, 1000, 247);
	}
}

static void give(struct run *r, const struct driver_input *in)
{
	if (r->intake)
		intake_bytes(r->intake, in);
	else
		r->driver->decode(r->state, in, on_record, r);
}

static void end(struct run *r)
{
	if (r->intake && diag_total(intake_diag(r->intake)))
		printf("  refused: %llu\n", (unsigned long long)diag_total(intake_diag(r->intake)));
	if (r->intake)
		intake_free(r->intake);
	free(r->state);
}

static struct uuid uuid_of(const char *text)
{
	struct uuid uuid;

	if (uuid_from_string(text, &uuid) < 0)
		abort();
	return uuid;
}

static size_t bytes_from(const char *hex, uint8_t *ret, size_t capacity)
{
	int n = hex_decode(hex, strlen(hex), ret, capacity);

	if (n < 0)
		abort();
	return (size_t)n;
}

static void give_before(struct run *r, const struct kind *kind)
{
	struct uuid uuid = uuid_of(kind->before_on);
	uint8_t p[64];
	struct driver_input in = {&uuid, DRIVER_ORIGIN_READ, p, 0, 1000};

	in.size = bytes_from(kind->before, p, sizeof(p));
	give(r, &in);
}

static void run_kind(
	const struct driver *driver, const struct kind *kind, unsigned long packets, bool is_whole)
{
	struct uuid uuid = uuid_of(kind->characteristic);
	uint8_t p[512];
	struct driver_input in = {&uuid, DRIVER_ORIGIN_NOTIFY, p, 0, 0};
	struct meter meter;
	struct run r;
	char what[64];

	begin(&r, driver, is_whole);
	in.size = bytes_from(kind->packet, p, sizeof(p));
	if (kind->before)
		give_before(&r, kind);
	snprintf(what, sizeof(what), "%s %s%s%s", driver->id, kind->what ? kind->what : "",
		kind->what ? " " : "", is_whole ? "to host time" : "decode");
	meter_start(&meter);
	for (unsigned long i = 0; i < packets; i++) {
		/* Arrivals on a grid of 30 ms, as a connection gives them. */
		in.arrival_us = 2000000 + (int64_t)i * kind->period_us / 30000 * 30000 + 30000;
		put(p + kind->counter_at, i * kind->counter_step, kind->counter_size);
		put(p + kind->sequence_at, i, kind->sequence_size);
		give(&r, &in);
	}
	meter_stop(&meter, what, packets, kind->samples * packets);
	end(&r);
}

/* A driver without a pattern: its vectors over and over, from a new state each time. */
static void run_vectors(const struct driver *driver, unsigned long packets)
{
	static struct vector_packet vectors[VECTORS_MAX];
	int n = vector_packets_read(driver->id, vectors, VECTORS_MAX);
	struct meter meter;
	struct run r;
	char what[64];

	if (n <= 0) {
		printf("%-38s no packets in tests/vectors\n", driver->id);
		return;
	}
	begin(&r, driver, false);
	snprintf(what, sizeof(what), "%s decode, vectors", driver->id);
	meter_start(&meter);
	for (unsigned long i = 0; i < packets; i++) {
		const struct vector_packet *p = &vectors[i % (unsigned long)n];

		if (i % (unsigned long)n == 0)
			memset(r.state, 0, driver->state_size);
		give(&r, &(struct driver_input){&p->characteristic, DRIVER_ORIGIN_NOTIFY, p->data,
				 p->size, (int64_t)i * 30000});
	}
	meter_stop(&meter, what, packets, r.samples ? r.samples : packets);
	end(&r);
}

static void run_driver(const struct driver *driver, unsigned long packets)
{
	bool has_kind = false;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].driver, driver->id) != 0)
			continue;
		has_kind = true;
		run_kind(driver, &kinds[i], packets, false);
		run_kind(driver, &kinds[i], packets, true);
	}
	if (!has_kind)
		run_vectors(driver, packets);
}

int main(int argc, char **argv)
{
	unsigned long packets = argc > 1 ? strtoul(argv[1], NULL, 10) : PACKETS;
	size_t n;
	const struct driver *const *drivers = driver_list(&n);

	for (size_t i = 0; i < n; i++)
		run_driver(drivers[i], packets);
	return sink == 0;
}
