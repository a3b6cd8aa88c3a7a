// SPDX-License-Identifier: MIT
#pragma once
/* Turns a row of the timeline into the angles and speeds of a frame, by the segments in force, and
 * into the input of the phase machines. Constant time; changes only the kit's filters.
 */
#include <stdbool.h>

#include "daemon/core/posture/kit-posture-private.h"

double kit_measure_tilt_limit_deg(const struct kit_posture *k);
/* By default axes, which no raise has confirmed yet. */
bool kit_measure_is_assumed(const struct kit_posture *k, unsigned leg);
/* Not calibrated, or only assumed: its repetitions are counted from its own motion. */
bool kit_measure_is_learnt(const struct kit_posture *k, unsigned leg);
/* Its own motion is followed: it is counted by it, or its axis was not measured. */
bool kit_measure_follows(const struct kit_posture *k, unsigned leg);
/* At the zero of its exercise a leg lies on the floor. */
bool kit_measure_lies_flat(const struct kit_posture *k);
/* NULL without a zero, or while that is not confirmed. */
const struct calibration_segment *kit_measure_segment(
	const struct kit_posture *k, enum placement placement);
void kit_measure_pelvis(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame);
void kit_measure_leg(struct kit_posture *k, unsigned leg, const struct timeline_row *row,
	struct posture_frame *frame);
/* Degrees between the trunk's gravity and the calibrated one, NAN unknown. */
double kit_measure_trunk_off_deg(const struct kit_posture *k, const struct timeline_row *row);
struct posture_input kit_measure_input(const struct kit_posture *k, unsigned leg,
	const struct timeline_row *row, const struct posture_frame *frame);
