// SPDX-License-Identifier: MIT
#pragma once
/* Shared by the tests of the situations in decision-model.md 8: plays a repetition and checks each
 * kind of verdict.
 */
#include <math.h>

#include "tests/core/judge/rig.h"

/* In a struct rig_rep: no pop. */
#define NO_POP .pop_deg = NAN, .pop_tilt_deg = NAN

/* Plays it on the first kit, and 2 s more. Returns its pop. */
const struct pop_result *scenario_play(struct rig *rig, const struct rig_rep *rep);
void scenario_is_benign(const struct pop_result *p);
void scenario_is_red(const struct pop_result *p, unsigned severity);
void scenario_is_rejected(const struct pop_result *p, enum code code);
