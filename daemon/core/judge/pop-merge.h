// SPDX-License-Identifier: MIT
#pragma once
/* Merges the reports of several sensors into one sound (decision-model.md 7.2): same athlete,
 * onsets within 8 ms plus the clocks' uncertainty. The loudest site, after subtracting each
 * sensor's gain from the clap, gives instant and features. */
#include "daemon/core/judge/judge-private.h"

/* Takes a wearable's report: a new pending sound, a companion or a duplicate. */
void pop_merge_report(struct judge *judge, int64_t now_us, const struct record *record);
/* Takes a room microphone's report of a sound or a level. */
void pop_merge_room(struct judge *judge, const struct room_sound *sound);
/* Sets when a pending sound can be judged, by how far its kit's posture has come. */
void pop_merge_schedule(const struct judge *judge, struct pop *pop, int64_t now_us);
