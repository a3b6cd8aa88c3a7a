// SPDX-License-Identifier: MIT
#pragma once
/* What is known around a sound: origin, posture, motion, history. A leaf below pop-life. */
#include "daemon/core/judge/judge-private.h"

/* Reads anew. whole: origin and motion too, which only seconds-old data tell: the levels of the
 * room and of other athletes are not kept. */
void pop_facts_read(struct judge *judge, struct athlete *athlete, struct pop *pop, bool whole);
/* From the pop's posture to what is published of it. */
void pop_facts_copy_posture(struct pop *pop);
