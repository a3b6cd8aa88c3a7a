// SPDX-License-Identifier: MIT
#include "ctl/state-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

/* PENDING_BYTE, RESERVED_BYTE and SHARED_SIZE of SQLite. */
#define LOCK_AT    0x40000000
#define LOCK_BYTES (2 + 510)

static int lock(const char *path)
{
	struct flock range = {
		.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = LOCK_AT, .l_len = LOCK_BYTES};
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fcntl(fd, F_OFD_SETLK, &range) == 0)
		return 0; /* the descriptor keeps it */
	close(fd);
	return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
}

int state_lock_take(const char *directory)
{
	static const char *const names[] = {"history.db", "logbook.db", "outbox.db"};
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(names) && !r; i++) {
		_auto_free_ char *path = alloc_printf("%s/%s", directory, names[i]);

		r = lock(path);
	}
	return r;
}
