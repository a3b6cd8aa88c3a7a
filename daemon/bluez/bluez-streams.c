// SPDX-License-Identifier: MIT
#include "daemon/bluez/bluez-streams.h"

#include <errno.h>
#include <unistd.h>

static void on_bytes(void *user, int64_t t_us, const uint8_t *value, size_t size)
{
	struct bluez_stream *stream = user;

	stream->streams->ops->bytes(stream->streams->user, stream, t_us, value, size);
}

static void on_closed(void *user)
{
	struct bluez_stream *stream = user;

	stream->socket = gatt_stream_free(stream->socket);
	stream->streams->ops->closed(stream->streams->user, stream);
}

static const struct gatt_stream_ops stream_ops = {on_bytes, on_closed};

void bluez_streams_init(struct bluez_streams *streams, sd_event *loop,
	const struct bluez_streams_ops *ops, void *user)
{
	*streams = (struct bluez_streams){.loop = loop, .ops = ops, .user = user};
}

int bluez_streams_open(
	struct bluez_streams *streams, const struct uuid *characteristic, unsigned epoch, int fd)
{
	if (fd < 0)
		return -EBADF;
	bluez_streams_close(streams, characteristic);
	for (size_t i = 0; i < BLUEZ_STREAMS_MAX; i++) {
		struct bluez_stream *stream = &streams->stream[i];

		if (stream->socket)
			continue;
		*stream = (struct bluez_stream){
			.streams = streams, .characteristic = *characteristic, .epoch = epoch};
		return gatt_stream_new(streams->loop, fd, &stream_ops, stream, &stream->socket);
	}
	close(fd);
	return -EMFILE;
}

bool bluez_streams_close(struct bluez_streams *streams, const struct uuid *only)
{
	bool any = false;

	for (size_t i = 0; i < BLUEZ_STREAMS_MAX; i++) {
		struct bluez_stream *stream = &streams->stream[i];

		if (!stream->socket || (only && !uuid_is_equal(only, &stream->characteristic)))
			continue;
		stream->socket = gatt_stream_free(stream->socket);
		any = true;
	}
	return any;
}
