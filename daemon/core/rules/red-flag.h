// SPDX-License-Identifier: MIT
#pragma once
/* Which symptoms make a pop a red flag, and how severe (decision-model.md 7.6, R1 to R5). Pure
 * functions of one symptom and one pop; a window includes both of its edges.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/terms.h"

struct red_symptom {
	enum symptom_code code;
	enum body_site site;
	int intensity;      /* -1 unknown */
	bool is_new;        /* discomfort: the first at its site in the session */
	bool is_increasing; /* discomfort: more than an earlier one by the step */
};

struct red_verdict {
	unsigned severity; /* 0: no red flag */
	uint64_t reasons;  /* CODE_BIT mask */
};

/* The report means no pain: "none", or discomfort of intensity 0 (decision-model.md, ruling 23). */
bool red_flag_is_answer(enum symptom_code code, int intensity);
/* A symptom elsewhere (a shoulder) is not linked to pops of hip and back (decision-model.md 3). */
bool red_flag_is_linked(const struct red_symptom *symptom);
/* The symptom by itself, as for SYMPTOM_ONLY: severity and codes regardless of before or after. */
struct red_verdict red_flag_alone(
	const struct analysis_conf *analysis, const struct red_symptom *symptom);
/* R1 to R4 for a pop: dt_us is the symptom's instant minus the pop's. */
struct red_verdict red_flag_of_pop(const struct analysis_conf *analysis,
	const struct red_symptom *symptom, int64_t dt_us, enum phase phase, double elevation_deg);
/* The symptom's window includes dt_us, whatever its intensity. */
bool red_flag_is_in_window(
	const struct analysis_conf *analysis, enum symptom_code code, int64_t dt_us);
/* Confidence by distance: 1 within some seconds, falling linearly to 0.5 at the window's edge
 * (7.8). */
double red_flag_confidence(
	const struct analysis_conf *analysis, enum symptom_code code, int64_t dt_us);
