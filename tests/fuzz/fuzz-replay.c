// SPDX-License-Identifier: MIT
/* A capture file, gzipped or not, whole or cut off: each event has what its kind needs, time does not
 * go back, and an error says where it is. */
#include "tests/fuzz/fuzz-main.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "coxad/store/source-replay.h"

static int write_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	return fd;
}

static void check(const struct capture_event *event, int64_t last_us)
{
	if (event->t_us < last_us || event->size > CAPTURE_VALUE_MAX ||
		(event->size && !event->value) ||
		(event->kind == CAPTURE_COMMAND && !event->topic) ||
		(event->kind == CAPTURE_CONFIG && !event->text))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = write_file(data, size), r;
	struct source_replay *source;
	struct capture_event event;
	int64_t last_us = INT64_MIN;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (source_replay_new(path, &source) < 0)
		abort();
	while ((r = source_replay_next(source, &event)) > 0) {
		check(&event, last_us);
		last_us = event.t_us;
	}
	if (r < 0 && strncmp(source_replay_error(source), path, strlen(path)) != 0)
		abort();
	source_replay_free(source);
	close(fd);
	return 0;
}
