// SPDX-License-Identifier: MIT
#include "daemon/main/number-mark.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"

#define DIGITS 20

void number_mark_open(struct number_mark *mark)
{
	const char *directory = getenv("RUNTIME_DIRECTORY");
	_auto_free_ char *path = directory ? alloc_printf("%s/last-number", directory) : NULL;

	mark->fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)
			: -1;
	if (path && mark->fd < 0)
		journal_write(LOG_WARNING, "disk",
			"%s: %m; if the disk fails and coxad is killed then, event numbers may repeat",
			path);
}

void number_mark_close(struct number_mark *mark)
{
	if (mark->fd >= 0)
		close(mark->fd);
	mark->fd = -1;
}

uint64_t number_mark_read(const struct number_mark *mark)
{
	char text[DIGITS + 1] = "";

	return mark->fd >= 0 && pread(mark->fd, text, DIGITS, 0) == DIGITS
		       ? strtoull(text, NULL, 10)
		       : 0;
}

void number_mark_write(const struct number_mark *mark, uint64_t seq)
{
	char text[DIGITS + 2];

	snprintf(text, sizeof(text), "%0*" PRIu64 "\n", DIGITS, seq);
	if (mark->fd >= 0 && pwrite(mark->fd, text, DIGITS + 1, 0) < 0)
		return; /* memory is full: the numbers are as they were without a mark */
}
