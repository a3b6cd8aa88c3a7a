// SPDX-License-Identifier: MIT
/* Loaded into coxad with LD_PRELOAD: the disk and the clock as the soak wishes. COXAD_SOAK_CONTROL is
 * a file with a `struct control`, mapped here and written by the soak; only files whose path begins
 * with COXAD_SOAK_FILES, or else STATE_DIRECTORY, have trouble.
 */
/* Each of the two names of a function is its own. */
#undef _FILE_OFFSET_BITS
#undef _TIME_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS    100000000
#define STALL_S    4
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define NS_PER_US  1000
#define US_PER_S   INT64_C(1000000)
#define PATH_ROOM  (PATH_MAX + 1)
#define IS_WRITTEN (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

enum disk { DISK_GOOD, DISK_FULL, DISK_READ_ONLY, DISK_BROKEN, DISK_SLOW };

struct control {
	int64_t wall_offset_us;
	int32_t disk;
};

static volatile const struct control *control;
static int watch_fd = -1;
static int64_t watched_us;

static __attribute__((constructor)) void load(void)
{
	const char *path = getenv("COXAD_SOAK_CONTROL");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	void *map = MAP_FAILED;

	if (fd >= 0) {
		map = mmap(NULL, sizeof(*control), PROT_READ, MAP_SHARED, fd, 0);
		close(fd);
	}
	if (map != MAP_FAILED)
		control = map;
}

/* --- the clock --- */

int clock_gettime(clockid_t id, struct timespec *ret)
{
	int r = NEXT(clock_gettime)(id, ret);
	int64_t us;

	if (r < 0 || id != CLOCK_REALTIME || !control)
		return r;
	us = ret->tv_sec * US_PER_S + ret->tv_nsec / NS_PER_US + control->wall_offset_us;
	ret->tv_sec = us / US_PER_S;
	ret->tv_nsec = us % US_PER_S * NS_PER_US;
	return r;
}

/* A timer that the kernel cancels when the clock is set becomes one that looks often. */
int timerfd_settime(int fd, int flags, const struct itimerspec *new, struct itimerspec *old)
{
	struct itimerspec often = {{0, LOOK_NS}, {0, LOOK_NS}};

	if (!control || !(flags & TFD_TIMER_CANCEL_ON_SET))
		return NEXT(timerfd_settime)(fd, flags, new, old);
	watch_fd = fd;
	watched_us = control->wall_offset_us;
	return NEXT(timerfd_settime)(fd, 0, &often, old);
}

ssize_t read(int fd, void *buffer, size_t size)
{
	ssize_t n = NEXT(read)(fd, buffer, size);

	if (n > 0 && fd == watch_fd && control && control->wall_offset_us != watched_us) {
		watched_us = control->wall_offset_us;
		errno = ECANCELED;
		return -1;
	}
	return n;
}

/* --- the disk --- */

static bool is_ours(const char *path)
{
	const char *files = getenv("COXAD_SOAK_FILES");

	files = files ? files : getenv("STATE_DIRECTORY");
	return files && strncmp(path, files, strlen(files)) == 0;
}

static bool is_our_file(int fd)
{
	char name[64], path[PATH_ROOM];
	ssize_t n;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	n = readlink(name, path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return is_ours(path);
}

static int trouble(int disk)
{
	return disk == DISK_FULL ? ENOSPC : disk == DISK_READ_ONLY ? EROFS : EIO;
}

/* True, and errno set, if the call is to fail. */
static bool fails(int fd)
{
	int disk = control ? control->disk : DISK_GOOD;

	if (disk == DISK_GOOD || disk == DISK_SLOW || !is_our_file(fd))
		return false;
	errno = trouble(disk);
	return true;
}

static bool is_open_refused(const char *path, int flags)
{
	int disk = control ? control->disk : DISK_GOOD;
	bool is_new = disk == DISK_FULL && flags & O_CREAT && access(path, F_OK) < 0;

	if (!(flags & IS_WRITTEN) || (disk != DISK_READ_ONLY && !is_new) || !is_ours(path))
		return false;
	errno = trouble(disk);
	return true;
}

#define OPEN(name)                                                                                 \
	int name(const char *path, int flags, ...)                                                 \
	{                                                                                          \
		mode_t mode = 0;                                                                   \
		va_list args;                                                                      \
                                                                                                   \
		va_start(args, flags);                                                             \
		if (flags & O_CREAT)                                                               \
			mode = va_arg(args, mode_t);                                               \
		va_end(args);                                                                      \
		return is_open_refused(path, flags) ? -1 : NEXT(name)(path, flags, mode);          \
	}
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *buffer, size_t size)
{
	return fails(fd) ? -1 : NEXT(write)(fd, buffer, size);
}

ssize_t pwrite(int fd, const void *buffer, size_t size, off_t at)
{
	return fails(fd) ? -1 : NEXT(pwrite)(fd, buffer, size, at);
}

ssize_t pwrite64(int fd, const void *buffer, size_t size, off64_t at)
{
	return fails(fd) ? -1 : NEXT(pwrite64)(fd, buffer, size, at);
}

int ftruncate(int fd, off_t size)
{
	return fails(fd) ? -1 : NEXT(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
	return fails(fd) ? -1 : NEXT(ftruncate64)(fd, size);
}

static bool sync_fails(int fd)
{
	if (control && control->disk == DISK_SLOW && is_our_file(fd))
		sleep(STALL_S);
	return fails(fd);
}

int fsync(int fd)
{
	return sync_fails(fd) ? -1 : NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
	return sync_fails(fd) ? -1 : NEXT(fdatasync)(fd);
}
