// SPDX-License-Identifier: MIT
#include "daemon/main/number-mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/main/runtime-file.h"

#define DIGITS 20

void number_mark_open(struct number_mark *mark)
{
	mark->fd = runtime_file_open("last-number",
		"if the disk fails and coxad is killed then, event numbers may repeat");
}

void number_mark_close(struct number_mark *mark)
{
	runtime_file_close(&mark->fd);
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
