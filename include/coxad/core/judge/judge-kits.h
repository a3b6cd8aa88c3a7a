// SPDX-License-Identifier: MIT
#pragma once
/* Kits and wearables that come and change while the judge runs. What judge_conf says of them is in force
 * already; these tell the judge to follow.
 */
#include "coxad/core/judge/judge.h"

/* A new kit in this place. Of the one that was there before, what waits is judged and the session
 * closed; verdicts of its pops stay as they are. */
void judge_kits_begin(struct judge *judge, int64_t now_us, unsigned kit);
/* The running session goes on with another exercise. */
void judge_kits_exercise(struct judge *judge, int64_t now_us, unsigned kit, enum exercise exercise);
/* A new wearable in this place. */
void judge_kits_wearable(struct judge *judge, unsigned wearable);
