// SPDX-License-Identifier: MIT
#pragma once
/* A row of the timeline to a frame: what the kit knows at that instant, published through its ops.
 * Constant time a row but for the end of a repetition.
 */
#include "daemon/core/posture/kit-posture-private.h"

void kit_frame_make(struct kit_posture *posture, const struct timeline_row *row);
