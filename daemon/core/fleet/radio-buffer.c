// SPDX-License-Identifier: MIT
/*    done       head                    at (to be sent next)       tail
 *     |          |                       |                          |
 *     4    (5)   6    7    8   ...       20   21    ...             30 = last
 *           |    without streams | streams are dropped from here on
 *           |
 *           too much even without streams
 */
#include "coxad/core/fleet/radio-buffer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"

#define PROBE_US (3 * (int64_t)US_PER_S)
/* More than the brain takes before it says so: it is told exactly how much it lost. */
#define GONE_MAX 1024

struct entry {
	struct entry *next;
	int64_t number;
	int64_t t_us;
	uint64_t lost;
	unsigned n, n_streams;
	uint64_t streams[RADIO_BUFFER_LINES_MAX / 64];
	size_t size;
	char *text;
};

struct radio_buffer {
	int64_t boot;
	int64_t last; /* the newest batch; 0: none yet */
	int64_t done;
	int64_t send; /* next */
	int64_t sent_us;
	struct entry *head, *tail;
	struct entry *at;     /* the first one not before `send` */
	struct entry *stream; /* the first one with streams */
	/* Lost with each of the first batches after `done`, and with the rest of those before the head. */
	uint64_t gone[GONE_MAX], gone_later;
	size_t bytes_max;
	struct radio_buffer_status status;
};

struct radio_buffer *radio_buffer_new(int64_t boot, size_t bytes_max)
{
	struct radio_buffer *b = new0(struct radio_buffer);

	b->boot = boot;
	b->send = 1;
	b->bytes_max = bytes_max;
	return b;
}

static struct entry *with_streams(struct entry *entry)
{
	while (entry && !entry->n_streams)
		entry = entry->next;
	return entry;
}

static void forget_head(struct radio_buffer *b)
{
	struct entry *head = b->head;

	if (b->at == head)
		b->at = head->next;
	if (b->stream == head)
		b->stream = with_streams(head->next);
	b->head = head->next;
	if (!b->head)
		b->tail = NULL;
	b->status.bytes -= sizeof(*head) + head->size;
	b->status.events -= head->n;
	free(head->text);
	free(head);
}

struct radio_buffer *radio_buffer_free(struct radio_buffer *b)
{
	if (!b)
		return NULL;
	while (b->head)
		forget_head(b);
	free(b);
	return NULL;
}

/* --- the bound --- */

static bool is_stream(const struct entry *entry, unsigned line)
{
	return entry->streams[line / 64] >> line % 64 & 1;
}

static void drop_streams(struct radio_buffer *b, struct entry *entry)
{
	const char *end = entry->text + entry->size;
	char *to = entry->text;
	unsigned line = 0;

	for (const char *from = entry->text; from < end; line++) {
		const char *newline = memchr(from, '\n', (size_t)(end - from));
		size_t size = (size_t)((newline ? newline + 1 : end) - from);

		if (!is_stream(entry, line)) {
			memmove(to, from, size);
			to += size;
		}
		from += size;
	}
	b->status.bytes -= (size_t)(end - to);
	b->status.events -= entry->n_streams;
	b->status.dropped += entry->n_streams;
	entry->size = (size_t)(to - entry->text);
	entry->text = alloc_resize(entry->text, entry->size + 1, 1);
	entry->lost += entry->n_streams;
	entry->n -= entry->n_streams;
	entry->n_streams = 0;
	b->stream = with_streams(entry->next);
}

static void note_gone(struct radio_buffer *b, const struct entry *entry)
{
	int64_t i = entry->number - b->done - 1;

	if (i < GONE_MAX)
		b->gone[i] += entry->n + entry->lost;
	else
		b->gone_later += entry->n + entry->lost;
}

static void shrink(struct radio_buffer *b)
{
	while (b->status.bytes > b->bytes_max) {
		if (b->stream) {
			drop_streams(b, b->stream);
			continue;
		}
		note_gone(b, b->head);
		b->status.lost += b->head->n;
		forget_head(b);
	}
}

/* --- from the radio to the brain --- */

static struct entry *make_entry(const struct radio_lines *lines)
{
	struct entry *entry = new0(struct entry);

	entry->t_us = lines->t_us;
	entry->n = lines->n;
	entry->size = lines->size;
	entry->text = alloc_zero(lines->size + 1, 1);
	memcpy(entry->text, lines->text, lines->size);
	for (unsigned i = 0; i < lines->n; i++) {
		entry->streams[i / 64] |= (uint64_t)lines->is_stream[i] << i % 64;
		entry->n_streams += lines->is_stream[i];
	}
	return entry;
}

static void append(struct radio_buffer *b, struct entry *entry)
{
	b->last = entry->number;
	if (b->tail)
		b->tail->next = entry;
	else
		b->head = entry;
	b->tail = entry;
	if (!b->at)
		b->at = entry;
	if (!b->stream)
		b->stream = with_streams(entry);
	b->status.bytes += sizeof(*entry) + entry->size;
	b->status.events += entry->n;
	shrink(b);
}

void radio_buffer_add(struct radio_buffer *b, const struct radio_lines *lines)
{
	struct entry *entry;

	assert(lines->n <= RADIO_BUFFER_LINES_MAX);
	entry = make_entry(lines);
	entry->number = b->last + 1;
	append(b, entry);
}

bool radio_buffer_restore(
	struct radio_buffer *b, const struct radio_lines *lines, int64_t number, uint64_t lost)
{
	struct entry *entry;

	if (number <= b->last)
		return false;
	entry = make_entry(lines);
	entry->number = number;
	entry->lost = lost;
	append(b, entry);
	return true;
}

int64_t radio_buffer_last(const struct radio_buffer *b)
{
	return b->last;
}

static uint64_t lost_with(const struct radio_buffer *b, int64_t first, int64_t last)
{
	uint64_t lost = !b->head || last < b->head->number ? b->gone_later : 0;

	for (int64_t i = 0; i < GONE_MAX; i++)
		if (b->done + 1 + i >= first && b->done + 1 + i <= last)
			lost += b->gone[i];
	return lost;
}

bool radio_buffer_take(struct radio_buffer *b, int64_t now_us, struct radio_parcel *ret)
{
	const struct entry *at = b->at;

	if (b->send > b->last)
		return false;
	if (at && at->number == b->send) {
		*ret = (struct radio_parcel){
			{b->boot, b->send, b->send, at->lost}, at->text, at->size, at->n};
		b->at = at->next;
	} else {
		int64_t last = at ? at->number - 1 : b->last;

		*ret = (struct radio_parcel){
			.span = {b->boot, b->send, last, lost_with(b, b->send, last)}};
	}
	b->send = ret->span.last + 1;
	b->sent_us = now_us;
	return true;
}

/* --- from the brain to the radio --- */

static void seek(struct radio_buffer *b, int64_t number)
{
	b->send = number;
	b->at = b->head;
	while (b->at && b->at->number < number)
		b->at = b->at->next;
}

static void forget_done(struct radio_buffer *b, int64_t done)
{
	int64_t n = done - b->done;

	if (n > GONE_MAX)
		n = GONE_MAX;
	memmove(b->gone, b->gone + n, (size_t)(GONE_MAX - n) * sizeof(b->gone[0]));
	memset(b->gone + GONE_MAX - n, 0, (size_t)n * sizeof(b->gone[0]));
	if (done >= (b->head ? b->head->number - 1 : b->last))
		b->gone_later = 0;
	while (b->head && b->head->number <= done)
		forget_head(b);
	b->done = done;
	if (b->send <= done)
		seek(b, done + 1);
}

int radio_buffer_flow(struct radio_buffer *b, const struct radio_flow *flow)
{
	if (flow->boot != b->boot)
		return -ESTALE;
	if (flow->done < 0 || flow->done > b->last || flow->from < 0 || flow->from > b->last + 1)
		return -ERANGE;
	if (flow->done > b->done)
		forget_done(b, flow->done);
	if (flow->from)
		seek(b, flow->from);
	return 0;
}

int64_t radio_buffer_deadline(const struct radio_buffer *b)
{
	return b->done < b->last && b->send > b->last ? b->sent_us + PROBE_US : T_NEVER;
}

void radio_buffer_advance(struct radio_buffer *b, int64_t now_us)
{
	if (now_us >= radio_buffer_deadline(b))
		seek(b, b->last);
}

void radio_buffer_status(const struct radio_buffer *b, struct radio_buffer_status *ret)
{
	*ret = b->status;
	ret->oldest_us = b->head ? b->head->t_us : T_NEVER;
}
