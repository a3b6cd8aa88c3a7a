// SPDX-License-Identifier: MIT
#include "daemon/flow/link-stream.h"

#include "coxad/base/units.h"

#define PATIENCE_GAPS 20 /* silence: this many times the usual gap between packets */

/* A poll may go unanswered: between polls, wait for two and a half intervals. */
static int64_t at_least_polls(const struct link *link, int64_t us)
{
	int64_t polls_us = link->has_polls ? link->profile.poll_us / 2 * 5 : 0;

	return us > polls_us ? us : polls_us;
}

static int64_t patience(const struct link *link)
{
	int64_t usual = link->gap_us * PATIENCE_GAPS;

	if (usual < link->timing.silence_us)
		usual = link->timing.silence_us;
	if (usual > link->timing.silence_most_us)
		usual = link->timing.silence_most_us;
	return at_least_polls(link, usual);
}

static struct link_stream *find(struct link *link, const struct uuid *characteristic)
{
	for (size_t i = 0; i < link->n_streams; i++)
		if (uuid_is_equal(&link->stream[i].characteristic, characteristic))
			return &link->stream[i];
	return NULL;
}

void link_stream_add(struct link *link, int64_t now_us)
{
	struct link_stream *stream = find(link, &link->step.characteristic);

	if (!stream && link->n_streams == LINK_STREAMS_MAX)
		return;
	if (!stream)
		stream = &link->stream[link->n_streams++];
	*stream = (struct link_stream){
		.characteristic = link->step.characteristic, .path = link->path};
	if (link->path == LINK_PATH_FD)
		link->acquired_us = now_us;
}

/* True where data come because they are asked for; a wearable that streams may be polled aside. */
static bool is_polled(const struct link *link)
{
	struct driver_step step = {0};

	return link->profile.poll_us && !link->profile.polls_beside &&
	       link->ops->plan(link->user, DRIVER_PLAN_POLL, 0, &step) > 0 && !step.is_aside;
}

void link_stream_begin(struct link *link, int64_t now_us)
{
	link->check_us = now_us + link->timing.check_us;
	link->poll_us = link->profile.poll_us ? now_us + link->profile.poll_us : T_NEVER;
	link->has_polls = is_polled(link);
}

void link_stream_bytes(struct link *link, int64_t now_us)
{
	if (link->bytes_us) {
		int64_t gap = now_us - link->bytes_us;

		link->gap_us = link->gap_us ? link->gap_us + (gap - link->gap_us) / 8 : gap;
	}
	link->bytes_us = now_us;
	if (link->has_polls)
		link->has_polls = is_polled(link);
}

bool link_stream_closed(struct link *link, int64_t now_us, const struct uuid *characteristic)
{
	struct link_stream *stream = find(link, characteristic);

	if (!stream || stream->path != LINK_PATH_FD || stream->is_closed)
		return false;
	stream->is_closed = true;
	/* Some wearables cannot cope with AcquireNotify: the socket closes soon after it opened. */
	if (now_us - link->acquired_us < 2 * link->timing.quick_us && link->is_connected)
		link->distrusts_fd = true;
	return true;
}

bool link_stream_has_closed(const struct link *link)
{
	for (size_t i = 0; i < link->n_streams; i++)
		if (link->stream[i].is_closed)
			return true;
	return false;
}

int64_t link_stream_first_deadline(const struct link *link, int64_t now_us)
{
	return link->profile.is_periodic
		       ? now_us + at_least_polls(link, link->timing.first_bytes_us)
		       : T_NEVER;
}

int64_t link_stream_deadline(const struct link *link, int64_t now_us)
{
	return link->profile.is_periodic ? now_us + patience(link) : T_NEVER;
}

bool link_stream_is_by_signal(const struct link *link, const struct uuid *characteristic)
{
	const struct link_stream *stream = find((struct link *)link, characteristic);

	if (stream)
		return stream->path == LINK_PATH_SIGNAL;
	/* The first values may arrive before the reply to StartNotify. */
	return link->ticket && link->step.kind == DRIVER_STEP_SUBSCRIBE &&
	       link->path == LINK_PATH_SIGNAL &&
	       uuid_is_equal(&link->step.characteristic, characteristic);
}
