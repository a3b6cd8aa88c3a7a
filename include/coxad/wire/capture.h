// SPDX-License-Identifier: MIT
#pragma once
/* The capture: what coxad received, one JSON object per line (coxad(8), CAPTURES). Its events are the
 * only input of the gateway, live or replayed. The codec is pure. Strings of a decoded event live in
 * the decoder until the next line.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/base/uuid.h"
#include "coxad/core/terms.h"

#define CAPTURE_VALUE_MAX 600 /* bytes of one read or notification: ATT allows 512 */
#define CAPTURE_LINE_MAX  16384
/* A changed configuration. */
#define CAPTURE_CONFIG_MAX (1024 * 1024)
#define CAPTURE_HASH_SIZE  17
/* The largest `u`: a month, for what a radio kept while nobody asked for its clock. */
#define CAPTURE_UNC_MAX_US (31 * 24 * INT64_C(3600000000))
/* Where the first line that capture_encode() writes has its version, a digit: 1 until the capture needs
 * what came with 2, see capture_needs_new. A reader takes that in either. */
#define CAPTURE_VERSION_AT  16
#define CAPTURE_VERSION_NEW '2'

enum capture_kind {
	CAPTURE_HEADER,
	CAPTURE_CONNECTED,
	CAPTURE_READ,
	CAPTURE_NOTIFY,
	CAPTURE_DISCONNECTED,
	CAPTURE_RSSI,
	CAPTURE_COMMAND,
	CAPTURE_WALL,
	CAPTURE_CONFIG,
};

struct capture_event {
	enum capture_kind kind;
	int64_t t_us;
	const char *address; /* `w`, upper case; NULL if the kind has none */
	/* Of a wearable that is heard through a radio on another machine: */
	int64_t delay_us;  /* from its arrival there, `a`, until t_us */
	int64_t unc_us;    /* `u`: how far that may be off, as the radio has a clock of its own */
	const char *radio; /* `r`: its name; NULL: an adapter of this gateway */
	struct uuid characteristic;
	const uint8_t *value; /* `v`, READ and NOTIFY */
	size_t size;
	unsigned mtu;
	const char *adapter;     /* CONNECTED: through which, see address_shorten; NULL: unknown */
	enum wearable_bond bond; /* CONNECTED */
	const char *why;
	int rssi_dbm;
	const char *topic;   /* below the site's prefix, "command/calibrate" */
	const char *payload; /* JSON text of the object */
	size_t payload_size;
	bool is_retained;
	int64_t wall_us;
	const char *text; /* CONFIG: analysis, kits and wearables from here on */
	size_t text_size;
	const char *config_hash; /* CONFIG: of the whole configuration; or NULL */
	const char *gateway;     /* HEADER */
	const char *run; /* HEADER: the run's id, so that a replay makes the same ids; or NULL */
};

struct capture_decoder;
struct capture_decoder *capture_decoder_new(void);
struct capture_decoder *capture_decoder_free(struct capture_decoder *decoder);
/* From now on there are lines without a header before them, at any time. */
void capture_decoder_expect_lines(struct capture_decoder *decoder);
/* One line without its newline. 1: *ret is filled. 0: the line is blank. -EINVAL: *ret_error says
 * what is wrong (the caller adds file and line) until the next call; a `t` that goes back and a
 * first line that is not a header are errors too. */
int capture_decode(struct capture_decoder *decoder, const char *line, size_t size,
	struct capture_event *ret, const char **ret_error);
/* Taken at t_us, if that is later. When it arrived at a radio stays as it is. */
void capture_postpone(struct capture_event *event, int64_t t_us);
/* What a reader of version 1 does not know. */
bool capture_needs_new(const struct capture_event *event);
/* Writes the event as one line with its newline. Returns its length, or -ENOBUFS. CAPTURE_LINE_MAX is
 * enough for all but CONFIG, which needs CAPTURE_CONFIG_MAX. */
int capture_encode(const struct capture_event *event, char *buffer, size_t size);
