// SPDX-License-Identifier: MIT
#pragma once
/* The form score F of a pop during exercise (decision-model.md 7.5): points for each way in which
 * posture at that instant exceeded what the athlete controls. Pure function.
 */
#include <stdbool.h>
#include <stdint.h>

#include "coxad/core/analysis.h"
#include "coxad/core/terms.h"
#include "daemon/core/rules/posture-at.h"

enum form_part {
	FORM_TILT,
	FORM_ARCHING,
	FORM_RANGE,
	FORM_SPEED,
	FORM_SMOOTHNESS,
	FORM_ASYMMETRY,
	FORM_PRESET,
	FORM_COUNT
};

struct form_facts {
	const struct posture_at *posture;
	enum exercise exercise;
	double span_deg; /* S */
	double control_angle_deg;
	double sparc;          /* of this lowering, NAN unknown */
	double sparc_baseline; /* NAN without one: F5 is 0 then (decision-model.md, ruling 17) */
};

struct form_score {
	bool is_known; /* false: no pelvic tilt, nothing scored */
	double part[FORM_COUNT];
	double total;
	uint64_t reasons; /* CODE_BIT mask */
};

void form_score(const struct analysis_conf *analysis, const struct form_facts *facts,
	struct form_score *ret);
