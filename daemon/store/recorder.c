// SPDX-License-Identifier: MIT
#include "coxad/store/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

struct recorder {
	FILE *file;  /* NULL: ended */
	bool is_new; /* its first line says so */
	off_t begin; /* where that line is; -1: it cannot be changed any more */
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

/* A pipe has no such place, and in a file that is appended to nothing is written there. */
static off_t find_begin(FILE *file)
{
	int flags = fcntl(fileno(file), F_GETFL);

	return flags < 0 || flags & O_APPEND ? -1 : lseek(fileno(file), 0, SEEK_CUR);
}

static struct recorder *make(FILE *file)
{
	struct recorder *r = new0(struct recorder);

	r->file = file;
	r->begin = find_begin(file);
	return r;
}

int recorder_new(const char *path, struct recorder **ret)
{
	FILE *file = create(path);

	if (!file)
		return -errno;
	*ret = make(file);
	return 0;
}

int recorder_new_fd(int fd, struct recorder **ret)
{
	struct stat stat;
	int error = fstat(fd, &stat) < 0 ? -errno : S_ISREG(stat.st_mode) ? 0 : -EMEDIUMTYPE;
	FILE *file = error ? NULL : fdopen(fd, "w");

	if (!file) {
		error = error ? error : -errno;
		close(fd);
		return error;
	}
	*ret = make(file);
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

static int write_line(struct recorder *r, const char *line, int size)
{
	errno = 0;
	return fwrite(line, (size_t)size, 1, r->file) == 1 ? 0 : end(r);
}

/* The first line is written long ago: the version in it is patched, where the file can be written
 * twice. In a pipe it stays 1, and the reader takes the event all the same. */
static void declare_new(struct recorder *r)
{
	static const char version = CAPTURE_VERSION_NEW;

	if (r->is_new || r->begin < 0 || fflush(r->file) != 0)
		return;
	r->is_new = pwrite(fileno(r->file), &version, 1, r->begin + CAPTURE_VERSION_AT) == 1;
}

static int put_config(struct recorder *r, const struct capture_event *event)
{
	_auto_free_ char *line = alloc_zero(1, CAPTURE_CONFIG_MAX);
	int size = capture_encode(event, line, CAPTURE_CONFIG_MAX);

	if (size <= 0)
		return 0;
	declare_new(r);
	return write_line(r, line, size);
}

int recorder_put(struct recorder *r, const struct capture_event *event)
{
	int size;

	if (!r->file)
		return 0;
	if (event->kind == CAPTURE_CONFIG)
		return put_config(r, event);
	size = capture_encode(event, r->line, sizeof(r->line));
	return size <= 0 ? 0 : write_line(r, r->line, size);
}

int recorder_flush(struct recorder *r)
{
	errno = 0;
	if (r->file && fflush(r->file) != 0)
		return end(r);
	return 0;
}
