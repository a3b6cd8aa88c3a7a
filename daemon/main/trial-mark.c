// SPDX-License-Identifier: MIT
#include "daemon/main/trial-mark.h"

#include <stdio.h>
#include <unistd.h>

#include "daemon/main/runtime-file.h"

/* "C0:A5:00:00:03:01 bonded\n": all lines are written at once, those that are not needed blank. */
#define LINE_BYTES 25
#define BONDED_AT  ADDRESS_SIZE

void trial_mark_open(struct trial_mark *mark)
{
	mark->fd = runtime_file_open("trials",
		"if coxad is killed while somebody adopts sensors, some may stay connected");
}

void trial_mark_close(struct trial_mark *mark)
{
	runtime_file_close(&mark->fd);
}

size_t trial_mark_read(const struct trial_mark *mark,
	struct source_bluez_trial_mark ret[static SOURCE_BLUEZ_TRIAL_MARKS_MAX])
{
	char text[LINE_BYTES * SOURCE_BLUEZ_TRIAL_MARKS_MAX] = "", *line = text;
	size_t n = 0;

	if (mark->fd < 0 || pread(mark->fd, text, sizeof(text), 0) != (ssize_t)sizeof(text))
		return 0;
	for (; line < text + sizeof(text); line += LINE_BYTES) {
		line[BONDED_AT - 1] = '\0';
		if (address_from_string(line, ret[n].address) == 0)
			ret[n++].was_bonded = line[BONDED_AT] == 'b';
	}
	return n;
}

void trial_mark_write(
	const struct trial_mark *mark, const struct source_bluez_trial_mark *all, size_t n)
{
	char text[LINE_BYTES * SOURCE_BLUEZ_TRIAL_MARKS_MAX + 1];

	for (size_t i = 0; i < SOURCE_BLUEZ_TRIAL_MARKS_MAX; i++)
		snprintf(text + LINE_BYTES * i, LINE_BYTES + 1, "%-17s %-6s\n",
			i < n ? all[i].address : "", i < n && all[i].was_bonded ? "bonded" : "");
	if (mark->fd >= 0 && pwrite(mark->fd, text, sizeof(text) - 1, 0) < 0)
		return; /* memory is full: it is as it was without a mark */
}
