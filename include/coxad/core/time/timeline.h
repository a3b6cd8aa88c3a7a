// SPDX-License-Identifier: MIT
#pragma once
/* Merges the streams of one kit's wearables on a common grid. A row of the grid is made as soon as
 * every wearable that sends has passed it, and at the latest TIMELINE_WAIT_US after its instant, so
 * one that is late or gone never stalls the others. Rows come in order, each once, none left out
 * while any wearable sends; what is in them does not depend on the order in which packets of
 * different wearables arrived. Owns a bounded ring a channel. Pure value; constant time a sample.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/vec.h"
#include "coxad/core/terms.h"

#define TIMELINE_CHANNELS PLACEMENT_COUNT
#define TIMELINE_STEP_US  10000
/* A row waits at most this long for a wearable that sends. */
#define TIMELINE_WAIT_US 400000
/* No sample for so long: the wearable is offline (decision-model.md 7.1). */
#define TIMELINE_OFFLINE_US 2000000
/* Wider gaps are not bridged: the row has no value there. */
#define TIMELINE_GAP_US 250000
/* A sample dated further ahead of its arrival is refused. */
#define TIMELINE_AHEAD_US 1000000
/* Samples come at 8 ms or slower, and none is kept longer than wait and ahead together. */
#define TIMELINE_RING 256

struct timeline_sample {
	int64_t t_us;
	struct vec3 up;  /* direction of up, unit, in the wearable's frame */
	struct vec3 gyr; /* rad/s */
	float knock_g;   /* greatest since the sample before */
	uint16_t flags;  /* the user's */
};

struct timeline_cell {
	bool has;       /* up and gyr are known */
	bool is_online; /* sent within TIMELINE_OFFLINE_US */
	struct vec3 up;
	struct vec3 gyr;
	float knock_g;      /* greatest within the row's step, 0 where nothing came */
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
	int64_t next_us; /* of the row to be made next */
	bool is_running; /* false: no wearable sends, the grid rests */
	uint32_t mask;   /* channels in use */
	struct timeline_channel channel[TIMELINE_CHANNELS];
};

/* channels: mask of 1 << channel. */
void timeline_init(struct timeline *timeline, uint32_t channels);
/* 0, 1 where the sample is kept but its rows are made already, or -REASON_STALE (not newer than
 * the channel's last), -REASON_RANGE (dated ahead of now). */
int timeline_push(
	struct timeline *timeline, unsigned channel, const struct timeline_sample *sample);
/* A channel whose link is down is not waited for. */
void timeline_link(struct timeline *timeline, unsigned channel, bool is_up);
void timeline_advance(struct timeline *timeline, int64_t now_us);
/* The next row, where it is ready. */
bool timeline_next(struct timeline *timeline, struct timeline_row *ret);
/* When a row becomes ready by time alone; T_NEVER while nothing is pending. */
int64_t timeline_deadline(const struct timeline *timeline);
/* All rows with t_us <= this are made; with no wearable sending, the time past the longest wait. */
int64_t timeline_watermark(const struct timeline *timeline);
