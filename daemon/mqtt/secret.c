// SPDX-License-Identifier: MIT
#include "daemon/mqtt/secret.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* The longest password, its mark and its end of line, and a byte that shows that there is more. */
#define READ_MAX (SECRET_BYTES_MAX + 3 + 2 + 1)

/* What makes the first `size` bytes of the file unusable, or NULL. Sets where the password begins and
 * how long it is. */
static const char *find(const char *bytes, size_t size, size_t *ret_at, size_t *ret_length)
{
	size_t at = size >= 3 && memcmp(bytes, byte_order_mark, 3) == 0 ? 3 : 0, end = at;

	while (end < size && bytes[end] != '\n')
		end++;
	if (end > at && bytes[end - 1] == '\r')
		end--;
	*ret_at = at;
	*ret_length = end - at;
	if (size == at)
		return "is empty: write the password into it, as its first line";
	if (end == at)
		return "has an empty first line: the password must be the first line";
	if (memchr(bytes + at, '\0', end - at))
		return "has a NUL byte in its first line: save it as text (UTF-8)";
	if (memchr(bytes + at, '\r', end - at))
		return "has a carriage return within its first line: save it with LF line ends";
	if (end - at > SECRET_BYTES_MAX)
		return "has a first line of more than 65535 bytes: that is no password";
	return NULL;
}

int secret_read(const char *what, const char *path, struct secret *ret,
	char ret_error[static FILE_TEXT_ERROR_SIZE])
{
	struct file_text file;
	size_t at, length;
	const char *fault;
	int r = file_text_read(what, path, READ_MAX, &file, ret_error);

	if (r < 0)
		return r;
	fault = find(file.text, file.size, &at, &length);
	if (!fault) {
		memmove(file.text, file.text + at, length);
		explicit_bzero(file.text + length, READ_MAX + 1 - length);
		*ret = (struct secret){file.text};
		return 0;
	}
	snprintf(ret_error, FILE_TEXT_ERROR_SIZE, "%s: %.200s %s", what, path, fault);
	explicit_bzero(file.text, READ_MAX);
	free(file.text);
	return -EINVAL;
}

void secret_done(struct secret *secret)
{
	if (secret->text)
		explicit_bzero(secret->text, strlen(secret->text));
	free(secret->text);
	secret->text = NULL;
}
