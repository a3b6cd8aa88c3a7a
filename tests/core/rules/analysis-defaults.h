// SPDX-License-Identifier: MIT
#pragma once
/* For tests of single rules: the default settings, and whether two numbers are nearly equal.
 */
#include <math.h>
#include <stdbool.h>

#include "coxad/core/analysis.h"

static struct analysis_conf conf;

/* Group set-up. */
static inline int defaults(void **state)
{
	(void)state;
	analysis_conf_default(&conf);
	return 0;
}

static inline bool near(double a, double b, double within)
{
	return fabs(a - b) <= within;
}
