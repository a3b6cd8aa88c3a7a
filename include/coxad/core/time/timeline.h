// SPDX-License-Identifier: MIT
#pragma once
/* Merges the streams of one kit's wearables on a common grid behind a watermark. A row is made as
 * soon as every wearable that sends has passed it. Rows come in order, each once, without gaps
 * while any wearable sends; they do not depend on the order in which packets of different wearables
 * arrive. A wearable that is late is waited for in two ways: the whole view, which counts, waits
 * TIMELINE_LATE_US for what comes late but complete; once a row is TIMELINE_WAIT_US old the live
 * view splits off and makes it of what is there, until the whole view has caught up. While data are
 * on time there is only the whole view. Owns a bounded ring per channel in use, taken at init.
 * Constant time per sample.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/terms.h"

#define TIMELINE_CHANNELS PLACEMENT_COUNT
#define TIMELINE_STEP_US  10000
/* A row of the live view waits at most this long for a wearable that sends. */
#define TIMELINE_WAIT_US 400000
/* A row of the whole view: someone who stands between a wearable and the gateway moves on within
 * 3 s, and then the radio needs a moment (estimate). */
#define TIMELINE_LATE_US 3500000
/* Without a sample for this long a wearable is offline (decision-model.md 7.1). */
#define TIMELINE_OFFLINE_US 2000000
/* Longer gaps are not bridged: rows within have no value. */
#define TIMELINE_GAP_US 250000
/* A sample dated further ahead of its arrival is refused. */
#define TIMELINE_AHEAD_US 1000000
/* Samples are at least 8 ms apart, and kept no longer than late and ahead together: 563, and some
 * for clocks that run fast. */
#define TIMELINE_RING 576

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
	int64_t last_us;     /* newest sample */
	unsigned begin, end; /* slots of the oldest kept and of the next; alike: none is kept */
	uint64_t stale, ahead, late, overflow;
	struct timeline_sample *ring; /* NULL: not in use */
};

enum timeline_view { TIMELINE_WHOLE, TIMELINE_LIVE, TIMELINE_VIEWS };

struct timeline_cursor {
	int64_t next_us;                /* of the next row */
	bool is_running;                /* false: no wearable sends, no rows are made */
	unsigned at[TIMELINE_CHANNELS]; /* slot of the sample at or before that row */
};

struct timeline {
	int64_t now_us;
	uint32_t mask; /* channels in use */
	bool is_split, is_hurried;
	struct timeline_cursor cursor[TIMELINE_VIEWS]; /* live: while it is split */
	struct timeline_channel channel[TIMELINE_CHANNELS];
};

/* channels: mask of 1 << channel; others are never pushed to. */
void timeline_init(struct timeline *timeline, uint32_t channels);
void timeline_done(struct timeline *timeline);
/* 0; 1 if the sample is kept although its rows of the whole view are already made; -REASON_STALE
 * (not newer than the channel's last); -REASON_RANGE (dated ahead of now). */
int timeline_push(
	struct timeline *timeline, unsigned channel, const struct timeline_sample *sample);
/* From now on these channels, of which `changed` begin anew. */
void timeline_change(struct timeline *timeline, uint32_t channels, uint32_t changed);
/* Rows do not wait for a channel whose link is down. */
void timeline_link(struct timeline *timeline, unsigned channel, bool is_up);
void timeline_advance(struct timeline *timeline, int64_t now_us);
/* False while the next row of that view is not ready. */
bool timeline_next(struct timeline *timeline, enum timeline_view view, struct timeline_row *ret);
/* The next row is due, but not whole: the live view begins there. False if it is not so. */
bool timeline_split(struct timeline *timeline);
/* Ends the live view where the whole view has caught up with it; false if it has not. */
bool timeline_join(struct timeline *timeline);
/* The whole view catches up with the live one without waiting any longer. */
void timeline_hurry(struct timeline *timeline);
/* When a row becomes ready, or due, without further samples; T_NEVER if none is pending. */
int64_t timeline_deadline(const struct timeline *timeline);
/* All rows of the whole view with t_us <= this are made; while no wearable sends, now less the wait
 * of the live view. */
int64_t timeline_watermark(const struct timeline *timeline);
