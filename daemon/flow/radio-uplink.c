// SPDX-License-Identifier: MIT
#include "coxad/flow/radio-uplink.h"

#include <errno.h>

#include "coxad/base/alloc.h"
#include "coxad/base/units.h"
#include "coxad/wire/radio-batch.h"
#include "coxad/wire/radio-message.h"

struct radio_uplink {
	char *name;
	int64_t boot;
	const struct radio_uplink_ops *ops;
	void *user;
	struct radio_buffer *buffer;
	struct radio_batch_lines lines; /* of the batch that is being filled */
	bool has_stream, has_other;     /* records of the event in work */
	uint64_t too_long, refused;
	char text[RADIO_BATCH_MAX];
};

struct radio_uplink *radio_uplink_new(const char *name, int64_t boot, size_t bytes_max,
	const struct radio_uplink_ops *ops, void *user)
{
	struct radio_uplink *u = new0(struct radio_uplink);

	u->name = alloc_text(name);
	u->boot = boot;
	u->ops = ops;
	u->user = user;
	u->buffer = radio_buffer_new(boot, bytes_max);
	return u;
}

struct radio_uplink *radio_uplink_free(struct radio_uplink *u)
{
	if (!u)
		return NULL;
	radio_buffer_free(u->buffer);
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
}

static void close_batch(struct radio_uplink *u)
{
	struct radio_lines lines = radio_batch_lines_of(&u->lines);

	if (!lines.n)
		return;
	radio_buffer_add(u->buffer, &lines);
	u->lines.n = 0;
	u->lines.size = 0;
}

void radio_uplink_push(struct radio_uplink *u, const struct capture_event *event)
{
	bool is_stream = event->kind == CAPTURE_NOTIFY && u->has_stream && !u->has_other;
	int r;

	u->has_stream = u->has_other = false;
	if (!event->address)
		return;
	r = radio_batch_add(&u->lines, event, is_stream);
	if (r == -EAGAIN) {
		close_batch(u);
		r = radio_batch_add(&u->lines, event, is_stream);
	}
	u->too_long += r < 0;
}

void radio_uplink_flow(struct radio_uplink *u, const char *text, size_t size)
{
	struct radio_flow flow;
	int r = radio_message_read_flow(text, size, &flow);

	if (r == 0)
		r = radio_buffer_flow(u->buffer, &flow);
	/* It cannot know of a restart yet. */
	u->refused += r < 0 && r != -ESTALE;
}

void radio_uplink_clock(
	struct radio_uplink *u, const char *text, size_t size, int64_t t2_us, int64_t now_us)
{
	struct radio_clock_answer clock;
	char answer[RADIO_MESSAGE_MAX];

	switch (radio_message_read_clock(text, size, &clock)) {
	case 0:
		clock.boot = u->boot;
		clock.t2_us = t2_us;
		clock.t3_us = now_us;
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
	int64_t probe_us = radio_buffer_deadline(u->buffer);

	if (u->lines.n && u->lines.t_us + RADIO_BATCH_US < probe_us)
		return u->lines.t_us + RADIO_BATCH_US;
	return probe_us;
}

void radio_uplink_advance(struct radio_uplink *u, int64_t now_us)
{
	struct radio_parcel parcel;

	if (u->lines.n && now_us >= u->lines.t_us + RADIO_BATCH_US)
		close_batch(u);
	radio_buffer_advance(u->buffer, now_us);
	while (u->ops->can_send(u->user) && radio_buffer_take(u->buffer, now_us, &parcel))
		u->ops->batch(u->user, u->text, radio_batch_write(u->name, &parcel, u->text));
}

void radio_uplink_status(const struct radio_uplink *u, struct radio_uplink_status *ret)
{
	radio_buffer_status(u->buffer, &ret->buffer);
	ret->too_long = u->too_long;
	ret->refused = u->refused;
}
