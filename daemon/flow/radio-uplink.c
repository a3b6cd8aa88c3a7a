// SPDX-License-Identifier: MIT
#include "coxad/flow/radio-uplink.h"

#include <errno.h>
#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/list.h"
#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-message.h"

#define RUNS_MAX RADIO_INBOX_BOOTS

struct run {
	int64_t boot;
	int64_t ahead_us; /* its clock, of ours */
	struct radio_buffer *buffer;
};

struct radio_uplink {
	char *name;
	const struct radio_uplink_ops *ops;
	void *user;
	/* The earliest first, the last one is this one. */
	unsigned n_runs;
	struct run run[RUNS_MAX + 1];
	struct radio_batch_lines lines;          /* of the batch that is being filled */
	bool has_stream, has_other, has_symptom; /* records of the event in work */
	uint64_t too_long, refused;
	char text[RADIO_BATCH_MAX];
};

struct radio_uplink *radio_uplink_new(const char *name, int64_t boot, size_t bytes_max,
	const struct radio_uplink_ops *ops, void *user)
{
	struct radio_uplink *u = new0(struct radio_uplink);

	u->name = alloc_text(name);
	u->ops = ops;
	u->user = user;
	u->run[u->n_runs++] = (struct run){boot, 0, radio_buffer_new(boot, bytes_max)};
	return u;
}

struct radio_uplink *radio_uplink_free(struct radio_uplink *u)
{
	if (!u)
		return NULL;
	for (unsigned i = 0; i < u->n_runs; i++)
		radio_buffer_free(u->run[i].buffer);
	free(u->name);
	free(u);
	return NULL;
}

void radio_uplink_note_record(struct radio_uplink *u, enum record_kind kind)
{
	if (kind == RECORD_MOTION || kind == RECORD_ORIENTATION || kind == RECORD_AUDIO)
		u->has_stream = true;
	else
		u->has_other = true;
	u->has_symptom |= kind == RECORD_SYMPTOM;
}

static struct run *newest(struct radio_uplink *u)
{
	return &u->run[u->n_runs - 1];
}

/* Into u->text. Returns the size. */
static size_t write_without_streams(struct radio_uplink *u, const struct radio_lines *lines)
{
	const struct run *run = newest(u);
	int64_t number = radio_buffer_last(run->buffer);
	char kept[RADIO_BATCH_LINES_MAX];
	struct radio_parcel parcel = {.span = {run->boot, number, number, 0}, .text = kept};
	const char *from = lines->text;

	for (unsigned i = 0; i < lines->n; i++) {
		size_t size = (size_t)((const char *)memchr(from, '\n', lines->size) - from) + 1;

		if (!lines->is_stream[i]) {
			memcpy(kept + parcel.size, from, size);
			parcel.size += size;
			parcel.n++;
		}
		from += size;
	}
	parcel.span.lost = lines->n - parcel.n;
	return radio_batch_write(u->name, &parcel, u->text);
}

static void close_batch(struct radio_uplink *u, bool is_kept)
{
	struct radio_lines lines = radio_batch_lines_of(&u->lines);

	if (!lines.n)
		return;
	radio_buffer_add(newest(u)->buffer, &lines);
	if (is_kept && u->ops->keep)
		u->ops->keep(u->user, radio_buffer_last(newest(u)->buffer), u->text,
			write_without_streams(u, &lines));
	u->lines.n = 0;
	u->lines.size = 0;
}

void radio_uplink_push(struct radio_uplink *u, const struct capture_event *event)
{
	bool is_stream = event->kind == CAPTURE_NOTIFY && u->has_stream && !u->has_other;
	bool is_symptom = u->has_symptom;
	int r;

	u->has_stream = u->has_other = u->has_symptom = false;
	if (!event->address)
		return;
	r = radio_batch_add(&u->lines, event, is_stream);
	if (r == -EAGAIN) {
		close_batch(u, false);
		r = radio_batch_add(&u->lines, event, is_stream);
	}
	u->too_long += r < 0;
	/* It is on disk as soon as can be. */
	if (is_symptom)
		close_batch(u, true);
}

/* --- what an earlier run kept --- */

static bool serves_any(void *user, const char *radio, const char *address)
{
	return true;
}

/* NULL: there are too many. */
static struct run *run_of(struct radio_uplink *u, int64_t boot, int64_t ahead_us)
{
	struct run *current = newest(u);

	if (u->n_runs > 1 && u->run[u->n_runs - 2].boot == boot)
		return &u->run[u->n_runs - 2];
	if (u->n_runs > RUNS_MAX)
		return NULL;
	u->run[u->n_runs++] = *current;
	*current = (struct run){boot, ahead_us, radio_buffer_new(boot, RADIO_BUFFER_BYTES_MAX)};
	return current;
}

static int restore(struct radio_uplink *u, const struct radio_batch_head *head,
	struct radio_batch_reader *reader, int64_t ahead_us)
{
	_auto_free_ struct radio_batch_lines *lines = new0(struct radio_batch_lines);
	struct capture_event event;
	struct radio_lines all;
	struct run *run;

	while (radio_batch_next(reader, &event) == 1)
		if (radio_batch_add(lines, &event, false) < 0)
			return -EINVAL;
	run = run_of(u, head->span.boot, ahead_us);
	if (!run)
		return -ENOSPC;
	all = radio_batch_lines_of(lines);
	return radio_buffer_restore(run->buffer, &all, head->span.last, head->span.lost) ? 0
											 : -EINVAL;
}

int radio_uplink_recall(
	struct radio_uplink *u, const char *text, size_t size, int64_t ahead_us, int64_t *ret_boot)
{
	struct radio_batch_reader *reader = radio_batch_reader_new(serves_any, NULL);
	struct radio_batch_head head;
	int r = -EINVAL;

	if (radio_batch_open(reader, u->name, text, size, &head) == RADIO_REASON_NONE)
		r = restore(u, &head, reader, ahead_us);
	if (r == 0)
		*ret_boot = head.span.boot;
	radio_batch_reader_free(reader);
	return r;
}

/* An earlier run has no more to say. */
static void end_done(struct radio_uplink *u, int64_t done)
{
	if (u->n_runs == 1 || done < radio_buffer_last(u->run[0].buffer))
		return;
	radio_buffer_free(u->run[0].buffer);
	list_drop(u->run, u->n_runs, 0);
}

/* --- what the brain says --- */

/* What an earlier run sent after all that it kept is not known any more. */
static void limit(struct radio_flow *flow, int64_t last)
{
	if (flow->done > last)
		flow->done = last;
	if (flow->from > last)
		flow->from = 0;
}

/* It cannot know of a restart yet, or still speaks of the run before. */
static int take_flow(struct radio_uplink *u, struct radio_flow *flow)
{
	struct radio_buffer *buffer = u->run[0].buffer;
	int r;

	if (u->n_runs > 1)
		limit(flow, radio_buffer_last(buffer));
	r = radio_buffer_flow(buffer, flow);
	if (r < 0)
		return r == -ESTALE ? 0 : r;
	if (flow->done && u->ops->done)
		u->ops->done(u->user, flow->boot, flow->done);
	end_done(u, flow->done);
	return 0;
}

void radio_uplink_flow(struct radio_uplink *u, const char *text, size_t size)
{
	struct radio_flow flow;
	int r = radio_message_read_flow(text, size, &flow);

	if (r == 0)
		r = take_flow(u, &flow);
	u->refused += r < 0;
}

void radio_uplink_clock(
	struct radio_uplink *u, const char *text, size_t size, int64_t t2_us, int64_t now_us)
{
	const struct run *run = &u->run[0];
	struct radio_clock_answer clock;
	char answer[RADIO_MESSAGE_MAX];

	switch (radio_message_read_clock(text, size, &clock)) {
	case 0:
		clock.boot = run->boot;
		clock.t2_us = t2_us + run->ahead_us;
		clock.t3_us = now_us + run->ahead_us;
		size = radio_message_write_clock(&clock, true, answer);
		u->ops->clock(u->user, answer, size);
		break;
	case 1: /* our own: question and answer share a topic */
		break;
	default:
		u->refused++;
	}
}

int64_t radio_uplink_deadline(const struct radio_uplink *u)
{
	int64_t probe_us = radio_buffer_deadline(u->run[0].buffer);

	if (u->lines.n && u->lines.t_us + RADIO_BATCH_US < probe_us)
		return u->lines.t_us + RADIO_BATCH_US;
	return probe_us;
}

void radio_uplink_advance(struct radio_uplink *u, int64_t now_us)
{
	struct radio_buffer *buffer = u->run[0].buffer;
	struct radio_parcel parcel;

	if (u->lines.n && now_us >= u->lines.t_us + RADIO_BATCH_US)
		close_batch(u, false);
	radio_buffer_advance(buffer, now_us);
	while (u->ops->can_send(u->user) && radio_buffer_take(buffer, now_us, &parcel))
		u->ops->batch(u->user, u->text, radio_batch_write(u->name, &parcel, u->text));
}

void radio_uplink_status(const struct radio_uplink *u, struct radio_uplink_status *ret)
{
	struct radio_buffer_status *sum = &ret->buffer;

	*sum = (struct radio_buffer_status){.oldest_us = T_NEVER};
	for (unsigned i = u->n_runs; i-- > 0;) {
		struct radio_buffer_status one;

		radio_buffer_status(u->run[i].buffer, &one);
		sum->bytes += one.bytes;
		sum->events += one.events;
		sum->dropped += one.dropped;
		sum->lost += one.lost;
		if (one.oldest_us != T_NEVER)
			sum->oldest_us = one.oldest_us - u->run[i].ahead_us;
	}
	ret->too_long = u->too_long;
	ret->refused = u->refused;
}
