// SPDX-License-Identifier: MIT
#include "coxad/core/time/timeline.h"

#include <string.h>

#include "coxad/base/diag.h"
#include "coxad/base/units.h"

void timeline_init(struct timeline *timeline, uint32_t channels)
{
	memset(timeline, 0, sizeof(*timeline));
	timeline->mask = channels;
	timeline->now_us = INT64_MIN;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++)
		timeline->channel[i].is_linked = true;
}

static const struct timeline_sample *at(const struct timeline_channel *channel, unsigned i)
{
	return &channel->ring[(channel->tail + i) % TIMELINE_RING];
}

static void drop_oldest(struct timeline_channel *channel)
{
	channel->tail = (channel->tail + 1) % TIMELINE_RING;
	channel->n--;
}

static int64_t grid_at_or_after(int64_t t_us)
{
	int64_t rest = t_us % TIMELINE_STEP_US;

	return rest == 0 ? t_us : t_us - rest + (rest > 0 ? TIMELINE_STEP_US : 0);
}

int timeline_push(struct timeline *timeline, unsigned index, const struct timeline_sample *sample)
{
	struct timeline_channel *channel = &timeline->channel[index];

	if (channel->has_data && sample->t_us <= channel->last_us) {
		channel->stale++;
		return -REASON_STALE;
	}
	if (sample->t_us > timeline->now_us + TIMELINE_AHEAD_US) {
		channel->ahead++;
		return -REASON_RANGE;
	}
	if (channel->n == TIMELINE_RING) {
		drop_oldest(channel);
		channel->overflow++;
	}
	channel->ring[(channel->tail + channel->n++) % TIMELINE_RING] = *sample;
	channel->last_us = sample->t_us;
	channel->has_data = true;
	if (!timeline->is_running && timeline->now_us - sample->t_us < TIMELINE_OFFLINE_US) {
		timeline->is_running = true;
		timeline->next_us = grid_at_or_after(
			sample->t_us > timeline->next_us ? sample->t_us : timeline->next_us);
	}
	if (timeline->is_running && sample->t_us < timeline->next_us - TIMELINE_STEP_US) {
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

static bool is_online(const struct timeline_channel *channel, int64_t t_us)
{
	return channel->has_data && t_us - channel->last_us < TIMELINE_OFFLINE_US;
}

static bool is_ready(const struct timeline *timeline)
{
	bool has_passed = false;

	if (timeline->now_us - timeline->next_us >= TIMELINE_WAIT_US)
		return true;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++) {
		const struct timeline_channel *channel = &timeline->channel[i];

		if (!(timeline->mask >> i & 1) || !is_online(channel, timeline->next_us))
			continue;
		if (channel->last_us >= timeline->next_us)
			has_passed = true;
		else if (channel->is_linked)
			return false;
	}
	return has_passed;
}

static struct vec3 mix(struct vec3 a, struct vec3 b, double k)
{
	return vec3_add(vec3_scale(a, 1 - k), vec3_scale(b, k));
}

static void fill(struct timeline_channel *channel, int64_t t_us, struct timeline_cell *ret)
{
	const struct timeline_sample *before, *after;
	double k;

	memset(ret, 0, sizeof(*ret));
	ret->is_online = is_online(channel, t_us);
	if (channel->n == 0 || at(channel, 0)->t_us > t_us)
		return;
	while (channel->n > 1 && at(channel, 1)->t_us <= t_us) {
		drop_oldest(channel);
		if (at(channel, 0)->t_us > t_us - TIMELINE_STEP_US &&
			at(channel, 0)->knock_g > ret->knock_g)
			ret->knock_g = at(channel, 0)->knock_g;
	}
	before = at(channel, 0);
	after = before->t_us == t_us ? before : channel->n > 1 ? at(channel, 1) : NULL;
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

bool timeline_next(struct timeline *timeline, struct timeline_row *ret)
{
	if (!timeline->is_running || !is_ready(timeline))
		return false;
	ret->t_us = timeline->next_us;
	ret->is_online = false;
	for (unsigned i = 0; i < TIMELINE_CHANNELS; i++) {
		if (timeline->mask >> i & 1)
			fill(&timeline->channel[i], ret->t_us, &ret->cell[i]);
		else
			ret->cell[i] = (struct timeline_cell){0};
		ret->is_online |= ret->cell[i].is_online;
	}
	timeline->next_us += TIMELINE_STEP_US;
	timeline->is_running = ret->is_online;
	return true;
}

int64_t timeline_deadline(const struct timeline *timeline)
{
	return timeline->is_running ? timeline->next_us + TIMELINE_WAIT_US : T_NEVER;
}

int64_t timeline_watermark(const struct timeline *timeline)
{
	int64_t made = timeline->next_us - TIMELINE_STEP_US;

	if (timeline->is_running || timeline->now_us == INT64_MIN)
		return made;
	return made > timeline->now_us - TIMELINE_WAIT_US ? made
							  : timeline->now_us - TIMELINE_WAIT_US;
}
