// SPDX-License-Identifier: MIT
#pragma once
/* What a hip cannot do is never published: such angles are hidden, and where they stay a sensor is
 * not worn as it was calibrated.
 */
#include "daemon/core/posture/kit-posture-private.h"

/* Hides impossible angles of the frame; true once they have lasted. */
bool kit_joint_check(
	struct kit_posture *posture, const struct timeline_row *row, struct posture_frame *frame);
