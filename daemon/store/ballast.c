// SPDX-License-Identifier: MIT
#include "daemon/store/ballast.h"

#include <fcntl.h>
#include <unistd.h>

/* Enough for the write-ahead log to grow and the deletions to succeed (measured). */
#define BYTES (256 * 1024)

bool ballast_make(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	bool is_made;

	if (fd < 0)
		return false;
	is_made = !posix_fallocate(fd, 0, BYTES);
	close(fd);
	if (!is_made)
		unlink(path);
	return is_made;
}

bool ballast_drop(const char *path)
{
	return !unlink(path);
}
