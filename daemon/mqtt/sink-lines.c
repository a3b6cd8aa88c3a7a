// SPDX-License-Identifier: MIT
#include "coxad/mqtt/sink-lines.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/wire/message-print.h"

#define FIRST_BYTES 4096
/* No payload comes near this: a longer message is a bug. */
#define MOST_BYTES (1 << 24)

struct sink_lines {
	FILE *stream;
	bool is_live;
	int error; /* of the first failed write, 0: none */
	char *line;
	size_t size;
};

struct sink_lines *sink_lines_new(FILE *stream, bool is_live)
{
	struct sink_lines *sink = alloc_zero(1, sizeof(*sink));

	sink->stream = stream;
	sink->is_live = is_live;
	sink->size = FIRST_BYTES;
	sink->line = alloc_zero(1, sink->size);
	return sink;
}

struct sink_lines *sink_lines_free(struct sink_lines *sink)
{
	if (!sink)
		return NULL;
	free(sink->line);
	free(sink);
	return NULL;
}

static int print_line(struct sink_lines *sink, const struct message *message)
{
	for (;;) {
		int r = message_print_line(message, sink->line, sink->size);

		if (r != -ENOBUFS || sink->size >= MOST_BYTES)
			return r;
		free(sink->line);
		sink->size *= 2;
		sink->line = alloc_zero(1, sink->size);
	}
}

int sink_lines_push(struct sink_lines *sink, const struct message *message)
{
	int length;

	if (sink->error)
		return sink->error;
	length = print_line(sink, message);
	if (length < 0)
		return length;
	if (fwrite(sink->line, 1, (size_t)length, sink->stream) != (size_t)length ||
		(sink->is_live && fflush(sink->stream)))
		sink->error = errno ? -errno : -EIO;
	return sink->error;
}

int sink_lines_flush(struct sink_lines *sink)
{
	if (!sink->error && fflush(sink->stream))
		sink->error = errno ? -errno : -EIO;
	return sink->error;
}
