// SPDX-License-Identifier: MIT
#pragma once
/* Whether the athlete was exercising at a pop, by exercise and phase. Pure functions. */
#include <stdbool.h>

#include "coxad/core/terms.h"
#include "daemon/core/rules/posture-at.h"

/* In a repetition, where form counts. */
bool activity_is_active(enum exercise exercise, const struct posture_at *at);
/* The athlete is lying and too few thigh sensors show whether the legs move. */
bool activity_may_be_active(enum exercise exercise, const struct posture_at *at);
/* Between repetitions, and known to be. */
bool activity_is_resting(enum exercise exercise, const struct posture_at *at);
/* Fewer thigh sensors than the exercise needs: both where the legs move separately. */
bool activity_lacks_thigh(enum exercise exercise, const struct posture_at *at);
