// SPDX-License-Identifier: MIT
#pragma once
/* Copies the athlete's state to its memory at each change and back after a restart, so that no red
 * flag is forgotten. */
#include "daemon/core/judge/judge-private.h"

/* Updates the memory and passes it on for storing. */
void memory_store(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* Adds a person's decision; the caller fills in what it was about. */
struct memory_decision *memory_add_decision(
	struct athlete *athlete, int64_t now_us, enum decision kind, const char *by);
/* Adds a pop of an earlier run. */
void memory_restore_pop(
	struct judge *judge, struct athlete *athlete, const struct memory_open_pop *open);
void memory_restore(
	struct judge *judge, struct athlete *athlete, const struct athlete_memory *memory);
