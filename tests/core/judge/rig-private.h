// SPDX-License-Identifier: MIT
#pragma once
/* What rig.c (the judge, what it is told, what it says) and rig-body.c (what its kits' bodies do)
 * share. Nobody else includes it.
 */
#include "coxad/core/posture/kit-posture.h"
#include "tests/core/judge/rig.h"

#define RIG_FRAMES  6000
#define RIG_STEP_US POSTURE_FRAME_US

/* The rig's own kit_posture: a ring of frames with the knock of each wearable beside. */
struct kit_posture {
	unsigned n, head;
	struct posture_frame frame[RIG_FRAMES];
	float knock_g[RIG_FRAMES][PLACEMENT_COUNT];
	double span_deg, control_angle_deg;
};

/* From the oldest, 0. */
const struct posture_frame *rig_frame_at(const struct kit_posture *k, unsigned i);
/* The body of the kit as it is now. */
void rig_push_frame(struct rig *rig, unsigned kit, int64_t t_us);
