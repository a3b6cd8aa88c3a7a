// SPDX-License-Identifier: MIT
/* What an event costs on its way through the outbox on disk: one commit each, and ten a commit;
 * what was acknowledged is forgotten with the commits that follow. Wall time is that of the disk
 * below DIRECTORY (the working directory by default).
 *   bench-outbox [EVENTS [DIRECTORY]]
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "coxad/base/alloc.h"
#include "coxad/outbox/outbox.h"
#include "daemon/store/outbox-store.h"

#define EVENTS        2000
#define PAYLOAD_BYTES 300
#define BATCH_MAX     10

static double clock_s(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* Bytes that the kernel was made to send to the disk; -1 unknown. */
static double written_bytes(void)
{
	FILE *file = fopen("/proc/self/io", "re");
	double bytes = -1;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "write_bytes: %lf", &bytes);
	if (file)
		fclose(file);
	return bytes;
}

static void on_gone(void *user, const struct outbox_entry *entry, enum outbox_gone why)
{
	outbox_batch_add(&((struct outbox_batch *)user)->forget, &entry->item, 0);
}

static void run(const char *directory, unsigned events, size_t batch)
{
	static const struct outbox_ops ops = {.gone = on_gone};
	static const struct outbox_limits limits = {.max_events = 100000, .max_bytes = 1 << 24};
	struct outbox_batch next = {0};
	struct outbox_store *store;
	struct outbox *outbox;
	char payload[PAYLOAD_BYTES];
	double wall_s, cpu_s, bytes;

	memset(payload, 'x', sizeof(payload));
	if (outbox_store_open(directory, limits.max_bytes, false, &store) < 0) {
		perror(directory);
		exit(1);
	}
	outbox = outbox_new(&limits, &ops, &next);
	outbox_connection(outbox, 0, OUTBOX_WINDOW_MAX);
	bytes = written_bytes();
	wall_s = clock_s(CLOCK_MONOTONIC);
	cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	for (unsigned i = 0; i < events; i += (unsigned)batch) {
		for (size_t k = 0; k < batch; k++) {
			struct outbox_item item = {.kind = OUTBOX_KIND_EVENT,
				.class = 3,
				.seq = outbox_store_last_seq(store) + 1 + k,
				.id = "c0ffee-000000",
				.topic = "coxa/v1/gym/athlete/ana/pop",
				.payload = payload,
				.size = sizeof(payload)};

			outbox_add(outbox, 0, &item, false);
			outbox_batch_add(&next.rows, &item, 0);
		}
		outbox_store_commit(store, &next);
		outbox_batch_clear(&next);
		for (size_t k = 0; k < batch; k++)
			outbox_acked(outbox, outbox_next(outbox, 0)->token);
	}
	wall_s = clock_s(CLOCK_MONOTONIC) - wall_s;
	cpu_s = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
	bytes = written_bytes() - bytes;
	printf("%2zu a commit: %7.0f events/s, %6.0f us CPU, %6.0f bytes an event\n", batch,
		events / wall_s, cpu_s * 1e6 / events, bytes / events);
	outbox_free(outbox);
	outbox_batch_clear(&next);
	outbox_store_free(store);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

int main(int argc, char **argv)
{
	unsigned events = argc > 1 ? (unsigned)atoi(argv[1]) : EVENTS;
	_auto_free_ char *directory =
		alloc_printf("%s/bench-outbox-XXXXXX", argc > 2 ? argv[2] : ".");

	if (!mkdtemp(directory)) {
		perror(directory);
		return 1;
	}
	run(directory, events, 1);
	run(directory, events, BATCH_MAX);
	nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
