// SPDX-License-Identifier: MIT
#pragma once
/* What is usual in an athlete's repetitions: in the set under way, which decides what counts, and
 * in the session, against which one is of low amplitude or fast (decision-model.md 7.1). Pure value.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/result.h"

#define REP_USUAL_SET     5
#define REP_USUAL_SESSION 15

struct rep_usual {
	unsigned set_n, session_n; /* ever */
	double set_deg[REP_USUAL_SET];
	double session_deg[REP_USUAL_SESSION], session_s[REP_USUAL_SESSION];
	double median_deg; /* of the set */
	int64_t moved_us;  /* last movement of a leg */
};

void rep_usual_init(struct rep_usual *usual);
/* After each row: the set is over when no leg has moved for long. */
void rep_usual_row(
	struct rep_usual *usual, const struct analysis_conf *conf, int64_t t_us, bool is_moving);
/* A smaller range does not count. */
double rep_usual_count_deg(
	const struct rep_usual *usual, const struct analysis_conf *conf, double least_deg);
/* Median range of the set; NAN before its first repetition. */
double rep_usual_range_deg(const struct rep_usual *usual);
/* Takes a repetition that counts; returns its kinds, REP_KIND_BIT mask. */
unsigned rep_usual_add(
	struct rep_usual *usual, const struct analysis_conf *conf, double range_deg, double time_s);
