// SPDX-License-Identifier: MIT
#pragma once
/* Which pattern a pop fits (decision-model.md 7.4), and whether pops are consistent (7.9, A7). The
 * pattern is an explanatory label and never changes a class. Pure functions on one athlete's pops.
 */
#include <stdbool.h>

#include "coxad/core/analysis.h"
#include "daemon/core/rules/pop-note.h"

struct pattern_facts {
	double tilt_deg, tilt_rate_deg_s; /* at the pop */
	double span_deg;
	unsigned sub_pulses;
};

/* notes: the last one is the pop in question. */
enum pattern pattern_of(const struct analysis_conf *analysis, const struct pop_note *notes,
	unsigned n, const struct pattern_facts *facts);
bool pattern_is_consistent(
	const struct analysis_conf *analysis, const struct pop_note *notes, unsigned n);
