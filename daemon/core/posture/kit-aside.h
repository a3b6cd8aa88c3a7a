// SPDX-License-Identifier: MIT
#pragma once
/* An athlete who lies on the side or prone raises the leg in another plane than that of the
 * calibration: meanwhile repetitions are counted by the leg's own motion, as without a calibration,
 * and nothing of form is judged (decision-model.md 7.1). Works on the kit's posture.
 */
#include "daemon/core/posture/kit-posture-private.h"

/* Before the row's angles are measured. */
void kit_aside_row(struct kit_posture *k, const struct timeline_row *row);
