// SPDX-License-Identifier: MIT
#pragma once
/* One sound out of the reports of several sensors (decision-model.md 7.2). */
#include "daemon/core/judge/judge-private.h"

/* A wearable reported a sound: a new pending one, a companion, or a duplicate. */
void pop_merge_report(struct judge *judge, int64_t now_us, unsigned wearable, int64_t t_us,
	int64_t unc_us, bool is_resent, const struct pop_features *features);
void pop_merge_room(
	struct judge *judge, int64_t t_us, int64_t unc_us, double level_db, bool is_onset);
/* When a pending sound can be judged, by what its kit's posture has reached. */
void pop_merge_schedule(const struct judge *judge, struct pop *pop, int64_t now_us);
