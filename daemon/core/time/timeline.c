// SPDX-License-Identifier: MIT
#include "coxad/core/time/timeline.h"

#include <string.h>

#include "coxad/base/alloc.h"
#include "coxad/base/diag.h"
#include "coxad/base/units.h"

static void begin_channel(struct timeline *timeline, unsigned index)
{
	struct timeline_channel *channel = &timeline->channel[index];

	free(channel->ring);
	*channel = (struct timeline_channel){.is_linked = true};
	if (timeline->mask >> index & 1)
		channel->ring = alloc_zero(TIMELINE_RING, sizeof(*channel->ring));
	for (unsigned view = 0; view < TIMELINE_VIEWS; view++)
		timeline->cursor[view].at[index] = 0;
}

void timeline_init(struct timeline *timeline, uint32_t channels)
{
	memset(timeline, 0, sizeof(*timeline));
	timeline->mask = channels;
	timeline->now_us = INT64_MIN;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++)
		begin_channel(timeline, i);
}

void timeline_done(struct timeline *timeline)
{
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++)
		free(timeline->channel[i].ring);
}

void timeline_change(struct timeline *timeline, uint32_t channels, uint32_t changed)
{
	uint32_t anew = changed | (timeline->mask ^ channels);

	timeline->mask = channels;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++)
		if (anew >> i & 1)
			begin_channel(timeline, i);
}

static unsigned slot_after(unsigned slot)
{
	return slot + 1 < TIMELINE_RING ? slot + 1 : 0;
}

/* One more does not fit: the views go on without the oldest. */
static void drop_oldest(struct timeline *timeline, unsigned index)
{
	struct timeline_channel *channel = &timeline->channel[index];
	unsigned oldest = channel->begin;

	channel->begin = slot_after(oldest);
	channel->overflow++;
	for (unsigned view = 0; view < TIMELINE_VIEWS; view++)
		if (timeline->cursor[view].at[index] == oldest)
			timeline->cursor[view].at[index] = channel->begin;
}

static int64_t grid_at_or_after(int64_t t_us)
{
	int64_t rest = t_us % TIMELINE_STEP_US;

	return rest == 0 ? t_us : t_us - rest + (rest > 0 ? TIMELINE_STEP_US : 0);
}

int timeline_push(struct timeline *timeline, unsigned index, const struct timeline_sample *sample)
{
	struct timeline_channel *channel = &timeline->channel[index];
	struct timeline_cursor *whole = &timeline->cursor[TIMELINE_WHOLE];

	if (channel->has_data && sample->t_us <= channel->last_us) {
		channel->stale++;
		return -REASON_STALE;
	}
	if (sample->t_us > timeline->now_us + TIMELINE_AHEAD_US) {
		channel->ahead++;
		return -REASON_RANGE;
	}
	if (slot_after(channel->end) == channel->begin)
		drop_oldest(timeline, index);
	channel->ring[channel->end] = *sample;
	channel->end = slot_after(channel->end);
	channel->last_us = sample->t_us;
	channel->has_data = true;
	if (!whole->is_running && timeline->now_us - sample->t_us < TIMELINE_OFFLINE_US) {
		whole->is_running = true;
		whole->next_us = grid_at_or_after(
			sample->t_us > whole->next_us ? sample->t_us : whole->next_us);
	}
	if (whole->is_running && sample->t_us < whole->next_us - TIMELINE_STEP_US) {
		channel->late++;
		return 1;
	}
	return 0;
}

void timeline_link(struct timeline *timeline, unsigned index, bool is_up)
{
	timeline->channel[index].is_linked = is_up;
}

void timeline_advance(struct timeline *timeline, int64_t now_us)
{
	if (now_us > timeline->now_us)
		timeline->now_us = now_us;
}

static bool is_ready(const struct timeline *timeline, enum timeline_view view)
{
	int64_t next_us = timeline->cursor[view].next_us;
	bool is_whole = view == TIMELINE_WHOLE, has_passed = false;
	int64_t wait_us = is_whole ? TIMELINE_LATE_US : TIMELINE_WAIT_US;
	/* Silent for longer: what it says next may be on time, but will not be complete. */
	int64_t since_us = is_whole ? timeline->now_us : next_us;
	int64_t silence_us = is_whole ? TIMELINE_LATE_US : TIMELINE_OFFLINE_US;

	if (timeline->now_us - next_us >= wait_us || (is_whole && timeline->is_hurried))
		return true;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++) {
		const struct timeline_channel *channel = &timeline->channel[i];

		if (!(timeline->mask >> i & 1) || !channel->has_data ||
			since_us - channel->last_us >= silence_us)
			continue;
		if (channel->last_us >= next_us)
			has_passed = true;
		else if (channel->is_linked)
			return false;
	}
	/* Nobody is waited for. */
	return has_passed || timeline->now_us - next_us >= TIMELINE_WAIT_US;
}

static struct vec3 mix(struct vec3 a, struct vec3 b, double k)
{
	return vec3_add(vec3_scale(a, 1 - k), vec3_scale(b, k));
}

/* Steps over the samples before the row. */
static void fill(const struct timeline_channel *channel, unsigned *at, int64_t t_us,
	struct timeline_cell *ret)
{
	const struct timeline_sample *before, *after;
	unsigned next;
	double k;

	memset(ret, 0, sizeof(*ret));
	if (*at == channel->end)
		return;
	for (; (next = slot_after(*at)) != channel->end && channel->ring[next].t_us <= t_us;
		*at = next) {
		before = &channel->ring[next];
		if (before->t_us > t_us - TIMELINE_STEP_US && before->knock_g > ret->knock_g)
			ret->knock_g = before->knock_g;
	}
	before = &channel->ring[*at];
	ret->is_online = t_us - before->t_us < TIMELINE_OFFLINE_US;
	if (before->t_us > t_us)
		return;
	after = before->t_us == t_us ? before : next != channel->end ? &channel->ring[next] : NULL;
	if (!after || after->t_us - before->t_us > TIMELINE_GAP_US)
		return;
	k = after == before ? 0
			    : (double)(t_us - before->t_us) / (double)(after->t_us - before->t_us);
	ret->has = true;
	ret->up = vec3_unit(mix(before->up, after->up, k));
	ret->gyr = mix(before->gyr, after->gyr, k);
	ret->flags_any = before->flags | after->flags;
	ret->flags_all = before->flags & after->flags;
}

bool timeline_next(struct timeline *timeline, enum timeline_view view, struct timeline_row *ret)
{
	struct timeline_cursor *cursor = &timeline->cursor[view];

	if (!cursor->is_running || !is_ready(timeline, view))
		return false;
	ret->t_us = cursor->next_us;
	ret->is_online = false;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++) {
		struct timeline_channel *channel = &timeline->channel[i];

		if (!(timeline->mask >> i & 1)) {
			ret->cell[i] = (struct timeline_cell){0};
			continue;
		}
		fill(channel, &cursor->at[i], ret->t_us, &ret->cell[i]);
		ret->is_online |= ret->cell[i].is_online;
		if (view == TIMELINE_WHOLE)
			channel->begin = cursor->at[i];
	}
	cursor->next_us += TIMELINE_STEP_US;
	/* The live view goes on as long as it is needed. */
	cursor->is_running = ret->is_online || view == TIMELINE_LIVE;
	return true;
}

bool timeline_split(struct timeline *timeline)
{
	const struct timeline_cursor *whole = &timeline->cursor[TIMELINE_WHOLE];

	if (timeline->is_split || !whole->is_running ||
		timeline->now_us - whole->next_us < TIMELINE_WAIT_US)
		return false;
	timeline->cursor[TIMELINE_LIVE] = *whole;
	timeline->is_split = true;
	return true;
}

bool timeline_join(struct timeline *timeline)
{
	struct timeline_cursor *whole = &timeline->cursor[TIMELINE_WHOLE];
	const struct timeline_cursor *live = &timeline->cursor[TIMELINE_LIVE];

	if (!timeline->is_split || (whole->is_running && whole->next_us < live->next_us))
		return false;
	if (whole->next_us < live->next_us)
		whole->next_us = live->next_us;
	timeline->is_split = timeline->is_hurried = false;
	return true;
}

void timeline_hurry(struct timeline *timeline)
{
	timeline->is_hurried = timeline->is_split;
}

int64_t timeline_deadline(const struct timeline *timeline)
{
	const struct timeline_cursor *whole = &timeline->cursor[TIMELINE_WHOLE];
	int64_t live_us = timeline->cursor[TIMELINE_LIVE].next_us + TIMELINE_WAIT_US;
	int64_t whole_us = whole->next_us + TIMELINE_LATE_US;

	if (!whole->is_running)
		return T_NEVER;
	if (!timeline->is_split)
		return whole->next_us + TIMELINE_WAIT_US;
	return live_us < whole_us ? live_us : whole_us;
}

int64_t timeline_watermark(const struct timeline *timeline)
{
	const struct timeline_cursor *whole = &timeline->cursor[TIMELINE_WHOLE];
	int64_t made = whole->next_us - TIMELINE_STEP_US;

	if (whole->is_running || timeline->now_us == INT64_MIN)
		return made;
	return made > timeline->now_us - TIMELINE_WAIT_US ? made
							  : timeline->now_us - TIMELINE_WAIT_US;
}
