// SPDX-License-Identifier: MIT
/* A link that streams: what counts as silence, and the ladder out of it. */
#include "daemon/flow/link-private.h"

#include "coxad/base/units.h"

#define MUTE_LINKS_MAX 3
#define PATIENCE_GAPS  20 /* silence is this many usual distances between packets */

/* What is polled says nothing of itself for as long: two polls and a half are to pass. */
static int64_t at_least_polls(const struct link *link, int64_t us)
{
	int64_t polls_us = link->has_polls ? link->profile.poll_us / 2 * 5 : 0;

	return us > polls_us ? us : polls_us;
}

static int64_t patience(const struct link *link)
{
	int64_t usual = link->gap_us * PATIENCE_GAPS;

	if (usual < link->timing.silence)
		usual = link->timing.silence;
	if (usual > link->timing.silence_most)
		usual = link->timing.silence_most;
	return at_least_polls(link, usual);
}

void link_stream_started(struct link *link, int64_t now_us)
{
	struct driver_step step;

	link->check_us = now_us + link->timing.check;
	link->poll_us = link->profile.poll_us ? now_us + link->profile.poll_us : T_NEVER;
	/* A wearable that streams has an empty poll plan. */
	link->has_polls = link->profile.poll_us && !link->profile.polls_beside &&
			  link->ops->plan(link->user, DRIVER_PLAN_POLL, 0, &step) > 0;
	link_enter(link, LINK_STATE_STREAMING,
		link->profile.is_periodic ? now_us + at_least_polls(link, link->timing.first_bytes)
					  : T_NEVER);
	for (size_t i = 0; i < link->n_streams; i++)
		if (link->stream[i].is_closed) {
			link_enter(link, LINK_STATE_STALLED, now_us + link->timing.reopen);
			return;
		}
}

void link_stream_bytes(struct link *link, int64_t now_us)
{
	/* What is read while preparing says nothing of the streams. */
	if (link->state != LINK_STATE_STREAMING && link->state != LINK_STATE_STALLED)
		return;
	if (link->bytes_us) {
		int64_t gap = now_us - link->bytes_us;

		link->gap_us = link->gap_us ? link->gap_us + (gap - link->gap_us) / 8 : gap;
	}
	link->bytes_us = now_us;
	if (now_us - link->connected_us >= link->timing.quick)
		link->quick_drops = 0;
	link->failures = link->unresolved = link->unprepared = link->mute = link->refused = 0;
	backoff_reset(&link->backoff);
	if (link->state == LINK_STATE_STALLED) {
		for (size_t i = 0; i < link->n_streams; i++)
			if (link->stream[i].is_closed)
				return; /* others of its streams still speak */
		link->rung = 0;
		link->state = LINK_STATE_STREAMING;
	}
	link->deadline_us = link->profile.is_periodic ? now_us + patience(link) : T_NEVER;
}

void link_stream_closed(struct link *link, int64_t now_us, const struct uuid *uuid)
{
	for (size_t i = 0; i < link->n_streams; i++) {
		struct link_stream *stream = &link->stream[i];

		if (!uuid_is_equal(&stream->characteristic, uuid) || stream->path != LINK_PATH_FD ||
			stream->is_closed)
			continue;
		stream->is_closed = true;
		/* Closed soon after it was opened: some wearables do not bear the socket's way. */
		if (now_us - link->acquired_us < 2 * link->timing.quick && link->is_connected)
			link->distrusts_fd = true;
		if (link->state == LINK_STATE_STREAMING)
			link_enter(link, LINK_STATE_STALLED, now_us + link->timing.reopen);
	}
}

void link_stream_climb(struct link *link, int64_t now_us)
{
	bool any_closed = false;

	for (size_t i = 0; i < link->n_streams; i++)
		any_closed = any_closed || link->stream[i].is_closed;
	if (link->rung++ == 0 && link->n_streams) {
		link->why = any_closed ? "stream_closed" : "silent";
		link_enter(link, LINK_STATE_STALLED, now_us + link->timing.resubscribe);
		link_steps_resubscribe(link, now_us, !any_closed);
		return;
	}
	if (!link->bytes_us && ++link->mute >= MUTE_LINKS_MAX) {
		link->mute = 0;
		link->forget_next = true;
	}
	link_drop(link, now_us, link->timing.wait_transient, "silent");
}

/* The answer, where it is yes, is a event like any other. */
void link_ask(struct link *link)
{
	link_action(link,
		&(struct link_action){.kind = LINK_ACTION_CHECK, .timeout_us = link->timing.step});
}

void link_stream_poll(struct link *link, int64_t now_us)
{
	if (now_us >= link->poll_us && !link->is_running && link->step_us == T_NEVER) {
		link->poll_us = now_us + link->profile.poll_us;
		link_steps_start(link, now_us, DRIVER_PLAN_POLL);
	}
	if (now_us >= link->check_us) {
		link->check_us = now_us + link->timing.check;
		link_ask(link);
	}
}

bool link_hears(const struct link *link, const struct uuid *characteristic)
{
	for (size_t i = 0; i < link->n_streams; i++)
		if (uuid_is_equal(&link->stream[i].characteristic, characteristic))
			return link->stream[i].path == LINK_PATH_SIGNAL;
	/* The first values may come before the answer to the subscription. */
	return link->ticket && link->step.kind == DRIVER_STEP_SUBSCRIBE &&
	       link->path == LINK_PATH_SIGNAL &&
	       uuid_is_equal(&link->step.characteristic, characteristic);
}
