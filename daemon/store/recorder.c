// SPDX-License-Identifier: MIT
#include "coxad/store/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

struct recorder {
	FILE *file; /* NULL: ended */
	char line[CAPTURE_LINE_MAX];
};

/* For the owner alone, since a capture tells who trained and how; never through a link that somebody
 * laid there. -errno in errno. */
static FILE *create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat stat;
	FILE *file = NULL;
	int error;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &stat) == 0 && (!S_ISREG(stat.st_mode) || fchmod(fd, 0600) == 0))
		file = fdopen(fd, "w");
	error = errno;
	if (!file)
		close(fd);
	errno = error;
	return file;
}

int recorder_new(const char *path, struct recorder **ret)
{
	struct recorder *r;
	FILE *file = create(path);

	if (!file)
		return -errno;
	r = new0(struct recorder);
	r->file = file;
	*ret = r;
	return 0;
}

int recorder_new_fd(int fd, struct recorder **ret)
{
	struct recorder *r;
	struct stat stat;
	int error = fstat(fd, &stat) < 0 ? -errno : S_ISREG(stat.st_mode) ? 0 : -EMEDIUMTYPE;
	FILE *file = error ? NULL : fdopen(fd, "w");

	if (!file) {
		error = error ? error : -errno;
		close(fd);
		return error;
	}
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
