// SPDX-License-Identifier: MIT
#pragma once
/* What a person did, as the text of an entry of the logbook. */
#include "coxad/core/result.h"
#include "coxad/core/time/wall-clock.h"

/* Returns-owned. */
char *logbook_act_text(const struct act_result *act, const struct wall_clock *clock);
