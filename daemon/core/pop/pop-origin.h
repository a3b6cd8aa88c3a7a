// SPDX-License-Identifier: MIT
#pragma once
/* Is a sound a pop of this athlete's body at all (decision-model.md 7.3)? The first rule that
 * matches names what it was instead. Pure function of what was measured; NAN never matches a rule.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/record.h"
#include "coxad/core/terms.h"

#define ORIGIN_POP (-1)

struct origin_facts {
	const struct pop_features *features; /* of the site that heard it loudest */
	double contact_air_db;               /* less the clap's, NAN without any air level */
	double own_shock_g;                  /* of the reporting wearable */
	double foot_shock_g;                 /* the same, the thighs' too */
	double elevation_low_deg;            /* of the lower leg */
	bool is_near_bottom;
	bool is_bent;            /* knees bent by the exercise */
	bool is_loose;           /* the sensor shifted then */
	unsigned bodies_shocked; /* athletes with a floor shock then */
	bool room_leads, room_exceeds;
	bool other_athlete;          /* another athlete's sensors heard one then */
	unsigned sounds_last_minute; /* of the reporting wearable */
};

/* ORIGIN_POP, or the enum code of what it was. */
int pop_origin(const struct analysis_conf *analysis, const struct origin_facts *facts);
/* The same, read back from the reasons of a verdict (CODE_BIT mask). */
int pop_origin_of_reasons(uint64_t reasons);
