// SPDX-License-Identifier: MIT
#pragma once
/* The steps of calibration.c, one kind a file: poses that are held (calibration-pose.c) and slow
 * movements (calibration-movement.c). Each takes the rows of the timeline while its step runs and
 * answers as calibration_row() does.
 */
#include "daemon/core/posture/calibration.h"

bool calibration_has(const struct calibration *calibration, enum placement placement);
/* What the step cannot do without; PLACEMENT_COUNT: nothing. */
enum placement calibration_wanted(
	const struct calibration *calibration, enum calibration_step step);
/* How often a movement is done. */
unsigned calibration_cycles(enum calibration_step step);
/* What the step has gathered is thrown away; it goes on. */
void calibration_clear(struct calibration *calibration);
/* Tells the athlete how the running step stands. */
__attribute__((format(printf, 2, 3))) void calibration_guide(
	struct calibration *calibration, const char *format, ...);
/* What is to be said of a step that is over. */
__attribute__((format(printf, 2, 3))) void calibration_remark(
	struct calibration *calibration, const char *format, ...);
/* The step is over. */
__attribute__((format(printf, 2, 3))) int calibration_reject(
	struct calibration *calibration, const char *format, ...);
int calibration_accept(struct calibration *calibration, double quality);

int calibration_pose_row(struct calibration *calibration, const struct timeline_row *row);
int calibration_tilts_row(struct calibration *calibration, const struct timeline_row *row);
int calibration_raise_row(struct calibration *calibration, const struct timeline_row *row);
/* The time is up: rejects with what was seen instead. */
int calibration_raises_missed(struct calibration *calibration, enum placement thigh);
/* The pelvis' zero and axis are known: takes the span from neutral to flat-back along that axis. A
 * span that cannot be is no reason to reject; it is said. */
int calibration_accept_pelvis(struct calibration *calibration, double quality);
