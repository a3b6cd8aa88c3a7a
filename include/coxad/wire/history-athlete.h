// SPDX-License-Identifier: MIT
#pragma once
/* An athlete's memory as JSON text and back, by the rules of history.h. Pure. */
#include <stddef.h>

#include "coxad/core/athlete-memory.h"
#include "coxad/core/time/wall-clock.h"

/* Returns-owned. A clock that was never set leaves the instants as they are. */
char *history_athlete_write(const struct athlete_memory *memory, const struct wall_clock *clock);
/* -EINVAL if the text is something else, *ret untouched. */
int history_athlete_read(
	const char *text, size_t size, const struct wall_clock *clock, struct athlete_memory *ret);
