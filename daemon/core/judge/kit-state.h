// SPDX-License-Identifier: MIT
#pragma once
/* Who wore a kit at an instant, and how well it was calibrated then: a leaf. */
#include "daemon/core/judge/judge-private.h"

/* Nobody has worn it. */
void kit_state_init(struct judge *judge, unsigned kit);
/* Index of the kit of that name; -1: none. */
int kit_state_find(const struct judge *judge, const char *name);
/* The athlete who wore the kit at t; NULL: unknown. */
struct athlete *kit_state_wearer(const struct judge *judge, unsigned kit, int64_t t_us);
/* Whose symptom the kit reports at t: the wearer, or who has just taken it off. */
struct athlete *kit_state_reporter(const struct judge *judge, unsigned kit, int64_t t_us);
/* Confidence of the kit's calibration at t, 0 without one. */
double kit_state_confidence(const struct judge *judge, unsigned kit, int64_t t_us);
