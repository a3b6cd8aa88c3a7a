// SPDX-License-Identifier: MIT
#include "coxad/store/recorder.h"

#include <errno.h>
#include <stdio.h>

#include "coxad/base/alloc.h"

struct recorder {
	FILE *file; /* NULL: ended */
	char line[CAPTURE_LINE_MAX];
};

int recorder_new(const char *path, struct recorder **ret)
{
	struct recorder *r;
	FILE *file = fopen(path, "we");

	if (!file)
		return -errno;
	r = new0(struct recorder);
	r->file = file;
	*ret = r;
	return 0;
}

static int end(struct recorder *r)
{
	int error = errno;

	fclose(r->file);
	r->file = NULL;
	return error ? -error : -EIO;
}

struct recorder *recorder_free(struct recorder *r)
{
	if (r && r->file)
		fclose(r->file);
	free(r);
	return NULL;
}

int recorder_put(struct recorder *r, const struct capture_event *event)
{
	int size;

	if (!r->file)
		return 0;
	size = capture_encode(event, r->line, sizeof(r->line));
	if (size <= 0)
		return 0;
	errno = 0;
	if (fwrite(r->line, (size_t)size, 1, r->file) != 1)
		return end(r);
	return 0;
}

int recorder_flush(struct recorder *r)
{
	errno = 0;
	if (r->file && fflush(r->file) != 0)
		return end(r);
	return 0;
}
