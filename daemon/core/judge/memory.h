// SPDX-License-Identifier: MIT
#pragma once
/* The athlete's memory in and out of the running state. */
#include "daemon/core/judge/judge-private.h"

/* Brings the memory up to date and hands it out. */
void memory_store(struct judge *judge, struct athlete *athlete, int64_t now_us);
/* Records what a person decided; the caller fills in what it was about. */
struct memory_decision *memory_add_decision(
	struct athlete *athlete, int64_t now_us, enum decision kind, const char *by);
void memory_restore(
	struct judge *judge, struct athlete *athlete, const struct athlete_memory *memory);
