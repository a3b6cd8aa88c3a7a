// SPDX-License-Identifier: MIT
#pragma once
/* The steps that are held poses: neutral and flat-back (decision-model.md 4.2, ruling 3). */
#include "daemon/core/posture/calibration-run.h"

/* As calibration_row(). */
int calibration_pose_row(struct calibration *calibration, const struct timeline_row *row);
/* How long the pose has been held, of the time that it takes: 0 to 1. */
double calibration_pose_progress(const struct calibration *calibration);
/* Accepts the step once the zero and the axis of the pelvis are known: takes the span from neutral
 * to flat-back about that axis. An implausible span is no reason to reject; the default stands in,
 * with a remark. */
int calibration_pose_accept_pelvis(struct calibration *calibration, double quality);
