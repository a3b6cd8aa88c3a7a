// SPDX-License-Identifier: MIT
#include "ctl/program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coxad/base/alloc.h"

#define OUTPUT_BYTES (256 << 10)

static void be(const char *const *words, int fd)
{
	const char *path = getenv("PATH");
	/* Where coxad is, though perhaps not for every user. */
	char *wide = alloc_printf(
		"%s%s/usr/local/sbin:/usr/sbin:/sbin", path ? path : "", path ? ":" : "");

	setenv("PATH", wide, true);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	execvp(words[0], (char *const *)words);
	_exit(PROGRAM_NOT_FOUND);
}

static char *read_all(int fd)
{
	char *text = alloc_zero(1, OUTPUT_BYTES), rest[4096];
	size_t used = 0;
	ssize_t n;

	do {
		bool is_full = used == OUTPUT_BYTES - 1;

		n = is_full ? read(fd, rest, sizeof(rest))
			    : read(fd, text + used, OUTPUT_BYTES - 1 - used);
		if (n > 0 && !is_full)
			used += (size_t)n;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return text;
}

static int status_of(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return PROGRAM_NOT_FOUND;
	return WIFEXITED(status) ? WEXITSTATUS(status) : PROGRAM_NOT_FOUND;
}

int program_run(const char *const *words, char **ret)
{
	int ends[2] = {-1, -1};
	pid_t pid;

	if (ret)
		*ret = NULL;
	if (ret && pipe(ends) < 0) {
		*ret = alloc_text("");
		return PROGRAM_NOT_FOUND;
	}
	pid = fork();
	if (pid == 0)
		be(words, ends[1]);
	if (ret) {
		close(ends[1]);
		*ret = pid > 0 ? read_all(ends[0]) : alloc_text("");
		close(ends[0]);
	}
	return pid > 0 ? status_of(pid) : PROGRAM_NOT_FOUND;
}
