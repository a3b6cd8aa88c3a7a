// SPDX-License-Identifier: MIT
#include "coxad/core/analysis.h"

void analysis_conf_default(struct analysis_conf *ret)
{
#define X(field, name, def, min, max, unit, doc) ret->field = def;
#include "coxad/core/analysis-list.h"
#undef X
}
