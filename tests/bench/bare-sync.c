// SPDX-License-Identifier: MIT
/* How long the disk below FILE takes to sync what was written over, as the write-ahead log of SQLite is:
 * what coxad adds to an event is what is beyond. Every INTERVAL_MS until it is told to end.
 *   bare-sync FILE
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BYTES       8192
#define PLACES      32
#define SAMPLES_MAX 100000
#define INTERVAL_MS 50

static volatile sig_atomic_t is_ending;
static double took_ms[SAMPLES_MAX];

static void on_term(int signal)
{
	is_ending = 1;
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

/* False: the disk cannot be written. */
static bool sync_once(int fd, unsigned i, double *ret_ms)
{
	static char block[BYTES];
	double begin_ms = now_ms();
	bool is_written;

	memset(block, (int)i, sizeof(block));
	is_written = pwrite(fd, block, sizeof(block), (off_t)(i % PLACES) * BYTES) == BYTES &&
		     fdatasync(fd) == 0;
	*ret_ms = now_ms() - begin_ms;
	return is_written;
}

int main(int argc, char **argv)
{
	const struct timespec interval = {.tv_nsec = INTERVAL_MS * 1000000L};
	int fd = argc == 2 ? open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	unsigned n = 0;
	double ms;

	signal(SIGTERM, on_term);
	for (unsigned i = 0; fd >= 0 && !is_ending && n < SAMPLES_MAX; i++) {
		if (!sync_once(fd, i, &ms))
			break;
		/* The first round makes the file longer. */
		if (i >= PLACES)
			took_ms[n++] = ms;
		nanosleep(&interval, NULL);
	}
	if (!n) {
		fprintf(stderr, "bare-sync: nothing was written\n");
		return 1;
	}
	qsort(took_ms, n, sizeof(*took_ms), compare);
	printf("  %-12s n %5u  p50 %6.2f  p99 %6.2f  max %6.2f\n", "one bare sync", n,
		took_ms[n / 2], took_ms[n * 99 / 100], took_ms[n - 1]);
	close(fd);
	return 0;
}
