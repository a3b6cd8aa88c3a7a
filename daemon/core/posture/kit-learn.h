// SPDX-License-Identifier: MIT
#pragma once
/* What repetitions teach about how the leg sensors are worn: confirms what is worn as last time, and
 * gives a calibrated kit the axes of a leg that it lacks (decision-model.md 4.2). Works on the kit's
 * posture; constant time per row.
 */
#include "daemon/core/posture/kit-posture-private.h"

/* While repetitions run. */
void kit_learn_row(struct kit_posture *k, const struct timeline_row *row);
/* After each row, once its repetitions are settled. */
void kit_learn_advance(struct kit_posture *k, int64_t t_us);
/* A sensor has moved, or another athlete wears them. */
void kit_learn_forget(struct kit_posture *k);
