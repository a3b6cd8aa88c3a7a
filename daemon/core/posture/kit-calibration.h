// SPDX-License-Identifier: MIT
#pragma once
/* What a kit's calibration means for its posture: runs the steps on the rows, publishes how they
 * stand, puts a new calibration into force, and ends one that no longer holds (decision-model.md
 * 4.2, rulings 6 and 7).
 */
#include "daemon/core/posture/kit-posture-private.h"

/* A step is asked for. It begins at t_us, but not before the rows until then have had their chance to
 * complete the one that runs. */
void kit_calibration_ask(struct kit_posture *posture, int64_t t_us, enum calibration_step step);
/* Begins the one asked for, if rows no longer come. */
void kit_calibration_advance(struct kit_posture *posture, int64_t now_us);
/* The running step is over: state accepted or rejected. */
void kit_calibration_end_step(struct kit_posture *posture, int64_t t_us, int state);
/* Takes a row to the running step, and looks for a sensor that has shifted. */
void kit_calibration_row(struct kit_posture *posture, const struct timeline_row *row);
/* Tells what the calibration lacks where that has changed. */
void kit_calibration_note(struct kit_posture *posture);
/* The movement has shown how a leg's sensor is worn, and the calibration has it. */
void kit_calibration_learnt(struct kit_posture *posture, int64_t t_us);
/* A raise contradicts the axes that flat-back assumed for a leg. */
void kit_calibration_refuse(struct kit_posture *posture, unsigned leg, int64_t t_us);
/* A raise has confirmed or refuted that the sensors are worn as last time. */
void kit_calibration_proven(
	struct kit_posture *posture, int64_t t_us, enum calibration_proof proof);
/* A sensor is not worn as it was calibrated, since from_us. */
void kit_calibration_shifted(struct kit_posture *posture, int64_t t_us, int64_t from_us);
/* Legs that rest on the floor do so at the zero of their calibration (decision-model.md 4.2): takes
 * its confidence away while one rests elsewhere. */
void kit_calibration_check_rest(struct kit_posture *posture, const struct posture_frame *frame);
/* At these placements another sensor is worn, or none. */
void kit_calibration_change(struct kit_posture *posture, int64_t t_us, uint32_t changed);
/* The session is over, and the calibration with it. */
void kit_calibration_end(struct kit_posture *posture, int64_t t_us);
