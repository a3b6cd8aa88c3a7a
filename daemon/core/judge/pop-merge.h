// SPDX-License-Identifier: MIT
#pragma once
/* One sound out of the reports of several sensors (decision-model.md 7.2). */
#include "daemon/core/judge/judge-private.h"

/* A wearable reported a sound: a new pending one, a companion, or a duplicate. */
void pop_merge_report(struct judge *judge, int64_t now_us, const struct record *record);
/* A room microphone reported a sound or a level. */
void pop_merge_room(struct judge *judge, const struct room_sound *sound);
/* When a pending sound can be judged, by what its kit's posture has reached. */
void pop_merge_schedule(const struct judge *judge, struct pop *pop, int64_t now_us);
