// SPDX-License-Identifier: MIT
/* Preloaded into coxad: while the file COXAD_SLOW_DISK exists, the disk takes COXAD_SLOW_DISK_S for
 * each sync. Says so on standard error.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int fdatasync(int fd);
int fsync(int fd);

static void wait(void)
{
	const char *file = getenv("COXAD_SLOW_DISK"), *seconds = getenv("COXAD_SLOW_DISK_S");
	struct timespec slow = {.tv_sec = seconds ? atoi(seconds) : 0};

	if (!file || access(file, F_OK))
		return;
	fputs("slow-disk: begins\n", stderr);
	nanosleep(&slow, NULL);
	fputs("slow-disk: ends\n", stderr);
}

int fdatasync(int fd)
{
	wait();
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	wait();
	return (int)syscall(SYS_fsync, fd);
}
