// SPDX-License-Identifier: MIT
#pragma once
/* The athletes whom the judge holds: found, admitted with what is remembered of them, and evicted
 * when the bound is reached, the least needed first.
 */
#include "daemon/core/judge/judge-private.h"

struct athlete *roster_find(const struct judge *judge, const char *athlete);
/* The same; an athlete who is not held is recalled from the history. NULL: unknown. */
struct athlete *roster_recall(struct judge *judge, const char *athlete);
/* Adds an athlete who is not held, with what the history has. NULL: no capacity. */
struct athlete *roster_admit(struct judge *judge, const char *athlete);
/* Adds an athlete from an earlier run; ignores one who is held already or has no name. */
void roster_restore(struct judge *judge, const struct athlete_memory *memory);
