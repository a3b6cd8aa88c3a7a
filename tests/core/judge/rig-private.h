// SPDX-License-Identifier: MIT
#pragma once
/* Shared by rig.c (the judge, its input and output) and rig-body.c (what the kits' bodies do).
 */
#include "coxad/core/posture/kit-posture.h"
#include "tests/core/judge/rig.h"

#define RIG_FRAMES  6000
#define RIG_STEP_US POSTURE_FRAME_US

/* The rig's own kit_posture: a ring of frames with each wearable's knock. */
struct kit_posture {
	unsigned n, head;
	struct posture_frame frame[RIG_FRAMES];
	float knock_g[RIG_FRAMES][PLACEMENT_COUNT];
	double span_deg, control_angle_deg;
};

/* Index 0 is the oldest. */
const struct posture_frame *rig_frame_at(const struct kit_posture *k, unsigned i);
/* Adds a frame of the kit's body as it is now. */
void rig_push_frame(struct rig *rig, unsigned kit, int64_t t_us);
