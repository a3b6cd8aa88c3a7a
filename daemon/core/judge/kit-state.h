// SPDX-License-Identifier: MIT
#pragma once
/* Who wore a kit at an instant, and how well it was calibrated then: a leaf. */
#include "daemon/core/judge/judge-private.h"

/* Nobody has worn it. */
void kit_state_init(struct judge *judge, unsigned kit);
/* Index of the kit of that name; -1: none. */
int kit_state_find(const struct judge *judge, const char *name);
/* What a message about the athlete says of the kit: its name, or where the athlete was last. */
const char *kit_state_name(const struct judge *judge, unsigned kit, const struct athlete *athlete);
/* NULL: none, as of JUDGE_NO_KIT. */
const struct kit_posture *kit_state_posture(const struct judge *judge, unsigned kit);
/* From relaxed to flat back, of a kit without a posture of its own. */
double kit_state_span_deg(const struct judge *judge, unsigned kit);
/* What a clap of the hands sounds like at that place, above the room; 0: unknown. */
double kit_state_clap_db(const struct judge *judge, unsigned kit, enum placement placement);
/* The athlete who wore the kit at t; NULL: unknown. */
struct athlete *kit_state_wearer(const struct judge *judge, unsigned kit, int64_t t_us);
/* Whose symptom the kit reports at t: the wearer, or who has just taken it off. */
struct athlete *kit_state_reporter(const struct judge *judge, unsigned kit, int64_t t_us);
/* Confidence of the kit's calibration at t, 0 without one. */
double kit_state_confidence(const struct judge *judge, unsigned kit, int64_t t_us);
