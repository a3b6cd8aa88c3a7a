// SPDX-License-Identifier: MIT
#pragma once
/* The phase machines of both legs and the repetitions that they make; a phase that turns out to
 * have begun earlier is written back into the frames kept. Constant time a row but for the end of
 * a repetition.
 */
#include "daemon/core/posture/kit-posture-private.h"

/* Steps a leg's machine to this row, first through a gap of lost packets before it. */
void kit_movement_step(struct kit_posture *posture, unsigned leg, const struct posture_input *in);
/* Nothing is known of a leg any more: a repetition that was nearly over ends there. */
void kit_movement_lose(struct kit_posture *posture, unsigned leg);
/* The elevation of a leg is measured from elsewhere: all that is kept of it changes by so much. */
void kit_movement_rebase(struct kit_posture *posture, unsigned leg, double by_deg);
/* The same of one leg, whose own motion is followed from here on. */
void kit_movement_begin_anew(struct kit_posture *posture, unsigned leg);
/* Running repetitions do not count; both legs begin anew. */
void kit_movement_forget(struct kit_posture *posture);
/* A leg does not wait for ever for the other one to finish. */
void kit_movement_advance(struct kit_posture *posture, int64_t now_us);
