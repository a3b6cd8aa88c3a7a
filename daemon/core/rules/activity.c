// SPDX-License-Identifier: MIT
#include "daemon/core/rules/activity.h"

bool activity_lacks_thigh(enum exercise exercise, const struct posture_at *at)
{
	bool are_apart = exercise == EXERCISE_SINGLE || exercise == EXERCISE_FLUTTER;

	return at->thighs < (are_apart ? 2u : 1u);
}

bool activity_is_active(enum exercise exercise, const struct posture_at *at)
{
	if (at->phase == PHASE_READY)
		return exercise == EXERCISE_GENERIC_CORE;
	return at->phase == PHASE_RAISE || at->phase == PHASE_TOP || at->phase == PHASE_LOWER ||
	       at->phase == PHASE_BOTTOM;
}

bool activity_may_be_active(enum exercise exercise, const struct posture_at *at)
{
	return at->is_known && activity_lacks_thigh(exercise, at) &&
	       exercise != EXERCISE_GENERIC_CORE &&
	       (at->phase == PHASE_READY || at->phase == PHASE_REST || at->phase == PHASE_OFFLINE);
}

bool activity_is_resting(enum exercise exercise, const struct posture_at *at)
{
	if (activity_may_be_active(exercise, at))
		return false;
	if (at->phase == PHASE_READY)
		return exercise != EXERCISE_GENERIC_CORE;
	return at->phase == PHASE_OTHER || at->phase == PHASE_REST;
}
