// SPDX-License-Identifier: MIT
#pragma once
/* The steps that are slow movements: pelvic tilts and leg raises (decision-model.md 4.2). */
#include "daemon/core/posture/calibration-run.h"

/* Both as calibration_row(). */
int calibration_movement_tilts_row(struct calibration *calibration, const struct timeline_row *row);
int calibration_movement_raise_row(struct calibration *calibration, const struct timeline_row *row);
/* How many of the movements are done: 0 to 1. */
double calibration_movement_progress(const struct calibration *calibration);
/* The time is up: rejects the step with what was detected so far. */
int calibration_movement_time_out(struct calibration *calibration);
