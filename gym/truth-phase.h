// SPDX-License-Identifier: MIT
#pragma once
/* When the phases of a repetition begin, from the exact angles, by the conditions of
 * decision-model.md 7.1: `first` is when the condition starts to hold, `last` when it has held for
 * long enough, and moved far enough, to be known.
 */
#include "gym/timeline.h"

struct truth_window {
	double first_s, last_s; /* NAN: never */
};

struct truth_phases {
	struct truth_window raise, top, lower, bottom;
};

struct truth_phases truth_phase_of(
	const struct timeline *timeline, const struct timeline_rep *rep, enum body_track leg);
/* Elevation at which the tilt first exceeds 0.45 of the span for 100 ms while lowering; NAN: never.
 */
double truth_phase_theta_loss(const struct timeline *timeline, const struct timeline_rep *rep);
