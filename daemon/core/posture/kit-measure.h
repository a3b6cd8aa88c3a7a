// SPDX-License-Identifier: MIT
#pragma once
/* A row of the timeline to the angles and speeds of a frame, by the segments in force; and what the
 * phase machines are told of it. Constant time; changes nothing but the filters of the kit.
 */
#include <stdbool.h>

#include "daemon/core/posture/kit-posture-private.h"

double kit_measure_tilt_limit_deg(const struct kit_posture *k);
/* Nothing but legs, and not calibrated: repetitions are counted from their own motion. */
bool kit_measure_is_lone(const struct kit_posture *k);
/* NULL where the placement has no zero. */
const struct calibration_segment *kit_measure_segment(
	const struct kit_posture *k, enum placement placement);
void kit_measure_pelvis(
	struct kit_posture *k, const struct timeline_row *row, struct posture_frame *frame);
void kit_measure_leg(struct kit_posture *k, unsigned leg, const struct timeline_row *row,
	struct posture_frame *frame);
/* The same for a leg on its own. */
void kit_measure_lone(struct kit_posture *k, unsigned leg, const struct timeline_row *row,
	struct posture_frame *frame);
struct posture_input kit_measure_input(const struct kit_posture *k, unsigned leg,
	const struct timeline_row *row, const struct posture_frame *frame);
