// SPDX-License-Identifier: MIT
#pragma once
/* How an athlete wears the sensors of a kit: from a calibration into the athlete's memory, and from
 * there into the posture of the next session.
 */
#include "daemon/flow/pipeline-private.h"

void pipeline_worn_keep(
	struct pipeline *pipeline, unsigned kit, const struct kit_calibration *calibration);
/* After a session has begun for the posture, or goes on. */
void pipeline_worn_recall(struct pipeline *pipeline, unsigned kit);
