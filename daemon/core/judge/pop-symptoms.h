// SPDX-License-Identifier: MIT
#pragma once
/* The symptoms of an athlete as they bear on one event. Pointers are borrowed from the athlete and
 * the event.
 */
#include "daemon/core/judge/judge-private.h"

/* What all symptoms together say of one event. */
struct symptom_view {
	struct red_verdict red;
	bool is_open, any, other_region;
	double confidence;
	unsigned n;
	const char *id[POP_SYMPTOMS_MAX];
};

/* Of a sound: those in its window and those still open. */
void pop_symptoms_view(const struct judge *judge, const struct athlete *athlete,
	const struct pop *pop, struct symptom_view *ret);
/* Of a symptom's own event: that symptom, whatever was before or after. */
void pop_symptoms_view_own(const struct judge *judge, const struct athlete *athlete,
	const struct pop *pop, struct symptom_view *ret);
/* What was said of an event last names the symptom. */
bool pop_symptoms_lists(const struct pop_result *result, const char *id);
/* Those that were cleared since are not remembered after a restart, and stay listed. */
void pop_symptoms_keep_listed(const struct pop_result *result, struct symptom_view *view);
