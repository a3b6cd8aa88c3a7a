// SPDX-License-Identifier: MIT
#pragma once
/* Merges the streams of one kit's wearables on a common grid behind a watermark. A row is made as
 * soon as every wearable that sends has passed it, and at the latest TIMELINE_WAIT_US after its
 * instant, so a late or lost wearable never stalls the others. Rows come in order, each once,
 * without gaps while any wearable sends; they do not depend on the order in which packets of
 * different wearables arrive. Owns a bounded ring per channel. Pure value; constant time per
 * sample.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/terms.h"

#define TIMELINE_CHANNELS PLACEMENT_COUNT
#define TIMELINE_STEP_US  10000
/* A row waits at most this long for a wearable that sends. */
#define TIMELINE_WAIT_US 400000
/* Without a sample for this long a wearable is offline (decision-model.md 7.1). */
#define TIMELINE_OFFLINE_US 2000000
/* Longer gaps are not bridged: rows within have no value. */
#define TIMELINE_GAP_US 250000
/* A sample dated further ahead of its arrival is refused. */
#define TIMELINE_AHEAD_US 1000000
/* Samples are at least 8 ms apart, and kept no longer than wait and ahead together. */
#define TIMELINE_RING 256

struct timeline_sample {
	int64_t t_us;
	struct vec3 up;  /* direction of up, unit, in the wearable's frame */
	struct vec3 gyr; /* rad/s */
	float knock_g;   /* maximum since the sample before */
	uint16_t flags;  /* for the caller */
};

struct timeline_cell {
	bool has;       /* up and gyr are known */
	bool is_online; /* sent within TIMELINE_OFFLINE_US */
	struct vec3 up;
	struct vec3 gyr;
	float knock_g;      /* maximum within the row's step; 0 without a sample */
	uint16_t flags_any; /* of the samples around the row */
	uint16_t flags_all;
};

struct timeline_row {
	int64_t t_us;
	bool is_online; /* any channel */
	struct timeline_cell cell[TIMELINE_CHANNELS];
};

struct timeline_channel {
	bool has_data; /* ever */
	bool is_linked;
	int64_t last_us;  /* newest sample */
	unsigned tail, n; /* ring: oldest, number */
	uint64_t stale, ahead, late, overflow;
	struct timeline_sample ring[TIMELINE_RING];
};

struct timeline {
	int64_t now_us;
	int64_t next_us; /* of the next row */
	bool is_running; /* false: no wearable sends, no rows are made */
	uint32_t mask;   /* channels in use */
	struct timeline_channel channel[TIMELINE_CHANNELS];
};

/* channels: mask of 1 << channel. */
void timeline_init(struct timeline *timeline, uint32_t channels);
/* 0; 1 if the sample is kept although its rows are already made; -REASON_STALE (not newer than the
 * channel's last); -REASON_RANGE (dated ahead of now). */
int timeline_push(
	struct timeline *timeline, unsigned channel, const struct timeline_sample *sample);
/* Rows do not wait for a channel whose link is down. */
void timeline_link(struct timeline *timeline, unsigned channel, bool is_up);
void timeline_advance(struct timeline *timeline, int64_t now_us);
/* False while the next row is not ready. */
bool timeline_next(struct timeline *timeline, struct timeline_row *ret);
/* When the next row becomes ready without further samples; T_NEVER if none is pending. */
int64_t timeline_deadline(const struct timeline *timeline);
/* All rows with t_us <= this are made; while no wearable sends, now less the longest wait. */
int64_t timeline_watermark(const struct timeline *timeline);
