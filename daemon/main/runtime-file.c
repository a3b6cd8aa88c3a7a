// SPDX-License-Identifier: MIT
#include "daemon/main/runtime-file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/journal.h"

int runtime_file_open(const char *name, const char *otherwise)
{
	const char *directory = getenv("RUNTIME_DIRECTORY");
	_auto_free_ char *path = directory ? alloc_printf("%s/%s", directory, name) : NULL;
	int fd;

	if (!path)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (fd < 0)
		journal_write(LOG_WARNING, "disk", "%s: %m; %s", path, otherwise);
	return fd;
}

void runtime_file_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
