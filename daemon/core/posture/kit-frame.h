// SPDX-License-Identifier: MIT
#pragma once
/* A row of the timeline to a frame: calibration, shifts, phases of both legs, repetitions, the live
 * limit; tells them through the kit's ops. Constant time a row but for the end of a repetition.
 */
#include "daemon/core/posture/kit-private.h"

void kit_frame_make(struct kit_posture *k, const struct timeline_row *row);
/* Running repetitions come to nothing; the legs begin anew. */
void kit_frame_forget_movement(struct kit_posture *k);
/* The calibration is over: says so, once more with the last step. */
void kit_frame_end_calibration(struct kit_posture *posture, int64_t t_us, const char *why);
void kit_frame_tell_calibration(struct kit_posture *k, int64_t t_us, int state);
/* A calibration step is over: state accepted or rejected. */
void kit_frame_end_step(struct kit_posture *k, int64_t t_us, int state);
