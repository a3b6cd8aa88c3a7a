// SPDX-License-Identifier: MIT
#pragma once
/* The judge's own state, shared by the files of core/judge and by nothing else. Types only: each
 * file declares its functions in its own header.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/base/rate.h"
#include "coxad/core/judge/judge.h"
#include "daemon/core/judge/athlete.h"
#include "daemon/core/rules/red-flag.h"

/* Athletes held at once; those who are not needed are evicted. */
#define JUDGE_ATHLETES_MAX 256 /* the others are recalled from the history */
#define JUDGE_ROOM_MAX     64

struct kit_state {
	struct athlete *athlete; /* of the running session */
	struct athlete *before;  /* of the previous session, for late data */
	int64_t before_end_us;
	int64_t ends_us;      /* when the running session ended; T_NEVER: not yet */
	int64_t close_us;     /* when it is closed at the latest */
	int64_t watermark_us; /* frames exist up to here */
	bool is_calibrated;
	uint32_t lacks; /* what its calibration lacks */
	double span_deg, confidence;
	double before_confidence; /* of the previous session's calibration, or 0 */
	double clap_db[PLACEMENT_COUNT];
};

struct wearable_track {
	enum wearable_state state;
	uint32_t streams;
	bool has_stepped;   /* its clock stepped (CLOCK_STEP) */
	int64_t stepped_us; /* instant of the latest pop with that mark */
	struct rate symptoms, pops;
};

/* A sound or level reported by a room microphone. */
struct room_sound {
	int64_t t_us, unc_us;
	double level_db;
	bool is_onset; /* false: a level without an onset */
};

struct judge {
	const struct judge_conf *conf;
	const struct analysis_conf *analysis;
	const struct judge_ops *ops;
	void *user;
	uint32_t next_id;
	int64_t deadline_us;
	struct kit_state *kit;
	struct wearable_track *wearable;
	unsigned n_athletes;
	struct athlete *athlete[JUDGE_ATHLETES_MAX];
	unsigned room_at; /* next slot */
	struct room_sound room[JUDGE_ROOM_MAX];
	struct judge_counters counters;
};

/* Whose decisions a trace shows. */
static inline struct trace judge_trace(const struct judge *judge, const struct athlete *athlete)
{
	return (struct trace){judge->conf->tracer, athlete->memory.athlete};
}

static inline int64_t judge_ms(double value)
{
	return (int64_t)(value * 1000);
}
static inline int64_t judge_s(double value)
{
	return (int64_t)(value * 1000000);
}
