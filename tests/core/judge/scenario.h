// SPDX-License-Identifier: MIT
#pragma once
/* What the tests of the situations of decision-model.md 8 share: a repetition played, and what each
 * kind of verdict must look like.
 */
#include <math.h>

#include "tests/core/judge/rig.h"

/* In a struct rig_rep: no pop. */
#define NO_POP .pop_deg = NAN, .pop_tilt_deg = NAN

/* In the first kit, and 2 s more. Its pop. */
const struct pop_result *scenario_play(struct rig *rig, const struct rig_rep *rep);
void scenario_is_benign(const struct pop_result *p);
void scenario_is_red(const struct pop_result *p, unsigned severity);
void scenario_is_rejected(const struct pop_result *p, enum code code);
