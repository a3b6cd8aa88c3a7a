// SPDX-License-Identifier: MIT
#pragma once
/* What a reported symptom triggers at once: red pops in its window, an alert, STOP, or an event of
 * its own (decision-model.md, ruling 12). */
#include "daemon/core/judge/judge-private.h"

struct symptom_arrival {
	int64_t t_us, unc_us;
	int64_t arrival_us; /* by which its rate counts */
	const struct symptom_report *report;
	const char *source; /* who reported it, such as "athlete" */
	unsigned kit;
	struct rate *rate; /* of the wearable that reports it; NULL: a person who commands */
};

void symptom_report(struct judge *judge, struct athlete *athlete, int64_t now_us,
	const struct symptom_arrival *arrival);
/* Gives each unrepresented symptom its event, once no pending sound can be its pop. */
void symptom_report_settle(struct judge *judge, struct athlete *athlete, int64_t now_us);
