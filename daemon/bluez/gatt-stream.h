// SPDX-License-Identifier: MIT
#pragma once
/* The socket that AcquireNotify returns: one message per notification. Drains it at each wake-up,
 * because bluetoothd silently drops notifications once about 278 wait, and stamps each read. Owns
 * the descriptor; never writes to it (bluetoothd would send that to the wearable).
 */
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

struct gatt_stream;

struct gatt_stream_ops {
	/* value is borrowed. The stream may be freed inside. */
	void (*bytes)(void *user, int64_t t_us, const uint8_t *value, size_t size);
	/* The other side closed it; nothing follows. The stream may be freed inside. */
	void (*closed)(void *user);
};

/* Takes fd, also on failure. -errno. */
int gatt_stream_new(sd_event *loop, int fd, const struct gatt_stream_ops *ops, void *user,
	struct gatt_stream **ret);
struct gatt_stream *gatt_stream_free(struct gatt_stream *stream);
