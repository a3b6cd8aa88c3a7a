// SPDX-License-Identifier: MIT
#pragma once
/* Everything known around a sound, from the kits' posture, other athletes, the room and the
 * athlete's own history. Reads it again at each call, so that late data counts. A leaf below
 * pop-life. */
#include "daemon/core/judge/judge-private.h"

/* Reads everything again. whole: also origin and motion, possible only for some seconds, because
 * levels of the room and of other athletes are not kept. */
void pop_facts_read(struct judge *judge, struct athlete *athlete, struct pop *pop, bool whole);
/* Copies the pop's posture to its published result. */
void pop_facts_copy_posture(struct pop *pop);
