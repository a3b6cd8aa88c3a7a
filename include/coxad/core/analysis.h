// SPDX-License-Identifier: MIT
#pragma once
/* The thresholds of the decision model in force: one double per row of analysis-list.h. */

struct analysis_conf {
#define X(field, name, def, min, max, unit, doc) double field;
#include "coxad/core/analysis-list.h"
#undef X
};

/* Every field at the default of its row. */
void analysis_conf_default(struct analysis_conf *ret);
