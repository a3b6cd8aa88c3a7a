// SPDX-License-Identifier: MIT
#pragma once
#include <stdint.h>

#include "coxad/core/judge/judge.h"

/* The athlete was never here: memory, alerts, and pops that wait for their final verdict; nothing is
 * published, nothing remembered. -EBUSY: a session is under way, or not closed yet. */
int judge_erase(struct judge *judge, int64_t now_us, const char *athlete);
