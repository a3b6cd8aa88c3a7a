// SPDX-License-Identifier: MIT
#include "coxad/loop/regular-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int check(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	return S_ISREG(st->st_mode) ? 0 : -EMEDIUMTYPE;
}

int regular_file_open(const char *path)
{
	struct stat st;
	int fd, r;

	if (stat(path, &st) < 0)
		return -errno;
	r = check(&st);
	if (r < 0)
		return r;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return -errno;
	/* It may have been replaced in between. */
	r = fstat(fd, &st) < 0 ? -errno : check(&st);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}
