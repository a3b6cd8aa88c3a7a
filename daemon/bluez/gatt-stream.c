// SPDX-License-Identifier: MIT
#include "daemon/bluez/gatt-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "coxad/base/alloc.h"
#include "coxad/loop/clock.h"
#include "coxad/wire/capture.h"

/* More than the socket holds: it is emptied at once, but cannot keep the loop for ever. */
#define READS_PER_WAKE 512

struct gatt_stream {
	sd_event_source *source;
	int fd;
	const struct gatt_stream_ops *ops;
	void *user;
	bool is_reading, is_freed; /* inside its own callback, which completes it */
};

static bool is_hung_up(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};

	return poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLRDHUP | POLLERR);
}

static int on_readable(sd_event_source *source, int fd, uint32_t revents, void *user)
{
	struct gatt_stream *stream = user;
	uint8_t value[CAPTURE_VALUE_MAX];
	bool is_closed = false;

	stream->is_reading = true;
	for (unsigned i = 0; i < READS_PER_WAKE && !stream->is_freed; i++) {
		ssize_t n = recv(fd, value, sizeof(value), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			is_closed = errno != EAGAIN;
			break;
		}
		/* An empty notification looks like the end of the stream. */
		if (n == 0 && is_hung_up(fd)) {
			is_closed = true;
			break;
		}
		if ((size_t)n > sizeof(value))
			n = sizeof(value);
		stream->ops->bytes(stream->user, clock_now_us(), value, (size_t)n);
	}
	stream->is_reading = false;
	if (stream->is_freed) {
		free(stream);
	} else if (is_closed) {
		sd_event_source_set_enabled(source, SD_EVENT_OFF);
		stream->ops->closed(stream->user);
	}
	return 0;
}

int gatt_stream_new(sd_event *loop, int fd, const struct gatt_stream_ops *ops, void *user,
	struct gatt_stream **ret)
{
	struct gatt_stream *stream = new0(struct gatt_stream);
	int r;

	*stream = (struct gatt_stream){.fd = fd, .ops = ops, .user = user};
	shutdown(fd, SHUT_WR);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	r = sd_event_add_io(loop, &stream->source, fd, EPOLLIN, on_readable, stream);
	if (r < 0) {
		gatt_stream_free(stream);
		return r;
	}
	sd_event_source_set_description(stream->source, "gatt-stream");
	sd_event_source_set_priority(stream->source, SD_EVENT_PRIORITY_IMPORTANT);
	*ret = stream;
	return 0;
}

struct gatt_stream *gatt_stream_free(struct gatt_stream *stream)
{
	if (!stream)
		return NULL;
	sd_event_source_disable_unref(stream->source);
	close(stream->fd);
	stream->is_freed = true;
	if (!stream->is_reading)
		free(stream);
	return NULL;
}
