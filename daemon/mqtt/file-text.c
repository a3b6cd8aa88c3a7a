// SPDX-License-Identifier: MIT
#include "daemon/mqtt/file-text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/regular-file.h"

static const char *explain(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "does not exist: create it, or correct the path";
	case EISDIR:
		return "is a folder: name a file in it";
	case EMEDIUMTYPE:
		return "is a pipe, a socket or a device: only a regular file is read";
	case EACCES:
	case EPERM:
		return "may not be read by coxad: make the user coxad its owner, with mode 0400";
	default:
		return NULL;
	}
}

static int fail(
	int error, const char *what, const char *path, char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	const char *why = explain(error);

	if (why)
		snprintf(ret_error, FILE_TEXT_ERROR_SIZE, "%s: %.200s %s", what, path, why);
	else
		snprintf(ret_error, FILE_TEXT_ERROR_SIZE, "%s: %.200s cannot be read: %s", what,
			path, strerror(error));
	return -error;
}

static ssize_t read_all(int fd, char *buffer, size_t max)
{
	size_t size = 0;
	ssize_t n = 1;

	while (size < max && n > 0) {
		n = read(fd, buffer + size, max - size);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n > 0)
			size += (size_t)n;
	}
	return n < 0 ? -errno : (ssize_t)size;
}

int file_text_read(const char *what, const char *path, size_t max, struct file_text *ret,
	char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	int fd = regular_file_open(path);
	ssize_t size;
	char *text;

	if (fd < 0)
		return fail(-fd, what, path, ret_error);
	text = alloc_zero(1, max + 1);
	size = read_all(fd, text, max);
	close(fd);
	if (size < 0) {
		free(text);
		return fail((int)-size, what, path, ret_error);
	}
	*ret = (struct file_text){text, (size_t)size};
	return 0;
}
