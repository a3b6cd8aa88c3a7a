// SPDX-License-Identifier: MIT
#pragma once
/* An athlete's memory that could not be read before this run began to remember: both are kept, the
 * earlier run's before this one's. */
#include "daemon/core/judge/judge-private.h"

/* Nothing that waits for a person is lost, in either; counts add up. */
void memory_merge(
	struct judge *judge, struct athlete *athlete, const struct athlete_memory *earlier);
