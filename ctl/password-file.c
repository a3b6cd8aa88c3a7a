// SPDX-License-Identifier: MIT
#include "ctl/password-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "ctl/ctl.h"
#include "ctl/out.h"

/* coxad takes no longer one. */
#define PASSWORD_BYTES 512

static const char *folder_of(void)
{
	const char *folder = getenv("COXAD_CREDENTIAL_STORE");

	return folder ? folder : "/etc/credstore";
}

static char *path_of(void)
{
	return alloc_printf("%s/" PASSWORD_FILE_CREDENTIAL, folder_of());
}

bool password_file_is(const char *password)
{
	_auto_free_ char *path = path_of();
	char text[PASSWORD_BYTES] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	bool is_same;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return !password && errno == ENOENT;
	text[strcspn(text, "\r\n")] = '\0';
	is_same = password && strcmp(text, password) == 0;
	explicit_bzero(text, sizeof(text));
	return is_same;
}

static int write_whole(int fd, const char *password)
{
	size_t size = strlen(password);

	if (fchmod(fd, 0600) < 0 || write(fd, password, size) != (ssize_t)size || fsync(fd) < 0)
		return -1;
	return 0;
}

static char *draft_of(void)
{
	_auto_free_ char *path = path_of();

	return alloc_printf("%s.new", path);
}

static int failed(void)
{
	out_message("%s: %s", folder_of(), strerror(errno));
	return CTL_FAILED;
}

static int write_draft(const char *password)
{
	_auto_free_ char *draft = draft_of();
	int fd, r;

	/* Of one that was interrupted. */
	unlink(draft);
	fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	r = write_whole(fd, password);
	close(fd);
	return r;
}

int password_file_draft(const char *password)
{
	int status;

	if (strlen(password) >= PASSWORD_BYTES) {
		out_message("the password is too long");
		return CTL_FAILED;
	}
	if ((mkdir(folder_of(), 0700) == 0 || errno == EEXIST) && write_draft(password) == 0)
		return CTL_OK;
	status = failed();
	password_file_drop();
	return status;
}

void password_file_drop(void)
{
	_auto_free_ char *draft = draft_of();

	unlink(draft);
}

int password_file_put(void)
{
	_auto_free_ char *path = path_of(), *draft = draft_of();
	int fd;

	if (rename(draft, path) < 0)
		return failed();
	fd = open(folder_of(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return CTL_OK;
}
