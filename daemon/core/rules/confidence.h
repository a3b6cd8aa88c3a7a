// SPDX-License-Identifier: MIT
#pragma once
/* Confidence in a verdict and its factors (decision-model.md 7.8). Pure functions. */
#include <stdbool.h>

#include "coxad/core/analysis.h"
#include "coxad/core/result.h"

struct confidence_facts {
	double snr_db;         /* NAN unknown */
	double contact_air_db; /* NAN: no air level at all */
	bool is_consistent;    /* like the athlete's other pops */
	double time_uncertainty_ms;
	double calibration; /* 0..1, 0 without one */
	unsigned thighs;    /* sensors known, 0..2 */
	bool has_pelvis;
	bool is_answered, has_symptom_channel;
	double form_total, form_limit; /* NAN: no score */
};

void confidence_of(const struct analysis_conf *analysis, const struct confidence_facts *facts,
	struct pop_confidence *ret);
/* Computed from the factors alone. */
double confidence_total(
	const struct analysis_conf *analysis, const struct pop_confidence *confidence);
