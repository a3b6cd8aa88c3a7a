// SPDX-License-Identifier: MIT
/* bench-posture [ROUNDS]: CPU of the posture of one kit, from decoded motion records to frames, phases and repetitions: a
 * pelvis and two thighs through leg raises. Prints nanoseconds a motion sample, and instructions
 * where the kernel counts them; and that nothing was taken from the heap while it ran.
 * bench-against has callgrind count them.
 */
#include <linux/perf_event.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "tests/core/posture/watch.h"

#define KIT                                                                                        \
	((1u << PLACEMENT_PELVIS) | (1u << PLACEMENT_THIGH_LEFT) | (1u << PLACEMENT_THIGH_RIGHT))
#define RATE_HZ 104.0
#define PACKET  8
#define RAISES  100

struct packet {
	enum placement placement;
	struct record record;
	struct motion_sample sample[PACKET];
};

struct store {
	struct packet *packet;
	unsigned n, room;
};

static int instructions_open(void)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

static void keep(void *user, enum placement placement, const struct record *record)
{
	struct store *store = user;
	struct packet *packet;

	if (store->n == store->room)
		return;
	packet = &store->packet[store->n++];
	packet->placement = placement;
	packet->record = *record;
	memcpy(packet->sample, record->motion.samples, sizeof(packet->sample));
	packet->record.motion.samples = packet->sample;
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Not inlined, so that callgrind can count in here alone (bench-against). */
__attribute__((noinline)) static void play(
	struct kit_posture *posture, const struct store *store, const struct body_play *script)
{
	unsigned command = 0;

	for (unsigned i = 0; i < store->n; i++) {
		const struct packet *packet = &store->packet[i];

		for (; command < script->n_commands &&
			BODY_START_US + script->command[command].t_s * US_PER_S <
				(double)packet->record.arrival_us;
			command++)
			kit_posture_calibrate(
				posture, packet->record.arrival_us, script->command[command].step);
		kit_posture_push(posture, packet->placement, &packet->record);
	}
}

int main(int argc, char **argv)
{
	static struct body body;
	static struct body_play script;
	const struct quat mount[3] = {QUAT_IDENTITY, QUAT_IDENTITY, QUAT_IDENTITY};
	struct analysis_conf conf;
	struct watch watch;
	struct kit_posture *posture = NULL;
	struct store store = {.room = 60000};
	double t_s, best = 1e9;
	long long count = 0;
	int counter = instructions_open();
	struct mallinfo2 before, after;
	int rounds = argc > 1 ? atoi(argv[1]) : 5;

	if (rounds < 1)
		return 2;
	analysis_conf_default(&conf);
	body_wear(&script, &body, mount, RATE_HZ);
	t_s = body_calibrate(&body, &script, 8.7);
	for (unsigned i = 0; i < RAISES; i++, t_s += 7)
		for (unsigned side = 0; side < LEGS && i < 30; side++) {
			body_move(&body.elevation_deg[side], t_s, 2, 75);
			body_move(&body.elevation_deg[side], t_s + 2.5, 3, 0);
		}
	script.to_s = t_s;
	store.packet = alloc_zero(store.room, sizeof(*store.packet));
	body_record(&script, keep, &store);

	for (int round = 0; round < rounds; round++) {
		double start, took;

		watch_init(&watch, NULL);
		posture = kit_posture_new(
			&(struct kit_posture_settings){"1", &conf, EXERCISE_SUPINE_STRAIGHT, KIT},
			&watch_ops, &watch);
		before = mallinfo2();
		if (counter >= 0) {
			ioctl(counter, PERF_EVENT_IOC_RESET, 0);
			ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
		}
		start = now_s();
		play(posture, &store, &script);
		took = now_s() - start;
		if (counter >= 0) {
			ioctl(counter, PERF_EVENT_IOC_DISABLE, 0);
			if (read(counter, &count, sizeof(count)) != sizeof(count))
				count = 0;
		}
		after = mallinfo2();
		best = took < best ? took : best;
		if (round < rounds - 1) {
			watch_done(&watch);
			kit_posture_free(posture);
		}
	}
	printf("posture: %.0f ns a motion sample (%u samples, %u repetitions)\n",
		best / store.n / PACKET * 1e9, store.n * PACKET, watch.n_reps);
	if (count)
		printf("posture: %.0f instructions a motion sample\n",
			(double)count / store.n / PACKET);
	else
		printf("posture: instructions are not counted on this machine\n");
	printf("posture: %zu bytes of heap taken while it ran\n",
		after.uordblks + after.hblkhd - before.uordblks - before.hblkhd);
	watch_done(&watch);
	kit_posture_free(posture);
	free(store.packet);
	return 0;
}
