// SPDX-License-Identifier: MIT
#include "coxad/store/source-replay.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "coxad/base/alloc.h"

struct source_replay {
	char *path;
	gzFile file; /* zlib reads plain files as they are */
	struct capture_decoder *decoder;
	unsigned long line;
	bool has_event; /* the header, at least */
	char *error;
	char text[CAPTURE_CONFIG_MAX + 2]; /* with newline and terminator */
};

int source_replay_new(const char *path, struct source_replay **ret)
{
	bool is_stdin = strcmp(path, "-") == 0;
	struct source_replay *s;
	gzFile file;

	errno = 0;
	file = is_stdin ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path, "rbe");
	if (!file)
		return errno ? -errno : -ENOMEM;
	s = new0(struct source_replay);
	s->file = file;
	s->path = alloc_text(is_stdin ? "standard input" : path);
	s->decoder = capture_decoder_new();
	*ret = s;
	return 0;
}

struct source_replay *source_replay_free(struct source_replay *s)
{
	if (!s)
		return NULL;
	gzclose(s->file);
	capture_decoder_free(s->decoder);
	free(s->path);
	free(s->error);
	free(s);
	return NULL;
}

int source_replay_fail(struct source_replay *s, const char *what)
{
	free(s->error);
	s->error = alloc_printf("%s:%lu: %s", s->path, s->line, what);
	return -EINVAL;
}

/* Length of the line in s->text, 0 with *ret_end at the end of the file, or an error. */
static int read_line(struct source_replay *s, bool *ret_end)
{
	size_t size;
	int code;

	if (!gzgets(s->file, s->text, sizeof(s->text))) {
		const char *error = gzerror(s->file, &code);

		if (code != Z_OK && code != Z_STREAM_END)
			return source_replay_fail(s, code == Z_ERRNO ? strerror(errno) : error);
		*ret_end = true;
		return 0;
	}
	s->line++;
	size = strlen(s->text);
	if (size > 0 && s->text[size - 1] == '\n')
		size--;
	else if (size == sizeof(s->text) - 1)
		return source_replay_fail(s, "line too long");
	return (int)size;
}

int source_replay_next(struct source_replay *s, struct capture_event *ret)
{
	for (;;) {
		const char *error = NULL;
		bool is_end = false;
		int size = read_line(s, &is_end);
		int r;

		if (is_end && !s->has_event)
			return source_replay_fail(s, "the capture is empty: it has no header");
		if (size < 0 || is_end)
			return size;
		r = capture_decode(s->decoder, s->text, (size_t)size, ret, &error);
		if (r < 0)
			return source_replay_fail(s, error);
		if (r > 0) {
			s->has_event = true;
			return 1;
		}
	}
}

const char *source_replay_error(const struct source_replay *s)
{
	return s->error ? s->error : "no error";
}
