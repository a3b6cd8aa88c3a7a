// SPDX-License-Identifier: MIT
#pragma once
/* One wearable as a person looks at it while mounting or calibrating: gravity, whether it is still, how
 * fast it turns, how loud it is, from its samples of the last moment. Needs no calibration and no other
 * sensor. Pure value, constant time per sample.
 */
#include "coxad/core/record.h"
#include "coxad/core/result.h"

struct live_view {
	bool has_motion, has_level;
	int64_t motion_us, level_us; /* arrival of the last that came */
	int64_t sample_us;           /* of the last sample */
	double gravity_g[3];         /* smoothed */
	bool has_quat;
	float quat_wxyz[4]; /* the last one */
	int64_t quat_us;
	double level_db;
	bool is_level_seen; /* the next one replaces it */
	/* Since the last look. */
	double turn_sum_deg_s, turn_most_deg_s;
	unsigned n_turns;
};

/* RECORD_MOTION, RECORD_ORIENTATION, RECORD_AUDIO, RECORD_LEVEL; others are ignored. */
void live_view_push(struct live_view *view, const struct record *record);
/* What was seen since the last call; NAN and -1 where nothing was. still_deg_s: slower is still. */
void live_view_take(
	struct live_view *view, int64_t now_us, double still_deg_s, struct live_result *ret);
