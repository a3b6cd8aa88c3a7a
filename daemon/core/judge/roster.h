// SPDX-License-Identifier: MIT
#pragma once
/* The athletes the judge holds: found by name, admitted with their memory, and evicted, the least
 * needed first, when there are too many.
 */
#include "daemon/core/judge/judge-private.h"

struct athlete *roster_find(const struct judge *judge, const char *athlete);
/* As roster_find, but recalls an athlete who is not held from the history. NULL: unknown. */
struct athlete *roster_recall(struct judge *judge, const char *athlete);
/* Adds an athlete who is not held, with the memory from the history. NULL: no capacity. */
struct athlete *roster_admit(struct judge *judge, const char *athlete);
/* Adds an athlete from an earlier run; ignores one who is already held or has no name. */
void roster_restore(struct judge *judge, const struct athlete_memory *memory);
/* The same while this run is under way: an athlete who is held has both memories then. NULL: no
 * name, or no capacity. */
struct athlete *roster_restore_late(struct judge *judge, const struct athlete_memory *memory);
/* Frees one that nothing refers to any more. */
void roster_drop(struct judge *judge, struct athlete *athlete);
