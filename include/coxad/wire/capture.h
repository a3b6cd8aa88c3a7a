// SPDX-License-Identifier: MIT
#pragma once
/* The capture: what coxad heard, one JSON object a line (coxad(8), CAPTURES), and the one kind of
 * input that the gateway takes, live or replayed. The codec is pure: a line in, an event out, and
 * back. Strings of a decoded event live in the decoder until the next line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"

#define CAPTURE_VALUE_MAX 600 /* bytes of one read or notification: ATT allows 512 */
#define CAPTURE_LINE_MAX  16384

enum capture_kind {
	CAPTURE_HEADER,
	CAPTURE_CONNECTED,
	CAPTURE_READ,
	CAPTURE_NOTIFY,
	CAPTURE_DISCONNECTED,
	CAPTURE_RSSI,
	CAPTURE_COMMAND,
	CAPTURE_WALL,
};

struct capture_event {
	enum capture_kind kind;
	int64_t t_us;
	const char *address; /* `w`, upper case; NULL where the kind has none */
	struct uuid characteristic;
	const uint8_t *value; /* `v`, READ and NOTIFY */
	size_t size;
	unsigned mtu;
	const char *why;
	int rssi_dbm;
	const char *topic;   /* below the site's prefix, "command/calibrate" */
	const char *payload; /* JSON text of the object */
	size_t payload_size;
	bool is_retained;
	int64_t wall_us;
	const char *gateway; /* HEADER */
	const char *run; /* HEADER: the run's id, so that a replay gives the same ids; NULL: none */
};

struct capture_decoder;
struct capture_decoder *capture_decoder_new(void);
struct capture_decoder *capture_decoder_free(struct capture_decoder *decoder);
/* One line without its newline. 1: *ret filled. 0: nothing on the line (blank). -EINVAL: an error,
 * *ret_error names it (the caller adds file and line); a `t` that falls and a first line that is
 * no header are errors too. *ret_error lives until the next call. */
int capture_decode(struct capture_decoder *decoder, const char *line, size_t size,
	struct capture_event *ret, const char **ret_error);
/* Writes the event as one line with its newline. Returns its length, or -ENOBUFS. */
int capture_encode(const struct capture_event *event, char *buffer, size_t size);
