// SPDX-License-Identifier: MIT
#pragma once
/* Decides whether a sound is a pop of this athlete's body (decision-model.md 7.3). The first rule
 * that matches names its other origin. Pure function of the measurements; NAN never matches a rule.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/record.h"
#include "coxad/core/terms.h"

#define ORIGIN_POP (-1)

struct origin_facts {
	const struct pop_features *features; /* of the site where it was loudest */
	double contact_air_db;               /* less that of a clap; NAN without an air level */
	double own_shock_g;                  /* of the reporting wearable */
	double foot_shock_g;                 /* the same, thighs included */
	double elevation_low_deg;            /* of the lower leg */
	bool is_near_bottom;
	bool is_bent;            /* knees bent by the exercise */
	bool is_loose;           /* the sensor shifted at that time */
	unsigned bodies_shocked; /* athletes with a floor shock at that time */
	bool room_leads, room_exceeds;
	bool other_athlete;          /* another athlete's sensors detected one at that time */
	unsigned sounds_last_minute; /* of the reporting wearable */
};

/* ORIGIN_POP, or the enum code of what it was. */
int pop_origin(const struct analysis_conf *analysis, const struct origin_facts *facts);
/* The same, read back from the reasons of a verdict (CODE_BIT mask). */
int pop_origin_of_reasons(uint64_t reasons);
