// SPDX-License-Identifier: MIT
#pragma once
/* The notification sockets of one wearable, one a characteristic. Owns them. Embedded. */
#include <stdbool.h>

#include "coxad/base/uuid.h"
#include "daemon/bluez/gatt-stream.h"

#define BLUEZ_STREAMS_MAX 16

struct bluez_streams;

struct bluez_stream {
	struct bluez_streams *streams;
	struct gatt_stream *socket; /* NULL: free */
	struct uuid characteristic;
	unsigned epoch; /* of the link when it was opened */
};

struct bluez_streams_ops {
	/* value is borrowed. The stream may be closed inside. */
	void (*bytes)(void *user, const struct bluez_stream *stream, int64_t t_us,
		const uint8_t *value, size_t size);
	/* The other side closed it. */
	void (*closed)(void *user, const struct bluez_stream *stream);
};

struct bluez_streams {
	sd_event *loop;
	const struct bluez_streams_ops *ops;
	void *user;
	struct bluez_stream stream[BLUEZ_STREAMS_MAX];
};

void bluez_streams_init(struct bluez_streams *streams, sd_event *loop,
	const struct bluez_streams_ops *ops, void *user);
/* Takes fd, also on failure. Replaces the characteristic's stream. -errno. */
int bluez_streams_open(
	struct bluez_streams *streams, const struct uuid *characteristic, unsigned epoch, int fd);
/* only NULL: all. Returns whether there was one. */
bool bluez_streams_close(struct bluez_streams *streams, const struct uuid *only);
