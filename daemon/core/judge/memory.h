// SPDX-License-Identifier: MIT
#pragma once
/* The athlete's memory in and out of the running state. */
#include "daemon/core/judge/judge-private.h"

/* Brings the memory up to date and hands it out. */
void memory_store(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* Writes down what a person decided; subject: what it was about, the rest is filled in. */
void memory_note_act(struct athlete *athlete, int64_t now_us, enum act act, const char *by,
	const char *reason, const struct memory_act *subject);
void memory_restore(
	struct judge *judge, struct athlete *athlete, const struct athlete_memory *memory);
