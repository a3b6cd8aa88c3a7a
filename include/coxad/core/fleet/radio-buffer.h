// SPDX-License-Identifier: MIT
#pragma once
/* The radio's side of the way to the brain: what was sent and is not done yet, so that it can be sent
 * again. Bounded: what is too much are streams (motion, orientation, sound), oldest first, and only then
 * the rest; each is counted, and the brain is told how much it lost. Owns copies; a batch costs two
 * allocations, 50 times a second at most. Pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/fleet/radio-flow.h"
#include "coxad/core/fleet/radio-inbox.h"

#define RADIO_BUFFER_BYTES_MAX (64U * 1024 * 1024)
#define RADIO_BUFFER_LINES_MAX 256 /* of a batch */

struct radio_buffer;

/* The lines of a batch, each with its newline. Borrowed during the call. */
struct radio_lines {
	const char *text;
	size_t size;
	unsigned n;            /* at most RADIO_BUFFER_LINES_MAX */
	const bool *is_stream; /* of each: may be dropped */
	int64_t t_us;          /* when the first was received */
};

/* To be sent: a batch, which may have lost lines, or (text NULL) a run of those that the radio no longer
 * has. The text is borrowed until the next call. */
struct radio_parcel {
	struct radio_span span;
	const char *text;
	size_t size;
	unsigned n;
};

struct radio_buffer_status {
	size_t bytes;
	uint64_t events;
	int64_t oldest_us; /* T_NEVER: there is nothing */
	uint64_t dropped;  /* streams, in all */
	uint64_t lost;     /* the rest, in all */
};

struct radio_buffer *radio_buffer_new(int64_t boot, size_t bytes_max);
struct radio_buffer *radio_buffer_free(struct radio_buffer *buffer);
void radio_buffer_add(struct radio_buffer *buffer, const struct radio_lines *lines);
/* The number of the newest; 0: there is none. */
int64_t radio_buffer_last(const struct radio_buffer *buffer);
/* A batch that an earlier run of the same boot kept, which had lost lines by then; those before it that were
 * not given are gone. False: its number is not greater than that of the last one. */
bool radio_buffer_restore(struct radio_buffer *buffer, const struct radio_lines *lines,
	int64_t number, uint64_t lost);
/* What is to be sent next; false: nothing. */
bool radio_buffer_take(struct radio_buffer *buffer, int64_t now_us, struct radio_parcel *ret);
/* What the brain says. -ESTALE: of another boot; -ERANGE: of batches that never were. */
int radio_buffer_flow(struct radio_buffer *buffer, const struct radio_flow *flow);
/* When the last batch is to be sent again, since nobody said that it came; T_NEVER. */
int64_t radio_buffer_deadline(const struct radio_buffer *buffer);
void radio_buffer_advance(struct radio_buffer *buffer, int64_t now_us);
void radio_buffer_status(const struct radio_buffer *buffer, struct radio_buffer_status *ret);
