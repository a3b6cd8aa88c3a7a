// SPDX-License-Identifier: MIT
#pragma once
/* What a radio received, on its way to the brain: a first line that numbers the batch, then lines of a
 * capture, dated by the radio's clock.
 *
 *   {"coxa_radio":1,"radio":"mat-1","boot":1795368600000,"seq":17,"n":2}
 *   {"t":10250331,"e":"notify","w":"C0:A5:00:00:00:01","c":"c0a50004-...","v":"0a00..."}
 *   {"t":10251877,"e":"rssi","w":"C0:A5:00:00:00:02","dbm":-60}
 *
 * "lost":3 if events were dropped from it; "gone":5 and no lines where the radio no longer has the
 * batches from 5 up to seq. The reader takes nothing for granted. Pure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coxad/core/fleet/radio-buffer.h"
#include "coxad/core/fleet/radio-inbox.h"
#include "coxad/core/fleet/radio-reason.h"
#include "coxad/wire/capture.h"

#define RADIO_BATCH_PROTOCOL  1
#define RADIO_BATCH_MAX       16384
#define RADIO_BATCH_HEAD_MAX  384
#define RADIO_BATCH_LINES_MAX (RADIO_BATCH_MAX - RADIO_BATCH_HEAD_MAX)
#define RADIO_BATCH_WHY_MAX   255  /* bytes of why a link ended: a recording limits its lines */
#define RADIO_BATCH_US        5000 /* a batch is closed so long after its first event */
/* Of numbers: they stay exact where JSON has doubles. */
#define RADIO_BATCH_NUMBER_MAX (INT64_C(1) << 53)

struct radio_batch_head {
	const char *radio;
	struct radio_span span;
	unsigned n; /* lines that follow */
};

/* --- the radio --- */

/* Of a batch that is being filled; all zero: empty. */
struct radio_batch_lines {
	size_t size;
	unsigned n;
	int64_t t_us; /* of the first */
	bool is_stream[RADIO_BUFFER_LINES_MAX];
	char text[RADIO_BATCH_LINES_MAX];
};

/* is_stream: the event may be dropped if the brain does not take it for long. -EAGAIN: there is no room
 * left, so these go first; -EMSGSIZE: there never is. */
int radio_batch_add(
	struct radio_batch_lines *lines, const struct capture_event *event, bool is_stream);
/* As it goes into the buffer; borrows. */
struct radio_lines radio_batch_lines_of(const struct radio_batch_lines *lines);
/* The message. Returns its size. */
size_t radio_batch_write(
	const char *radio, const struct radio_parcel *parcel, char ret[static RADIO_BATCH_MAX]);

/* --- the brain --- */

struct radio_batch_reader;

/* serves: whether the wearable is one of the radio's. */
struct radio_batch_reader *radio_batch_reader_new(
	bool (*serves)(void *user, const char *radio, const char *address), void *user);
struct radio_batch_reader *radio_batch_reader_free(struct radio_batch_reader *reader);
/* Borrows text until the last radio_batch_next. radio: whose topic it came on. A head that is refused
 * refuses the batch. */
enum radio_reason radio_batch_open(struct radio_batch_reader *reader, const char *radio,
	const char *text, size_t size, struct radio_batch_head *ret);
/* 1: *ret is the next event, dated by the radio's clock, borrowed until the next call. 0: the end.
 * -RADIO_REASON_...: a line is refused, the next may be good. */
int radio_batch_next(struct radio_batch_reader *reader, struct capture_event *ret);
