// SPDX-License-Identifier: MIT
#pragma once
/* What an athlete's symptoms mean for one event. Pointers are borrowed from the athlete and the
 * event.
 */
#include "daemon/core/judge/judge-private.h"

/* All symptoms together, for one event. */
struct symptom_view {
	struct red_verdict red;
	bool is_open, any, other_region;
	double confidence;
	unsigned n;
	const char *id[POP_SYMPTOMS_MAX];
};

/* For a sound: symptoms in its window and open ones. */
void pop_symptoms_view(const struct judge *judge, const struct athlete *athlete,
	const struct pop *pop, struct symptom_view *ret);
/* For a symptom's own event: that symptom alone. */
void pop_symptoms_view_own(const struct judge *judge, const struct athlete *athlete,
	const struct pop *pop, struct symptom_view *ret);
/* The event as last published lists the symptom. */
bool pop_symptoms_lists(const struct pop_result *result, const char *id);
/* Keeps symptoms listed that were cleared since: a restart forgets them. */
void pop_symptoms_keep_listed(const struct pop_result *result, struct symptom_view *view);
